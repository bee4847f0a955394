#include <countersign/core/secret.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using namespace countersign;
using namespace std::literals;

static_assert(std::is_nothrow_default_constructible_v<secret> &&
              std::is_nothrow_copy_constructible_v<secret> && std::is_nothrow_move_constructible_v<secret> &&
              std::is_nothrow_copy_assignable_v<secret> && std::is_nothrow_move_assignable_v<secret>);
// Nothing becomes one, and it becomes nothing, by itself: `reveal()` shows where bytes leave.
static_assert(!std::is_convertible_v<secret, std::string_view> &&
              !std::is_convertible_v<secret, std::string>);
static_assert(!std::is_constructible_v<std::string_view, secret> &&
              !std::is_constructible_v<std::string, secret>);
static_assert(!std::is_convertible_v<std::string_view, secret> &&
              !std::is_convertible_v<char const*, secret>);

namespace {

constexpr auto canary = "canary-7c1e-9d02-55aa"sv;

}  // namespace

BOOST_AUTO_TEST_SUITE(core_secret)

BOOST_AUTO_TEST_CASE(it_holds_any_bytes) {
  BOOST_TEST(secret().empty());
  BOOST_TEST(secret().reveal() == "");
  BOOST_TEST(secret(""sv).empty());
  auto const bytes = "a\0b\xff"sv;
  BOOST_TEST(secret(bytes).reveal() == bytes);
  BOOST_TEST(secret(bytes).size() == 4u);
  BOOST_TEST(secret("user", ":", std::string("password"), ""sv).reveal() == "user:password");
}

BOOST_AUTO_TEST_CASE(the_pieces_take_memory_once) {
  fake::heap::counter const heap;
  secret const one("0123456789012345678901234567890123456789", "0123456789", "x");
  if (fake::heap::is_ours) BOOST_TEST(heap.count() == 1);
  BOOST_TEST(one.capacity() == 51u);
}

BOOST_AUTO_TEST_CASE(a_copy_is_another_and_a_move_takes_all) {
  secret one("value");
  secret two = one;
  BOOST_TEST(two.reveal() == "value");
  BOOST_TEST((two.reveal().data() != one.reveal().data()));
  auto const* const at = one.reveal().data();
  secret const three = std::move(one);
  BOOST_TEST((three.reveal().data() == at));
  BOOST_TEST(one.empty());
  BOOST_TEST(one.capacity() == 0u);
  BOOST_TEST(one.ok());
  one = two;
  BOOST_TEST(one.reveal() == "value");
  one = secret("other");
  BOOST_TEST(one.reveal() == "other");
  one.append("!");
  BOOST_TEST(one.reveal() == "other!");
}

BOOST_AUTO_TEST_CASE(assigned_to_itself_it_stays) {
  secret one("value");
  auto& same = one;
  one = same;
  BOOST_TEST(one.reveal() == "value");
  one = std::move(same);
  BOOST_TEST(one.reveal() == "value");
  one.assign(one.reveal().substr(1, 3));
  BOOST_TEST(one.reveal() == "alu");
}

BOOST_AUTO_TEST_CASE(appended_to_itself_it_doubles) {
  for (std::size_t const capacity : {0u, 1000u}) {
    secret one("0123456789");
    one.reserve(capacity);
    for (int i = 0; i < 4; ++i) one.append(one);
    std::string expected = "0123456789";
    for (int i = 0; i < 4; ++i) expected += expected;
    BOOST_TEST(one.reveal() == expected);
    one.append(one.reveal().substr(5, 3));
    expected += "567";
    BOOST_TEST(one.reveal() == expected);
  }
}

BOOST_AUTO_TEST_CASE(it_grows_byte_by_byte) {
  secret one;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    one.push_back(static_cast<char>(i));
    expected.push_back(static_cast<char>(i));
    BOOST_REQUIRE(one.capacity() >= one.size());
  }
  BOOST_TEST(one.reveal() == expected);
  BOOST_TEST(one.ok());
}

