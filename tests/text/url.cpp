// RFC 3986 §2, §3, appendix B; RFC 6874 (zones).
#include <countersign/text/url.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
using namespace std::literals;

namespace {

// Puts the parts together again as RFC 3986 §5.3 does.
std::string together(cs::url_view const& url) {
  std::string out;
  auto const add = [&out](bool there, std::string_view before, std::string_view part,
                          std::string_view after) {
    if (there) out.append(before).append(part).append(after);
  };
  add(url.has_scheme, "", url.scheme, ":");
  add(url.has_authority, "//", "", "");
  add(url.has_userinfo, "", url.userinfo, "@");
  out += url.host;
  add(url.has_port, ":", url.port, "");
  out += url.path;
  add(url.has_query, "?", url.query, "");
  add(url.has_fragment, "#", url.fragment, "");
  return out;
}

std::string refusal(std::string_view text) {
  auto const url = cs::parse_url(text);
  return url ? "accepted" : std::string(url.error().message());
}

std::string target(std::string_view text) {
  cs::secret out;
  auto const url = cs::parse_reference(text);
  BOOST_REQUIRE(url);
  return std::string(url->append_target(out).reveal());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(a_url_falls_into_its_parts) {
  auto const url = cs::parse_url("HTTPS://user:pa%20ss@Example.COM:8443/a/b;c=1/?q=/?&x=%2f#frag/?");
  BOOST_REQUIRE(url);
  BOOST_TEST(url->scheme == "HTTPS");
  BOOST_TEST(url->userinfo == "user:pa%20ss");
  BOOST_TEST(url->host == "Example.COM");
  BOOST_TEST(url->port == "8443");
  BOOST_TEST(url->port_number().value() == 8443);
  BOOST_TEST(url->path == "/a/b;c=1/");
  BOOST_TEST(url->query == "q=/?&x=%2f");
  BOOST_TEST(url->fragment == "frag/?");
  BOOST_TEST((url->has_userinfo && url->has_port && url->has_query && url->has_fragment));
}

BOOST_AUTO_TEST_CASE(the_examples_of_section_1_1_2_and_others_come_together_again) {
  for (std::string_view const text : {"ftp://ftp.is.co.za/rfc/rfc1808.txt",
                                      "http://www.ietf.org/rfc/rfc2396.txt",
                                      "ldap://[2001:db8::7]/c=GB?objectClass?one",
                                      "mailto:John.Doe@example.com",
                                      "news:comp.infosystems.www.servers.unix",
                                      "tel:+1-816-555-1212",
                                      "telnet://192.0.2.16:80/",
                                      "urn:oasis:names:specification:docbook:dtd:xml:4.1.2",
                                      "",
                                      "a",
                                      "a/b:c",
                                      "./a:b",
                                      "/a",
                                      "//h",
                                      "//h:80/",
                                      "?q",
                                      "#f",
                                      "?",
                                      "#",
                                      "file:///etc/passwd",
                                      "http://h?",
                                      "http://h#",
                                      "http://h:",
                                      "http://@h/",
                                      "x:",
                                      "x:?",
                                      "http://h//a//b",
                                      "a?b:c#d:e"}) {
    auto const url = cs::parse_reference(text);
    BOOST_REQUIRE_MESSAGE(url, text);
    BOOST_TEST(together(*url) == text);
  }
}

BOOST_AUTO_TEST_CASE(absent_and_empty_are_told_apart) {
  auto const bare = cs::parse_url("http://h");
  auto const empty = cs::parse_url("http://@h:?#");
  BOOST_REQUIRE((bare && empty));
  BOOST_TEST(!(bare->has_userinfo || bare->has_port || bare->has_query || bare->has_fragment));
  BOOST_TEST((empty->has_userinfo && empty->has_port && empty->has_query && empty->has_fragment));
  BOOST_TEST(
      (empty->userinfo.empty() && empty->port.empty() && empty->query.empty() && empty->fragment.empty()));
}

BOOST_AUTO_TEST_CASE(servers_have_one_of_four_schemes_and_a_host) {
  for (std::string_view const text :
       {"http://h", "https://h/", "ws://h?q", "wss://h#f", "hTTp://h", "https://u:p@h:1/x"})
    BOOST_TEST(refusal(text) == "accepted", text);
  BOOST_TEST(refusal("") == "URL, byte 1: expected a scheme: https://…");
  BOOST_TEST(refusal("example.com") == "URL, byte 1: expected a scheme: https://…");
  BOOST_TEST(refusal("//example.com/") == "URL, byte 1: expected a scheme: https://…");
  BOOST_TEST(refusal("ftp://example.com/") == "URL, byte 1: expected https, http, wss or ws");
  BOOST_TEST(refusal("javascript:alert(1)") == "URL, byte 1: expected https, http, wss or ws");
  BOOST_TEST(refusal("file:///etc/passwd") == "URL, byte 1: expected https, http, wss or ws");
  BOOST_TEST(refusal("httpsx://h/") == "URL, byte 1: expected https, http, wss or ws");
  BOOST_TEST(refusal("https:h/") == "URL, byte 7: expected '//' and a host");
  BOOST_TEST(refusal("https:/h/") == "URL, byte 7: expected '//' and a host");
  BOOST_TEST(refusal("https://") == "URL, byte 9: expected a host");
  BOOST_TEST(refusal("https:///path") == "URL, byte 9: expected a host");
  BOOST_TEST(refusal("https://:443/") == "URL, byte 9: expected a host");
  BOOST_TEST(refusal("https://user@/") == "URL, byte 9: expected a host");
}

BOOST_AUTO_TEST_CASE(only_the_bytes_of_each_part_are_let_in) {
  // RFC 3986 appendix A, over all bytes; those beyond ASCII are tried as UTF-8 below.
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view sub_delims = "!$&'()*+,;=";
  auto const allowed = [&](char c, std::string_view more) {
    return unreserved.find(c) != std::string_view::npos || sub_delims.find(c) != std::string_view::npos ||
           more.find(c) != std::string_view::npos;
  };
  for (int byte = 0; byte < 0x80; ++byte) {
    char const c = static_cast<char>(byte);
    std::string const one(1, c);
    BOOST_TEST((refusal("https://u" + one + "u@h/") == "accepted") ==
                   (allowed(c, ":") || c == '/' || c == '?' || c == '#'),
               byte);
    BOOST_TEST((refusal("https://h" + one + "h/") == "accepted") ==
                   (allowed(c, "@") || c == '/' || c == '?' || c == '#'),
               byte);
    BOOST_TEST((refusal("https://h/" + one + "h") == "accepted") == allowed(c, ":@/?#"), byte);
    BOOST_TEST((refusal("https://h/?" + one + "h") == "accepted") == allowed(c, ":@/?#"), byte);
    BOOST_TEST((refusal("https://h/#" + one + "h") == "accepted") == allowed(c, ":@/?"), byte);
    BOOST_TEST((refusal("https" + one + "://h/") == "accepted") == false, byte);
  }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_with_its_place_and_without_the_text) {
  BOOST_TEST(refusal("https://h/a b") == "URL, byte 12: a space: write %20");
  BOOST_TEST(refusal(" https://h/") == "URL, byte 1: a space: write %20");
  BOOST_TEST(refusal("https://h/\r\nX: y") == "URL, byte 11: a control byte");
  BOOST_TEST(refusal("https://h/\0"sv) == "URL, byte 11: a control byte");
  BOOST_TEST(refusal("https://h\\@evil/") == "URL, byte 10: a backslash: write '/' or %5C");
  BOOST_TEST(refusal("https:\\\\h/") == "URL, byte 7: a backslash: write '/' or %5C");
  BOOST_TEST(refusal("https://h/\\") == "URL, byte 11: a backslash: write '/' or %5C");
  BOOST_TEST(refusal("https://h/%") == "URL, byte 11: a '%' without two hexadecimal digits: write %25");
  BOOST_TEST(refusal("https://h/%2") == "URL, byte 11: a '%' without two hexadecimal digits: write %25");
  BOOST_TEST(refusal("https://h/%zz") == "URL, byte 11: a '%' without two hexadecimal digits: write %25");
  BOOST_TEST(refusal("https://h/?%2g") == "URL, byte 12: a '%' without two hexadecimal digits: write %25");
  BOOST_TEST(refusal("https://h/[1]") == "URL, byte 11: a byte that has no place here: percent-encode it");
  BOOST_TEST(refusal("https://h/${TENANT}") ==
             "URL, byte 12: a byte that has no place here: percent-encode it");
  BOOST_TEST(refusal("https://h/#a#b") == "URL, byte 13: a byte that has no place here: percent-encode it");
  BOOST_TEST(refusal("https://a@b@h/") == "URL, byte 12: a second '@': write %40 in a user name");
  BOOST_TEST(refusal("https://%68/") == "URL, byte 9: a '%' in a host name: write the name itself");
  BOOST_TEST(refusal("https://h\t/") == "URL, byte 10: a control byte");
  BOOST_TEST(refusal("https://user:hunter2@h/?token=hunter2 ").find("hunter2") == std::string::npos);
  auto const colon = cs::parse_reference("1a:b");
  BOOST_REQUIRE(!colon);
  BOOST_TEST(colon.error().message() == "URL, byte 3: a ':' where no scheme ends: write ./ before it");
}

BOOST_AUTO_TEST_CASE(bytes_beyond_ascii_pass_as_utf8) {
  auto const url = cs::parse_url("https://b\xc3\xbc"
                                 "cher.example/\xe2\x82\xac?\xc3\xa9#\xf0\x9f\x98\x80");
  BOOST_REQUIRE(url);
  BOOST_TEST(url->host == "b\xc3\xbc"
                          "cher.example");
  BOOST_TEST(url->path == "/\xe2\x82\xac");
  BOOST_TEST(refusal("https://h/\xff") == "URL: not UTF-8");
  BOOST_TEST(refusal("https://\xc0\xaf/") == "URL: not UTF-8");
}

BOOST_AUTO_TEST_CASE(ports_go_from_0_to_65535) {
  for (std::string_view const text :
       {"http://h:0/", "http://h:65535/", "http://h:00080/", "http://h:/", "http://[::1]:8080"})
    BOOST_TEST(refusal(text) == "accepted", text);
  BOOST_TEST(refusal("http://h:65536/") == "URL, byte 10: a port above 65535");
  BOOST_TEST(refusal("http://h:99999999999999999999999/") == "URL, byte 10: a port above 65535");
  BOOST_TEST(refusal("http://h:80a/") == "URL, byte 12: a port is a number");
  BOOST_TEST(refusal("http://h:-1/") == "URL, byte 10: a port is a number");
  BOOST_TEST(refusal("http://h:80:80/") == "URL, byte 12: a port is a number");
  BOOST_TEST(refusal("http://h:%38%30/") == "URL, byte 10: a port is a number");
}

BOOST_AUTO_TEST_CASE(the_port_is_the_one_given_or_the_schemes_own) {
  struct {
    std::string_view text;
    int port;
  } const cases[] = {{"http://h", 80},    {"https://h", 443},       {"ws://h", 80},    {"WSS://h", 443},
                     {"https://h:", 443}, {"https://h:8443", 8443}, {"http://h:0", 0}, {"http://h:00080", 80},
                     {"ftp://h", -1},     {"ftp://h:21", 21},       {"//h", -1}};
  for (auto const& c : cases) {
    auto const url = cs::parse_reference(c.text);
    BOOST_REQUIRE(url);
    BOOST_TEST((url->port_number() ? int{*url->port_number()} : -1) == c.port, c.text);
  }
}

BOOST_AUTO_TEST_CASE(ipv6_addresses_are_checked_and_zones_refused) {
  for (std::string_view const host :
       {"[::]", "[::1]", "[1::]", "[2001:db8::7]", "[2001:DB8:0:0:8:800:200C:417A]", "[FF01::101]",
        "[::FFFF:129.144.52.38]", "[::13.1.68.3]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]",
        "[::2:3:4:5:6:7:8]", "[1:2:3:4:5:6:1.2.3.4]", "[1::3:4:5:6:1.2.3.4]"})
    BOOST_TEST(refusal("https://" + std::string(host) + ":1/") == "accepted", host);
  for (std::string_view const host : {"[]",
                                      "[:]",
                                      "[:::]",
                                      "[1]",
                                      "[1:2:3:4:5:6:7]",
                                      "[1:2:3:4:5:6:7:8:9]",
                                      "[1:2:3:4:5:6:7:8::]",
                                      "[1::2::3]",
                                      "[12345::]",
                                      "[g::]",
                                      "[1:]",
                                      "[:1]",
                                      "[::1:]",
                                      "[1.2.3.4]",
                                      "[::1.2.3]",
                                      "[::1.2.3.256]",
                                      "[::1.2.3.04]",
                                      "[1:2:3:4:5:6:7:1.2.3.4]",
                                      "[::1.2.3.4:5]",
                                      "[::1 ]",
                                      "[v1.x]"})
    BOOST_TEST(refusal("https://" + std::string(host) + "/") ==
                   "URL, byte 10: expected an IPv6 address within [ ]",
               host);
  BOOST_TEST(refusal("https://[fe80::1%25eth0]/") == "URL, byte 17: an IPv6 zone: it has no place in a URL");
  BOOST_TEST(refusal("https://[fe80::1%eth0]/") == "URL, byte 17: an IPv6 zone: it has no place in a URL");
  BOOST_TEST(refusal("https://[::1/") == "URL, byte 13: expected ']' after an IPv6 address");
  BOOST_TEST(refusal("https://[::1]x/") ==
             "URL, byte 14: expected ':' and a port, or '/', after an IPv6 address");
  BOOST_TEST(refusal("https://[::1]@h/") == "URL, byte 9: a byte that has no place here: percent-encode it");
  BOOST_TEST(refusal("https://::1/") == "URL, byte 10: a port is a number");
}

BOOST_AUTO_TEST_CASE(ipv4_addresses_stay_as_they_are) {
  for (std::string_view const host :
       {"127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.01", "1.2.3.4.5", "999.1.1.1"}) {
    auto const text = "http://" + std::string(host) + "/";
    auto const url = cs::parse_url(text);
    BOOST_REQUIRE(url);
    BOOST_TEST(url->host == host);
  }
}

BOOST_AUTO_TEST_CASE(the_target_is_what_a_request_line_says) {
  BOOST_TEST(target("https://h") == "/");
  BOOST_TEST(target("https://h?q=1") == "/?q=1");
  BOOST_TEST(target("https://h?") == "/?");
  BOOST_TEST(target("https://h/a//b/../%2e?x=%2F&y=+#frag") == "/a//b/../%2e?x=%2F&y=+");
}

BOOST_AUTO_TEST_CASE(a_url_has_8_kib_at_most) {
  auto const of_size = [](std::size_t size) { return "https://h/" + std::string(size - 10, 'a'); };
  BOOST_TEST(cs::max_url_size == 8192u);
  BOOST_TEST(refusal(of_size(cs::max_url_size)) == "accepted");
  BOOST_TEST(refusal(of_size(cs::max_url_size + 1)) == "URL: longer than 8192 bytes");
  auto const url = cs::parse_url(of_size(cs::max_url_size + 1));
  BOOST_TEST((url.error().code() == cs::errc::too_large));
}

BOOST_AUTO_TEST_SUITE_END()
