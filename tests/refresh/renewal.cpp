// RFC 6750 §3 and §3.1 (insufficient_scope), RFC 9449 §7.1, RFC 9110 §11.6.1 (WWW-Authenticate).
#include <countersign/refresh/renewal.hpp>

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

namespace cs = countersign;
using cs::renewal;
using cs::verdict;
using namespace std::chrono_literals;

static_assert(cs::refresh_strategy<renewal>);

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto any_random = std::numeric_limits<std::uint32_t>::max();

constexpr std::int64_t due(renewal const& r, std::int64_t obtained, std::int64_t expires,
                           std::uint32_t random) {
  return r.due({obtained}, {expires}, random).ms;
}

// What overflows is no constant expression.
constexpr bool is_within_its_life(renewal const& r, std::int64_t obtained, std::int64_t expires) {
  for (std::uint32_t const random : {0u, 1u, 511u, 1023u, 1024u, any_random}) {
    auto const at = due(r, obtained, expires, random);
    if (at > expires || (obtained < expires && at < obtained)) return false;
  }
  return true;
}
constexpr bool is_within_any_life(renewal const& r) {
  constexpr std::int64_t instants[] = {least, least + 1, -1'000'000, -1,       0,
                                       1,     999,       1'000'000,  most - 1, most};
  for (auto const obtained : instants)
    for (auto const expires : instants)
      if (!is_within_its_life(r, obtained, expires)) return false;
  return true;
}

cs::response answer(int status, std::initializer_list<std::string_view> challenges = {}) {
  cs::response made(status);
  for (auto const one : challenges) made.headers.append("WWW-Authenticate", one);
  return made;
}

}  // namespace

