// What libcurl put on the wire under an AWS signature, read back and verified by another implementation.
#include <countersign/adapt/curl.hpp>

#include "fake/aws_service.hpp"
#include "fake/server.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/sigv4.hpp>
#include <countersign/format/sigv4_presigned_url.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <ctime>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

constexpr auto key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
cs::aws_credentials some_key() {
  return {cs::secret("AKIDEXAMPLE"), cs::secret(key), cs::secret("a/session+token==")};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_sigv4_sent)

BOOST_AUTO_TEST_CASE(what_was_sent_is_what_was_signed) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::curl_transport http;
  for (std::string_view const service : {"s3", "execute-api"})
    for (auto const target : {"/", "", "?a=b", "//", "//a//b//", "/a/../b", "/a/./b/.", "/../..", "/a%2Fb",
                              "/a%2fb", "/a+b/", "/%C3%A9/%20", "/a%20b?c=d%20e&C=%2B&a=&=x&a=1&a",
                              "/?a-b=1&a=2&a=%7B&a=a", "/!$&'()*,;=:@?!$'()*,;=:@/?"})
      for (std::string_view const body : {"", "{\"n\":1}"}) {
        cs::authenticator api{
            cs::fixed{some_key()},
            cs::sigv4{{.region = "us-east-1", .service = service, .also_signed = "My-Header"}},
            cs::only{s.origin()}};
        cs::request call(body.empty() ? "GET" : "POST", s.url(target), cs::secret(body));
        call.set("Content-Type", "application/json");
        call.set("X-Amz-Target", "a  b   c");
        call.set("My-Header", "\xc3\xa9  \"x  y\"");
        auto const got = cs::send(api, call, http);
        BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
        auto const sent = s.requests().back();
        BOOST_TEST(fake::aws::verify(fake::aws::parse(sent.head, sent.body), key) == "ok",
                   service << " " << target);
        BOOST_TEST(sent.target.ends_with(target));
      }
}

BOOST_AUTO_TEST_CASE(a_presigned_url_is_sent_as_it_was_signed) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::curl_transport http;
  for (auto const target : {"/", "?a", "//a/../b%2Fc?z=%20&A=1&a=%2B", "/a+b?X-Amz-Meta=1"}) {
    auto const url = cs::sigv4_presigned_url({.region = "us-east-1", .service = "s3"}, some_key(),
                                             cs::request("GET", s.url(target)), cs::seconds(60),
                                             {std::int64_t{1000} * std::time(nullptr)});
    BOOST_REQUIRE_MESSAGE(url.has_value(), url.error().message());
    BOOST_REQUIRE(http(cs::request("GET", url->reveal())).has_value());
    auto const sent = s.requests().back();
    auto const said = [&](std::string const& name) {
      auto const at = sent.target.find(name + "=") + name.size() + 1;
      return fake::aws::decode(sent.target.substr(at, sent.target.find('&', at) - at));
    };
    auto const credential = said("X-Amz-Credential");
    BOOST_TEST(said("X-Amz-Signature") ==
                   fake::aws::expected(fake::aws::parse(sent.head, ""), said("X-Amz-SignedHeaders"),
                                       "UNSIGNED-PAYLOAD", said("X-Amz-Date"),
                                       credential.substr(credential.find('/') + 1), key, true),
               target);
  }
}

BOOST_AUTO_TEST_SUITE_END()
