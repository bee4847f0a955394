// RFC 9421 §2, by its own examples.
#include <countersign/format/detail/signature_base.hpp>

#include "fake/arrived.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

namespace {

std::string lines(cs::signed_message const& message, std::string_view components,
                  cs::fields const& shapes = {}) {
  cs::detail::base_text out;
  cs::detail::covered_components covered;
  if (auto const ok = covered.read(components); !ok) return std::string(ok.error().message());
  if (auto const ok = cs::detail::signature_lines(out, message, covered, shapes).write(); !ok)
    return std::string(cs::name(ok.error().code())) + ": " + std::string(ok.error().message());
  if (covered.size() > 0) out.add('\n');
  return std::string(*out.whole());
}
auto const request = fake::read_message(
    "POST /path?param=value&foo=bar&baz=bat%2Dman HTTP/1.1\n"
    "Host: www.example.com\nDate: Tue, 20 Apr 2021 02:07:56 GMT\n"
    "X-OWS-Header:   Leading and trailing whitespace.   \n"
    "Cache-Control: max-age=60\nCache-Control:    must-revalidate\n"
    "Example-Dict:  a=1,    b=2;x=1;y=2,   c=(a   b   c), d\nX-Empty-Header: \n"
    "Example-Header: value, with, lots\nExample-Header: of, commas\nPriority: u=1,  i\n\n");

}  // namespace

BOOST_AUTO_TEST_SUITE(signature_base)

BOOST_AUTO_TEST_CASE(fields_are_as_the_rfc_shows_them) {
  auto const seen = cs::signed_request(request);
  BOOST_TEST(lines(seen, "host date x-ows-header cache-control example-dict x-empty-header") ==
             "\"host\": www.example.com\n"
             "\"date\": Tue, 20 Apr 2021 02:07:56 GMT\n"
             "\"x-ows-header\": Leading and trailing whitespace.\n"
             "\"cache-control\": max-age=60, must-revalidate\n"
             "\"example-dict\": a=1,    b=2;x=1;y=2,   c=(a   b   c), d\n"
             "\"x-empty-header\": \n");
  BOOST_TEST(
      lines(seen,
            "example-dict;key=\"a\" example-dict;key=\"d\" example-dict;key=\"b\" example-dict;key=\"c\"") ==
      "\"example-dict\";key=\"a\": 1\n\"example-dict\";key=\"d\": ?1\n\"example-dict\";key=\"b\": 2;x=1;y=2\n"
      "\"example-dict\";key=\"c\": (a b c)\n");
  BOOST_TEST(lines(seen, "example-header example-header;bs") ==
             "\"example-header\": value, with, lots, of, commas\n"
             "\"example-header\";bs: :dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:\n");
  BOOST_TEST(lines(seen, "example-dict;sf", {{"Example-Dict", "dictionary"}}) ==
             "\"example-dict\";sf: a=1, b=2;x=1;y=2, c=(a b c), d\n");
  BOOST_TEST(lines(seen, "priority;sf") == "\"priority\";sf: u=1, i\n");
  BOOST_TEST(lines(seen, "cache-control;sf", {{"cache-control", "list"}})
                 .starts_with("bad_input: component \"cache-control\";sf: "));
}

BOOST_AUTO_TEST_CASE(derived_components_are_as_the_rfc_shows_them) {
  BOOST_TEST(lines(cs::signed_request(request),
                   "@method @target-uri @authority @scheme @request-target @path @query "
                   "@query-param;name=\"baz\"") ==
             "\"@method\": POST\n"
             "\"@target-uri\": https://www.example.com/path?param=value&foo=bar&baz=bat%2Dman\n"
             "\"@authority\": www.example.com\n\"@scheme\": https\n"
             "\"@request-target\": /path?param=value&foo=bar&baz=bat%2Dman\n"
             "\"@path\": /path\n\"@query\": ?param=value&foo=bar&baz=bat%2Dman\n"
             "\"@query-param\";name=\"baz\": bat-man\n");
  fake::arrived answer;
  answer.said_status = 200;
  BOOST_TEST(lines(cs::signed_response(answer, ""), "@status") == "\"@status\": 200\n");
}