BOOST_AUTO_TEST_CASE(growing_byte_by_byte_takes_memory_seldom) {
  fake::heap::counter const heap;
  secret one;
  for (int i = 0; i < 100'000; ++i) one.push_back('x');
  if (fake::heap::is_ours) BOOST_TEST(heap.count() <= 14);
}

BOOST_AUTO_TEST_CASE(resized_it_gains_zeros_and_loses_its_end) {
  secret one("0123456789");
  auto* const at = one.data();
  BOOST_TEST(one.resize(4));
  BOOST_TEST(one.reveal() == "0123");
  BOOST_TEST(std::string_view(at, 10) == "0123\0\0\0\0\0\0"sv);  // still its memory
  BOOST_TEST(one.resize(6));
  BOOST_TEST(one.reveal() == "0123\0\0"sv);
  BOOST_TEST(one.resize(100));
  BOOST_TEST(one.reveal().substr(0, 4) == "0123");
  BOOST_TEST(one.reveal().substr(4) == std::string(96, '\0'));
  BOOST_TEST(one.resize(0));
  BOOST_TEST(one.empty());
}

BOOST_AUTO_TEST_CASE(memory_reserved_before_holds_no_old_bytes) {
  secret one;
  one.reserve(64);
  one.append(canary);
  one.clear();
  one.resize(64);
  BOOST_TEST(one.reveal() == std::string(64, '\0'));
}

BOOST_AUTO_TEST_CASE(cleared_it_keeps_its_memory_and_nothing_in_it) {
  secret one("0123456789");
  auto* const at = one.data();
  auto const capacity = one.capacity();
  one.clear();
  BOOST_TEST(one.empty());
  BOOST_TEST(one.capacity() == capacity);
  BOOST_TEST(std::string_view(at, 10) == std::string(10, '\0'));
  secret().clear();
}

// Each way in which a block is given back.
BOOST_AUTO_TEST_CASE(no_freed_block_holds_it) {
  fake::heap::watch const watch(canary);
  { secret const destroyed(canary); }
  BOOST_TEST(watch.found() == 0);
  {
    secret grown(canary);
    for (int i = 0; i < 1000; ++i) grown.append("0123456789");
    BOOST_TEST(watch.found() == 0);
    grown.reserve(100'000);
    BOOST_TEST(watch.found() == 0);
    secret copied = grown, moved = std::move(grown);
    copied = secret(canary);
    BOOST_TEST(watch.found() == 0);
    moved = copied;
    copied.assign("short");
    BOOST_TEST(watch.found() == 0);
    moved.resize(3);
    std::swap(moved, copied);
    secret cleared(canary);
    cleared.clear();
    secret cut(canary);
    cut.resize(cut.size() - 1);
  }
  BOOST_TEST(watch.found() == 0);
  {
    std::string const plain(canary);  // what the class is for
    asm volatile("" : : "r"(plain.data()) : "memory");
  }
  if (fake::heap::is_watching) BOOST_TEST(watch.found() == 1);
}

BOOST_AUTO_TEST_CASE(bytes_beyond_its_size_are_wiped_too) {
  fake::heap::watch const watch(canary);
  {
    secret one;
    BOOST_REQUIRE(one.reserve(100));
    std::char_traits<char>::copy(one.data() + 40, canary.data(), canary.size());
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_CASE(it_prints_three_stars) {
  std::ostringstream out;
  out << secret("value") << ' ' << secret() << '\n';
  BOOST_TEST(out.str() == "*** ***\n");
  std::wostringstream wide;
  wide << secret("value");
  BOOST_TEST((wide.str() == L"***"));
}

BOOST_AUTO_TEST_CASE(it_equals_one_of_the_same_bytes) {
  BOOST_TEST((secret("a") == secret("a")));
  BOOST_TEST((secret("a") != secret("b")));
  BOOST_TEST((secret("a") != secret("ab")));
  BOOST_TEST((secret() == secret("")));
}

BOOST_AUTO_TEST_CASE(more_than_any_memory_is_refused) {
  constexpr auto most = static_cast<std::size_t>(-1);
  for (auto const size : {most, most / 2, most / 4, most / 4 + 1}) {
    secret one("kept");
    BOOST_TEST(!one.reserve(size));
    BOOST_TEST(!one.ok());
    BOOST_TEST(one.reveal() == "kept");
    one.clear();
    BOOST_TEST(one.ok());
    one.append("kept");
    BOOST_TEST(!one.resize(size));
    BOOST_TEST(!one.ok());
    BOOST_TEST(one.reveal() == "kept");
  }
}

BOOST_AUTO_TEST_CASE(an_assignment_that_finds_no_memory_leaves_the_content) {
  if (!fake::heap::is_ours) return;
  secret const other("other");
  secret copied("content"), assigned("content");
  {
    fake::heap::exhausted const none;
    copied = other;
    assigned.assign("other");
  }
  BOOST_TEST(copied.reveal() == "content");
  BOOST_TEST(!copied.ok());
  BOOST_TEST(assigned.reveal() == "content");
  BOOST_TEST(!assigned.ok());
}

BOOST_AUTO_TEST_CASE(a_failed_allocation_sticks_and_leaves_the_content) {
  if (!fake::heap::is_ours) return;
  secret one("kept");
  {
    fake::heap::exhausted const none;
    one.append(std::string_view("0123456789012345678901234567890123456789"));
  }
  BOOST_TEST(!one.ok());
  BOOST_TEST(one.reveal() == "kept");
  one.append("!");  // there is memory again, but what was to stand between is missing
  BOOST_TEST(!one.ok());
  one.reserve(1000);
  BOOST_TEST(!one.ok());
  BOOST_TEST(!secret(one).ok());
  secret const moved = std::move(one);
  BOOST_TEST(!moved.ok());
  BOOST_TEST(one.ok());
  one = moved;
  BOOST_TEST(!one.ok());
  one.clear();
  BOOST_TEST(one.ok());
}

BOOST_AUTO_TEST_CASE(a_copy_for_which_there_is_no_memory_says_so) {
  if (!fake::heap::is_ours) return;
  secret const original("value");
  secret target("old");
  bool made = true, pieces = true;
  {
    fake::heap::exhausted const none;
    made = secret(original).ok() || secret("bytes"sv).ok();
    pieces = secret("two", "pieces").ok();
    target = original;
  }
  BOOST_TEST(!made);
  BOOST_TEST(!pieces);
  BOOST_TEST(!target.ok());
  BOOST_TEST(target.reveal() != "value");
}

BOOST_AUTO_TEST_SUITE_END()
