#include "archetypes/request_view.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

using namespace countersign;
using archetypes::their_view;

static_assert(request_view<their_view> && body_view<their_view>);

namespace {

struct without_method : their_view {
  void method() const = delete;
};
struct without_origin : their_view {
  void origin() const = delete;
};
struct without_target : their_view {
  void target() const = delete;
};
struct without_fields : their_view {
  void fields() const = delete;
};
struct without_body : their_view {
  void body() const = delete;
};
struct changing : their_view {
  std::string_view method() { return {}; }
};

// Made up for each call, and gone when it returns.
struct short_lived_method : their_view {
  std::string method() const { return "GET"; }
};
struct short_lived_origin : their_view {
  std::string origin() const { return "https://api.example.com"; }
};
struct short_lived_target : their_view {
  std::string target() const { return "/"; }
};
struct short_lived_body : their_view {
  std::optional<std::string> body() const { return "content"; }
};
struct kept : their_view {
  std::string const& origin() const;
  char const* target() const;
  std::string const& body() const;
};

}  // namespace

static_assert(!request_view<short_lived_method> && !request_view<short_lived_origin> &&
              !request_view<short_lived_target>);
static_assert(request_view<short_lived_body> && !body_view<short_lived_body>);
static_assert(request_view<kept> && body_view<kept>);
static_assert(!request_view<without_method> && !request_view<without_origin> &&
              !request_view<without_target>);
static_assert(!request_view<without_fields> && !request_view<changing> && !request_view<int>);
static_assert(request_view<without_body> && !body_view<without_body>);

BOOST_AUTO_TEST_SUITE(archetype_request_view)

BOOST_AUTO_TEST_CASE(it_shows_what_will_be_sent) {
  archetypes::their_request const request{"POST", "/a?b", "content", {{"A", "1"}, {"B", "2"}}};
  their_view const view(request);
  BOOST_TEST(view.method() == "POST");
  BOOST_TEST(view.origin() == "https://api.example.com");
  BOOST_TEST(view.target() == "/a?b");
  BOOST_TEST(view.body().value() == "content");
  std::string seen;
  view.fields([&](std::string_view name, std::string_view value) { seen.append(name).append(value); });
  BOOST_TEST(seen == "A1B2");
}

BOOST_AUTO_TEST_SUITE_END()
