#include <countersign/source/all_of.hpp>

#include <countersign/source/chain.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace cs = countersign;
using namespace std::literals;
using cs::why;
using fake::fails;
using fake::says;
using fake::script;

static_assert(cs::immediate_source<cs::all_of<cs::env, cs::fixed<>>> &&
              !cs::is_renewable<cs::all_of<cs::env, cs::fixed<>>>);
static_assert(cs::remote_source<cs::all_of<cs::env, fake::remote>> &&
              cs::is_renewable<cs::all_of<cs::env, fake::remote>>);
static_assert(cs::remote_source<cs::all_of<fake::remote, cs::env>>);
static_assert(cs::immediate_source<cs::all_of<cs::env, fake::renewable>> &&
              cs::is_renewable<cs::all_of<cs::env, fake::renewable>>);
static_assert(std::same_as<cs::all_of<cs::env, cs::fixed<cs::basic_login>>::credential,
                           std::tuple<cs::secret, cs::basic_login>>);
static_assert(cs::remote_source<cs::all_of<cs::chain<cs::env, fake::remote>, cs::all_of<cs::env, cs::env>>>);

namespace {

template <class... C>
std::string text(std::tuple<C...> const& parts) {
  std::string all;
  std::apply([&](auto const&... part) { ((all += std::string(part.reveal()) + ' '), ...); }, parts);
  all.pop_back();
  return all;
}

// One source and what it remembers, asked again and again.
template <class Source>
struct asked {
  explicit asked(Source one) : source(std::move(one)) {}
  Source source;
  cs::memory_of<Source> memory = {};
  fake::world world = {};

  auto get(why reason) { return fake::ask(source, world.context(), memory, reason); }
  std::string operator()(why reason) {
    auto const got = get(reason);
    return got ? text(got->credential) : std::string(cs::name(got.error().code()));
  }
};

cs::wall_time after(std::int64_t s) { return fake::world().now().wall + cs::seconds(s); }

}  // namespace

BOOST_AUTO_TEST_SUITE(source_all_of)

BOOST_AUTO_TEST_CASE(it_yields_a_part_of_each_in_order) {
  script one{says("1")}, two{says("2")}, three{says("3")};
  BOOST_TEST(asked(cs::all_of{fake::local(one), fake::remote(two), fake::renewable(three)})(why::first) ==
             "1 2 3");
  script four{says("4")};
  BOOST_TEST(asked(cs::all_of{fake::local(four)})(why::first) == "4");
}

BOOST_AUTO_TEST_CASE(the_whole_expires_with_the_part_that_expires_first) {
  script one{says("1")}, two{says("2", after(200))}, three{says("3", after(100))};
  asked parts(cs::all_of{fake::local(one), fake::remote(two), fake::renewable(three)});
  BOOST_TEST(parts.get(why::first)->expires.ms == after(100).ms);
  script lasting{says("1")};
  BOOST_TEST(asked(cs::all_of{fake::remote(lasting)}).get(why::first)->expires.ms == cs::never_expires.ms);
}

BOOST_AUTO_TEST_CASE(when_due_only_the_part_that_expires_first_is_renewed) {
  script one{says("1")}, two{says("2", after(200)), says("2b", after(400))},
      three{says("3", after(100)), says("3b", after(300))};
  asked parts(cs::all_of{fake::local(one), fake::remote(two), fake::renewable(three)});
  BOOST_TEST(parts(why::first) == "1 2 3");
  BOOST_TEST(parts(why::due) == "1 2 3b");
  BOOST_TEST(parts(why::due) == "1 2b 3b");
  BOOST_TEST(one.asked() == 1u);
  BOOST_TEST(two.asked() == 2u);
  BOOST_TEST(three.asked() == 2u);
  // Each hears why it was asked.
  BOOST_TEST((three.reasons == std::vector{why::first, why::due}));
}

BOOST_AUTO_TEST_CASE(parts_that_expire_together_are_renewed_together) {
  script one{says("1", after(100)), says("1b", after(200))},
      two{says("2", after(100)), says("2b", after(200))};
  asked parts(cs::all_of{fake::remote(one), fake::renewable(two)});
  BOOST_TEST(parts(why::first) == "1 2");
  BOOST_TEST(parts(why::due) == "1b 2b");
}

