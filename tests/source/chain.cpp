#include <countersign/source/chain.hpp>

#include <countersign/source/env.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/context.hpp"
#include "fake/sources.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace cs = countersign;
using namespace std::literals;
using fake::fails;
using fake::says;
using fake::script;

// One remote link makes the whole remote, one renewable link makes it renewable.
static_assert(cs::immediate_source<cs::chain<cs::env, cs::fixed<>>>);
static_assert(!cs::is_renewable<cs::chain<cs::env, cs::fixed<>>>);
static_assert(cs::remote_source<cs::chain<cs::env, fake::remote>>);
static_assert(cs::remote_source<cs::chain<fake::remote, cs::env>>);
static_assert(cs::is_renewable<cs::chain<cs::env, fake::remote>>);
static_assert(cs::immediate_source<cs::chain<cs::env, fake::renewable>> &&
              cs::is_renewable<cs::chain<cs::env, fake::renewable>>);
static_assert(cs::is_offline<cs::chain<cs::env, fake::worker>> && !cs::is_offline<cs::chain<cs::env, fake::remote>>);
static_assert(cs::remote_source<cs::chain<cs::chain<cs::env, cs::env>, cs::chain<cs::env, fake::remote>>>);

namespace {

template <class Source>
std::string first_of(Source const& source, fake::world& w) {
  cs::memory_of<Source> memory;
  auto const got = fake::ask(source, w.context(), memory);
  return got ? std::string(got->credential.reveal()) : std::string(cs::name(got.error().code()));
}

// Whatever kinds the two links are of.
template <class First, class Second>
void goes_on_only_where_nothing_is_there() {
  for (int code = 1; code <= int(cs::errc::no_memory); ++code) {
    auto const failure = static_cast<cs::errc>(code);
    BOOST_TEST_CONTEXT(cs::name(failure)) {
      fake::world w;
      script one{fails(failure)}, two{says("two")};
      auto const got = first_of(cs::chain(First(one), Second(two)), w);
      bool const goes_on = failure == cs::errc::not_mine;
      BOOST_TEST(got == (goes_on ? "two"s : std::string(cs::name(failure))));
      BOOST_TEST(two.asked() == (goes_on ? 1u : 0u));
    }
  }
}

template <class First, class Second>
void stays_with_the_winner() {
  fake::world w;
  script one{fails(cs::errc::not_mine), says("one")},
      two{says("two"), says("two again"), fails(cs::errc::not_mine, "gone")};
  cs::chain const source(First{one}, Second{two});
  cs::memory_of<decltype(source)> memory;
  auto const outside = w.context();
  BOOST_TEST(fake::ask(source, outside, memory)->credential.reveal() == "two");
  BOOST_TEST(fake::ask(source, outside, memory, cs::why::due)->credential.reveal() == "two again");
  auto const gone = fake::ask(source, outside, memory, cs::why::expired);
  BOOST_REQUIRE(!gone);
  BOOST_TEST((gone.error() == cs::error(cs::errc::not_mine, "gone")));
  BOOST_TEST(one.asked() == 1u);
  BOOST_TEST(two.asked() == 3u);
}

struct counting {
  using credential = cs::secret;
  static constexpr bool renewable = true;
  struct memory {
    int uses = 0;
  };
  cs::result<cs::secret> acquire(cs::occasion const&, cs::context const&, memory& kept) const {
    return cs::secret(std::to_string(++kept.uses));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(source_chain)

BOOST_AUTO_TEST_CASE(the_first_link_that_has_a_credential_gives_it) {
  fake::world w;
  script one{says("one")}, two{says("two")};
  BOOST_TEST(first_of(cs::chain(fake::local(one), fake::local(two)), w) == "one");
  BOOST_TEST(two.asked() == 0u);
}

BOOST_AUTO_TEST_CASE(only_not_mine_goes_on_to_the_next_link) {
  goes_on_only_where_nothing_is_there<fake::local, fake::local>();
  goes_on_only_where_nothing_is_there<fake::remote, fake::remote>();
  goes_on_only_where_nothing_is_there<fake::local, fake::remote>();
  goes_on_only_where_nothing_is_there<fake::remote, fake::local>();
}

BOOST_AUTO_TEST_CASE(a_renewal_asks_the_link_that_won_and_no_other) {
  stays_with_the_winner<fake::renewable, fake::renewable>();
  stays_with_the_winner<fake::remote, fake::remote>();
  stays_with_the_winner<fake::local, fake::remote>();
  stays_with_the_winner<fake::remote, fake::renewable>();
}

BOOST_AUTO_TEST_CASE(a_link_that_failed_has_not_won) {
  fake::world w;
  script one{fails(cs::errc::transient), fails(cs::errc::not_mine)}, two{says("two")};
  cs::chain const source{fake::remote(one), fake::local(two)};
  cs::memory_of<decltype(source)> memory;
  BOOST_TEST(!fake::ask(source, w.context(), memory).has_value());
  BOOST_TEST(fake::ask(source, w.context(), memory)->credential.reveal() == "two");
  BOOST_TEST(one.asked() == 2u);
}

// What env reads again is what was refused: sending it once more helps nobody.
BOOST_AUTO_TEST_CASE(a_refusal_is_final_where_the_winner_has_no_other_credential) {
  fake::world w;
  script one{says("one")}, two{says("two")};
  cs::chain const source{fake::local(one), fake::remote(two)};
  cs::memory_of<decltype(source)> memory;
  BOOST_TEST(fake::ask(source, w.context(), memory).has_value());
  auto const refused = fake::ask(source, w.context(), memory, cs::why::refused);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code() == cs::errc::rejected));
  BOOST_TEST(one.asked() == 1u);
  BOOST_TEST(two.asked() == 0u);
  // By the clock it may be asked again, and the refusal of a request that went bare asks it first.
  BOOST_TEST(fake::ask(source, w.context(), memory, cs::why::expired).has_value());
  cs::memory_of<decltype(source)> fresh;
  BOOST_TEST(fake::ask(source, w.context(), fresh, cs::why::refused).has_value());
}

BOOST_AUTO_TEST_CASE(where_none_has_a_credential_the_last_says_why) {
  fake::world w;
  cs::chain const source{cs::env("A"), cs::env("B"), cs::env("C")};
  cs::memory_of<decltype(source)> memory;
  auto const got = source.acquire({}, w.context(), memory);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == cs::errc::not_mine));
  BOOST_TEST(got.error().message() == "chain: none of the 3 links has a credential; the last says: "
                                      "env: variable C is not set; export it, then start again");
}

