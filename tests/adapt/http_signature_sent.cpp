// What libcurl and Beast put on the wire under an HTTP message signature, read back and verified by another implementation.
#include <countersign/adapt/beast.hpp>
#include <countersign/adapt/beast_request.hpp>
#include <countersign/adapt/curl.hpp>

#include "fake/jws_verifier.hpp"
#include "fake/message_signatures.hpp"
#include "fake/server.hpp"

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/http_signature.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/beast/http.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <string_view>

namespace cs = countersign;
namespace sent = fake::rfc9421;

namespace {

constexpr auto key = "a key of some bytes";
constexpr auto every =
    "@method, @target-uri, @authority, @scheme, @request-target, @path, @query, content-type, x-many;bs, "
    "x-utf8;bs, content-digest";

sent::arrived_request last(fake::server const& s) {
  auto const got = s.requests().back();
  return sent::parse(got.head, got.body, "http");
}
constexpr std::string_view targets[] = {"/",
                                        "",
                                        "?a=b",
                                        "//",
                                        "//a//b//",
                                        "/a/../b",
                                        "/a/./b/.",
                                        "/../..",
                                        "/a%2Fb",
                                        "/a%2fb",
                                        "/a+b/",
                                        "/%C3%A9/%20?%C3%A9=%c3%a9",
                                        "/a%20b?c=d%20e&C=%2B&a=&=x&a=1&a",
                                        "/?a+b=c+d&x=%7e~",
                                        "/!$&'()*,;=:@?!$'()*,;=:@/?",
                                        "/~user?"};

template <class Transport>
void sends_what_it_signs(Transport& http) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  for (auto const target : targets)
    for (std::string_view const body : {"", "{\"n\":1}"}) {
      cs::authenticator api{
          cs::fixed{cs::key_pair{cs::secret("me"), cs::secret(key)}},
          cs::http_signature{{.components = every, .algorithm = true, .nonce = true, .tag = "a, \"b\""}},
          cs::only{s.origin()}};
      cs::request call(body.empty() ? "GET" : "POST", s.url(target), cs::secret(body));
      call.set("Content-Type", "application/json;  charset=utf-8");
      call.set("X-Many", "a,  b");
      call.set("X-Utf8", "\xc3\xa9  \"x  y\"");
      auto const got = cs::send(api, call, http);
      BOOST_REQUIRE_MESSAGE(got.has_value(), target << ": " << got.error().message());
      auto arrived = last(s);
      BOOST_TEST(sent::verify(arrived, "sig1", sent::by_hmac(key)) == "ok", target);
      BOOST_TEST(arrived.target.ends_with(target));
      // The check would notice.
      arrived.target += "x";
      BOOST_TEST(sent::verify(arrived, "sig1", sent::by_hmac(key)) == "wrong signature");
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_http_signature_sent)

BOOST_AUTO_TEST_CASE(what_libcurl_sent_is_what_was_signed) {
  cs::curl_transport http;
  sends_what_it_signs(http);
}

BOOST_AUTO_TEST_CASE(what_beast_sent_is_what_was_signed) {
  cs::beast_transport http;
  sends_what_it_signs(http);
}

// A request of Beast's own, with one header several times, as the toolkit's can't have it.
BOOST_AUTO_TEST_CASE(a_header_that_is_there_twice_is_signed_as_it_is_sent) {
  namespace http = boost::beast::http;
  http::request<http::string_body> call(http::verb::put, "/a/../b?c=%20", 11);
  call.set(http::field::host, "h.example");
  call.insert("X-Many", "one");
  call.insert("x-many", "two, three");
  call.body() = "body";
  cs::authenticator api{
      cs::fixed{cs::key_pair{cs::secret("me"), cs::secret(key)}},
      cs::http_signature{{.components = "@method, @path, @query, host, x-many, x-many;bs, content-digest"}},
      cs::only{"https://h.example"}};
  auto wanted = cs::sent_to(call, "https://h.example");
  BOOST_REQUIRE(api.authorize(wanted).has_value());
  call.prepare_payload();
  std::ostringstream bytes;
  bytes << call;
  auto const text = bytes.str();
  auto const end = text.find("\r\n\r\n") + 4;
  auto const arrived = sent::parse(text.substr(0, end), text.substr(end), "https");
  BOOST_TEST(sent::verify(arrived, "sig1", sent::by_hmac(key)) == "ok");
}

BOOST_AUTO_TEST_CASE(what_private_keys_sign_openssl_verifies_by_itself) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::curl_transport http;
  using enum cs::jws_algorithm;
  for (auto const alg : {es256, es384, rs256, ps256, ps512, eddsa}) {
    auto const made = cs::openssl_key::generate(alg);
    BOOST_REQUIRE(made.has_value());
    cs::authenticator api{cs::fixed{*made},
                          cs::http_signature{{.components = every, .key_id = "k", .algorithm = alg != ps256}},
                          cs::only{s.origin()}};
    cs::request call("POST", s.url("/a%2Fb//?c=d+e"), cs::secret("body"));
    call.set("Content-Type", "text/plain");
    call.set("X-Many", "a");
    call.set("X-Utf8", "\xc3\xa9");
    BOOST_REQUIRE(cs::send(api, call, http).has_value());
    auto const jwk = fake::read_json(made->public_jwk());
    auto const checks = [&](std::string const& base, std::string const& signature) {
      return fake::verifies(jwk, made->alg(), base, signature) &&
             !fake::verifies(jwk, made->alg(), base + " ", signature);
    };
    BOOST_TEST(sent::verify(last(s), "sig1", checks) == "ok", made->alg());
  }
}

