// RFC 6454 §4 to §6 (origins), RFC 5952 (IPv6 text), RFC 6761 §6.3 (localhost).
#include <countersign/text/origin.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>
#include <string>
#include <type_traits>

namespace cs = countersign;
using namespace std::literals;

static_assert(std::is_trivially_copyable_v<cs::origin>);
// Known while compiling.
static_assert([] {
  cs::origin origin;
  return origin.assign("HTTPS://API.Example.com:443/x") && origin.view() == "https://api.example.com" &&
         origin.encrypted();
}());
static_assert([] {
  cs::origin origin;
  return !origin.assign("https://good.com@evil@x/") && origin.empty();
}());
static_assert(cs::starts_at("https://good.com", "https://good.com/x") &&
              !cs::starts_at("https://good.com", "https://good.com.evil/"));

namespace {

std::string origin_or_refusal(std::string_view url) {
  auto const origin = cs::origin_of(url);
  return std::string(origin ? origin->view() : origin.error().message());
}

cs::origin origin_from(std::string_view url) {
  auto const origin = cs::origin_of(url);
  BOOST_REQUIRE_MESSAGE(origin, url);
  return *origin;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(origin)

BOOST_AUTO_TEST_CASE(an_origin_has_one_spelling) {
  struct {
    std::string_view url, origin;
  } const cases[] = {
      {"https://good.com", "https://good.com"},
      {"https://good.com/", "https://good.com"},
      {"https://good.com?x", "https://good.com"},
      {"https://good.com#x", "https://good.com"},
      {"HTTPS://GOOD.Com/Path", "https://good.com"},
      {"https://good.com:443/", "https://good.com"},
      {"https://good.com:/", "https://good.com"},
      {"https://good.com:0443/", "https://good.com"},
      {"https://good.com:80/", "https://good.com:80"},
      {"https://good.com:8443/", "https://good.com:8443"},
      {"https://good.com:0/", "https://good.com:0"},
      {"http://good.com:80/", "http://good.com"},
      {"http://good.com:443/", "http://good.com:443"},
      {"ws://good.com:80/", "ws://good.com"},
      {"wss://good.com:443/", "wss://good.com"},
      {"wss://good.com:65535/", "wss://good.com:65535"},
      {"https://user:pass@good.com/", "https://good.com"},
      {"https://good.com@evil.com/", "https://evil.com"},
      {"https://good.com:x@evil.com/", "https://evil.com"},
      {"https://evil.com/@good.com", "https://evil.com"},
      {"https://evil.com?@good.com", "https://evil.com"},
      {"https://good.com./", "https://good.com."},
      {"https://[::1]:443/", "https://[::1]"},
      {"https://[0:0:0:0:0:0:0:1]/", "https://[::1]"},
      {"https://[2001:DB8::0:7]:8443/", "https://[2001:db8::7]:8443"},
      {"https://[::ffff:1.2.3.4]/", "https://[::ffff:102:304]"},
      {"https://127.1/", "https://127.1"},
      {"https://b\xc3\xbc"
       "cher.example/",
       "https://b\xc3\xbc"
       "cher.example"},
      {"https://good.com/%zz and the rest is not looked at", "https://good.com"},
  };
  for (auto const& c : cases) BOOST_TEST(origin_or_refusal(c.url) == c.origin, c.url);
}

BOOST_AUTO_TEST_CASE(what_is_no_server_is_refused) {
  struct {
    std::string_view url, message;
  } const cases[] = {
      {"", "URL, byte 1: expected a scheme: https://…"},
      {"good.com", "URL, byte 1: expected a scheme: https://…"},
      {"//good.com", "URL, byte 1: expected a scheme: https://…"},
      {"ftp://good.com", "URL, byte 1: expected https, http, wss or ws"},
      {"data:,x", "URL, byte 1: expected https, http, wss or ws"},
      {"https:good.com", "URL, byte 7: expected '//' and a host"},
      {"https:/good.com", "URL, byte 7: expected '//' and a host"},
      {"https:\\\\good.com", "URL, byte 7: expected '//' and a host"},
      {"https:///good.com", "URL, byte 9: expected a host"},
      {"https://:443", "URL, byte 9: expected a host"},
      {"https://good.com\\@evil.com/", "URL, byte 17: a backslash: write '/' or %5C"},
      {"https://good.com\\.evil.com/", "URL, byte 17: a backslash: write '/' or %5C"},
      {"https://good.com\t/", "URL, byte 17: a control byte"},
      {"https://good.com\0.evil.com/"sv, "URL, byte 17: a control byte"},
      {"https://good.com evil.com/", "URL, byte 17: a space: write %20"},
      {"https://a@b@good.com/", "URL, byte 12: a second '@': write %40 in a user name"},
      {"https://good%2ecom/", "URL, byte 13: a '%' in a host name: write the name itself"},
      {"https://[fe80::1%25eth0]/", "URL, byte 17: an IPv6 zone: it has no place in a URL"},
      {"https://good.com:443x/", "URL, byte 21: a port is a number"},
      {"https://good.com:65536/", "URL, byte 18: a port above 65535"},
      {"https://good\xff.com/", "URL, byte 9: a host name that is not UTF-8"},
  };
  for (auto const& c : cases) BOOST_TEST(origin_or_refusal(c.url) == c.message, c.url);
}

BOOST_AUTO_TEST_CASE(the_prefix_check_is_never_fooled) {
  constexpr std::string_view good = "https://good.com";
  for (std::string_view const url : {"https://good.com", "https://good.com/", "https://good.com/a",
                                     "https://good.com?a", "https://good.com#a", "https://good.com/@evil.com",
                                     "https://good.com?@evil.com", "https://good.com//evil.com"}) {
    BOOST_TEST(cs::starts_at(good, url), url);
    BOOST_TEST(origin_or_refusal(url) == good, url);
  }
  for (std::string_view const url : std::initializer_list<std::string_view>{"https://good.com.evil/",
                                                                            "https://good.com.",
                                                                            "https://good.comevil",
                                                                            "https://evilgood.com/",
                                                                            "https://good.com@evil/",
                                                                            "https://good.com:443/",
                                                                            "https://good.com:8443/",
                                                                            "https://good.com:x@evil/",
                                                                            "HTTPS://good.com/",
                                                                            "https://GOOD.com/",
                                                                            "https://good.com\\",
                                                                            "https://good.com\\@evil",
                                                                            "https://good.com%2f",
                                                                            "https://good.com ",
                                                                            "https://good.com\t",
                                                                            "https://good.com\0"sv,
                                                                            "https://good.co",
                                                                            "http://good.com/",
                                                                            "wss://good.com/",
                                                                            "https://user@good.com/",
                                                                            " https://good.com/",
                                                                            "https://x.good.com/",
                                                                            "https://good.com\xef\xbc\x8f",
                                                                            "",
                                                                            "/",
                                                                            "good.com"})
    BOOST_TEST(!cs::starts_at(good, url), url);
  BOOST_TEST(!cs::starts_at("", ""));
  BOOST_TEST(!cs::starts_at("", "/x"));
  BOOST_TEST(cs::starts_at("https://good.com:8443", "https://good.com:8443/"));
  BOOST_TEST(!cs::starts_at("https://good.com:8443", "https://good.com:84430/"));
  BOOST_TEST(!cs::starts_at("https://good.com:8443", "https://good.com:8443@evil/"));
}

BOOST_AUTO_TEST_CASE(an_origin_owns_its_urls_in_every_spelling) {
  auto const good = origin_from("https://good.com");
  for (std::string_view const url :
       {"https://good.com/x", "https://good.com:443/x", "HTTPS://Good.Com", "https://me@good.com/"})
    BOOST_TEST(good.owns(url), url);
  for (std::string_view const url :
       {"https://good.com.evil/", "https://evilgood.com/", "https://good.com@evil/", "https://good.com:80/",
        "http://good.com/", "wss://good.com/", "https://good.com./", "https://good.com\\@evil/",
        "https://x.good.com/", "https://[fe80::1%25good.com]/", ""})
    BOOST_TEST(!good.owns(url), url);
  BOOST_TEST(!cs::origin().owns(""));
  BOOST_TEST(!cs::origin().owns("x"));
}

BOOST_AUTO_TEST_CASE(an_origin_is_a_value_with_parts) {
  cs::origin const none;
  BOOST_TEST(none.empty());
  BOOST_TEST((none.view().empty() && none.scheme().empty() && none.host().empty() && !none.encrypted() &&
              !none.loopback()));
  auto origin = origin_from("wss://u@[2001:DB8::1]:8443/x");
  BOOST_TEST(origin.scheme() == "wss");
  BOOST_TEST(origin.host() == "[2001:db8::1]");
  BOOST_TEST(origin.port() == 8443);
  BOOST_TEST(origin.encrypted());
  auto const copy = origin;
  BOOST_TEST((copy == origin && copy != none));
  origin = origin_from("http://127.0.0.1");
  BOOST_TEST((origin.port() == 80 && !origin.encrypted() && origin.loopback() && origin != copy));
  BOOST_TEST((origin_from("https://h").port() == 443 && !origin_from("https://h").loopback()));
  auto unchanged = copy;
  BOOST_TEST(!unchanged.assign("https://h:x"));
  BOOST_TEST((unchanged == copy));
  BOOST_TEST(unchanged.assign("https://h"));
  BOOST_TEST(unchanged.view() == "https://h");  // nothing of the longer one is left
}

BOOST_AUTO_TEST_CASE(loopback_is_what_no_resolver_can_move) {
  for (std::string_view const host :
       {"localhost", "LocalHost", "a.localhost", "a.b.LOCALHOST", "127.0.0.1", "127.255.255.255", "127.0.0.0",
        "[::1]", "[0:0:0:0:0:0:0:1]", "[::0.0.0.1]"})
    BOOST_TEST(cs::is_loopback(host), host);
  for (std::string_view const host : {"",
                                      "localhost.",
                                      "xlocalhost",
                                      "localhost.evil.com",
                                      ".localhost",
                                      "127.1",
                                      "127.0.1",
                                      "0x7f.0.0.1",
                                      "0177.0.0.1",
                                      "2130706433",
                                      "127.0.0.01",
                                      "127.0.0.256",
                                      "127.0.0.1.evil.com",
                                      "127.0.0.1.",
                                      "128.0.0.1",
                                      "126.255.255.255",
                                      "0.0.0.0",
                                      "[::]",
                                      "[::2]",
                                      "[::ffff:127.0.0.1]",
                                      "[1::1]",
                                      "[::1",
                                      "::1",
                                      "[::1%25lo]",
                                      "["})
    BOOST_TEST(!cs::is_loopback(host), host);
}

BOOST_AUTO_TEST_CASE(ipv6_is_written_as_rfc_5952_wants_it) {
  struct {
    std::string_view given, wanted;
  } const cases[] = {
      {"2001:0db8:0:0:0:0:2:1", "2001:db8::2:1"},        // §4.1, §4.2.1
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // §4.2.2: one group is not shortened
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},           // §4.2.3: the longest run
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},     // §4.2.3: the first of equals
      {"2001:DB8::AbCd", "2001:db8::abcd"},              // §4.3
      {"0:0:0:0:0:0:0:0", "::"},
      {"1:0:0:0:0:0:0:0", "1::"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
      {"0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1"},
  };
  for (auto const& c : cases)
    BOOST_TEST(origin_or_refusal("https://[" + std::string(c.given) + "]") ==
                   "https://[" + std::string(c.wanted) + "]",
               c.given);
}

BOOST_AUTO_TEST_CASE(a_host_has_255_bytes_at_most) {
  BOOST_TEST(cs::max_host_size == 255u);
  auto const longest = "https://" + std::string(255, 'a') + ":65535";
  BOOST_TEST(origin_or_refusal(longest) == longest);
  BOOST_TEST(origin_from(longest).host().size() == 255u);
  BOOST_TEST(origin_or_refusal("https://" + std::string(256, 'a')) ==
             "URL, byte 9: a host name of more than 255 bytes");
}

BOOST_AUTO_TEST_SUITE_END()