BOOST_AUTO_TEST_CASE(a_chain_of_one_link_speaks_for_itself) {
  fake::world w;
  cs::chain const source{cs::env("A")};
  cs::memory_of<decltype(source)> memory;
  auto const got = source.acquire({}, w.context(), memory);
  BOOST_REQUIRE(!got);
  BOOST_TEST(got.error().message() == "env: variable A is not set; export it, then start again");
  w.variables["A"] = "a";
  BOOST_TEST(source.acquire({}, w.context(), memory)->credential.reveal() == "a");
}

BOOST_AUTO_TEST_CASE(the_expiry_is_the_winners) {
  fake::world w;
  auto const at = w.now().wall + cs::seconds(100);
  script one{fails(cs::errc::not_mine)}, two{says("two", at)};
  cs::chain const source{fake::local(one), fake::remote(two)};
  cs::memory_of<decltype(source)> memory;
  BOOST_TEST(fake::ask(source, w.context(), memory)->expires.ms == at.ms);
}

BOOST_AUTO_TEST_CASE(a_chain_may_stand_in_a_chain) {
  fake::world w;
  script one{fails(cs::errc::not_mine)}, two{fails(cs::errc::not_mine)}, three{fails(cs::errc::not_mine)},
      four{says("four"), says("more")};
  cs::chain const source{cs::chain{fake::local(one), fake::remote(two)},
                         cs::chain{fake::remote(three), fake::renewable(four)}};
  cs::memory_of<decltype(source)> memory;
  BOOST_TEST(fake::ask(source, w.context(), memory)->credential.reveal() == "four");
  BOOST_TEST(fake::ask(source, w.context(), memory, cs::why::refused)->credential.reveal() == "more");
  for (auto const* link : {&one, &two, &three}) BOOST_TEST(link->asked() == 1u);
}