BOOST_AUTO_TEST_CASE(two_signatures_arrive_side_by_side) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::curl_transport http;
  cs::authenticator api{
      cs::fixed{cs::key_pair{cs::secret("me"), cs::secret(key)}},
      cs::each_of{cs::http_signature{{.components = "@path", .label = "a"}},
                  cs::http_signature{{.components = "@method, content-digest", .label = "b"}}},
      cs::only{s.origin()}};
  BOOST_REQUIRE(cs::send(api, cs::request("POST", s.url("/x"), cs::secret("body")), http).has_value());
  for (auto const label : {"a", "b"}) BOOST_TEST(sent::verify(last(s), label, sent::by_hmac(key)) == "ok");
}

// Random requests and random choices of what is covered; each base is built again from the bytes of the request, by other code.
BOOST_AUTO_TEST_CASE(random_requests_are_signed_as_another_implementation_reads_them) {
  std::mt19937 random(9421);
  auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  auto const some = [&](std::string_view from, std::size_t most) {
    std::string out;
    for (auto n = below(most + 1); n > 0; --n) out += from[below(from.size())];
    return out;
  };
  auto const escaped = [&](std::size_t most) {
    std::string out;
    for (auto n = below(most + 1); n > 0; --n) {
      static constexpr std::string_view pieces[] = {"a",   "Z",   "7",   "-",   "_",      "~",
                                                    "+",   "%20", "%2F", "%2f", "%C3%A9", "%26",
                                                    "%3D", "%25", "*",   "!",   "'",      "."};
      out += pieces[below(std::size(pieces))];
    }
    return out;
  };
  constexpr std::string_view names[] = {"a", "b", "c%20d", "e+f"}, asked[] = {"a", "b", "c%20d", "e%20f"};
  for (int round = 0; round < 2000; ++round) {
    std::string url = below(2) == 0 ? "https://" : "http://";
    url += some("abcXYZ", 5) + "h.Example";
    if (below(3) == 0) url += below(2) == 0 ? ":8443" : url.starts_with("https") ? ":443" : ":80";
    for (auto n = below(4); n > 0; --n) url += "/" + escaped(6);
    std::string components;
    std::string_view const fixed[] = {"@method",         "@target-uri", "@authority", "@scheme",
                                      "@request-target", "@path",       "@query",     "content-digest"};
    for (auto const one : fixed)
      if (below(2) == 0) components += std::string(one) + " ";
    bool const query = below(2) == 0;
    if (query) {
      url += '?';
      for (std::size_t i = 0; i < 4; ++i) {
        if (below(2) == 0) continue;
        url += std::string(names[i]) + (below(4) == 0 ? "" : "=" + escaped(8)) + "&";
        if (below(2) == 0) components += "@query-param;name=\"" + std::string(asked[i]) + "\" ";
      }
    }
    std::string const body = some("abc{}\": \n\x80", 200);
    cs::request call(below(2) == 0 ? "POST" : "PATCH", url, cs::secret(body));
    for (int i = 0; i < 4; ++i) {
      auto const name = "x-" + std::to_string(i);
      bool const binary = below(3) == 0;
      std::string const value = "v" + some(binary ? "abc \t,\xc3\xa9" : "abc,; \"=", 30) + "v";
      call.set(name, value);
      if (below(2) == 0) components += name + (binary ? ";bs " : " ");
    }
    cs::http_signature const formatter{
        {.components = components, .label = "r", .nonce = below(2) == 0, .tag = some("ab, \"\\", 9)}};
    cs::authenticator api{cs::fixed{cs::key_pair{cs::secret("k" + some("ab\"\\ ", 9)), cs::secret(key)}},
                          formatter, cs::only{cs::origin_of(url)->view()}.allow_http()};
    if (auto const ok = api.authorize(call); !ok)
      BOOST_FAIL(url << " " << components << ": " << ok.error().message());
    sent::arrived_request arrived{
        std::string(call.method()), std::string(call.target()), url.substr(0, url.find(':')), body, {}};
    if (arrived.target.starts_with("?")) arrived.target.insert(0, "/");
    auto const authority =
        url.substr(url.find("://") + 3, url.find_first_of("/?", url.find("://") + 3) - url.find("://") - 3);
    arrived.lines.emplace_back("host", authority);
    call.fields([&](std::string_view name, std::string_view value) {
      arrived.lines.emplace_back(sent::lower(std::string(name)), value);
    });
    BOOST_TEST(sent::verify(arrived, "r", sent::by_hmac(key)) == "ok", url << " " << components);
  }
}

BOOST_AUTO_TEST_SUITE_END()