BOOST_AUTO_TEST_CASE(what_never_expires_is_never_due) {
  script one{says("1")}, two{says("2")};
  asked parts(cs::all_of{fake::remote(one), fake::renewable(two)});
  BOOST_TEST(parts(why::first) == "1 2");
  BOOST_TEST(parts(why::due) == "1 2");
  BOOST_TEST(one.asked() == 1u);
  BOOST_TEST(two.asked() == 1u);
}

BOOST_AUTO_TEST_CASE(parts_that_have_expired_are_asked_for_again_be_they_renewable_or_not) {
  script one{says("1", after(100)), says("1b")}, two{says("2", after(200)), says("2b")},
      three{says("3", after(100)), says("3b")};
  asked parts(cs::all_of{fake::local(one), fake::remote(two), fake::remote(three)});
  BOOST_TEST(parts(why::first) == "1 2 3");
  parts.world.advance(cs::seconds(100));  // at the instant of expiry a credential does not work any more
  BOOST_TEST(parts(why::expired) == "1b 2 3b");
  BOOST_TEST(two.asked() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refusal_renews_every_renewable_part_and_no_other) {
  for (auto const reason : {why::refused, why::insufficient_scope}) {
    script one{says("1")}, two{says("2"), says("2b")}, three{says("3"), says("3b")};
    asked parts(cs::all_of{fake::local(one), fake::remote(two), fake::renewable(three)});
    BOOST_TEST(parts(why::first) == "1 2 3");
    BOOST_TEST(parts(reason) == "1 2b 3b");
    BOOST_TEST(one.asked() == 1u);
    BOOST_TEST((two.reasons == std::vector{why::first, reason}));
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final_where_no_part_can_be_renewed) {
  script one{says("1")}, two{says("2")};
  asked parts(cs::all_of{fake::local(one), fake::local(two)});
  BOOST_TEST(parts(why::first) == "1 2");
  auto const refused = parts.get(why::refused);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error() ==
              cs::error(cs::errc::rejected, "all_of: the server refused, and no part can be renewed")));
  BOOST_TEST(one.asked() == 1u);
}

