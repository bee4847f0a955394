#include <countersign/mcp/child_command.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

// "program|argument| NAME=value;", or the error.
std::string expanded(std::string_view entry) {
  auto const config = mcp::config::parse(cs::secret("{\"db\":" + std::string(entry) + "}"), "/config/f.json");
  BOOST_REQUIRE_MESSAGE(config, entry);
  fake::world world;
  world.variables["T"] = "v w";
  world.variables["EMPTY"] = "";
  world.files["/config/.env"] = "FROM_FILE=file\nT=file";
  auto const got = mcp::expanded_command(*config->find("db"), world.context());
  if (!got) return std::string(got.error().message());
  std::string all;
  got->each_argument([&](std::string_view one) {
    BOOST_TEST(*(one.data() + one.size()) == '\0');
    all += std::string(one) + "|";
  });
  all += " ";
  got->each_variable([&](std::string_view name, std::string_view value) {
    all += std::string(name) + "=" + std::string(value) + ";";
  });
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_child_command)

BOOST_AUTO_TEST_CASE(variables_are_expanded_per_argument_and_never_split) {
  BOOST_TEST(expanded(R"({"command":"run-${T}","args":["-x","${T}","${EMPTY}","$T"],)"
                      R"("env":{"A":"${T}","B":"${EMPTY}","C":"${N:-d}"}})") ==
             "run-v w|-x|v w||$T| A=v w;B=;C=d;");
  BOOST_TEST(expanded(R"({"command":"c"})") == "c| ");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_started_is_told_with_its_field) {
  struct {
    std::string_view entry, error;
  } const table[] = {
      {R"({"command":"${N}"})",
       "server \"db\": command: variable N is not set; set it, or give a default: ${N:-…}"},
      {R"({"command":"${EMPTY}"})", "server \"db\": command: empty once it is expanded"},
      {R"({"command":"c","args":["a","${N}"]})",
       "server \"db\": args[1]: variable N is not set; set it, or give a default: ${N:-…}"},
      {R"({"command":"c","env":{"DB_PASSWORD":"${N}"}})",
       "server \"db\": env.DB_PASSWORD: variable N is not set; set it, or give a default: ${N:-…}"},
      {R"({"command":"c","envFile":"none.env"})",
       "server \"db\": envFile: dotenv /config/none.env: there is no such file"},
      {R"({"command":"c","env":{"COUNTERSIGN_KEY":"k"}})",
       "server \"db\": env.COUNTERSIGN_KEY: it is given to no program"},
      {R"({"type":"http","url":"https://h"})", "server \"db\": command: it is reached by a URL, not started"},
  };
  for (auto const& row : table) BOOST_TEST(expanded(row.entry) == row.error);
}

BOOST_AUTO_TEST_CASE(a_text_may_name_a_variable_of_the_env_file_and_the_environment_wins) {
  BOOST_TEST(expanded(R"({"command":"c","args":["${FROM_FILE}","${T}"],"envFile":".env"})") ==
             "c|file|v w| ");
}

// The whole environment: what is around, the file beneath it, the config's own above it.
BOOST_AUTO_TEST_CASE(each_variable_stands_once_in_the_environment_and_the_stores_keys_never) {
  auto const config = mcp::config::parse(
      cs::secret(R"({"db":{"command":"c","envFile":".env","env":{"B":"config","E":""}}})"), "/config/f.json");
  fake::world world;
  world.variables = {{"A", "1\n2"}, {"B", "outer"}, {"COUNTERSIGN_KEY", "canary"}, {"D", ""}};
  world.files["/config/.env"] = "A=file\nB=file\nC=file\nCOUNTERSIGN_KEY_FILE=canary\n";
  auto const got = mcp::expanded_command(*config->find("db"), world.context());
  BOOST_REQUIRE_MESSAGE(got, got.error().message());
  std::string all;
  got->each_entry([&](std::string_view entry) {
    BOOST_TEST(*(entry.data() + entry.size()) == '\0');
    all += std::string(entry) + "|";
  });
  BOOST_TEST(all == "A=1\n2|D=|CLAUDE_PLUGIN_ROOT=/config|C=file|B=config|E=|");
}

BOOST_AUTO_TEST_CASE(arguments_may_be_added) {
  auto const config = mcp::config::parse(cs::secret(R"({"db":{"command":"c","args":["x"]}})"), "f.json");
  fake::world world;
  auto got = mcp::expanded_command(*config->find("db"), world.context());
  BOOST_REQUIRE(got);
  got->argument("");
  got->argument("y z");
  std::string all;
  got->each_argument([&](std::string_view one) { all += std::string(one) + "|"; });
  BOOST_TEST(all == "c|x||y z|");
}

BOOST_AUTO_TEST_SUITE_END()
