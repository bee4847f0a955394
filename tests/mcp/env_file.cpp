#include <countersign/mcp/env_file.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

// What T is once the file is loaded, or the error.
std::string loaded(std::string const& entry, std::string_view folder, fake::world& world) {
  auto const config = mcp::config::parse(cs::secret("{\"db\":{" + entry + "}}"), "f.json");
  BOOST_REQUIRE_MESSAGE(config, entry);
  cs::layered_environment layers(world.context());
  auto const ok = mcp::load_env_file(*config->find("db"), folder, layers);
  if (!ok) return std::string(ok.error().message());
  auto const value = layers.variable("T");
  return value ? std::string(value->reveal()) : "unset";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_env_file)

BOOST_AUTO_TEST_CASE(a_path_starts_at_the_folder_unless_it_is_absolute) {
  struct {
    std::string_view folder, path, whole;
  } const table[] = {{"/c", ".env", "/c/.env"},
                     {"/c/", "a/.env", "/c/a/.env"},
                     {"/", "x", "/x"},
                     {"", "x", "x"},
                     {"/c", "/x", "/x"},
                     {"/c", "../x", "/c/../x"},
                     {"C:\\c", "D:\\x", "D:\\x"},
                     {"/c", "\\\\host\\x", "\\\\host\\x"}};
  for (auto const& [folder, path, whole] : table) BOOST_TEST(mcp::path_from(folder, path).reveal() == whole);
}

BOOST_AUTO_TEST_CASE(the_file_that_is_named_is_loaded) {
  fake::world world;
  world.files["/c/dev.env"] = "T=file";
  world.variables["STAGE"] = "dev";
  auto const url = R"("url":"https://h")";
  BOOST_TEST(loaded(url, "/c", world) == "unset");
  BOOST_TEST(loaded(url + std::string(R"(,"envFile":"dev.env")"), "/c", world) == "file");
  BOOST_TEST(loaded(url + std::string(R"(,"envFile":"/c/${STAGE}.env")"), "/elsewhere", world) == "file");
  world.variables["T"] = "environment";
  BOOST_TEST(loaded(R"("command":"c","envFile":"dev.env")", "/c", world) == "environment");
}

BOOST_AUTO_TEST_CASE(failures_name_server_and_file) {
  fake::world world;
  world.files["/c/bad.env"] = "A=1\nnonsense canary\n";
  world.unreadable = {"/c/closed.env"};
  BOOST_TEST(loaded(R"("command":"c","envFile":"none.env")", "/c", world) ==
             "server \"db\": envFile: dotenv /c/none.env: there is no such file");
  BOOST_TEST(loaded(R"("command":"c","envFile":"closed.env")", "/c", world) ==
             "server \"db\": envFile: file /c/closed.env: Permission denied");
  BOOST_TEST(loaded(R"("command":"c","envFile":"${NONE}.env")", "/c", world) ==
             "server \"db\": envFile: variable NONE is not set; set it, or give a default: ${NONE:-…}");
  auto const bad = loaded(R"("command":"c","envFile":"bad.env")", "/c", world);
  BOOST_TEST(bad.starts_with("server \"db\": envFile: dotenv /c/bad.env, line 2: "), bad);
  BOOST_TEST(bad.find("canary") == std::string::npos, bad);
}

BOOST_AUTO_TEST_SUITE_END()