// Extremes: nothing overflows, and what is due is never later than its expiry nor earlier than its beginning.
static_assert(is_within_any_life(renewal()));
static_assert(is_within_any_life({.early = cs::duration(most)}));
static_assert(is_within_any_life({.early = cs::duration(most), .jitter_percent = 100}));
static_assert(is_within_any_life({.early = cs::duration(least), .jitter_percent = 100}));
static_assert(is_within_any_life({.early = cs::duration(1), .jitter_percent = ~0u}));
// Any of std::chrono's durations will do.
static_assert(renewal{.early = 90s}.early.ms == 90'000);

BOOST_AUTO_TEST_SUITE(refresh_renewal)

BOOST_AUTO_TEST_CASE(a_credential_is_due_some_time_before_it_expires) {
  struct {
    std::string_view what;
    renewal strategy;
    std::int64_t life, earliest, latest;  // in ms, the last two from expiry back
  } const cases[] = {
      {"an hour", {}, 3'600'000, 72'000, 60'000},
      {"twice the margin", {}, 120'000, 72'000, 60'000},
      {"shorter: half its life", {}, 119'000, 71'400, 59'500},
      {"a minute", {}, 60'000, 36'000, 30'000},
      {"ten seconds", {}, 10'000, 6'000, 5'000},
      {"a second", {}, 1'000, 600, 500},
      {"two milliseconds", {}, 2, 1, 1},
      {"one millisecond", {}, 1, 0, 0},
      {"none", {}, 0, 0, 0},
      {"expired when it came", {}, -5'000, 0, 0},
      {"no margin", {.early = cs::duration(0)}, 3'600'000, 0, 0},
      {"a margin below zero", {.early = cs::duration(-1)}, 3'600'000, 0, 0},
      {"another margin", {.early = 10s}, 3'600'000, 12'000, 10'000},
      {"no jitter", {.jitter_percent = 0}, 3'600'000, 60'000, 60'000},
      {"all jitter", {.jitter_percent = 100}, 3'600'000, 120'000, 60'000},
      {"more than all", {.jitter_percent = 1000}, 3'600'000, 120'000, 60'000},
      {"a margin of more than its life", {.early = 2h}, 3'600'000, 2'160'000, 1'800'000},
  };
  for (auto const& c : cases) {
    BOOST_TEST_CONTEXT(c.what) {
      for (std::int64_t const obtained :
           {std::int64_t{0}, std::int64_t{1'700'000'000'000}, std::int64_t{-1'000}}) {
        auto const expires = obtained + c.life;
        auto const latest = due(c.strategy, obtained, expires, 0);
        auto const earliest = due(c.strategy, obtained, expires, 1023);
        BOOST_TEST(expires - latest == c.latest);
        // The jitter is cut in 1024 parts, of which the last is never reached.
        BOOST_TEST(expires - earliest <= c.earliest);
        BOOST_TEST(expires - earliest >= c.earliest - (c.earliest - c.latest) / 1024 - 1);
        for (std::uint32_t const random : {1u, 511u, 1024u, 123'456'789u, any_random}) {
          auto const at = due(c.strategy, obtained, expires, random);
          BOOST_TEST((earliest <= at && at <= latest));
        }
      }
    }
  }
}

// Also a short life: many machines that began together must not come back together.
BOOST_AUTO_TEST_CASE(random_numbers_spread_it_evenly) {
  for (std::int64_t const life : {20'000, 3'600'000}) {
    std::int64_t last = most;
    int distinct = 0;
    for (std::uint32_t random = 0; random < 1024; ++random) {
      auto const at = due({}, 0, life, random);
      BOOST_TEST(at <= last);
      distinct += at != last;
      last = at;
    }
    BOOST_TEST(distinct >= 1000);
  }
}

BOOST_AUTO_TEST_CASE(what_never_expires_is_never_due) {
  for (auto const obtained : {least, std::int64_t{0}, most})
    BOOST_TEST(due({}, obtained, cs::never_expires.ms, any_random) == cs::never_expires.ms);
}

BOOST_AUTO_TEST_CASE(a_401_asks_for_another_credential_as_often_as_allowed) {
  struct {
    unsigned allowed, tried;
    verdict expected;
  } const cases[] = {
      {1, 0, verdict::renew},   {1, 1, verdict::give_up}, {1, 2, verdict::give_up},
      {0, 0, verdict::give_up}, {3, 2, verdict::renew},   {3, 3, verdict::give_up},
  };
  for (auto const& c : cases) {
    renewal const strategy{.renewals = c.allowed, .step_ups = 9};
    for (auto const& head :
         {answer(401), answer(401, {"Bearer error=\"invalid_token\""}),
          answer(401, {"Bearer error=\"insufficient_scope\""}), answer(401, {"nonsense,,=\""})})
      BOOST_TEST((strategy.judge(head, {.renewals = c.tried}) == c.expected));
  }
  BOOST_TEST((renewal().judge(answer(401), {}) == verdict::renew));
}

BOOST_AUTO_TEST_CASE(every_other_status_is_the_users) {
  for (int status = 100; status < 600; ++status)
    if (status != 401)
      BOOST_TEST((renewal{.renewals = 9, .step_ups = status == 403 ? 0u : 9u}.judge(
                      answer(status, {"Bearer error=\"insufficient_scope\""}), {}) == verdict::accept));
}

BOOST_AUTO_TEST_CASE(a_403_that_asks_for_scope_is_stepped_up_as_often_as_allowed) {
  auto const lacking = answer(403, {"Bearer error=\"insufficient_scope\", scope=\"write\""});
  BOOST_TEST((renewal().judge(lacking, {}) == verdict::accept));
  renewal const twice{.step_ups = 2};
  BOOST_TEST((twice.judge(lacking, {}) == verdict::step_up));
  BOOST_TEST((twice.judge(lacking, {.renewals = 7, .step_ups = 1}) == verdict::step_up));
  BOOST_TEST((twice.judge(lacking, {.step_ups = 2}) == verdict::accept));
}

BOOST_AUTO_TEST_CASE(only_a_challenge_with_that_error_asks_for_scope) {
  struct {
    std::initializer_list<std::string_view> challenges;
    bool asks;
  } const cases[] = {
      // RFC 6750 §3.1, as a quoted string or a token, whatever the scheme and its case
      {{"Bearer error=\"insufficient_scope\""}, true},
      {{"bearer realm=\"example\", error=insufficient_scope"}, true},
      {{"BEARER ERROR=\"insufficient_scope\", resource_metadata=\"https://rs.example/\""}, true},
      {{"Bearer error=\"insufficient\\_scope\""}, true},
      {{"DPoP error=\"insufficient_scope\", algs=\"ES256\""}, true},
      // several challenges, in one field or in several
      {{"Basic realm=\"x\", Bearer error=\"insufficient_scope\""}, true},
      {{"Basic realm=\"x\"", "Bearer error=\"insufficient_scope\""}, true},
      {{"Negotiate YWJj", "Bearer error=\"insufficient_scope\"", "Basic realm=\"x\""}, true},
      {{"Bearer error=\"invalid_token\", DPoP error=\"insufficient_scope\""}, true},
      {{"Bearer realm=\"does not end", "Bearer error=\"insufficient_scope\""}, true},

      {{}, false},
      {{""}, false},
      {{"Bearer"}, false},
      {{"Bearer error=\"invalid_token\""}, false},
      // the words elsewhere
      {{"Bearer realm=\"insufficient_scope\""}, false},
      {{"Bearer error=\"invalid_token\", error_description=\"not insufficient_scope\""}, false},
      {{"Bearer realm=\"a\\\", error=\\\"insufficient_scope\""}, false},
      {{"Bearer error_description=\"error=insufficient_scope\""}, false},
      {{"Bearer scope=\"insufficient_scope\""}, false},
      {{"insufficient_scope"}, false},
      {{"Bearer insufficient_scope"}, false},
      {{"Bearer my_error=\"insufficient_scope\""}, false},
      // another error
      {{"Bearer error=\"insufficient_scopes\""}, false},
      {{"Bearer error=\"Insufficient_Scope\""}, false},
      {{"Bearer error=\"\""}, false},
      // what no server may send says nothing
      {{"Bearer error=\"insufficient_scope"}, false},
      {{"error=\"insufficient_scope\""}, false},
      {{"Bearer error=\"insufficient_scope\", error=\"insufficient_scope\""}, false},
      {{"Bearer error=\"insufficient_scope\" realm=\"x\""}, false},
      {{"Bearer error=\"insufficient_scope\", ="}, false},
  };
  renewal const strategy{.step_ups = 1};
  for (auto const& c : cases) {
    std::string shown;
    for (auto const one : c.challenges) shown += std::string(one) + " | ";
    BOOST_TEST_CONTEXT(shown) {
      auto const got = strategy.judge(answer(403, c.challenges), {});
      BOOST_TEST((got == (c.asks ? verdict::step_up : verdict::accept)));
    }
  }
}

BOOST_AUTO_TEST_CASE(another_field_does_not_ask_for_scope) {
  cs::response made(403);
  made.headers.append("X-WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
  made.headers.append("Proxy-Authenticate", "Bearer error=\"insufficient_scope\"");
  BOOST_TEST((renewal{.step_ups = 1}.judge(made, {}) == verdict::accept));
  made.headers.append("www-authenticate", "Bearer error=\"insufficient_scope\"");
  BOOST_TEST((renewal{.step_ups = 1}.judge(made, {}) == verdict::step_up));
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest) {
  renewal const strategy;
  constexpr std::int64_t expected[] = {1000,   1000,   2000,    4000,    8000,   16'000,
                                       32'000, 64'000, 128'000, 256'000, 300'000};
  for (unsigned n = 0; n < std::size(expected); ++n) BOOST_TEST(strategy.back_off(n).ms == expected[n]);
  for (unsigned n : {11u, 12u, 63u, 64u, 65u, 1000u, std::numeric_limits<unsigned>::max()})
    BOOST_TEST(strategy.back_off(n).ms == 300'000);
  BOOST_TEST((renewal{.first_pause = 3s, .longest_pause = 10s}.back_off(3).ms == 10'000));
  BOOST_TEST((renewal{.first_pause = 20s, .longest_pause = 10s}.back_off(1).ms == 10'000));
}

BOOST_AUTO_TEST_CASE(no_pause_overflows_or_is_negative) {
  constexpr auto never_ends = std::numeric_limits<unsigned>::max();
  static_assert(renewal{.longest_pause = cs::duration(most)}.back_off(never_ends).ms == most);
  static_assert(
      renewal{.first_pause = cs::duration(most), .longest_pause = cs::duration(most)}.back_off(2).ms == most);
  static_assert(renewal{.first_pause = cs::duration(most / 2 + 1), .longest_pause = cs::duration(most)}
                    .back_off(2)
                    .ms == most);
  // None at all, however often it failed, and in no time.
  static_assert(renewal{.first_pause = cs::duration(0)}.back_off(never_ends).ms == 0);
  static_assert(renewal{.first_pause = cs::duration(least)}.back_off(never_ends).ms == 0);
  static_assert(renewal{.longest_pause = cs::duration(least)}.back_off(never_ends).ms == 0);
  BOOST_TEST(
      (renewal{.first_pause = cs::duration(-1), .longest_pause = cs::duration(-2)}.back_off(5).ms == 0));
}

BOOST_AUTO_TEST_SUITE_END()
