#include <countersign/core/owned_text.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>
#include <utility>

using namespace countersign;

static_assert(std::is_convertible_v<char const*, owned_text> &&
              std::is_convertible_v<std::string_view, owned_text>);
static_assert(std::is_convertible_v<owned_text, std::string_view>);
static_assert(std::is_nothrow_move_constructible_v<owned_text>);

BOOST_AUTO_TEST_SUITE(core_owned_text)

BOOST_AUTO_TEST_CASE(it_keeps_the_bytes_of_what_goes_away) {
  owned_text kept;
  BOOST_TEST(kept.empty());
  {
    std::string const config = "DD_API_KEY and more bytes than any inner buffer holds";
    kept = owned_text(std::string_view(config));
  }
  BOOST_TEST(kept.view() == "DD_API_KEY and more bytes than any inner buffer holds");
  owned_text const copy = kept, moved = std::move(kept);
  BOOST_TEST((copy == moved));
  BOOST_TEST(kept.empty());
}

BOOST_AUTO_TEST_CASE(it_takes_over_what_was_put_together) {
  secret parts("two ", "parts");
  auto const* const bytes = parts.data();
  owned_text const taken(std::move(parts));
  BOOST_TEST(taken.view() == "two parts");
  BOOST_TEST(static_cast<void const*>(taken.view().data()) == static_cast<void const*>(bytes));
}

BOOST_AUTO_TEST_CASE(they_are_equal_by_their_bytes) {
  BOOST_TEST((owned_text("a") == owned_text("a")));
  BOOST_TEST((owned_text("a") != owned_text("A")));
  BOOST_TEST((owned_text() == owned_text("")));
}

BOOST_AUTO_TEST_CASE(a_failed_allocation_sticks) {
  if (!fake::heap::is_ours) return;
  bool ok = true;
  {
    fake::heap::exhausted const none;
    ok = owned_text("name").ok();
  }
  BOOST_TEST(!ok);
  BOOST_TEST(owned_text("name").ok());
}

BOOST_AUTO_TEST_SUITE_END()
