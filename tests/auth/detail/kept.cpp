#include <countersign/auth/detail/kept.hpp>

#include "fake/context.hpp"
#include "os/forked.hpp"

#include <countersign/format/bearer.hpp>
#include <countersign/format/header.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

namespace cs = countersign;

namespace {

cs::wall_time constexpr soon{1000}, later{2000};

using bytes = cs::detail::kept_bytes<cs::secret>;

/// A sink that keeps what it was given.
struct written {
  std::string text;
  bool has_room = true;
  bool operator()(std::string_view name, std::string_view value) {
    text.append(name).append("=").append(value).append(";");
    return has_room;
  }
};

/// A credential that tells when it is destroyed.
struct counted {
  std::atomic<int>* alive;
  int number;
  counted(std::atomic<int>& count, int n) : alive(&count), number(n) { ++*alive; }
  counted(counted&& other) noexcept : alive(other.alive), number(other.number) { ++*alive; }
  ~counted() {
    number = -1;
    --*alive;
  }
};
using credential = cs::detail::kept_credential<counted>;

struct nothing_to_write {};

void publish(credential& kept, std::atomic<int>& alive, int number) {
  fake::world w;
  auto const outside = w.context();
  BOOST_REQUIRE(
      kept.publish(nothing_to_write(), counted(alive, number), cs::moment(outside), soon, later).has_value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_kept)

BOOST_AUTO_TEST_CASE(a_constant_formatters_fields_are_made_once_and_poured_as_they_are) {
  fake::world w;
  auto const outside = w.context();
  bytes kept;
  BOOST_TEST(kept.look().generation == 0u);
  BOOST_REQUIRE(kept.publish(cs::bearer(), cs::secret("t1"), cs::moment(outside), soon, later).has_value());
  written out;
  std::uint64_t generation = 0;
  BOOST_REQUIRE(kept.pour(out, {}, generation).has_value());
  BOOST_TEST(out.text == "Authorization=Bearer t1;");
  BOOST_TEST(generation == 1u);
  BOOST_TEST((kept.look().due == soon));
  BOOST_TEST((kept.look().expires == later));
}

BOOST_AUTO_TEST_CASE(pouring_writes_and_names_what_is_kept_by_then) {
  fake::world w;
  auto const outside = w.context();
  bytes kept;
  BOOST_REQUIRE(kept.publish(cs::bearer(), cs::secret("t1"), cs::moment(outside), soon, later).has_value());
  auto const found = kept.look();
  std::uint64_t generation = 0;
  static_cast<void>(kept.take(found, generation));
  BOOST_TEST(generation == 1u);
  BOOST_REQUIRE(kept.publish(cs::bearer(), cs::secret("t2"), cs::moment(outside), soon, later).has_value());
  written out;
  BOOST_REQUIRE(kept.pour(out, {}, generation).has_value());
  BOOST_TEST(out.text == "Authorization=Bearer t2;");
  BOOST_TEST(generation == 2u);
}

BOOST_AUTO_TEST_CASE(a_credential_that_no_header_can_carry_does_not_replace_one_that_works) {
  fake::world w;
  auto const outside = w.context();
  bytes kept;
  BOOST_REQUIRE(
      kept.publish(cs::header("X-Key"), cs::secret("good"), cs::moment(outside), soon, later).has_value());
  auto const refused =
      kept.publish(cs::header("X-Key"), cs::secret("a\r\nEvil: b"), cs::moment(outside), soon, later);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code() == cs::errc::bad_field));
  BOOST_REQUIRE(!kept.publish(cs::bearer(), cs::secret("two words"), cs::moment(outside), soon, later));
  written out;
  std::uint64_t generation = 0;
  BOOST_REQUIRE(kept.pour(out, {}, generation).has_value());
  BOOST_TEST(out.text == "X-Key=good;");
  BOOST_TEST(generation == 1u);
}

