#include "archetypes/header_formatter.hpp"

#include "fake/context.hpp"

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

using namespace countersign;
using archetypes::api_key, archetypes::counted, archetypes::password_of_the_day;

static_assert(header_formatter<api_key, secret> && header_formatter<counted, secret>);
static_assert(header_formatter<password_of_the_day, secret>);
static_assert(!header_formatter<api_key, token> && !header_formatter<api_key, int>, "it takes a secret");

namespace {

struct without_format : api_key {
  void format() const = delete;
};
struct changing {
  result<stamp> format(secret const&, request_view auto const&, draft&, moment const&) { return stamp{}; }
};
struct without_stamp {
  result<void> format(secret const&, request_view auto const&, draft&, moment const&) const { return {}; }
};
struct without_view {
  result<stamp> format(secret const&, draft&, moment const&) const { return stamp{}; }
};
struct without_moment {
  result<stamp> format(secret const&, request_view auto const&, draft&) const { return stamp{}; }
};
struct without_memory {
  result<stamp> format(secret const&, request_view auto const&, draft&, moment const&,
                       counted::memory&) const {
    return stamp{};
  }
};
struct for_one_request_alone {
  result<stamp> format(secret const&, request const&, draft&, moment const&) const { return stamp{}; }
};

template <class F>
constexpr bool fits = header_formatter<F, secret>;

}  // namespace

static_assert(!fits<without_format> && !fits<without_stamp> && !fits<without_view> && !fits<without_moment>);
static_assert(!fits<changing>, "threads share it");
static_assert(!fits<without_memory>, "whose memory is not declared");
static_assert(!fits<for_one_request_alone>);

BOOST_AUTO_TEST_SUITE(archetype_header_formatter)

BOOST_AUTO_TEST_CASE(a_constant_one_writes_its_names) {
  fake::world w;
  auto const outside = w.context();
  draft out, none;
  BOOST_TEST(api_key().format(secret("k"), blank_request(), out, moment(outside)).value() == 0u);
  BOOST_TEST(out.get(api_key::names[0]).value() == "k");
  BOOST_TEST(
      (api_key().format(secret(), blank_request(), none, moment(outside)).error().code() == errc::bad_input));
}

BOOST_AUTO_TEST_CASE(one_that_learns_judges_by_what_was_sent) {
  fake::world w;
  auto const outside = w.context();
  secret const key("k");
  password_of_the_day const words;
  password_of_the_day::memory memory;
  blank_request const any;
  response asking(401);
  asking.headers.append("X-Password-Wanted", "yes");

  draft before, after;
  auto const bare = words.format(key, any, before, moment(outside), memory).value();
  BOOST_TEST(before.bytes().empty());
  BOOST_TEST((words.learn(key, any, response_head(200), bare, memory) == heard::nothing));
  BOOST_TEST((words.learn(key, any, asking, bare, memory) == heard::try_again));
  // Another request that left bare hears of it too late: it need not learn again.
  BOOST_TEST((words.learn(key, any, asking, bare, memory) == heard::try_again));
  auto const knowing = words.format(key, any, after, moment(outside), memory).value();
  BOOST_TEST(knowing == 1u);
  BOOST_TEST(after.get("X-Password").value() == "k");
  BOOST_TEST((words.learn(key, any, asking, knowing, memory) == heard::nothing));
}

BOOST_AUTO_TEST_SUITE_END()