// What the first part got would else be lost, and with it what its server will give once only.
BOOST_AUTO_TEST_CASE(a_later_parts_failure_keeps_what_the_earlier_ones_got) {
  for (auto const failure :
       {cs::errc::transient, cs::errc::fatal, cs::errc::not_mine, cs::errc::needs_challenge}) {
    script one{says("1"), says("never")}, two{fails(failure), says("2")};
    asked parts(cs::all_of{fake::remote(one), fake::remote(two)});
    BOOST_TEST(parts(why::first) == cs::name(failure));
    BOOST_TEST(parts(why::first) == "1 2");
    BOOST_TEST(one.asked() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_renewal_that_fails_keeps_what_still_works) {
  script one{says("1", after(100)), fails(cs::errc::transient), says("1b", after(300))}, two{says("2")};
  asked parts(cs::all_of{fake::remote(one), fake::local(two)});
  BOOST_TEST(parts(why::first) == "1 2");
  BOOST_TEST(parts(why::due) == "transient");
  BOOST_TEST(text(std::tuple(*std::get<0>(parts.memory).value, *std::get<1>(parts.memory).value)) == "1 2");
  BOOST_TEST(parts(why::due) == "1b 2");
}

BOOST_AUTO_TEST_CASE(parts_that_were_left_midway_are_asked_for_again_and_no_others) {
  for (int steps = 0; steps < 4; ++steps) {
    BOOST_TEST_CONTEXT("after " << steps << " steps") {
      script one{says("1")}, two{says("2")}, three{says("3")};
      one.wants = three.wants = {cs::want::send, cs::want::work};
      asked parts(cs::all_of{fake::remote(one), fake::local(two), fake::remote(three)});
      auto const outside = parts.world.context();
      {
        auto talk = parts.source.acquire({why::first, {}, parts.world.now()}, outside, parts.memory);
        for (int i = 0; i < steps; ++i) BOOST_TEST(fake::step(talk, parts.world.now()));
      }
      BOOST_TEST(parts(why::first) == "1 2 3");
      BOOST_TEST(one.asked() == (steps < 2 ? 2u : 1u));
      BOOST_TEST(two.asked() == 1u);
      BOOST_TEST(three.asked() == (steps < 2 ? 1u : 2u));
    }
  }
}

BOOST_AUTO_TEST_CASE(parts_may_be_composed_themselves) {
  script none{fails(cs::errc::not_mine)}, won{says("w", after(100)), says("w2", after(200))}, a{says("a")},
      b{says("b")};
  asked parts(cs::all_of{cs::chain{fake::local(none), fake::remote(won)},
                         cs::all_of{fake::local(a), fake::remote(b)}});
  auto const shown = [&](why reason) {
    auto const got = parts.get(reason);
    BOOST_REQUIRE(got);
    return std::string(std::get<0>(got->credential).reveal()) + ' ' + text(std::get<1>(got->credential));
  };
  BOOST_TEST(shown(why::first) == "w a b");
  BOOST_TEST(shown(why::due) == "w2 a b");
  BOOST_TEST(none.asked() == 1u);
  BOOST_TEST(b.asked() == 1u);
}

BOOST_AUTO_TEST_CASE(two_variables_are_read_at_once) {
  fake::world w;
  w.variables = {{"ID", "i"}, {"KEY", "k"}};
  cs::all_of const pair{cs::env("ID"), cs::env("KEY")};
  cs::memory_of<decltype(pair)> memory;
  auto const got = pair.acquire({}, w.context(), memory);
  BOOST_REQUIRE(got);
  BOOST_TEST(text(got->credential) == "i k");
  w.variables.erase("KEY");
  cs::memory_of<decltype(pair)> other;
  auto const missing = pair.acquire({}, w.context(), other);
  BOOST_REQUIRE(!missing);
  BOOST_TEST(missing.error().message() == "env: variable KEY is not set; export it, then start again");
}

BOOST_AUTO_TEST_CASE(its_version_is_another_once_a_parts_is_and_that_part_is_read_again_alone) {
  fake::world w;
  script one{says("1"), says("1 again")}, two{says("2"), says("2 again")};
  std::atomic<std::uint64_t> version = 5;
  cs::all_of const source(fake::renewable(one), fake::watched(two, version));
  static_assert(cs::is_offline<cs::all_of<cs::env, fake::worker>> && !cs::is_offline<cs::all_of<cs::env, fake::remote>>);
  static_assert(cs::versioned_source<decltype(source)> && !cs::versioned_source<cs::all_of<fake::renewable>>);
  cs::memory_of<decltype(source)> memory;
  BOOST_REQUIRE(fake::ask(source, w.context(), memory).has_value());
  auto const before = source.version(w.context(), memory);
  BOOST_TEST(source.version(w.context(), memory) == before);
  version = 6;
  BOOST_TEST(source.version(w.context(), memory) != before);
  auto const got = fake::ask(source, w.context(), memory, cs::why::changed);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(std::get<0>(got->credential).reveal() == "1");
  BOOST_TEST(std::get<1>(got->credential).reveal() == "2 again");
}

BOOST_AUTO_TEST_CASE(two_parts_that_swap_their_versions_make_another_one) {
  fake::world w;
  script said{says("x")};
  std::atomic<std::uint64_t> a = 1, b = 2;
  cs::all_of const source(fake::watched(said, a), fake::watched(said, b));
  cs::memory_of<decltype(source)> memory;
  auto const before = source.version(w.context(), memory);
  a = 2, b = 1;
  BOOST_TEST(source.version(w.context(), memory) != before);
}

BOOST_AUTO_TEST_CASE(no_part_stays_in_freed_memory) {
  constexpr auto canary = "c4nary-0f-a-part-0f-all"sv;
  fake::heap::watch const watch(canary);
  for (int steps = 0; steps < 5; ++steps) {
    script one{says(canary, after(100)), says(canary, after(200)), fails(cs::errc::transient)},
        two{says(canary)};
    asked parts(cs::all_of{fake::remote(one), cs::chain{fake::local(two)}, cs::fixed{canary}});
    for (auto const reason : {why::first, why::due, why::refused}) static_cast<void>(parts.get(reason));
    auto const outside = parts.world.context();
    auto left = parts.source.acquire({why::refused, {}, parts.world.now()}, outside, parts.memory);
    for (int i = 0; i < steps; ++i) fake::step(left, parts.world.now());
    auto const moved = std::move(left);
    static_cast<void>(moved);
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