BOOST_AUTO_TEST_CASE(host_and_scheme_have_one_spelling_and_the_path_stays) {
  struct {
    std::string_view origin, host, target, uri, authority;
  } const cases[] = {
      {"HTTPS://User:x@EXAMPLE.com:443", "", "/", "https://example.com/", "example.com"},
      {"https://example.com", "Example.COM:443", "/", "https://example.com/", "example.com"},
      {"https://example.com", "example.com:80", "/", "https://example.com:80/", "example.com:80"},
      {"http://example.com:80", "", "/", "http://example.com/", "example.com"},
      {"http://example.com", "other.example:8080", "/", "http://other.example:8080/", "other.example:8080"},
      {"https://[2001:DB8::1]:8443", "", "/", "https://[2001:db8::1]:8443/", "[2001:db8::1]:8443"},
      {"https://a", "", "?b", "https://a/?b", "a"},
      {"https://a", "", "//x/../y%2Fz%7e+?q=%C3%A9&&r=+", "https://a//x/../y%2Fz%7e+?q=%C3%A9&&r=+", "a"},
  };
  for (auto const& [origin, host, target, uri, authority] : cases) {
    fake::arrived one;
    one.said_method = "GET", one.said_origin = origin, one.said_target = target;
    if (!host.empty()) one.set("Host", std::string(host));
    BOOST_TEST(lines(cs::signed_request(one), "@target-uri @authority") ==
               "\"@target-uri\": " + std::string(uri) + "\n\"@authority\": " + std::string(authority) + "\n");
  }
  fake::arrived one;
  one.said_method = "GET", one.said_origin = "https://a", one.said_target = "?b";
  BOOST_TEST(lines(cs::signed_request(one), "@path @request-target @query") ==
             "\"@path\": /\n\"@request-target\": /?b\n\"@query\": ?b\n");
  one.said_target = "/c";
  BOOST_TEST(lines(cs::signed_request(one), "@path @request-target @query") ==
             "\"@path\": /c\n\"@request-target\": /c\n\"@query\": ?\n");
  one.said_target = "/c?";
  BOOST_TEST(lines(cs::signed_request(one), "@path @query") == "\"@path\": /c\n\"@query\": ?\n");
}

BOOST_AUTO_TEST_CASE(a_response_may_be_signed_with_its_request) {
  fake::arrived answer = fake::read_message("HTTP/1.1 503 Service Unavailable\nContent-Type: text/plain\n\n");
  auto const asked = cs::signed_request(request);
  auto const answered = cs::signed_response(answer, "", &asked);
  BOOST_TEST(lines(answered, "@status @method;req @path;req content-type example-dict;req;key=\"a\" "
                             "@query-param;name=\"foo\";req") ==
             "\"@status\": 503\n\"@method\";req: POST\n\"@path\";req: /path\n\"content-type\": text/plain\n"
             "\"example-dict\";req;key=\"a\": 1\n\"@query-param\";name=\"foo\";req: bar\n");
  BOOST_TEST(lines(answered, "@method") ==
             "bad_input: component \"@method\": it is a request's; of a response, write it with ;req");
  BOOST_TEST(lines(cs::signed_response(answer, ""), "@method;req") ==
             "bad_input: component \"@method\";req: it is the request's, and no request was given");
  BOOST_TEST(lines(asked, "@method;req") ==
             "bad_input: component \"@method\";req: it has ;req, which only a response's "
             "signature can have (RFC 9421 section 2.4)");
  BOOST_TEST(lines(asked, "@status") == "bad_input: component \"@status\": a request has no status");
  answer.said_status = 99;
  BOOST_TEST(lines(cs::signed_response(answer, ""), "@status") ==
             "bad_input: component \"@status\": the status has not three digits");
}

BOOST_AUTO_TEST_CASE(trailers_are_no_headers) {
  fake::arrived one = request;
  one.last_lines = {{"Expires", "Wed, 9 Nov 2022 07:28:00 GMT"}, {"Date", "x"}};
  auto const seen = cs::signed_request(one);
  BOOST_TEST(lines(seen, "expires;tr date;tr date") ==
             "\"expires\";tr: Wed, 9 Nov 2022 07:28:00 GMT\n\"date\";tr: x\n\"date\": Tue, 20 Apr 2021 "
             "02:07:56 GMT\n");
  BOOST_TEST(
      lines(seen, "expires").starts_with("bad_input: component \"expires\": the message has no such header"));
  BOOST_TEST(lines(seen, "host;tr") ==
             "bad_input: component \"host\";tr: the message has no such trailer field");
}

