#include <countersign/inspect/moved_secrets.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

struct moved {
  std::string text, variables;
  std::size_t count = 0;
};

moved moved_from(std::string_view text, std::string_view taken = "-") {
  auto const got = mcp::move_secrets(
      text, [&](std::string_view name, std::string_view value) { return name == taken && value != "equal"; });
  if (!got) return {std::string(got.error().message()), "", 0};
  moved all{std::string(got->text.reveal()), "", got->count};
  got->variables.each([&](std::string_view name, std::string_view value) {
    all.variables += std::string(name) + "=" + std::string(value) + "\n";
  });
  return all;
}

std::string http(std::string_view name, std::string_view members) {
  return "{\"" + std::string(name) + R"(":{"type":"http","url":"https://h",)" + std::string(members) + "}}";
}
std::string stdio(std::string_view members) {
  return R"({"db":{"command":"c",)" + std::string(members) + "}}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_moved_secrets)

BOOST_AUTO_TEST_CASE(every_other_byte_stays) {
  std::string_view const before =
      "\r\n{ \"mcpServers\" :\t{\n  \"api\":{\"url\":\"https://h/mcp\",\n\n      \"type\" : \"http\" ,"
      "\"headers\" : { \"X-\\u0041\":\"\\u00e9\\\"\", \"Authorization\":  \"Bearer "
      "a\\u0041\\\"\\u20ac\\ud83d\\ude00b\"   }\n}}}\n \n";
  std::string_view const after =
      "\r\n{ \"mcpServers\" :\t{\n  \"api\":{\"url\":\"https://h/mcp\",\n\n      \"type\" : \"http\" ,"
      "\"headers\" : { \"X-\\u0041\":\"\\u00e9\\\"\", \"Authorization\":  \"Bearer ${API_TOKEN}\"   }\n}}}\n "
      "\n";
  auto const got = moved_from(before);
  BOOST_TEST(got.text == after);
  BOOST_TEST(got.variables == "API_TOKEN=aA\"\xe2\x82\xac\xf0\x9f\x98\x80"
                              "b\n");
  BOOST_TEST(got.count == 1u);
  BOOST_TEST(moved_from(after).text == after);
  BOOST_TEST(moved_from(after).count == 0u);
}

BOOST_AUTO_TEST_CASE(variables_are_named_for_server_and_header) {
  struct {
    std::string text;
    std::string_view variables;
  } const table[] = {
      {http("api", R"("headers":{"Authorization":"Bearer q1w2"})"), "API_TOKEN=q1w2\n"},
      {http("api", R"("headers":{"X-API-Key":"q1w2","X-API-Secret":"e3r4"})"),
       "API_KEY=q1w2\nAPI_SECRET=e3r4\n"},
      {http("my-server2", R"("headers":{"X-API-Key":"q1w2"})"), "MY_SERVER2_API_KEY=q1w2\n"},
      {http("2nd", R"("headers":{"X-Key":"q1w2"})"), "MCP_2ND_KEY=q1w2\n"},
      {http("\xc3\xbc", R"("headers":{"X-Key":"q1w2"})"), "KEY=q1w2\n"},
      {http("wiki", R"("headers":{"Authorization":"Basic dXNlcjpwYXNz"})"),
       "WIKI_CREDENTIALS=dXNlcjpwYXNz\n"},
      {http("a", R"("auth":{"type":"basic","user":"u","password":"q1w2"})"), "A_PASSWORD=q1w2\n"},
      {http("a", R"("oauth":{"clientSecret":"q1w2"})"), "A_CLIENT_SECRET=q1w2\n"},
      {http("a", R"("headers":{"X-Key":"${K:-q1w2}"})"), "K=q1w2\n"},
      {R"({"a":{"type":"http","url":"https://h?api_key=q1w2"}})", "A_API_KEY=q1w2\n"},
      {stdio(R"("env":{"DB_PASSWORD":"q1w2"})"), "DB_PASSWORD=q1w2\n"},
      {stdio(R"("env":{"DATABASE_URL":"postgresql://u:q1w2@h/x"})"), "DATABASE_URL_PASSWORD=q1w2\n"},
      {stdio(R"("args":["--api-key","q1w2"])"), "DB_API_KEY=q1w2\n"},
      {stdio(R"("args":["--token=q1w2"])"), "DB_TOKEN=q1w2\n"},
      {stdio(R"("args":["--header","Authorization: Bearer q1w2"])"), "DB_TOKEN=q1w2\n"},
      {http("api", R"("headers":{"X-A-Token":"q1w2","X-B-Token":"q1w2"})"), "API_A_TOKEN=q1w2\n"},
      {http("api", R"("headers":{"Authorization":"Bearer q1w2","X-Token":"e3r4"})"),
       "API_TOKEN=q1w2\nAPI_TOKEN_2=e3r4\n"},
      {http("api", R"("headers":{"X":"${API_TOKEN}","Authorization":"Bearer q1w2"})"), "API_TOKEN_2=q1w2\n"},
      {http("api", R"("headers":{"X":"${API_TOKEN:-}","Authorization":"Bearer q1w2"})"),
       "API_TOKEN_2=q1w2\n"},
      {http("api", R"("headers":{"X":"${API_TOKENS}","Authorization":"Bearer q1w2"})"), "API_TOKEN=q1w2\n"},
  };
  for (auto const& row : table) {
    auto const got = moved_from(row.text);
    BOOST_TEST(got.variables == row.variables, row.text << " gives " << got.variables);
    BOOST_TEST(got.text.find("q1w2") == got.text.npos, got.text);
    BOOST_TEST(got.text.find("e3r4") == got.text.npos, got.text);
    // What is left names each variable, and nothing is to be moved any more.
    BOOST_TEST(got.text.find("${" + std::string(row.variables.substr(0, row.variables.find('='))) + "}") !=
                   got.text.npos,
               got.text);
    BOOST_TEST(moved_from(got.text).count == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_name_in_use_is_not_taken) {
  auto const text = http("api", R"("headers":{"Authorization":"Bearer q1w2"})");
  BOOST_TEST(moved_from(text, "API_TOKEN").variables == "API_TOKEN_2=q1w2\n");
  BOOST_TEST(moved_from(text, "API_TOKEN").text.find("Bearer ${API_TOKEN_2}") != std::string::npos);
  BOOST_TEST(
      moved_from(http("api", R"("headers":{"Authorization":"Bearer equal"})"), "API_TOKEN").variables ==
      "API_TOKEN=equal\n");
  // A default that was never used is not lost either; the variable keeps its name.
  auto const kept = moved_from(http("api", R"("headers":{"X-Key":"${K:-q1w2}"})"), "K");
  BOOST_TEST(kept.variables == "K_2=q1w2\n");
  BOOST_TEST(kept.text.find("\"${K}\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(equal_defaults_are_one_variable) {
  auto const got = moved_from(http("api", R"("headers":{"X-Key":"${K:-q1w2}","X-B-Key":"${K:-q1w2}"})"));
  BOOST_TEST(got.variables == "K=q1w2\n");
  BOOST_TEST(got.count == 2u);
  BOOST_TEST(moved_from(http("api", R"("headers":{"X-Key":"${K:-q1w2}","X-B-Key":"${K:-e3r4}"})")).variables ==
             "K=q1w2\nK_2=e3r4\n");
}

BOOST_AUTO_TEST_CASE(what_a_person_must_decide_stays) {
  for (auto const& text : {http("api", R"("headers":{"Authorization":"Basic ${C}"})"),
                           std::string(R"({"a":{"type":"http","url":"https://u:q1w2@h"}})"),
                           std::string(R"({"a":{"type":"http","url":"http://h.example.com"}})")}) {
    BOOST_TEST(moved_from(text).text == text);
    BOOST_TEST(moved_from(text).count == 0u);
  }
  BOOST_TEST(moved_from("{").text == "JSON line 1, column 2: expected a name in double quotes");
}

BOOST_AUTO_TEST_CASE(their_number_has_a_limit) {
  auto const with = [](std::size_t count) {
    std::string text = R"({"a":{"command":"c","env":{)";
    for (std::size_t i = 0; i < count; ++i)
      text += (i ? ",\"" : "\"") + std::to_string(i) + "_KEY\":\"q1w2" + std::to_string(i) + "\"";
    return text + "}}}";
  };
  BOOST_TEST(moved_from(with(mcp::max_moved)).count == mcp::max_moved);
  BOOST_TEST(moved_from(with(mcp::max_moved + 1)).text == "lint: more than 256 credentials");
}

BOOST_AUTO_TEST_SUITE_END()
