#include <countersign/core/request_view.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <string_view>
#include <type_traits>

using namespace countersign;

namespace foreign {

// Another library's request, and what it takes to use it as it is.
struct request {
  std::string host = "example.com", path = "/x";
  std::map<std::string, std::string> headers;
};

struct view {
  request const& of;
  std::string where;
  std::string_view method() const { return "GET"; }
  std::string const& origin() const { return where; }  // a reference to what lasts converts too
  std::string_view target() const { return of.path; }
  void fields(auto&& each) const {
    for (auto const& [name, value] : of.headers) each(std::string_view(name), std::string_view(value));
  }
};

struct native : request {
  std::string_view method() const { return "GET"; }
  std::string_view origin() const { return "https://example.com"; }
  std::string_view target() const { return path; }
  void fields(auto&&) const {}
  bool operator()(std::string_view name, std::string_view value) {
    return headers[std::string(name)] = value, true;
  }
  bool replayable() const { return false; }
};

struct unknown {};

}  // namespace foreign

template <>
struct countersign::request_traits<foreign::request> {
  static foreign::view view(foreign::request const& r) { return {r, "https://" + r.host}; }
  static auto sink(foreign::request& r) {
    return [&r](std::string_view name, std::string_view value) {
      return r.headers[std::string(name)] = value, true;
    };
  }
};

static_assert(foreign_request<foreign::request> && !native_request<foreign::request>);
static_assert(native_request<foreign::native> && !foreign_request<foreign::native>);
static_assert(any_request<foreign::request> && any_request<foreign::native> &&
              !any_request<foreign::unknown>);
static_assert(!any_request<foreign::view>, "a view alone can't be written");
static_assert(!body_view<foreign::view>);

BOOST_AUTO_TEST_SUITE(core_request_view)

BOOST_AUTO_TEST_CASE(a_foreign_request_is_read_and_written_in_place) {
  foreign::request r;
  auto sink = sink_of(r);
  BOOST_TEST(sink("A", "1"));
  BOOST_TEST(r.headers["A"] == "1");
  auto const view = view_of(r);
  BOOST_TEST(view.origin() == "https://example.com");
  std::string seen;
  view.fields([&](std::string_view name, std::string_view value) { seen.append(name).append(value); });
  BOOST_TEST(seen == "A1");
}

BOOST_AUTO_TEST_CASE(a_native_one_is_its_own_view_and_sink) {
  foreign::native r;
  static_assert(std::is_same_v<decltype(view_of(r)), foreign::native const&>);
  static_assert(std::is_same_v<decltype(sink_of(r)), foreign::native&>);
  BOOST_TEST(&view_of(r) == &r);
  BOOST_TEST(&sink_of(r) == &r);
}

BOOST_AUTO_TEST_CASE(a_request_can_be_sent_again_unless_it_says_no) {
  foreign::request const plain;
  BOOST_TEST(detail::is_replayable(view_of(plain)));
  BOOST_TEST(!detail::is_replayable(foreign::native()));
}

BOOST_AUTO_TEST_SUITE_END()