BOOST_AUTO_TEST_CASE(what_can_t_be_had_is_an_error_with_its_name) {
  fake::arrived one = request;
  one.lines.emplace_back("X-Fold", "a\r\n b");
  one.lines.emplace_back("X-Utf8", "\xc3\xa9");
  one.lines.emplace_back("X-Control", "a\x01");
  one.lines.emplace_back("Set-Cookie", "a=1");
  one.lines.emplace_back("Set-Cookie", "b=2");
  auto const seen = cs::signed_request(one);
  struct {
    std::string_view component, message;
  } const cases[] = {
      {"x-missing", "the message has no such header; set it before it is signed, or leave it out here"},
      {"content-digest",
       "the request has no such header, and its body can't be shown to make one; set it before"},
      {"x-fold", "its value goes over several lines"},
      {"x-fold;bs", "its value goes over several lines"},
      {"x-utf8", "its value holds a byte beyond ASCII; cover it with ;bs (RFC 9421 section 2.1.3)"},
      {"x-control", "its value holds a control byte"},
      {"set-cookie", "it is there several times, which can't be told from once; cover it with ;bs"},
      {"example-dict;key=\"z\"", "the header has no member of that key"},
      {"date;key=\"a\"", "structured field, byte 1: expected a key in lower case"},
      {"x-utf8;sf",
       "it is not known which structured field it is; say so in .structured: item, list or dictionary"},
      {"@query-param;name=\"z\"", "the query has no such parameter"},
  };
  for (auto const& [component, message] : cases) {
    auto const got = lines(seen, component);
    BOOST_TEST(got.ends_with(": " + std::string(message)), got);
    BOOST_TEST(got.starts_with("bad_input: component \""), got);
  }
  BOOST_TEST(lines(seen, "x-utf8;bs set-cookie;bs") ==
             "\"x-utf8\";bs: :w6k=:\n\"set-cookie\";bs: :YT0x:, :Yj0y:\n");

  one.said_target = "*";
  BOOST_TEST(lines(cs::signed_request(one), "@path").ends_with("does not begin with '/', so it has no path"));
  BOOST_TEST(lines(cs::signed_request(one), "@request-target") == "\"@request-target\": *\n");
  BOOST_TEST(lines(cs::signed_request(one), "@target-uri").ends_with("so it has no path"));
  one.said_target = "/\xc3\xa9";
  for (auto const each : {"@path", "@target-uri", "@request-target"})
    BOOST_TEST(lines(cs::signed_request(one), each).ends_with("no visible ASCII; percent-encode it"), each);
  one.said_origin = "";
  for (auto const each : {"@authority", "@target-uri", "@scheme"})
    BOOST_TEST(lines(cs::signed_request(one), each).ends_with("the request's origin is not known"), each);
  one.said_origin = "https://a", one.lines.emplace_back("host", "b");
  BOOST_TEST(lines(cs::signed_request(one), "@authority").ends_with("there are several Host headers"));
  one.said_method = "";
  BOOST_TEST(lines(cs::signed_request(one), "@method").ends_with("the method is none"));
}

BOOST_AUTO_TEST_CASE(a_text_of_any_size_is_kept_or_hashed_whole) {
  for (std::size_t size : {1u, 1023u, 1024u, 1025u, 5000u}) {
    std::string all;
    cs::hmac_midstates keyed(cs::sha2::bits_256, "key");
    auto const expected = keyed;
    cs::detail::base_text whole, hashed(&keyed);
    for (char c = 'a'; all.size() < size * 3; ++c) {
      std::string const piece(size, c);
      whole.add(piece), hashed.add(piece), all += piece;
    }
    BOOST_TEST((*whole.whole() == all));
    BOOST_TEST((hashed.code().view() == expected.finish(all).view()));
  }
}

BOOST_AUTO_TEST_SUITE_END()