BOOST_AUTO_TEST_CASE(occasion_and_challenge_reach_every_link) {
  fake::world w;
  script one{fails(cs::errc::not_mine)}, two{says("two")};
  cs::chain const source{fake::remote(one), fake::remote(two)};
  cs::memory_of<decltype(source)> memory;
  {
    // The challenge is the caller's for as long as `acquire` runs.
    std::string challenge = "Bearer realm=\"r\"";
    auto const outside = w.context();
    auto talk = source.acquire({cs::why::insufficient_scope, challenge, w.now()}, outside, memory);
    challenge.assign(challenge.size(), '!');
    while (fake::step(talk, w.now())) {
    }
  }
  for (auto const* link : {&one, &two}) {
    BOOST_TEST((link->reasons == std::vector{cs::why::insufficient_scope}));
    BOOST_TEST(link->challenges == std::vector{"Bearer realm=\"r\""s}, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(links_keep_their_memory) {
  fake::world w;
  script none{fails(cs::errc::not_mine)};
  cs::chain const source{fake::remote(none), counting()};
  cs::memory_of<decltype(source)> memory, other;
  BOOST_TEST(fake::ask(source, w.context(), memory)->credential.reveal() == "1");
  BOOST_TEST(fake::ask(source, w.context(), memory)->credential.reveal() == "2");
  BOOST_TEST(fake::ask(source, w.context(), other)->credential.reveal() == "1");
}

// Dropped at each step on the way: the next asks from the start, since nobody has won.
BOOST_AUTO_TEST_CASE(its_version_is_that_of_the_link_that_won) {
  fake::world w;
  script one{fails(cs::errc::not_mine)}, two{says("two")};
  std::atomic<std::uint64_t> first = 5, second = 7;
  cs::chain const source(fake::watched(one, first), fake::watched(two, second));
  static_assert(cs::versioned_source<decltype(source)> && !cs::versioned_source<cs::chain<cs::env>>);
  cs::memory_of<decltype(source)> memory;
  BOOST_TEST(source.version(w.context(), memory) == 0u);
  BOOST_REQUIRE(fake::ask(source, w.context(), memory).has_value());
  BOOST_TEST(source.version(w.context(), memory) == 7u);
  first = 6;
  BOOST_TEST(source.version(w.context(), memory) == 7u);
  second = 8;
  BOOST_TEST(source.version(w.context(), memory) == 8u);
}

BOOST_AUTO_TEST_CASE(a_chain_that_is_left_midway_begins_again) {
  for (int steps = 0; steps < 4; ++steps) {
    BOOST_TEST_CONTEXT("after " << steps << " steps") {
      fake::world w;
      auto const outside = w.context();
      script one{fails(cs::errc::not_mine)}, two{says("two")};
      one.wants = two.wants = {cs::want::send, cs::want::wait};
      cs::chain const source{fake::remote(one), fake::remote(two)};
      cs::memory_of<decltype(source)> memory;
      {
        auto talk = source.acquire({cs::why::first, {}, w.now()}, outside, memory);
        for (int i = 0; i < steps; ++i) BOOST_TEST(fake::step(talk, w.now()));
        BOOST_TEST((talk.wants() != cs::want::done));
      }
      BOOST_TEST(memory.winner == 0u);
      BOOST_TEST(fake::ask(source, outside, memory)->credential.reveal() == "two");
      BOOST_TEST(one.asked() == 2u);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
