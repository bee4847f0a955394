#include <countersign/mcp/headers_program.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;
namespace mcp = countersign::mcp;
using owner = mcp::config_owner;

namespace {

struct outcome {
  fake::ran ran;
  std::string error;

  [[nodiscard]] bool has(std::string_view variable) const {
    return std::find(ran.environment.begin(), ran.environment.end(), variable) != ran.environment.end();
  }
  [[nodiscard]] bool names(std::string_view variable) const {
    return std::any_of(ran.environment.begin(), ran.environment.end(), [&](std::string const& one) {
      return one.starts_with(std::string(variable) + "=");
    });
  }
};

// How the program of `"headersHelper": what` is run.
outcome run(std::string_view what, fake::world& world, owner whose = owner::project) {
  auto const config = mcp::config::parse(
      cs::secret(R"({"api":{"type":"http","url":"https://${HOST:-h}/mcp","headersHelper":)" + std::string(what) + "}}"),
      "/c/f.json");
  BOOST_REQUIRE_MESSAGE(config, config.error().message());
  world.programs = [](cs::command const&) -> cs::result<cs::command_output> { return cs::command_output{0, cs::secret("{}")}; };
  auto const server = *config->find("api");
  mcp::server_environment variables(world.context());
  BOOST_REQUIRE(variables.load(server).has_value());
  auto const made = mcp::headers_program(server, whose, variables.outside());
  if (!made) return {{}, std::string(made.error().message())};
  auto const said = made->output(world.context());
  if (!said) return {{}, std::string(said.error().message())};
  return {world.runs().back(), ""};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_headers_program)

BOOST_AUTO_TEST_CASE(an_array_is_expanded_element_by_element_and_run_without_a_shell) {
  fake::world world;
  world.variables["WHO"] = "a b; rm -rf /";
  auto const got = run(R"(["${CLAUDE_PLUGIN_ROOT}/get","--for","${WHO}","${NONE:-x}"])", world);
  BOOST_TEST(got.error == "");
  BOOST_TEST((got.ran.argv == std::vector<std::string>{"/c/get", "--for", "a b; rm -rf /", "x"}));
  BOOST_TEST(got.ran.folder == "/c");
  BOOST_TEST(run(R"(["get","${NONE}"])", world).error ==
             "server \"api\": headersHelper: [1]: variable NONE is not set; set it, or give a default: ${NONE:-…}");
}

BOOST_AUTO_TEST_CASE(a_line_is_never_rewritten_and_its_variables_are_given_to_it) {
  fake::world world;
  world.variables = {{"KEY", "k'\"; $(evil)\n"}, {"OTHER", "o"}, {"SECOND_1", "s"}};
  auto const got = run(R"("get \"$KEY\" ${SECOND_1} ${NONE} $1 ${CLAUDE_PLUGIN_ROOT}/x '$'")", world);
  BOOST_TEST(got.error == "");
  BOOST_REQUIRE(got.ran.argv.size() == 4u);
  BOOST_TEST(got.ran.argv[0] == "/bin/sh");
  BOOST_TEST(got.ran.argv[2] == R"(get "$KEY" ${SECOND_1} ${NONE} $1 ${CLAUDE_PLUGIN_ROOT}/x '$')");
  BOOST_TEST(got.has("KEY=k'\"; $(evil)\n"));
  BOOST_TEST(got.has("SECOND_1=s"));
  BOOST_TEST(got.has("CLAUDE_PLUGIN_ROOT=/c"));
  BOOST_TEST(!got.names("OTHER"));
  BOOST_TEST(!got.names("NONE"));
}

BOOST_AUTO_TEST_CASE(it_is_told_the_servers_name_and_its_expanded_url) {
  fake::world world;
  world.variables["HOST"] = "api.example";
  auto const got = run(R"("get")", world);
  BOOST_TEST(got.has("CLAUDE_CODE_MCP_SERVER_NAME=api"));
  BOOST_TEST(got.has("CLAUDE_CODE_MCP_SERVER_URL=https://api.example/mcp"));
}

BOOST_AUTO_TEST_CASE(only_the_users_own_program_has_the_users_environment) {
  fake::world world;
  world.variables = {{"PATH", "/bin"}, {"TOKEN", "t"}, {"COUNTERSIGN_KEY", "k"}, {"COUNTERSIGN_KEY_FILE", "f"}};
  auto const project = run(R"("get")", world, owner::project), user = run(R"("get")", world, owner::user);
  BOOST_TEST(project.has("PATH=/bin"));
  BOOST_TEST(!project.names("TOKEN"));
  BOOST_TEST(user.has("TOKEN=t"));
  for (auto const whose : {owner::project, owner::user}) {
    auto const named = run(R"("get $COUNTERSIGN_KEY ${COUNTERSIGN_KEY_FILE}")", world, whose);
    BOOST_TEST(named.error == "");
    BOOST_TEST(!named.names("COUNTERSIGN_KEY"));
    BOOST_TEST(!named.names("COUNTERSIGN_KEY_FILE"));
  }
}

BOOST_AUTO_TEST_CASE(messages_name_the_server_and_never_the_line) {
  fake::world world;
  auto const config = mcp::config::parse(
      cs::secret(R"({"api":{"type":"http","url":"https://h","headersHelper":"canary"}})"), "f.json");
  auto const made = mcp::headers_program(*config->find("api"), owner::user, world.context());
  BOOST_REQUIRE(made);
  auto const said = made->wrong(cs::errc::fatal, "x");
  BOOST_TEST(said.message() == "server \"api\": headersHelper: program /bin/sh: x");
}

BOOST_AUTO_TEST_SUITE_END()
