// What libcurl put on the wire under a Digest answer, read back and judged by a server that was written for itself.
#include <countersign/adapt/curl.hpp>

#include "fake/digest_server.hpp"
#include "fake/server.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cs = countersign;

BOOST_AUTO_TEST_SUITE(adapt_digest_sent)

BOOST_AUTO_TEST_CASE(what_was_sent_is_what_was_answered_for) {
  fake::digest_server judge({.user = "J\u00e4s\u00f8n \"x\"", .qop = "auth-int", .next_nonce = true});
  fake::server s([&](fake::received const& asked) {
    auto const field = asked.fields.find("authorization");
    auto const answer = judge.answer(
        asked.method, asked.target, asked.body,
        field == asked.fields.end() ? std::nullopt : std::optional<std::string_view>(field->second));
    fake::reply said{.status = answer.status()};
    answer.headers.each(
        [&](std::string_view name, std::string_view value) { said.fields.emplace_back(name, value); });
    return fake::server::as_bytes(said);
  });
  cs::curl_transport http;
  cs::authenticator api{
      cs::fixed{cs::basic_login{cs::secret("J\u00e4s\u00f8n \"x\""), cs::secret("Circle of Life")}},
      cs::digest{}, cs::only{s.origin()}};
  int calls = 0;
  for (auto const target :
       {"/", "", "?a=b", "//", "//a//b//", "/a/../b", "/a/./b/.", "/../..", "/a%2Fb", "/a%2fb", "/a+b/",
        "/%C3%A9/%20", "/a%20b?c=d%20e&C=%2B&a=&=x&a=1&a", "/!$&'()*,;=:@?!$'()*,;=:@/?"})
    for (std::string_view const body : {"", "{\"n\":1}", "\x01 \xff\r\n\r\n"}) {
      cs::request const call(body.empty() ? "GET" : "PUT", s.url(target), cs::secret(body));
      auto const got = cs::send(api, call, http);
      BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
      BOOST_TEST(got->status() == 200, target);
      BOOST_TEST(s.requests().back().target.ends_with(target));
      ++calls;
    }
  auto const seen = judge.seen();
  BOOST_TEST((seen.let_in == calls && seen.bare == 1 && seen.refused == 0 && seen.stale == 0));
  BOOST_TEST(judge.complaints().empty());
}

BOOST_AUTO_TEST_SUITE_END()
