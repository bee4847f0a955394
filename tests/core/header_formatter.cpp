#include <countersign/core/header_formatter.hpp>

#include "archetypes/header_formatter.hpp"
#include "fake/context.hpp"

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace countersign;

namespace {

struct constant_no_more : archetypes::api_key {
  static constexpr bool constant = false;
};
struct listener : archetypes::api_key {
  heard learn(secret const&, request_view auto const&, response_head const& head, stamp) const {
    return head.status() == 401 ? heard::try_again : heard::nothing;
  }
};
struct signer : archetypes::api_key {
  static constexpr bool signs_body = true;
};

}  // namespace

static_assert(request_view<blank_request> && body_view<blank_request>);
static_assert(is_constant<archetypes::api_key> && !is_constant<archetypes::counted> &&
              !is_constant<constant_no_more>);
static_assert(max_learned_of<archetypes::counted> == default_max_learned);
static_assert(signs_body<signer> && !signs_body<archetypes::api_key>);

BOOST_AUTO_TEST_SUITE(core_header_formatter)

BOOST_AUTO_TEST_CASE(nothing_is_known_of_a_blank_request) {
  blank_request const blank;
  BOOST_TEST(blank.method() == "");
  BOOST_TEST(blank.origin() == "");
  BOOST_TEST(blank.target() == "");
  BOOST_TEST(!blank.body().has_value());
  blank.fields([](std::string_view, std::string_view) { BOOST_TEST(false); });
}

BOOST_AUTO_TEST_CASE(the_memory_is_given_to_a_formatter_that_has_one) {
  fake::world w;
  auto const outside = w.context();
  secret const key("k");
  archetypes::counted::memory memory;
  memory_of<archetypes::api_key> none;
  draft first, second, third;
  BOOST_TEST(
      detail::format(archetypes::counted(), key, blank_request(), first, moment(outside), memory).value() ==
      1u);
  BOOST_TEST(
      detail::format(archetypes::counted(), key, blank_request(), second, moment(outside), memory).value() ==
      2u);
  BOOST_TEST(second.get("X-Key").value() == "k-2");
  BOOST_TEST(
      detail::format(archetypes::api_key(), key, blank_request(), third, moment(outside), none).value() ==
      0u);
  BOOST_TEST(third.get("X-API-Key").value() == "k");
}

BOOST_AUTO_TEST_CASE(one_that_does_not_listen_has_heard_nothing) {
  memory_of<archetypes::api_key> none;
  auto const what =
      detail::learn(archetypes::api_key(), secret("k"), blank_request(), response_head(401), stamp{0}, none);
  BOOST_TEST((what == heard::nothing));
}

BOOST_AUTO_TEST_CASE(one_that_listens_may_need_no_memory) {
  memory_of<listener> none;
  BOOST_TEST((detail::learn(listener(), secret("k"), blank_request(), response_head(401), stamp{0}, none) ==
              heard::try_again));
  BOOST_TEST((detail::learn(listener(), secret("k"), blank_request(), response_head(200), stamp{0}, none) ==
              heard::nothing));
}

BOOST_AUTO_TEST_SUITE_END()
