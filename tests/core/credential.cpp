#include <countersign/core/credential.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <type_traits>
#include <utility>

using namespace countersign;

// Plain values: made in braces, with any field left out.
static_assert(std::is_aggregate_v<token> && std::is_aggregate_v<key_pair> &&
              std::is_aggregate_v<basic_login>);
static_assert(std::is_same_v<header_list, fields>);
static_assert(!std::is_copy_constructible_v<issued<std::unique_ptr<int>>>);
static_assert(std::is_nothrow_move_constructible_v<issued<token>>);

BOOST_AUTO_TEST_SUITE(core_credential)

BOOST_AUTO_TEST_CASE(any_field_may_be_left_out) {
  BOOST_TEST(token{.value = secret("v")}.type.empty());
  BOOST_TEST(token{.type = secret("DPoP")}.value.empty());
  BOOST_TEST(key_pair{.id = secret("i")}.key.empty());
  BOOST_TEST(basic_login{.password = secret("p")}.user.empty());
}

BOOST_AUTO_TEST_CASE(what_is_issued_works_for_ever_unless_it_says_until_when) {
  issued<secret> const plain{secret("v")};
  BOOST_TEST((plain.expires == never_expires));
  issued<token> limited{{secret("v"), secret("Bearer")}, wall_time{5}};
  auto const moved = std::move(limited);
  BOOST_TEST(moved.expires.ms == 5);
  BOOST_TEST(moved.credential.value.reveal() == "v");
}

BOOST_AUTO_TEST_SUITE_END()
