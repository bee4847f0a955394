#include <countersign/mcp/server_environment.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

// What a variable is to an entry of a config in that folder, or the error.
std::string seen(std::string const& entry, std::string_view folder, fake::world& world, std::string_view name = "T") {
  auto const config = mcp::config::parse(cs::secret("{\"db\":{" + entry + "}}"), "f.json", {}, folder);
  BOOST_REQUIRE_MESSAGE(config, entry);
  mcp::server_environment variables(world.context());
  if (auto ok = variables.load(*config->find("db")); !ok) return std::string(ok.error().message());
  auto const value = variables.outside().variable(name);
  return value ? std::string(value->reveal()) : "unset";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_server_environment)

BOOST_AUTO_TEST_CASE(a_path_starts_at_the_folder_unless_it_is_absolute) {
  struct {
    std::string_view folder, path, whole;
  } const table[] = {{"/c", ".env", "/c/.env"},
                     {"/c/", "a/.env", "/c/a/.env"},
                     {"/", "x", "/x"},
                     {"", "x", "x"},
                     {"/c", "", ""},
                     {"/c", "/x", "/x"},
                     {"/c", "../x", "/c/../x"},
                     {"C:\\c", "D:\\x", "D:\\x"},
                     {"/c", "\\\\host\\x", "\\\\host\\x"}};
  for (auto const& [folder, path, whole] : table)
    BOOST_TEST(mcp::path_of(mcp::server("s", mcp::server_type::http, {}, folder), path).reveal() == whole);
}

BOOST_AUTO_TEST_CASE(the_file_that_is_named_is_loaded_beneath_the_environment) {
  fake::world world;
  world.files["/c/dev.env"] = "T=file";
  world.variables["STAGE"] = "dev";
  std::string const url = R"("type":"http","url":"https://h")";
  BOOST_TEST(seen(url, "/c", world) == "unset");
  BOOST_TEST(seen(url + R"(,"envFile":"dev.env")", "/c", world) == "file");
  BOOST_TEST(seen(url + R"(,"envFile":"/c/${STAGE}.env")", "/elsewhere", world) == "file");
  world.variables["T"] = "environment";
  BOOST_TEST(seen(R"("command":"c","envFile":"dev.env")", "/c", world) == "environment");
}

BOOST_AUTO_TEST_CASE(the_plugins_root_is_the_configs_folder_where_nothing_else_sets_it) {
  fake::world world;
  std::string const entry = R"("command":"c")";
  BOOST_TEST(seen(entry, "/c", world, mcp::plugin_root) == "/c");
  BOOST_TEST(seen(entry, "", world, mcp::plugin_root) == ".");
  world.files["/c/.env"] = "CLAUDE_PLUGIN_ROOT=/from/file";
  BOOST_TEST(seen(entry + R"(,"envFile":"${CLAUDE_PLUGIN_ROOT}/.env")", "/c", world, mcp::plugin_root) == "/from/file");
  world.variables["CLAUDE_PLUGIN_ROOT"] = "/set";
  BOOST_TEST(seen(entry, "/c", world, mcp::plugin_root) == "/set");
}

BOOST_AUTO_TEST_CASE(failures_name_server_and_file) {
  fake::world world;
  world.files["/c/bad.env"] = "A=1\nnonsense canary\n";
  world.unreadable = {"/c/closed.env"};
  BOOST_TEST(seen(R"("command":"c","envFile":"none.env")", "/c", world) ==
             "server \"db\": envFile: dotenv /c/none.env: there is no such file");
  BOOST_TEST(seen(R"("command":"c","envFile":"closed.env")", "/c", world) ==
             "server \"db\": envFile: file /c/closed.env: Permission denied");
  BOOST_TEST(seen(R"("command":"c","envFile":"${NONE}.env")", "/c", world) ==
             "server \"db\": envFile: variable NONE is not set; set it, or give a default: ${NONE:-…}");
  auto const bad = seen(R"("command":"c","envFile":"bad.env")", "/c", world);
  BOOST_TEST(bad.starts_with("server \"db\": envFile: dotenv /c/bad.env, line 2: "), bad);
  BOOST_TEST(bad.find("canary") == std::string::npos, bad);
}

BOOST_AUTO_TEST_SUITE_END()
