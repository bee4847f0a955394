#include <countersign/auth/only.hpp>

#include <countersign/core/header_formatter.hpp>
#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
using namespace std::literals;

namespace {

/// A request that has no URL, but knows its origin.
class origin_alone {
public:
  explicit origin_alone(std::string_view origin) : origin_(origin) {}
  [[nodiscard]] std::string_view method() const { return "GET"; }
  [[nodiscard]] std::string_view origin() const { return origin_; }
  [[nodiscard]] std::string_view target() const { return "/"; }
  template <class Function>
  void fields(Function&&) const {}

private:
  std::string_view origin_;
};
static_assert(cs::request_view<origin_alone>);

template <class Only>
cs::errc told(Only const& binding, std::string_view url) {
  auto const ok = binding.allows(cs::request("GET", url));
  return ok ? cs::errc::none : ok.error().code();
}
template <class Only>
std::string message(Only const& binding, std::string_view url) {
  auto const ok = binding.allows(cs::request("GET", url));
  return std::string(ok ? std::string_view("allowed") : ok.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_only)

// RFC 6454 §4: scheme, host and port decide, and nothing else does. The other spellings are RFC 3986 §6.2.2
// and §6.2.3.
BOOST_AUTO_TEST_CASE(the_same_origin_is_allowed_however_it_is_spelled) {
  cs::only const https{"https://good.com"};
  for (std::string_view url :
       {"https://good.com", "https://good.com/", "https://good.com/a?b#c", "https://good.com?b",
        "https://good.com#c", "https://good.com:443", "https://good.com:443/", "https://good.com:/",
        "https://good.com:0443/", "HTTPS://good.com/", "https://GOOD.com/x", "https://user@good.com/",
        "https://evil.com@good.com/", "https://good.com//evil.com", "https://good.com/@evil.com"})
    BOOST_TEST(message(https, url) == "allowed", url);
  cs::only const with_port{"https://good.com:8443"};
  for (std::string_view url : {"https://good.com:8443/", "https://Good.com:08443"})
    BOOST_TEST(message(with_port, url) == "allowed", url);
  cs::only const v6{"https://[2001:db8::1]"};
  for (std::string_view url : {"https://[2001:db8::1]/", "https://[2001:DB8:0:0:0:0:0:1]/",
                               "https://[2001:db8::1]:443/x", "https://[2001:db8::0.0.0.1]"})
    BOOST_TEST(message(v6, url) == "allowed", url);
  cs::only const wss{"wss://good.com/path-is-ignored?so=this"};
  BOOST_TEST(message(wss, "wss://good.com:443/socket") == "allowed");
}

// Seen as CVE-2024-53859 (a token sent to hosts that only looked like its own).
BOOST_AUTO_TEST_CASE(a_host_that_looks_like_it_is_another) {
  cs::only const binding{"https://good.com"};
  for (std::string_view url : {"https://good.com.evil/",
                               "https://good.com.evil.com",
                               "https://evilgood.com/",
                               "https://evil-good.com",
                               "https://good.com@evil.com/",
                               "https://good.com:443@evil.com/",
                               "https://good.com%2f@evil.com/",
                               "https://evil.com/https://good.com",
                               "https://evil.com/?https://good.com",
                               "https://evil.com#https://good.com",
                               "https://good.com.",
                               "https://good.co",
                               "https://good.comm/",
                               "https://www.good.com/",
                               "https://good.com:444/",
                               "https://good.com:4430",
                               "https://good.com:80/",
                               "https://xn--good-com.evil/",
                               "https://g\xc3\xb6od.com/",
                               "https://g\xd0\xbe\xd0\xbe"
                               "d.com/"})
    BOOST_TEST(name(told(binding, url)) == "wrong_origin", url);
  for (std::string_view url :
       {"http://good.com/", "http://good.com:443/", "ws://good.com/", "wss://good.com/"})
    BOOST_TEST(name(told(binding, url)) == "wrong_origin", url);
  for (std::string_view url : {""sv,
                               "good.com"sv,
                               "//good.com"sv,
                               "/path"sv,
                               "https:good.com"sv,
                               "https:/good.com"sv,
                               "https:///good.com"sv,
                               "https://"sv,
                               "ftp://good.com"sv,
                               "https://good.com\\@evil.com/"sv,
                               "https://good.com\\.evil.com"sv,
                               "https://good.com\r\n.evil.com"sv,
                               "https://good.com\0.evil.com"sv,
                               "https://good.com /"sv,
                               " https://good.com"sv,
                               "https://good%2ecom/"sv,
                               "https://good.com:port/"sv,
                               "https://good.com:65536/"sv,
                               "https://[::1%25eth0]/"sv,
                               "https://[good.com]/"sv})
    BOOST_TEST(name(told(binding, url)) == "bad_input", url);
}

BOOST_AUTO_TEST_CASE(a_view_that_knows_its_origin_alone_is_held_to_the_same) {
  cs::only const binding{"https://good.com"};
  for (std::string_view same : {"https://good.com", "https://GOOD.com", "https://good.com:443"})
    BOOST_TEST(binding.allows(origin_alone(same)).has_value(), same);
  for (std::string_view other : {"https://good.com.evil", "http://good.com", "https://good.com:444"}) {
    auto const told_so = binding.allows(origin_alone(other));
    BOOST_REQUIRE(!told_so.has_value());
    BOOST_TEST(name(told_so.error().code()) == "wrong_origin", other);
  }
  BOOST_TEST(name(binding.allows(origin_alone("good.com")).error().code()) == "bad_input");
  BOOST_TEST(!binding.allows(cs::blank_request()).has_value());
}

BOOST_AUTO_TEST_CASE(a_credential_does_not_travel_in_the_clear) {
  for (std::string_view scheme : {"http", "ws"}) {
    auto const url = std::string(scheme) + "://good.com";
    BOOST_TEST(name(told(cs::only{url}, url + "/x")) == "insecure");
    BOOST_TEST(name(told(cs::only{url}, "https://good.com/x")) == "wrong_origin");
    BOOST_TEST(message(cs::only{url}.allow_http(), url + "/x") == "allowed");
    BOOST_TEST(name(told(cs::only{url}.allow_http(), "https://good.com/x")) == "wrong_origin");
  }
  BOOST_TEST(name(told(cs::only{"https://good.com"}.allow_http(), "http://good.com/")) == "wrong_origin");
}

// RFC 6761 §6.3 and RFC 1122 §3.2.1.3; the other addresses are somebody else's machine, however they are
// written.
BOOST_AUTO_TEST_CASE(on_loopback_it_may) {
  for (std::string_view url : {"http://localhost", "http://LocalHost:8080", "http://a.localhost",
                               "http://127.0.0.1", "http://127.0.0.1:8080", "http://127.1.2.3",
                               "http://[::1]", "http://[0:0:0:0:0:0:0:1]:81", "ws://localhost"})
    BOOST_TEST(message(cs::only{url}, url) == "allowed", url);
  for (std::string_view url :
       {"http://localhost.evil.com", "http://evillocalhost", "http://.localhost", "http://localhost.",
        "http://127.0.0.1.evil.com", "http://128.0.0.1", "http://0.0.0.0", "http://127.1",
        "http://2130706433", "http://0x7f.0.0.1", "http://0177.0.0.1", "http://[::]", "http://[::2]",
        "http://[::ffff:127.0.0.1]"})
    BOOST_TEST(message(cs::only{url}, url) != "allowed", url);
}

BOOST_AUTO_TEST_CASE(several_origins_are_each_allowed_and_no_other_is) {
  cs::only const three{"https://a.example", std::string("https://b.example:8443"), "http://localhost:99"sv};
  static_assert(std::same_as<decltype(three), cs::only<3> const>);
  for (std::string_view url :
       {"https://a.example/", "https://b.example:8443/x", "http://localhost:99?y", "https://A.EXAMPLE:443"})
    BOOST_TEST(message(three, url) == "allowed", url);
  for (std::string_view url : {"https://b.example/", "https://a.example:8443", "http://localhost/",
                               "https://localhost:99", "https://c.example"})
    BOOST_TEST(name(told(three, url)) == "wrong_origin", url);
  BOOST_TEST(three.shown() == "https://a.example");

  cs::only const mixed = cs::only{"https://a.example", "http://b.example"};
  BOOST_TEST(message(mixed, "https://a.example/") == "allowed");
  BOOST_TEST(name(told(mixed, "http://b.example/")) == "insecure");
}

BOOST_AUTO_TEST_CASE(an_origin_that_is_none_is_told_at_each_use) {
  for (std::string_view bad :
       {"", "good.com", "ftp://good.com", "https://", "https://good com", "//good.com"}) {
    BOOST_TEST(name(told(cs::only{bad}, "https://good.com/")) == "bad_input", bad);
    BOOST_TEST(name(told(cs::only{bad}.allow_http(), "https://good.com/")) == "bad_input", bad);
  }
  cs::only const half{"https://a.example", "b.example"};
  BOOST_TEST(message(half, "https://a.example/") == "allowed");
  BOOST_TEST(name(told(half, "https://b.example/")) == "bad_input");
}

BOOST_AUTO_TEST_CASE(what_is_told_names_both_origins_and_nothing_else_of_the_url) {
  auto const text =
      message(cs::only{"https://good.com"}, "https://user:passw0rd@evil.com/path/t0ken?query=s3cret#fr4g");
  BOOST_TEST(text == "only: the request goes to https://evil.com, but this credential is for "
                     "https://good.com; name the origin in only{…} if it may go there");
  auto const bad = message(cs::only{"https://good.com"}, "https://user:passw0rd@evil.com:99999/t0ken?s3cret");
  for (std::string_view piece : {"passw0rd", "t0ken", "s3cret"})
    BOOST_TEST(bad.find(piece) == std::string::npos);
  BOOST_TEST(bad.starts_with("only: the request's URL: "));
  BOOST_TEST(message(cs::only{"http://good.com"}, "http://good.com").find("use https, or allow_http()") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_is_copied_and_moved_like_a_value) {
  cs::only one{"https://good.com"};
  auto const copy = one;
  auto const moved = std::move(one);
  BOOST_TEST(message(copy, "https://good.com/") == "allowed");
  BOOST_TEST(message(moved, "https://good.com/") == "allowed");
  BOOST_TEST(name(told(one, "https://good.com/")) ==
             "bad_input");  // NOLINT: what was moved from allows nothing
}

BOOST_AUTO_TEST_CASE(a_literal_origin_is_checked_while_compiling) {
  using namespace cs::literals;
  BOOST_TEST(message("https://good.com"_origin, "https://good.com/") == "allowed");
  BOOST_TEST(message("http://localhost:80"_origin, "http://localhost/") == "allowed");
  static_assert(cs::detail::is_secure_or_loopback("wss://good.com"));
  static_assert(cs::detail::is_secure_or_loopback("http://[::1]/"));
  static_assert(cs::detail::is_secure_or_loopback("ws://127.0.0.1:80"));
  static_assert(!cs::detail::is_secure_or_loopback("http://good.com"));
  static_assert(!cs::detail::is_secure_or_loopback("http://localhost.evil.com"));
  static_assert(!cs::detail::is_secure_or_loopback("http://127.0.0.1.evil.com"));
  static_assert(!cs::detail::is_secure_or_loopback("https:good.com"));
  static_assert(!cs::detail::is_secure_or_loopback("localhost"));
}

BOOST_AUTO_TEST_SUITE_END()
