#include <countersign/inspect/basic_to_oauth.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace mcp = countersign::mcp;
using namespace countersign;

namespace {

std::string config(std::string_view entry) { return "{ \"mcpServers\": {\n  \"api\": " + std::string(entry) + ",\n  \"b\": {\"command\":\"x\"} } }\n"; }

std::string rewritten(std::string const& text, std::string_view server = "api") {
  auto const got = mcp::oauth_in_place_of_basic(text, server);
  return got ? std::string(got->reveal()) : std::string(name(got.error().code()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspect_basic_to_oauth)

BOOST_AUTO_TEST_CASE(a_sign_in_takes_the_place_and_every_other_byte_stays) {
  struct {
    std::string_view before, after;
  } const rows[] = {
      {R"({"type":"http","url":"https://h/mcp","headers":{"Authorization":"Basic ${B}"}})",
       R"({"type":"http","url":"https://h/mcp","oauth": {}})"},
      {R"({ "headers" : { "authorization" : "basic dTpw" } , "type":"http","url":"https://h/mcp" })",
       R"({ "oauth": {} , "type":"http","url":"https://h/mcp" })"},
      {R"({"type":"http","url":"https://h/mcp","headers":{"Authorization":"Basic x","X-Tenant":"t"},"timeout":5})",
       R"({"type":"http","url":"https://h/mcp","headers":{"X-Tenant":"t"}, "oauth": {},"timeout":5})"},
      {R"({"type":"http","url":"https://h/mcp","headers":{"X-A":"a", "Authorization":"Basic x", "X-B":"b"}})",
       R"({"type":"http","url":"https://h/mcp","headers":{"X-A":"a", "X-B":"b"}, "oauth": {}})"},
      {"{\"type\":\"http\",\"url\":\"https://h/mcp\",\n \"headers\":{\n  \"X-A\":\"a\",\n  \"Authorization\":\"Basic x\"\n }\n}",
       "{\"type\":\"http\",\"url\":\"https://h/mcp\",\n \"headers\":{\n  \"X-A\":\"a\"\n }, \"oauth\": {}\n}"},
      {R"({"url":"https://h/mcp","auth":{"type":"basic","user":"${U}","password":"${P}"}})",
       R"({"url":"https://h/mcp","oauth": {}})"},
      {R"({"url":"https://h/mcp","auth":[{"type":"basic","user":"u","password":"${P}"}]})",
       R"({"url":"https://h/mcp","oauth": {}})"},
      {R"({"url":"https://h/mcp","auth":[{"type":"basic","user":"u","password":"${P}"}, {"type":"hmac","key":"${K}"}]})",
       R"({"url":"https://h/mcp","auth":[{"type":"hmac","key":"${K}"}], "oauth": {}})"},
      {R"({"url":"https://h/mcp","auth":[{"type":"hmac","key":"${K}"}, {"type":"basic","user":"u","password":"${P}"}, {"type":"x"}]})",
       R"({"url":"https://h/mcp","auth":[{"type":"hmac","key":"${K}"}, {"type":"x"}], "oauth": {}})"},
      // what stands there already is kept, and both ways of giving Basic go
      {R"({"url":"https://h/mcp","oauth":{"scopes":"a"},"headers":{"Authorization":"Basic x"}})",
       R"({"url":"https://h/mcp","oauth":{"scopes":"a"}})"},
      {R"({"headers":{"Authorization":"Basic x"},"url":"https://h/mcp","oauth":{}})", R"({"url":"https://h/mcp","oauth":{}})"},
      {R"({"url":"https://h/mcp","headers":{"Authorization":"Basic x"},"auth":{"type":"basic","user":"u","password":"p"}})",
       R"({"url":"https://h/mcp","oauth": {}})"},
      {R"({"url":"https://h/m\"c\u00e9p","headers":{"X-\u0041":"\ud83d\ude00","Authorization":"Basic \u0078"}})",
       R"({"url":"https://h/m\"c\u00e9p","headers":{"X-\u0041":"\ud83d\ude00"}, "oauth": {}})"},
  };
  for (auto const& row : rows) {
    BOOST_TEST(rewritten(config(row.before)) == config(row.after));
    auto const again = rewritten(config(row.after));
    BOOST_TEST(again == "not_mine");
    BOOST_TEST(json_document::parse(secret(config(row.after))).has_value());
  }
  // a bare file, and another server's Basic
  BOOST_TEST(rewritten(R"({"api":{"url":"https://h","headers":{"Authorization":"Basic x"}},"o":{"url":"https://o","headers":{"Authorization":"Basic y"}}})") ==
             R"({"api":{"url":"https://h","oauth": {}},"o":{"url":"https://o","headers":{"Authorization":"Basic y"}}})");
}

BOOST_AUTO_TEST_CASE(other_entries_are_left_alone) {
  for (auto const entry :
       {R"({"url":"https://h/mcp","headers":{"Authorization":"Bearer Basic x"}})",
        R"({"url":"https://h/mcp","headers":{"Authorization":"Basically x"}})", R"({"url":"https://h/mcp","headers":{"Authorization":"Basic"}})",
        R"({"url":"https://h/mcp","headers":{"X-Authorization":"Basic x"}})", R"({"url":"https://h/mcp","auth":{"type":"digest"}})",
        R"({"url":"https://h/mcp","auth":[]})", R"({"command":"c","headers":{"Authorization":"Basic x"}})", R"([])", "7"})
    BOOST_TEST(rewritten(config(entry)) == "not_mine", entry);
  BOOST_TEST(rewritten(config("{}"), "none") == "not_mine");
  BOOST_TEST(rewritten("{") == "bad_input");
}

BOOST_AUTO_TEST_CASE(each_is_told_with_its_place) {
  std::string said;
  mcp::each_basic_entry(
      "{\"a\":{\"url\":\"https://h\",\n\"headers\":{\"Authorization\":\"Basic x\"}},\"b\":{\"url\":\"https://h\"},\n"
      "\"c\":{\"url\":\"https://h\",\"auth\":[{\"type\":\"basic\"}]}}",
      [&](std::string_view server, json_where const& at) {
        said += std::string(server) + " " + std::to_string(at.line) + ":" + std::to_string(at.column) + "\n";
      });
  BOOST_TEST(said == "a 2:28\nc 3:32\n");
  mcp::each_basic_entry("no JSON", [](std::string_view, json_where const&) { BOOST_ERROR("told"); });
}

BOOST_AUTO_TEST_SUITE_END()
