#include <countersign/adapt/curl_headers.hpp>

#include "fake/heap.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

static_assert(cs::header_sink<cs::curl_headers>);
static_assert(cs::body_view<cs::curl_call>);

namespace {

/// The lines as libcurl gets them, each in brackets.
std::string lines(cs::curl_headers const& headers) {
  std::string all;
  for (auto const* line = headers.get(); line != nullptr; line = line->next)
    all.append("[").append(line->data).append("]");
  return all;
}
template <class View>
std::string fields(View const& view) {
  std::string all;
  view.fields([&](std::string_view name, std::string_view value) {
    all.append(name).append("=").append(value).append(";");
  });
  return all;
}

/// Writes the names of the fields that it sees.
struct witness {
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const& view, cs::draft& out,
                               cs::moment const&) const {
    out.set("X-Seen", view.method(), " ", view.origin(), " ", view.target(), " ", fields(view));
    return cs::stamp{};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_curl_headers)

BOOST_AUTO_TEST_CASE(a_field_replaces_the_earlier_ones_of_its_name) {
  cs::curl_headers headers;
  BOOST_TEST(headers.get() == nullptr);
  BOOST_TEST(headers("A", "1"));
  BOOST_TEST(headers("Bb", "2"));
  BOOST_TEST(headers("B", "3"));
  BOOST_TEST(headers("a", "4"));
  BOOST_TEST(lines(headers) == "[Bb: 2][B: 3][a: 4]");
  BOOST_TEST(headers("BB", "5"));
  BOOST_TEST(lines(headers) == "[B: 3][a: 4][BB: 5]");
}

BOOST_AUTO_TEST_CASE(an_empty_value_is_a_field_and_a_suppressed_name_is_none) {
  cs::curl_headers headers;
  BOOST_TEST(headers("X-Empty", ""));
  BOOST_TEST(headers.suppress("Accept"));
  BOOST_TEST(headers("X-Full", "a: b; c"));
  BOOST_TEST(lines(headers) == "[X-Empty;][Accept:][X-Full: a: b; c]");
  BOOST_TEST(fields(headers) == "X-Empty=;X-Full=a: b; c;");
  BOOST_TEST(headers("accept", "*/*"));
  BOOST_TEST(headers.suppress("x-empty"));
  BOOST_TEST(fields(headers) == "X-Full=a: b; c;accept=*/*;");
}

BOOST_AUTO_TEST_CASE(bytes_that_no_line_may_hold_change_nothing) {
  cs::curl_headers headers;
  BOOST_TEST(headers("A", "1"));
  for (auto [name, value] :
       {std::pair("A", std::string_view("2\r\nX: y")), std::pair("A", std::string_view("2\n")),
        std::pair("A", std::string_view("2\0", 2)), std::pair("A", std::string_view(" 2")),
        std::pair("", std::string_view("2")), std::pair("A B", std::string_view("2")),
        std::pair("A:", std::string_view("2")), std::pair("A;", std::string_view("2"))})
    BOOST_TEST(!headers(name, value));
  BOOST_TEST(!headers.suppress("A\r\nX"));
  BOOST_TEST(!headers.suppress(""));
  BOOST_TEST(lines(headers) == "[A: 1]");
}

BOOST_AUTO_TEST_CASE(moving_leaves_an_empty_one_behind) {
  cs::curl_headers headers;
  BOOST_TEST(headers("A", "1"));
  cs::curl_headers other(std::move(headers));
  BOOST_TEST(lines(other) == "[A: 1]");
  BOOST_TEST(headers.get() == nullptr);  // NOLINT: that is what is asked
  headers = std::move(other);
  BOOST_TEST(lines(headers) == "[A: 1]");
}

BOOST_AUTO_TEST_CASE(without_memory_nothing_is_changed) {
  if (!fake::heap::is_ours) return;
  cs::curl_headers headers;
  BOOST_REQUIRE(headers("A", "1"));
  int refused = 0;
  for (bool done = false; !done; ++refused) {
    {
      fake::heap::exhausted const no_more(refused);
      done = headers("A", "2");
    }
    BOOST_TEST(lines(headers) == (done ? "[A: 2]" : "[A: 1]"));
  }
  BOOST_TEST(refused == 4);  // the line, and libcurl's copy and node
}

BOOST_AUTO_TEST_CASE(no_line_is_freed_with_its_value) {
  constexpr std::string_view canary = "c4n4ry-of-curl-headers";
  fake::heap::watch const freed(canary);
  {
    cs::curl_headers headers;
    BOOST_REQUIRE(headers("A", canary));
    BOOST_REQUIRE(headers("B", canary));
    BOOST_REQUIRE(headers("A", canary));
    BOOST_REQUIRE(headers("A", "other"));
  }
  BOOST_TEST(freed.found() == 0);
}

BOOST_AUTO_TEST_CASE(a_call_shows_what_libcurl_will_send) {
  cs::curl_headers headers;
  BOOST_REQUIRE(headers("X-Mine", "1"));
  BOOST_REQUIRE(headers.suppress("Accept"));
  cs::curl_call const call{
      .verb = "PUT", .address = "https://api.example/a%2F?b#c", .headers = &headers, .content = "body"};
  BOOST_TEST(call.method() == "PUT");
  BOOST_TEST(call.origin() == "https://api.example");
  BOOST_TEST(call.target() == "/a%2F?b");
  BOOST_TEST(call.body().value() == "body");
  BOOST_TEST(fields(call) == "X-Mine=1;");
  BOOST_TEST(!cs::curl_call{}.body().has_value());
  BOOST_TEST(fields(cs::curl_call{}) == "");

  cs::authenticator auth{cs::fixed{"k"}, witness{}, cs::only{"https://api.example"}};
  BOOST_REQUIRE(auth.authorize(call, headers).has_value());
  BOOST_TEST(lines(headers) == "[X-Mine: 1][Accept:][X-Seen: PUT https://api.example /a%2F?b X-Mine=1;]");
}

BOOST_AUTO_TEST_CASE(a_call_that_goes_elsewhere_gets_nothing) {
  cs::authenticator auth{cs::fixed{"k"}, cs::bearer{}, cs::only{"https://api.example"}};
  cs::curl_headers headers;
  BOOST_TEST(!auth.authorize(cs::curl_call{.address = "https://api.example.evil/"}, headers).has_value());
  BOOST_TEST(headers.get() == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
