#include <countersign/auth/slot.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cs = countersign;

namespace {

constexpr std::size_t room_size = 2048;
static_assert(room_size % cs::detail::shared_copy_step == 0);

std::string bytes_of(cs::slot const& s, std::uint64_t* generation = nullptr) {
  alignas(16) char room[room_size];
  std::uint64_t number = 0;
  auto const size = s.copy(room, sizeof room, number);
  if (generation != nullptr) *generation = number;
  return {room, size < sizeof room ? size : sizeof room};
}

cs::wall_time constexpr soon{1000}, later{2000};

/// What generation n holds: its number, then letters: long and short in turn.
std::string text_of(std::uint64_t n) {
  auto text = std::to_string(n) + ':';
  text.append(static_cast<std::size_t>(n % 2 == 0 ? n % 40 : 1500 + n % 500),
              static_cast<char>('a' + n % 26));
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_slot)

BOOST_AUTO_TEST_CASE(an_empty_slot_has_generation_0_and_no_bytes) {
  cs::slot s;
  BOOST_TEST(s.look().generation == 0u);
  BOOST_TEST(bytes_of(s).empty());
}

BOOST_AUTO_TEST_CASE(what_was_published_is_read_with_its_generation_and_times) {
  cs::slot s;
  BOOST_REQUIRE(s.publish("first", soon, later));
  BOOST_TEST(s.look().generation == 1u);
  BOOST_TEST((s.look().due == soon));
  BOOST_TEST((s.look().expires == later));
  std::uint64_t generation = 0;
  BOOST_TEST(bytes_of(s, &generation) == "first");
  BOOST_TEST(generation == 1u);
  BOOST_REQUIRE(s.publish("the second", later, later));
  BOOST_TEST(bytes_of(s, &generation) == "the second");
  BOOST_TEST(generation == 2u);
}

BOOST_AUTO_TEST_CASE(nothing_is_copied_into_a_room_that_is_too_small) {
  cs::slot s;
  std::string const bytes(cs::detail::shared_copy_step + 1, 'x');
  BOOST_REQUIRE(s.publish(bytes, soon, later));
  std::string room(2 * cs::detail::shared_copy_step, '.');
  std::uint64_t generation = 0;
  BOOST_TEST(s.copy(room.data(), cs::detail::shared_copy_step, generation) == bytes.size());
  BOOST_TEST(room == std::string(room.size(), '.'));
  BOOST_TEST(generation == 1u);
  BOOST_TEST(s.copy(room.data(), room.size(), generation) == bytes.size());
  BOOST_TEST(room.substr(0, bytes.size()) == bytes);
}

BOOST_AUTO_TEST_CASE(it_grows_and_keeps_what_it_holds) {
  cs::slot s;
  for (std::size_t size = 0; size < room_size; size = size * 2 + 1) {
    std::string const bytes(size, 'g');
    BOOST_REQUIRE(s.publish(bytes, soon, later));
    BOOST_TEST(bytes_of(s) == bytes);
    BOOST_REQUIRE(s.publish("small", soon, later));
    BOOST_TEST(bytes_of(s) == "small");
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_marks_its_own_generation_as_expired_and_no_other) {
  cs::slot s;
  s.refuse(0);
  s.refuse(1);
  BOOST_REQUIRE(s.publish("a", soon, later));
  BOOST_REQUIRE(s.publish("b", soon, later));
  for (std::uint64_t other : {0u, 1u, 3u, 4u}) s.refuse(other);
  BOOST_TEST((s.look().expires == later));
  s.refuse(2);
  BOOST_TEST((s.look().expires.ms == std::numeric_limits<std::int64_t>::min()));
  BOOST_TEST((s.look().due.ms == std::numeric_limits<std::int64_t>::min()));
  BOOST_TEST(s.look().generation == 2u);
  BOOST_REQUIRE(s.publish("c", soon, later));
  BOOST_TEST((s.look().expires == later));
}

BOOST_AUTO_TEST_CASE(moving_leaves_an_empty_one_behind) {
  cs::slot s;
  BOOST_REQUIRE(s.publish("a", soon, later));
  cs::slot const other(std::move(s));
  BOOST_TEST(bytes_of(other) == "a");
  BOOST_TEST(s.look().generation == 0u);  // NOLINT: that is what is asked
}

// Reads the process's own memory: the canary is put together here, so that it stands nowhere else.
BOOST_AUTO_TEST_CASE(an_old_token_is_wiped_when_a_new_one_is_published) {
  constexpr std::size_t size = 1000;
  auto const count_canaries = [](char const* from, std::size_t length) {
    std::size_t found = 0;
    for (std::size_t i = 0; i + 4 <= length; ++i)
      found += from[i] == 'c' && from[i + 1] == 'N' && from[i + 2] == 'r' && from[i + 3] == 'Y';
    return found;
  };
  auto const canary = [](std::size_t length) {
    std::string text;
    while (text.size() < length) text.append("cN").append("rY");
    return text;
  };
  // The slot's blocks come from malloc and are freed by it alone, so what a block held can be looked at
  // from outside.
  struct shown {
    std::uint64_t current;
    struct {
      std::uint64_t generation, size;
      std::int64_t due, expires;
      char const* bytes;
      std::size_t capacity;
    } blocks[2];
  };
  cs::slot s;
  auto const look_inside = [&] {
    shown inside;
    static_assert(sizeof inside <= sizeof s);
    std::memcpy(&inside, static_cast<void const*>(&s), sizeof inside);
    return inside;
  };
  BOOST_REQUIRE(s.publish(canary(size), soon, later));
  auto const first = look_inside().blocks[1];
  BOOST_REQUIRE(count_canaries(first.bytes, first.capacity) > 200u);  // else this test sees nothing
  BOOST_REQUIRE(s.publish("short", soon, later));
  BOOST_TEST(count_canaries(first.bytes, first.capacity) == 0u);
  // The same where a block has become too small: it stays, for a late reader, but empty.
  BOOST_REQUIRE(s.publish(canary(size), soon, later));
  BOOST_REQUIRE(s.publish(std::string(3 * size, 'x'), soon, later));
  BOOST_REQUIRE(s.publish(std::string(3 * size, 'x'), soon, later));
  BOOST_TEST(look_inside().blocks[1].bytes != first.bytes);
  BOOST_TEST(count_canaries(first.bytes, first.capacity) == 0u);
}

// Generations that grow and shrink, read by two threads: none torn, none older after a newer, and where a
// copy had to be taken twice nothing of the first is left behind the second.
BOOST_AUTO_TEST_CASE(two_readers_never_see_a_torn_or_an_older_generation) {
  constexpr std::uint64_t turns = 100'000, copies = 50'000;
  cs::slot s;
  std::atomic<bool> enough = false;
  std::atomic<std::uint64_t> torn = 0, older = 0, left = 0, seen = 0;
  auto const read = [&] {
    alignas(16) char room[room_size] = {};
    std::uint64_t last = 0;
    while (!enough) {
      std::uint64_t generation = 0;
      auto const size = s.copy(room, sizeof room, generation);
      if (size == 0) continue;
      ++seen;
      older += generation < last;
      last = generation;
      torn += std::string_view(room, size) != text_of(generation);
      auto const rounded = (size + 15) / 16 * 16;
      for (std::size_t i = rounded; i < sizeof room; ++i) left += room[i] != 0;
      std::memset(room, 0, rounded);
      auto const looked = s.look();
      older += looked.generation < last;
      torn += looked.due.ms != static_cast<std::int64_t>(looked.generation) ||
              looked.expires.ms != -static_cast<std::int64_t>(looked.generation);
    }
  };
  {
    std::jthread const first(read), second(read);
    for (std::uint64_t n = 1; n <= turns || seen < copies; ++n) {
      auto const time = static_cast<std::int64_t>(n);
      if (!s.publish(text_of(n), {time}, {-time})) std::abort();
    }
    enough = true;
  }
  BOOST_TEST(torn == 0u);
  BOOST_TEST(older == 0u);
  BOOST_TEST(left == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