BOOST_AUTO_TEST_CASE(bytes_up_to_the_inline_limit_and_beyond_it_are_poured_alike) {
  fake::world w;
  auto const outside = w.context();
  constexpr std::size_t overhead = sizeof(cs::detail::field_sizes) + sizeof "X-Key" - 1;
  for (std::size_t total :
       {bytes::inline_bytes - 1, bytes::inline_bytes, bytes::inline_bytes + 1, std::size_t{100'000}}) {
    bytes kept;
    std::string const value(total - overhead, 'v');
    BOOST_REQUIRE(
        kept.publish(cs::header("X-Key"), cs::secret(value), cs::moment(outside), soon, later).has_value());
    written out;
    std::uint64_t generation = 0;
    BOOST_REQUIRE(kept.pour(out, {}, generation).has_value());
    BOOST_TEST(out.text == "X-Key=" + value + ";");
    BOOST_TEST(generation == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_request_without_room_is_told) {
  fake::world w;
  auto const outside = w.context();
  bytes kept;
  BOOST_REQUIRE(kept.publish(cs::bearer(), cs::secret("t1"), cs::moment(outside), soon, later).has_value());
  written out;
  out.has_room = false;
  std::uint64_t generation = 0;
  auto const done = kept.pour(out, {}, generation);
  BOOST_REQUIRE(!done);
  BOOST_TEST((done.error().code() == cs::errc::no_memory));
  BOOST_TEST(done.error().message().find("t1") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_sink_that_lends_the_place_is_written_to_once_and_asked_again_where_more_came) {
  struct placing : written {
    std::vector<char> room;
    std::string name;
    std::size_t asked = 0, most = 100'000;
    char* place(std::string_view field, std::size_t size) {
      ++asked;
      if (size > most) return nullptr;
      name = field;
      room.assign(size, '#');
      return room.data();
    }
    void placed(std::size_t size) { text = name + "=" + std::string(room.data(), size); }
  };
  static_assert(cs::placing_sink<placing> && !cs::placing_sink<written>);
  fake::world w;
  auto const outside = w.context();
  cs::detail::kept_bytes<cs::secret, cs::bearer> kept;
  for (std::size_t const size : {1u, 57u, 58u, 64u, 1000u, 5000u}) {
    std::string const token(size, 't');
    BOOST_REQUIRE(kept.publish(cs::bearer(), cs::secret(token), cs::moment(outside), soon, later).has_value());
    std::uint64_t generation = 0;
    auto const held = kept.take(kept.look(), generation);
    BOOST_TEST(held.size == sizeof "Bearer " - 1 + size);
    for (auto const& looked_at : {held, decltype(held){}}) {  // the second one was looked at before there was anything
      placing out;
      BOOST_REQUIRE(kept.pour(out, looked_at, generation).has_value());
      BOOST_TEST(out.text == "Authorization=Bearer " + token);
      BOOST_TEST(out.asked == (looked_at.size == held.size || held.size <= 64 ? 1u : 2u));
    }
    placing full;
    full.most = held.size - 1;
    auto const done = kept.pour(full, held, generation);
    BOOST_REQUIRE(!done.has_value());
    BOOST_TEST((done.error().code() == cs::errc::no_memory));
    BOOST_TEST(done.error().message().find("Authorization") != std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_credential_lives_until_the_last_who_writes_with_it_has_let_go) {
  std::atomic<int> alive = 0;
  {
    credential kept;
    std::uint64_t generation = 0;
    BOOST_TEST(!kept.take(kept.look(), generation));
    publish(kept, alive, 1);
    BOOST_TEST(alive == 1);
    auto first = kept.take(kept.look(), generation);
    BOOST_TEST(generation == 1u);
    auto second = kept.take(kept.look(), generation);
    publish(kept, alive, 2);
    BOOST_TEST(alive == 2);
    BOOST_TEST((*first).number == 1);
    first = {};
    BOOST_TEST(alive == 2);
    second = kept.take(kept.look(), generation);
    BOOST_TEST(alive == 1);
    BOOST_TEST(generation == 2u);
    BOOST_TEST((*second).number == 2);
    auto const third = std::move(second);
    BOOST_TEST(!second);  // NOLINT: that is what is asked
    BOOST_TEST((*third).number == 2);
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(a_refusal_marks_the_generation_that_was_refused_and_no_other) {
  std::atomic<int> alive = 0;
  credential kept;
  publish(kept, alive, 1);
  publish(kept, alive, 2);
  kept.refuse(1);
  BOOST_TEST((kept.look().expires == later));
  kept.refuse(2);
  BOOST_TEST((kept.look().expires.ms == std::numeric_limits<std::int64_t>::min()));
  BOOST_TEST(kept.look().generation == 2u);
  publish(kept, alive, 3);
  BOOST_TEST((kept.look().expires == later));
}

BOOST_AUTO_TEST_CASE(moving_takes_the_credential_along) {
  std::atomic<int> alive = 0;
  credential kept;
  publish(kept, alive, 1);
  credential const other(std::move(kept));
  std::uint64_t generation = 0;
  BOOST_TEST((*other.take(other.look(), generation)).number == 1);
  BOOST_TEST(kept.look().generation == 0u);  // NOLINT: that is what is asked
  BOOST_TEST(alive == 1);
}

BOOST_AUTO_TEST_CASE(threads_that_take_while_one_publishes_see_whole_credentials_in_order) {
  constexpr int turns = 20'000;
  std::atomic<int> alive = 0, dead = 0, older = 0;
  {
    credential kept;
    publish(kept, alive, 1);
    auto const read = [&] {
      for (std::uint64_t last = 0; last < turns;) {
        std::uint64_t generation = 0;
        auto const held = kept.take(kept.look(), generation);
        dead += (*held).number != static_cast<int>(generation);
        older += generation < last;
        last = generation;
      }
    };
    std::jthread const first(read), second(read);
    for (int n = 2; n <= turns; ++n) publish(kept, alive, n);
  }
  BOOST_TEST(dead == 0);
  BOOST_TEST(older == 0);
  BOOST_TEST(alive == 0);
}

#if defined(__SANITIZE_ADDRESS__)
// Its allocator does not survive a fork() in the middle of an allocation.
using in_children = boost::unit_test::enable_if<false>;
#else
using in_children = boost::unit_test::enable_if<true>;
#endif

// While a thread of this process runs `busy(n)` again and again, forks; how many children `test` fails in.
template <class Busy, class Test>
int count_bad_children(Busy busy, Test test) {
  constexpr int forks = 1000;
  std::atomic<int> turns = 0;
  std::atomic<bool> enough = false;
  std::jthread const publisher([&] {
    while (!enough) busy(++turns);
  });
  while (turns < 2) std::this_thread::yield();
  int bad = 0;
  for (int i = 0; i < forks; ++i)
    bad += !in_child([&] {
      ::alarm(20);  // a child that hangs is ended by it
      return test();
    });
  enough = true;
  return bad;
}

BOOST_AUTO_TEST_CASE(a_child_of_fork_never_holds_half_a_credential_of_its_parents, *in_children()) {
  fake::world w;
  auto const outside = w.context();
  std::atomic<int> alive = 0;
  credential kept;
  auto const publish_one = [&](int n) {
    return kept.publish(nothing_to_write(), counted(alive, n), cs::moment(outside), soon, later).has_value();
  };
  BOOST_TEST(count_bad_children(publish_one, [&] {
               std::uint64_t generation = 0;
               auto const found = kept.look();
               auto const held = kept.take(found, generation);
               if (!held || generation != found.generation || (*held).number != static_cast<int>(generation))
                 return false;
               if (!publish_one(-2)) return false;
               return (*kept.take(found, generation)).number == -2 && generation == found.generation + 1;
             }) == 0);
}

BOOST_AUTO_TEST_CASE(a_child_of_fork_never_holds_half_the_bytes_of_its_parents, *in_children()) {
  fake::world w;
  auto const outside = w.context();
  bytes kept;
  auto const publish_one = [&](int n) {
    return kept
        .publish(cs::bearer(), cs::secret(std::string(static_cast<std::size_t>(n % 1500 + 1), 'x')),
                 cs::moment(outside), soon, later)
        .has_value();
  };
  BOOST_TEST(count_bad_children(publish_one, [&] {
               written out;
               std::uint64_t generation = 0;
               if (!kept.pour(out, {}, generation) || generation != kept.look().generation) return false;
               if (out.text.size() != generation % 1500 + 1 + sizeof "Authorization=Bearer ;" - 1)
                 return false;
               kept.refuse(generation);
               if (!publish_one(1)) return false;
               out.text.clear();
               return kept.pour(out, {}, generation).has_value() && out.text == "Authorization=Bearer xx;";
             }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
