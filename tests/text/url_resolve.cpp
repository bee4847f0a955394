// RFC 3986 §5.4 (all its examples), §5.2.4, §6.2.
#include <countersign/text/url_resolve.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
using namespace std::literals;

namespace {

std::string resolved(std::string_view base, std::string_view reference) {
  auto const url = cs::resolve(base, reference);
  return std::string(url ? url->reveal() : url.error().message());
}

std::string normal(std::string_view text) {
  auto const url = cs::normalize(text);
  return std::string(url ? url->reveal() : url.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(url_resolve)

BOOST_AUTO_TEST_CASE(the_examples_of_section_5_4) {
  struct {
    std::string_view reference, wanted;
  } const cases[] = {
      // §5.4.1
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      // §5.4.2
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/./x", "http://a/b/c/g#s/./x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
      {"http:g", "http:g"},
  };
  for (auto const& c : cases)
    BOOST_TEST(resolved("http://a/b/c/d;p?q", c.reference) == c.wanted, c.reference);
}

BOOST_AUTO_TEST_CASE(other_bases_resolve_as_section_5_2_says) {
  struct {
    std::string_view base, reference, wanted;
  } const cases[] = {
      {"https://u:p@h:8443", "x", "https://u:p@h:8443/x"},  // §5.2.3: an empty path below an authority
      {"https://h", "?q", "https://h?q"},
      {"https://h?q#f", "", "https://h?q"},
      {"https://h/a?q", "#", "https://h/a?q#"},
      {"https://h/a?q", "?", "https://h/a?"},
      {"https://h/a/b", "//other:1/./x/../y?z", "https://other:1/y?z"},
      {"https://h/a/b", "HTTP://o/a/./b", "HTTP://o/a/b"},
      {"https://h/a/../b", "", "https://h/a/../b"},  // §5.2.2: the base's path is taken as it is
      {"https://h/a//b", "..", "https://h/a/"},
      {"https://h/a//b/", "../..", "https://h/a/"},
      {"https://h/a/b", "..//c", "https://h//c"},
      {"urn:a/b", "c", "urn:a/c"},
      {"urn:a", "c", "urn:c"},
      {"mailto:x@y", "", "mailto:x@y"},
      {"x:a/b", "../../c", "x:/c"},
      {"https://h/", "/.", "https://h/"},
      {"https://h/", "/..", "https://h/"},
      {"https://h/", "/.../..x", "https://h/.../..x"},
  };
  for (auto const& c : cases) BOOST_TEST(resolved(c.base, c.reference) == c.wanted, c.reference);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_resolved_is_refused) {
  BOOST_TEST(resolved("/a", "b") == "base URL: expected a scheme: https://…");
  BOOST_TEST(resolved("http://h/ ", "b") == "base URL, byte 10: a space: write %20");
  BOOST_TEST(resolved("http://h/", "a b") == "relative URL, byte 2: a space: write %20");
  BOOST_TEST(resolved("http://h/", "\\\\evil") == "relative URL, byte 1: a backslash: write '/' or %5C");
  BOOST_TEST(resolved("http://h/", "//evil\n") == "relative URL, byte 7: a control byte");
  // A path must not turn into a host.
  BOOST_TEST(resolved("a:/b", "/.//evil/x") == "URL: a path that begins with // and has no host before it");
  BOOST_TEST(resolved("a:/b", "a:/..//evil/x") ==
             "URL: a path that begins with // and has no host before it");
}

BOOST_AUTO_TEST_CASE(a_result_has_8_kib_at_most) {
  std::string const base = "https://h/";
  BOOST_TEST(resolved(base, std::string(cs::max_url_size - base.size(), 'a')).size() == cs::max_url_size);
  BOOST_TEST(resolved(base, std::string(cs::max_url_size - base.size() + 1, 'a')) ==
             "URL: longer than 8192 bytes");
  auto const full = "https://h" + std::string(cs::max_url_size - 9, '/');
  BOOST_TEST(normal(full) == full);
  BOOST_TEST(normal("https://h?" + std::string(cs::max_url_size - 10, 'a')) ==
             "URL: longer than 8192 bytes");  // gains a "/"
}

BOOST_AUTO_TEST_CASE(a_path_full_of_dot_segments_is_resolved) {
  std::string path;
  while (path.size() < cs::max_url_size - 20) path += "a/..//./";
  auto const url = cs::resolve("https://h/", path);
  BOOST_REQUIRE(url);
  BOOST_TEST(url->size() < path.size());
}

BOOST_AUTO_TEST_CASE(a_url_has_one_normal_form) {
  struct {
    std::string_view given, wanted;
  } const cases[] = {
      {"eXAMPLE://a/./b/../b/%63/%7bfoo%7d", "URL, byte 1: expected https, http, wss or ws"},
      {"HTTP://a/./b/../b/%63/%7bfoo%7d", "http://a/b/c/%7Bfoo%7D"},  // §6.2.2
      {"http://example.com", "http://example.com/"},                  // §6.2.3
      {"http://example.com/", "http://example.com/"},
      {"http://example.com:/", "http://example.com/"},
      {"http://example.com:80/", "http://example.com/"},
      {"http://example.com:080/", "http://example.com/"},
      {"https://example.com:443?x", "https://example.com/?x"},
      {"https://example.com:08443/", "https://example.com:8443/"},
      {"https://example.com:000/", "https://example.com:0/"},
      {"wss://EXAMPLE.com:443/%7Euser/%2fX?a=%3d%41#%5a%c3%A9",
       "wss://example.com/~user/%2FX?a=%3DA#Z%C3%A9"},
      {"https://User:P%61ss@Example.com/", "https://User:Pass@example.com/"},
      {"https://[2001:DB8:0::1]/", "https://[2001:db8::1]/"},
      {"https://h/%2e%2E/a/%2e/b", "https://h/a/b"},
      {"https://h/a/..", "https://h/"},
      {"https://h/a//b", "https://h/a//b"},
      {"https://h/?", "https://h/?"},
      {"https://h/#", "https://h/#"},
      {"https://h/caf\xc3\xa9", "https://h/caf\xc3\xa9"},
      {"https://h/a?b/../c", "https://h/a?b/../c"},
      {"https://h./", "https://h./"},
      {"https://h/a b", "URL, byte 12: a space: write %20"},
  };
  for (auto const& c : cases) {
    BOOST_TEST(normal(c.given) == c.wanted, c.given);
    if (!c.wanted.starts_with("URL")) BOOST_TEST(normal(c.wanted) == c.wanted, c.given);
  }
}

BOOST_AUTO_TEST_SUITE_END()
