#include <countersign/auth/conversation.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/sources.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/refresh/never.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;

namespace {

constexpr std::string_view url = "https://api.example/things";
constexpr cs::duration lifetime = cs::seconds(3600);

/// As `bearer`, but every request is written anew, and what its server says may be nothing but a nonce.
struct anew {
  struct memory {
    int learned = 0;
  };
  bool always_learns = false;
  bool fails = false;
  cs::result<cs::stamp> format(cs::secret const& value, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&, memory&) const {
    if (fails) return cs::error{cs::errc::fatal, "anew: can't"};
    out.set("Authorization", "Bearer ", value.reveal());
    return cs::stamp{7};
  }
  cs::heard learn(cs::secret const& value, cs::request_view auto const&, cs::response_head const& head,
                  cs::stamp sent, memory& kept) const {
    if (sent != 7 || value.empty()) return cs::heard::nothing;
    ++kept.learned;
    return always_learns && head.status() == 401 ? cs::heard::try_again : cs::heard::nothing;
  }
};

/// A waker that counts.
struct bell : cs::waker {
  int rung = 0;
  bell() {
    post = [](cs::waker* self) noexcept { ++static_cast<bell*>(self)->rung; };
  }
};

struct answered {
  int code;
  std::vector<std::pair<std::string_view, std::string_view>> values = {};
  [[nodiscard]] int status() const { return code; }
  template <class Function>
  void fields(Function&& function) const {
    for (auto const& [name, value] : values) function(name, value);
  }
};
answered const unauthorized{401}, good{200};
answered const lacks_scope{403,
                           {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"more\""}}};

/// An authenticator whose source says what a script has, and calls on it that go step by step.
template <class F, class R = cs::renewal>
struct bench {
  fake::world world;
  fake::script said;
  cs::authenticator<fake::remote, F, R, cs::only<1>> auth;

  explicit bench(F formatter = {}, R strategy = {})
      : auth(fake::remote(said), std::move(formatter), std::move(strategy), cs::only{"https://api.example"},
             world.context()) {}

  [[nodiscard]] cs::wall_time in(cs::duration d) const { return world.now().wall + d; }
  [[nodiscard]] std::size_t asked() const { return said.asked(); }

  /// Makes "t0" be there, valid for an hour.
  void warm() {
    said.answers = {fake::says("t0", in(lifetime))};
    caller c(*this);
    c.answer();
    BOOST_REQUIRE(c.carries() == "Bearer t0");
    c.hear(good);
    BOOST_REQUIRE(c.ended().has_value());
    said.reasons.clear();
    said.challenges.clear();
  }
  /// So that the next renewal brings this.
  void next(fake::answer a) { said.answers.push_back(std::move(a)); }
  /// The token is due, and works still.
  void become_due() { world.advance(cs::duration(lifetime.ms - 30'000)); }
  void expire() { world.advance(cs::duration(lifetime.ms + 1)); }

  class caller {
  public:
    explicit caller(bench& about, bool replayable = true, bool with_waker = true)
        : bench_(about), request_(std::make_unique<cs::request>("GET", url)),
          waker_(std::make_unique<bell>()) {
      request_->may_replay = replayable;
      talk_.emplace(about.auth.begin(*request_));
      if (with_waker) talk_->wake_with(*waker_);
    }
    [[nodiscard]] cs::want wants() const { return talk_->wants(); }
    [[nodiscard]] bool waits() const { return wants() == cs::want::wait; }
    [[nodiscard]] bool calls() const { return wants() == cs::want::call; }
    [[nodiscard]] bool asks() const { return wants() == cs::want::send; }
    [[nodiscard]] bool done() const { return wants() == cs::want::done; }
    [[nodiscard]] int woken() const { return waker_->rung; }
    auto& talk() { return *talk_; }
    /// What the next attempt would carry; "nothing", or how it failed.
    std::string carries() {
      cs::request attempt = *request_;
      if (!calls()) return "no call";
      if (auto ok = talk_->write(attempt); !ok) return std::string(ok.error().message());
      return std::string(attempt.get("Authorization").value_or("nothing"));
    }
    /// The token endpoint answers.
    void answer() { talk_->supply(cs::response(200), bench_.world.now()); }
    void resume() { talk_->resume(bench_.world.now()); }
    void hear(answered const& head) { talk_->heard(cs::response_head(head), bench_.world.now()); }
    void lose(cs::lost how) { talk_->fail(how, bench_.world.now()); }
    cs::result<void> ended() {
      BOOST_REQUIRE(done());
      return std::move(*talk_).outcome();
    }
    cs::errc code() {
      auto const how = ended();
      return how ? cs::errc::none : how.error().code();
    }
    void drop() { talk_.reset(); }

  private:
    bench& bench_;
    std::unique_ptr<cs::request> request_;
    std::unique_ptr<bell> waker_;
    std::optional<decltype(bench_.auth.begin(*request_))> talk_;
  };
};

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_conversation)

// Where nothing else is said, a test runs for finished bytes and for a credential that is written anew each
// time.
#define FOR_BOTH(name)                                                                                       \
  template <class F>                                                                                         \
  void name();                                                                                               \
  BOOST_AUTO_TEST_CASE(name##_as_bytes) { name<cs::bearer>(); }                                              \
  BOOST_AUTO_TEST_CASE(name##_written_anew) { name<anew>(); }                                                \
  template <class F>                                                                                         \
  void name()

FOR_BOTH(of_eight_with_a_token_that_is_due_one_renews_and_none_of_the_others_waits) {
  bench<F> b;
  b.warm();
  b.become_due();
  b.next(fake::says("t1", b.in(lifetime)));
  std::vector<typename bench<F>::caller> all;
  for (int i = 0; i < 8; ++i) all.emplace_back(b);
  BOOST_TEST(all[0].asks());
  for (std::size_t i = 1; i < all.size(); ++i) BOOST_TEST(all[i].carries() == "Bearer t0");
  BOOST_REQUIRE(b.asked() == 1u);
  BOOST_TEST((b.said.reasons[0] == cs::why::due));
  all[0].answer();
  BOOST_TEST(all[0].carries() == "Bearer t1");
  BOOST_TEST(typename bench<F>::caller(b).carries() == "Bearer t1");
}

FOR_BOTH(of_eight_without_a_token_one_asks_and_all_get_its_answer) {
  bench<F> b;
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  std::vector<typename bench<F>::caller> all;
  for (int i = 0; i < 8; ++i) all.emplace_back(b);
  BOOST_TEST(all[0].asks());
  for (std::size_t i = 1; i < all.size(); ++i) BOOST_TEST(all[i].waits());
  all[0].answer();
  for (std::size_t i = 1; i < all.size(); ++i) {
    BOOST_TEST(all[i].woken() == 1);
    all[i].resume();
  }
  for (auto& one : all) BOOST_TEST(one.carries() == "Bearer t1");
  BOOST_REQUIRE(b.asked() == 1u);
  BOOST_TEST((b.said.reasons[0] == cs::why::first));
}

FOR_BOTH(an_expired_token_is_not_sent_and_all_wait_for_one_renewal) {
  bench<F> b;
  b.warm();
  b.next(fake::says("t1", b.in(cs::seconds(9000))));
  b.expire();
  typename bench<F>::caller leader(b), follower(b);
  BOOST_TEST(leader.asks());
  BOOST_TEST(follower.waits());
  BOOST_TEST((b.said.reasons.at(0) == cs::why::expired));
  leader.answer();
  follower.resume();
  BOOST_TEST(follower.carries() == "Bearer t1");
  BOOST_TEST(b.asked() == 1u);
}

FOR_BOTH(a_token_that_was_issued_for_no_time_serves_all_who_waited_for_it) {
  bench<F> b;
  b.said.answers = {fake::says("t1", b.in(cs::seconds(-5)))};
  typename bench<F>::caller leader(b), first(b), second(b), third(b);
  leader.answer();
  for (auto* one : {&first, &second, &third}) {
    one->resume();
    BOOST_TEST(one->carries() == "Bearer t1");
  }
  BOOST_TEST(leader.carries() == "Bearer t1");
  BOOST_TEST(b.asked() == 1u);
  BOOST_TEST((typename bench<F>::caller(b).asks()));  // a newcomer has waited for nothing
}

FOR_BOTH(a_refusal_is_renewed_once_and_the_second_is_told) {
  bench<F> b;
  b.warm();
  b.next(fake::says("t1", b.in(lifetime)));
  typename bench<F>::caller c(b);
  c.hear(unauthorized);
  BOOST_TEST(c.asks());
  BOOST_TEST((b.said.reasons.at(0) == cs::why::refused));
  c.answer();
  BOOST_TEST(c.carries() == "Bearer t1");
  c.hear(unauthorized);
  auto const ended = c.ended();
  BOOST_REQUIRE(!ended.has_value());
  BOOST_TEST((ended.error().code() == cs::errc::rejected));
  BOOST_TEST(ended.error().message().find("https://api.example answered 401") != std::string_view::npos);
  BOOST_TEST(b.asked() == 1u);
}

FOR_BOTH(the_challenge_of_the_refusal_reaches_the_source) {
  bench<F> b;
  b.warm();
  b.next(fake::says("t1", b.in(lifetime)));
  typename bench<F>::caller c(b);
  c.hear({401,
          {{"www-authenticate", "Bearer error=\"invalid_token\""},
           {"X", "y"},
           {"WWW-Authenticate", "Basic realm=\"r\""}}});
  BOOST_TEST(b.said.challenges.at(0) == "Bearer error=\"invalid_token\", Basic realm=\"r\"");
}

FOR_BOTH(the_refusal_of_an_overtaken_token_does_not_invalidate_the_new_one) {
  bench<F> b;
  b.warm();
  b.next(fake::says("t1", b.in(lifetime)));
  typename bench<F>::caller first(b), second(b);
  BOOST_REQUIRE(first.carries() == "Bearer t0");
  BOOST_REQUIRE(second.carries() == "Bearer t0");
  first.hear(unauthorized);
  BOOST_TEST(b.world.trace_text().find("refused https://api.example generation 1: the server answered 401\n") != std::string::npos);
  first.answer();
  BOOST_TEST(first.carries() == "Bearer t1");
  second.hear(unauthorized);  // of t0
  BOOST_TEST(second.carries() == "Bearer t1");
  typename bench<F>::caller third(b);
  BOOST_TEST(third.carries() == "Bearer t1");
  BOOST_TEST(b.asked() == 1u);
  // Its own renewal is still to be had.
  second.hear(unauthorized);
  BOOST_TEST(second.asks());
}

FOR_BOTH(a_final_refusal_of_an_overtaken_token_is_not_final) {
  bench<F> b(F(), cs::renewal{.renewals = 0});
  b.warm();
  b.next(fake::says("t1", b.in(cs::seconds(9000))));
  typename bench<F>::caller slow(b);
  BOOST_REQUIRE(slow.carries() == "Bearer t0");
  b.expire();
  typename bench<F>::caller other(b);
  other.answer();
  slow.hear(unauthorized);
  BOOST_TEST(slow.carries() == "Bearer t1");
  slow.hear(unauthorized);
  BOOST_TEST((slow.code() == cs::errc::rejected));
}

FOR_BOTH(a_request_is_overtaken_so_often_and_no_more) {
  bench<F> b;
  b.warm();
  typename bench<F>::caller slow(b);
  auto const overtake = [&](unsigned n) {
    BOOST_REQUIRE(slow.carries() == "Bearer t" + std::to_string(n));
    b.world.advance(cs::duration(2 * lifetime.ms));
    b.said.answers = {fake::says("t" + std::to_string(n + 1), b.in(lifetime))};
    typename bench<F>::caller other(b);
    other.answer();
    BOOST_REQUIRE(other.calls());
    slow.hear(unauthorized);
  };
  for (unsigned n = 0; n < cs::max_overtaken; ++n) overtake(n);
  overtake(cs::max_overtaken);  // counts as the one renewal that it has
  BOOST_TEST(slow.calls());
  overtake(cs::max_overtaken + 1);
  BOOST_TEST((slow.code() == cs::errc::rejected));
}

FOR_BOTH(what_still_works_is_used_where_an_early_renewal_fails) {
  bench<F> b;
  b.warm();
  b.become_due();
  b.next(fake::fails(cs::errc::transient));
  typename bench<F>::caller c(b);
  BOOST_REQUIRE(c.asks());
  c.answer();
  BOOST_TEST(c.carries() == "Bearer t0");
  typename bench<F>::caller next(b);  // and nobody tries again before its time
  BOOST_TEST(next.carries() == "Bearer t0");
  BOOST_TEST(b.asked() == 1u);
}

FOR_BOTH(a_token_that_expired_during_a_renewal_that_failed_is_not_sent) {
  bench<F> b;
  b.warm();
  b.become_due();
  b.next(fake::fails(cs::errc::transient));
  typename bench<F>::caller c(b);
  BOOST_REQUIRE(c.asks());
  b.world.advance(cs::seconds(60));
  c.answer();
  BOOST_TEST((c.code() == cs::errc::transient));
}

FOR_BOTH(a_token_that_was_refused_during_a_renewal_that_failed_is_not_sent) {
  bench<F> b;
  b.warm();
  typename bench<F>::caller other(b);
  BOOST_REQUIRE(other.carries() == "Bearer t0");
  b.become_due();
  b.next(fake::fails(cs::errc::transient));
  typename bench<F>::caller c(b);
  BOOST_REQUIRE(c.asks());
  other.hear(unauthorized);
  BOOST_TEST(other.waits());
  c.answer();
  BOOST_TEST((c.code() == cs::errc::transient));
  other.resume();
  BOOST_TEST((other.code() == cs::errc::transient));
  BOOST_TEST(b.asked() == 1u);
}

FOR_BOTH(a_failure_is_shared_and_holds_until_the_back_off_is_over) {
  bench<F> b(F(), cs::renewal{.first_pause = cs::seconds(10)});
  b.said.answers = {fake::fails(cs::errc::transient, "the endpoint is down"),
                    fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller leader(b), follower(b);
  leader.answer();
  BOOST_TEST((leader.code() == cs::errc::transient));
  follower.resume();
  auto const told = follower.ended();
  BOOST_REQUIRE(!told.has_value());
  BOOST_TEST(told.error().message() == "the endpoint is down");
  b.world.advance(cs::milliseconds(9'999));
  BOOST_TEST((typename bench<F>::caller(b).code() == cs::errc::transient));
  BOOST_TEST(b.asked() == 1u);
  b.world.jump_wall(cs::seconds(-3600));  // patience goes by the boot clock
  b.world.advance(cs::milliseconds(1));
  BOOST_TEST((typename bench<F>::caller(b).asks()));
  BOOST_TEST(b.asked() == 2u);
}

FOR_BOTH(the_pause_grows_with_each_failure_in_a_row) {
  bench<F> b(F(), cs::renewal{.first_pause = cs::seconds(1), .longest_pause = cs::seconds(3)});
  b.said.answers = {fake::fails(cs::errc::transient)};
  for (int pause : {1, 2, 3, 3}) {
    typename bench<F>::caller c(b);
    BOOST_REQUIRE(c.asks());
    c.answer();
    b.world.advance(cs::milliseconds(pause * 1000 - 1));
    BOOST_TEST(typename bench<F>::caller(b).done());
    b.world.advance(cs::milliseconds(1));
  }
}

FOR_BOTH(a_source_that_needs_a_challenge_lets_the_request_go_bare_first) {
  bench<F> b;
  b.said.wants = {};
  b.said.answers = {fake::fails(cs::errc::needs_challenge), fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller c(b);
  BOOST_TEST(c.carries() == "nothing");
  c.hear({401, {{"WWW-Authenticate", "Bearer resource_metadata=\"https://api.example/m\""}}});
  BOOST_TEST(b.said.challenges.at(1) == "Bearer resource_metadata=\"https://api.example/m\"");
  BOOST_TEST(c.carries() == "Bearer t1");
  c.hear(good);
  BOOST_TEST(c.ended().has_value());
}

FOR_BOTH(a_bare_request_that_is_answered_needs_no_credential) {
  bench<F> b;
  b.said.wants = {};
  b.said.answers = {fake::fails(cs::errc::needs_challenge)};
  typename bench<F>::caller c(b);
  BOOST_TEST(c.carries() == "nothing");
  c.hear(good);
  BOOST_TEST(c.ended().has_value());
}

FOR_BOTH(a_source_that_still_needs_a_challenge_after_one_is_not_asked_for_ever) {
  bench<F> b;
  b.said.wants = {};
  b.said.answers = {fake::fails(cs::errc::needs_challenge)};
  typename bench<F>::caller c(b);
  c.hear(unauthorized);
  BOOST_TEST((c.code() == cs::errc::needs_challenge));
  BOOST_TEST(b.asked() == 2u);
}

FOR_BOTH(a_bare_refusal_leaves_the_one_renewal_untouched) {
  bench<F> b;
  b.said.wants = {};
  b.said.answers = {fake::fails(cs::errc::needs_challenge), fake::says("t1", b.in(lifetime)),
                    fake::says("t2", b.in(lifetime))};
  typename bench<F>::caller c(b);
  c.hear(unauthorized);
  BOOST_REQUIRE(c.carries() == "Bearer t1");
  c.hear(unauthorized);
  BOOST_REQUIRE(c.carries() == "Bearer t2");
  c.hear(unauthorized);
  BOOST_TEST((c.code() == cs::errc::rejected));
}

FOR_BOTH(a_403_that_asks_for_scope_is_stepped_up_and_the_others_keep_their_token) {
  bench<F> b(F(), cs::renewal{.step_ups = 1});
  b.warm();
  b.next(fake::says("t1", b.in(lifetime)));
  typename bench<F>::caller c(b);
  c.hear(lacks_scope);
  BOOST_TEST(c.asks());
  BOOST_TEST((b.said.reasons.at(0) == cs::why::insufficient_scope));
  BOOST_TEST(b.said.challenges.at(0) == lacks_scope.values[0].second);
  BOOST_TEST(typename bench<F>::caller(b).carries() == "Bearer t0");
  c.answer();
  BOOST_TEST(c.carries() == "Bearer t1");
  c.hear(lacks_scope);
  BOOST_TEST(c.ended().has_value());  // the 403 is the caller's
}

FOR_BOTH(a_step_up_is_not_spent_on_a_token_that_others_have_renewed) {
  bench<F> b(F(), cs::renewal{.step_ups = 1});
  b.warm();
  typename bench<F>::caller c(b), other(b);
  b.next(fake::says("t1", b.in(lifetime)));
  other.hear(unauthorized);
  other.answer();
  BOOST_REQUIRE(other.carries() == "Bearer t1");
  b.next(fake::says("t2", b.in(lifetime)));
  c.hear(lacks_scope);  // of t0; t1 was issued with no more
  BOOST_TEST(c.carries() == "Bearer t1");
  c.hear(lacks_scope);
  c.answer();
  BOOST_TEST(c.carries() == "Bearer t2");
}

FOR_BOTH(a_body_that_can_be_sent_once_is_never_sent_twice_and_its_refused_token_is_not_used_again) {
  bench<F> b;
  b.warm();
  b.next(fake::says("t1", b.in(lifetime)));
  typename bench<F>::caller once(b, false);
  once.hear(unauthorized);
  auto const ended = once.ended();
  BOOST_REQUIRE(!ended.has_value());
  BOOST_TEST((ended.error().code() == cs::errc::rejected));
  BOOST_TEST(ended.error().message().find("once only") != std::string_view::npos);
  BOOST_TEST(b.asked() == 0u);
  typename bench<F>::caller next(b, false);
  BOOST_REQUIRE(next.asks());
  BOOST_TEST((b.said.reasons.at(0) == cs::why::refused));  // not `expired`: a store may still hold it as good
  next.answer();
  BOOST_TEST(next.carries() == "Bearer t1");
}

FOR_BOTH(a_403_for_a_body_that_can_be_sent_once_is_the_callers) {
  bench<F> b(F(), cs::renewal{.step_ups = 1});
  b.warm();
  typename bench<F>::caller once(b, false);
  once.hear(lacks_scope);
  BOOST_TEST(once.ended().has_value());
  BOOST_TEST(b.asked() == 0u);
}

namespace {
/// An authenticator over a source whose version a test changes.
template <class F>
struct watching {
  fake::world world;
  fake::script said;
  std::atomic<std::uint64_t> version = 1;
  cs::authenticator<fake::watched, F, cs::renewal, cs::only<1>> auth;

  watching() : auth(fake::watched(said, version), F(), cs::renewal(), cs::only{"https://api.example"}, world.context()) {}

  std::string carries() {
    cs::request request("GET", url);
    if (auto ok = auth.authorize(request); !ok) return std::string(ok.error().message());
    return std::string(request.get("Authorization").value_or("nothing"));
  }
};
}  // namespace

FOR_BOTH(a_changed_source_is_asked_by_the_next_request_and_by_no_other) {
  watching<F> w;
  w.said.answers = {fake::says("t0"), fake::says("t1")};
  BOOST_TEST(w.carries() == "Bearer t0");
  BOOST_TEST(w.carries() == "Bearer t0");
  BOOST_TEST(w.said.asked() == 1u);
  w.version = 2;
  BOOST_TEST(w.carries() == "Bearer t1");
  BOOST_TEST(w.carries() == "Bearer t1");
  BOOST_REQUIRE(w.said.asked() == 2u);
  BOOST_TEST((w.said.reasons[1] == cs::why::changed));
  BOOST_TEST(w.world.trace_text().find("acquire https://api.example changed\nacquired https://api.example generation 2\n") != std::string::npos);
}

FOR_BOTH(while_a_changed_source_can_not_be_read_what_is_there_goes_on_serving) {
  watching<F> w;
  w.said.answers = {fake::says("t0"), fake::fails(cs::errc::transient, "half a file"), fake::says("t2")};
  BOOST_TEST(w.carries() == "Bearer t0");
  w.version = 2;
  BOOST_TEST(w.carries() == "Bearer t0");
  BOOST_TEST(w.carries() == "Bearer t0");
  BOOST_TEST(w.said.asked() == 2u);  // and not before the pause is over
  w.world.advance(cs::renewal().first_pause);
  BOOST_TEST(w.carries() == "Bearer t2");
}

FOR_BOTH(what_changes_while_it_is_read_is_read_once_more) {
  watching<F> w;
  w.said.answers = {fake::says("half"), fake::says("whole")};
  struct changing : fake::watched {
    std::atomic<std::uint64_t>* version_;
    changing(fake::script& said, std::atomic<std::uint64_t>& v) : fake::watched(said, v), version_(&v) {}
    [[nodiscard]] fake::answer acquire(cs::occasion const& why, cs::context const& outside) const {
      if (why.reason == cs::why::first) ++*version_;
      return fake::watched::acquire(why, outside);
    }
  };
  cs::authenticator auth(changing(w.said, w.version), F(), cs::renewal(), cs::only{"https://api.example"}, w.world.context());
  cs::request request("GET", url);
  BOOST_REQUIRE(auth.authorize(request).has_value());
  BOOST_REQUIRE(auth.authorize(request).has_value());
  BOOST_TEST(request.get("Authorization").value_or("") == "Bearer whole");
  BOOST_TEST(w.said.asked() == 2u);
}

FOR_BOTH(a_server_that_refuses_whatever_it_is_shown_costs_one_renewal_in_a_pause) {
  bench<F> b;
  b.warm();
  b.next(fake::says("t1", b.in(lifetime)));
  b.next(fake::says("t2", b.in(lifetime)));
  typename bench<F>::caller first(b);
  first.hear(unauthorized);
  first.answer();
  BOOST_TEST(first.carries() == "Bearer t1");
  first.hear(unauthorized);
  BOOST_TEST((first.code() == cs::errc::rejected));
  BOOST_TEST(b.asked() == 1u);
  for (int i = 0; i < 3; ++i) {
    typename bench<F>::caller again(b);
    BOOST_TEST(again.carries() == "Bearer t1");  // another endpoint may well take it
    again.hear(i == 1 ? good : unauthorized);
    BOOST_TEST((again.code() == (i == 1 ? cs::errc::none : cs::errc::rejected)));
  }
  BOOST_TEST(b.asked() == 1u);
  b.world.advance(cs::renewal().first_pause);
  typename bench<F>::caller later(b);
  later.hear(unauthorized);
  BOOST_TEST(later.asks());
  BOOST_TEST(b.asked() == 2u);
}

/// As `renewal`, and a 403 is worth one more credential as well.
struct also_on_403 : cs::renewal {
  [[nodiscard]] cs::verdict judge(cs::response_head const& head, cs::tries so_far) const {
    if (head.status() == 403 && so_far.renewals < 1) return cs::verdict::renew;
    return cs::renewal::judge(head, so_far);
  }
};

FOR_BOTH(a_strategy_may_renew_on_another_status_which_the_user_sees_in_the_end) {
  answered const forbidden{403};
  bench<F, also_on_403> b;
  b.warm();
  b.next(fake::says("t1", b.in(lifetime)));
  typename bench<F, also_on_403>::caller first(b);
  first.hear(forbidden);
  first.answer();
  BOOST_TEST(first.carries() == "Bearer t1");
  first.hear(forbidden);
  BOOST_TEST((first.code() == cs::errc::none));
  typename bench<F, also_on_403>::caller second(b);
  second.hear(forbidden);
  BOOST_TEST((second.code() == cs::errc::none));
  BOOST_TEST(b.asked() == 1u);  // the first one's was in vain
  b.world.advance(cs::renewal().first_pause);
  typename bench<F, also_on_403>::caller once(b, false);
  once.hear(forbidden);
  BOOST_TEST((once.code() == cs::errc::none));  // its body can't be sent again
}

BOOST_AUTO_TEST_CASE(what_was_never_renewed_is_not_said_to_have_been) {
  struct final_401 : cs::renewal {
    [[nodiscard]] cs::verdict judge(cs::response_head const&, cs::tries) const { return cs::verdict::give_up; }
  };
  bench<cs::bearer, final_401> b;
  b.said.answers = {fake::says("t0", b.in(lifetime))};
  typename bench<cs::bearer, final_401>::caller c(b);
  c.answer();
  c.hear(unauthorized);
  auto const ended = c.ended();
  BOOST_REQUIRE(!ended);
  BOOST_TEST(ended.error().message().find("it can't be renewed here") != std::string_view::npos);
}

FOR_BOTH(who_lacks_a_person_does_not_keep_the_next_caller_from_asking_one) {
  bench<F> b;
  b.said.answers = {fake::fails(cs::errc::needs_person), fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller alone(b);
  alone.answer();
  BOOST_TEST((alone.code() == cs::errc::needs_person));
  typename bench<F>::caller accompanied(b);
  BOOST_TEST(accompanied.asks());
  accompanied.answer();
  BOOST_TEST(accompanied.carries() == "Bearer t1");
}

BOOST_AUTO_TEST_CASE(an_expiry_is_heeded_wherever_one_is_given) {
  struct short_lived {
    using credential = cs::secret;
    cs::result<cs::issued<cs::secret>> acquire(cs::occasion const& why, cs::context const&) const {
      ++*asked;
      return cs::issued<cs::secret>{cs::secret(*asked == 1 ? "t0" : "t1"), why.now.wall + lifetime};
    }
    int* asked;
  };
  int asked = 0;
  fake::world world;
  cs::authenticator auth(short_lived{&asked}, cs::bearer{}, cs::only{"https://api.example"}, world.context());
  cs::request request("GET", url);
  BOOST_REQUIRE(auth.authorize(request).has_value());
  BOOST_TEST(request.get("Authorization").value_or("") == "Bearer t0");
  world.advance(cs::duration(lifetime.ms + 1));
  BOOST_REQUIRE(auth.authorize(request).has_value());
  BOOST_TEST(request.get("Authorization").value_or("") == "Bearer t1");
}

BOOST_AUTO_TEST_CASE(what_a_formatter_learns_is_tried_so_often_and_no_more) {
  bench<anew> b(anew{.always_learns = true});
  b.warm();
  bench<anew>::caller c(b);
  for (unsigned n = 0; n < cs::default_max_learned; ++n) {
    BOOST_REQUIRE(c.carries() == "Bearer t0");
    c.hear(unauthorized);
  }
  BOOST_REQUIRE(c.carries() == "Bearer t0");
  c.hear(unauthorized);
  BOOST_TEST((c.code() == cs::errc::rejected));
  BOOST_TEST(b.asked() == 0u);  // the credential is not to blame
}

BOOST_AUTO_TEST_CASE(what_a_formatter_learns_does_not_send_a_body_twice_that_can_be_sent_once) {
  bench<anew> b(anew{.always_learns = true});
  b.warm();
  bench<anew>::caller once(b, false);
  BOOST_REQUIRE(once.carries() == "Bearer t0");
  once.hear(unauthorized);
  BOOST_TEST((once.code() == cs::errc::rejected));
  BOOST_TEST(bench<anew>::caller(b).carries() == "Bearer t0");
}

BOOST_AUTO_TEST_CASE(a_formatter_that_fails_ends_the_conversation_in_its_own_words) {
  bench<anew> b(anew{.fails = true});
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  bench<anew>::caller c(b);
  c.answer();
  BOOST_TEST(c.carries() == "anew: can't");
  BOOST_TEST((c.code() == cs::errc::fatal));
}

BOOST_AUTO_TEST_CASE(a_credential_that_can_not_be_written_is_told_and_not_asked_for_at_once) {
  bench<cs::bearer> b;
  b.said.answers = {fake::says("two words", b.in(lifetime))};
  bench<cs::bearer>::caller c(b);
  c.answer();
  BOOST_TEST((c.code() == cs::errc::bad_input));
  BOOST_TEST((bench<cs::bearer>::caller(b).code() == cs::errc::bad_input));
  BOOST_TEST(b.asked() == 1u);
}

FOR_BOTH(a_follower_is_patient_for_as_long_as_said_and_by_the_boot_clock) {
  bench<F> b;
  typename bench<F>::caller leader(b), follower(b);
  BOOST_REQUIRE(leader.asks());
  BOOST_TEST((follower.talk().until() == b.world.now().boot + cs::default_patience));
  b.world.jump_wall(cs::seconds(1'000'000));
  b.world.advance(cs::duration(cs::default_patience.ms - 1));
  follower.resume();
  BOOST_TEST(follower.waits());
  b.world.advance(cs::milliseconds(1));
  follower.resume();
  BOOST_TEST((follower.code() == cs::errc::transient));
  BOOST_TEST(leader.asks());
}

struct hasty : cs::renewal {
  cs::duration patience = cs::seconds(2);
};

FOR_BOTH(a_strategy_may_have_a_patience_of_its_own) {
  bench<F, hasty> b;
  typename bench<F, hasty>::caller leader(b), follower(b);
  BOOST_TEST((follower.talk().until() == b.world.now().boot + cs::seconds(2)));
  b.world.advance(cs::seconds(2));
  follower.resume();
  BOOST_TEST((follower.code() == cs::errc::transient));
}

FOR_BOTH(a_follower_without_a_waker_looks_again_soon) {
  bench<F> b;
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller leader(b), follower(b, true, false);
  BOOST_REQUIRE(follower.waits());
  BOOST_TEST((follower.talk().until() == b.world.now().boot + cs::milliseconds(20)));
  follower.resume();
  BOOST_TEST(follower.waits());
  leader.answer();
  follower.resume();
  BOOST_TEST(follower.carries() == "Bearer t1");
}

FOR_BOTH(a_leader_that_is_dropped_before_it_has_sent_lets_the_next_one_lead) {
  bench<F> b;
  b.said.commits = true;
  b.said.wants = {cs::want::work, cs::want::send};
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller leader(b), follower(b);
  BOOST_REQUIRE((leader.wants() == cs::want::work));
  leader.drop();
  BOOST_TEST(follower.woken() == 1);
  follower.resume();
  BOOST_TEST((follower.wants() == cs::want::work));
}

FOR_BOTH(a_leader_that_is_dropped_after_it_has_sent_what_must_not_be_repeated_leaves_its_answer_unknown) {
  bench<F> b;
  b.said.commits = true;
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller leader(b), follower(b);
  BOOST_REQUIRE(leader.asks());
  leader.drop();
  follower.resume();
  BOOST_TEST((follower.code() == cs::errc::unanswered));
  BOOST_TEST(b.asked() == 1u);
  typename bench<F>::caller newcomer(b);
  BOOST_TEST(newcomer.asks());
}

FOR_BOTH(a_leader_that_is_dropped_after_it_has_sent_what_may_be_repeated_lets_the_next_one_lead) {
  bench<F> b;
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller leader(b), follower(b);
  leader.drop();
  follower.resume();
  BOOST_TEST(follower.asks());
}

FOR_BOTH(a_source_may_want_everything_in_turn) {
  bench<F> b;
  b.said.wants = {cs::want::work, cs::want::send, cs::want::wait, cs::want::person, cs::want::send};
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller c(b);
  BOOST_REQUIRE((c.wants() == cs::want::work));
  c.talk().perform();
  c.resume();
  BOOST_TEST(c.talk().pending().url() == "https://as.example/1");
  c.lose(cs::lost::not_sent);
  BOOST_TEST(c.waits());
  BOOST_TEST((c.talk().until() == b.world.now().boot + cs::seconds(1)));
  c.resume();
  BOOST_TEST(c.talk().asks().url.reveal() == "https://as.example/3");
  c.talk().arrive("yes", b.world.now());
  c.lose(cs::lost::unanswered);
  BOOST_TEST(c.carries() == "Bearer t1");
  std::vector<std::string> const heard = {"worked", "not sent", "time", "said yes", "unanswered"};
  BOOST_TEST(b.said.heard == heard, boost::test_tools::per_element());
  BOOST_TEST(b.said.wakers == 1u);
}

FOR_BOTH(a_conversation_may_be_moved_wherever_it_has_come_to) {
  bench<F> b;
  b.warm();
  b.next(fake::says("t1", b.in(cs::seconds(9000))));
  b.expire();
  typename bench<F>::caller leader(b), follower(b);
  auto led = std::move(leader.talk());
  auto followed = std::move(follower.talk());
  leader.drop();
  follower.drop();
  BOOST_REQUIRE((led.wants() == cs::want::send));
  BOOST_REQUIRE((followed.wants() == cs::want::wait));
  led.supply(cs::response(200), b.world.now());
  followed.resume(b.world.now());
  for (auto* one : {&led, &followed}) {
    cs::request attempt("GET", url);
    BOOST_REQUIRE(one->write(attempt).has_value());
    BOOST_TEST(*attempt.get("Authorization") == "Bearer t1");
  }
  BOOST_TEST(b.asked() == 1u);
}

FOR_BOTH(how_a_call_was_lost_is_told) {
  bench<F> b;
  b.warm();
  typename bench<F>::caller first(b), second(b);
  first.lose(cs::lost::not_sent);
  BOOST_TEST((first.code() == cs::errc::not_sent));
  second.lose(cs::lost::unanswered);
  BOOST_TEST((second.code() == cs::errc::unanswered));
  BOOST_TEST(typename bench<F>::caller(b).carries() == "Bearer t0");
}

FOR_BOTH(events_that_nobody_asked_for_change_nothing) {
  bench<F> b;
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller leader(b), follower(b);
  follower.lose(cs::lost::unanswered);
  follower.hear(good);
  follower.answer();
  follower.talk().perform();
  follower.talk().arrive("yes", b.world.now());
  BOOST_TEST(follower.waits());
  leader.hear(unauthorized);
  leader.resume();
  BOOST_TEST(leader.asks());
  leader.answer();
  follower.resume();
  BOOST_REQUIRE(follower.calls());
  follower.answer();
  follower.resume();
  BOOST_TEST(follower.calls());
  follower.hear(good);
  follower.hear(unauthorized);
  follower.lose(cs::lost::unanswered);
  BOOST_TEST(follower.ended().has_value());
}

FOR_BOTH(a_token_is_not_lost_where_there_is_no_entropy_to_spread_its_renewal) {
  bench<F> b;
  b.world.entropy_fails = true;
  b.said.answers = {fake::says("t1", b.in(lifetime))};
  typename bench<F>::caller c(b);
  c.answer();
  BOOST_TEST(c.carries() == "Bearer t1");
}

FOR_BOTH(a_wall_clock_that_jumps_costs_one_renewal_at_the_most) {
  for (cs::duration jump :
       {cs::seconds(3600), cs::seconds(-3600), cs::seconds(315'360'000), cs::seconds(-315'360'000)}) {
    bench<F> b;
    b.warm();
    b.world.jump_wall(jump);
    b.said.answers = {fake::says("t1", b.in(lifetime))};
    for (int i = 0; i < 3; ++i) {
      typename bench<F>::caller c(b);
      if (c.asks()) c.answer();
      if (c.carries() == "Bearer t0") c.hear(unauthorized);  // its time is over, whatever our clock says
      if (c.asks()) c.answer();
      BOOST_TEST(c.carries() == "Bearer t1");
      c.hear(good);
      BOOST_TEST(c.ended().has_value());
    }
    BOOST_TEST(b.asked() == 1u);
  }
}

FOR_BOTH(what_is_traced_holds_no_token) {
  bench<F> b;
  b.said.answers = {fake::says("c4n4ryc4n4ry", b.in(lifetime)),
                    fake::fails(cs::errc::transient, "c4n4ry in a text")};
  typename bench<F>::caller c(b);
  c.answer();
  c.hear({401, {{"WWW-Authenticate", "Bearer c4n4ry"}}});
  c.answer();
  BOOST_TEST(b.world.count_traces("acquire") == 2u);
  BOOST_TEST(b.world.count_traces("acquired") == 1u);
  BOOST_TEST(b.world.count_traces("refused") == 1u);
  BOOST_TEST(b.world.count_traces("failed") == 1u);
  BOOST_TEST(b.world.trace_text().find("c4n4ry") == std::string::npos);
}

FOR_BOTH(for_another_origin_nothing_is_asked_for_and_nothing_is_written) {
  bench<F> b;
  for (auto [other, code] : {std::pair("https://api.example.evil/", cs::errc::wrong_origin),
                             std::pair("http://api.example/", cs::errc::wrong_origin),
                             std::pair("nonsense", cs::errc::bad_input)}) {
    cs::request const call("GET", other);
    auto talk = b.auth.begin(call);
    BOOST_REQUIRE((talk.wants() == cs::want::done));
    BOOST_TEST((std::move(talk).outcome().error().code() == code));
  }
  BOOST_TEST(b.asked() == 0u);
}

constexpr std::string_view two_challenges =
    "Bearer error=\"invalid_token\", Basic realm=\"a name that is longer than the first block of memory\"";

/// Asks a server, and takes nothing but the library's own memory. Must not get a challenge that is cut off.
struct frugal {
  using credential = cs::secret;
  struct exchange : cs::steps<exchange, cs::issued<cs::secret>> {
    exchange(cs::occasion const& why, bool* cut_off) : challenge(why.challenge) {
      *cut_off |= !why.challenge.empty() && why.challenge != two_challenges;
      cs::request ask("POST", "https://as.example/token", cs::secret("grant_type=client_credentials"));
      ask.set("Content-Type", "application/x-www-form-urlencoded");
      send(std::move(ask), &exchange::answered);
    }
    void answered() {
      if (answer() == nullptr || !challenge.ok())
        return give_up(cs::error{cs::errc::no_memory, "frugal: out of memory"});
      cs::secret value(answer()->body.reveal());
      if (value.ok()) finish({std::move(value), now().wall + lifetime});
      else give_up(cs::error{cs::errc::no_memory, "frugal: out of memory"});
    }
    cs::secret challenge;
  };
  [[nodiscard]] exchange acquire(cs::occasion const& why, cs::context const&) const {
    return exchange(why, cut_off);
  }
  bool* cut_off;
};

/// One call with `successes` blocks of memory and no more: its Authorization field is in `seen`.
template <class Auth>
cs::errc call_with_memory_for(long successes, Auth& auth, fake::world& world, cs::request const& call,
                              cs::request& seen) {
  cs::response tokens[2] = {cs::response(200, cs::secret("t1")), cs::response(200, cs::secret("t1"))};
  answered const challenge{
      401,
      {{"WWW-Authenticate", two_challenges.substr(0, 28)}, {"WWW-Authenticate", two_challenges.substr(30)}}};
  fake::heap::exhausted const no_more(successes);
  auto talk = auth.begin(call);
  for (int calls = 0, asked = 0; talk.wants() != cs::want::done;) {
    if (talk.wants() == cs::want::send) {
      if (talk.pending().ok()) talk.supply(std::move(tokens[asked++ % 2]), world.now());
      else talk.fail(cs::lost::not_sent, world.now());
    } else if (talk.wants() == cs::want::call) {
      cs::request attempt = call;
      if (!talk.write(attempt)) continue;
      seen = attempt;
      talk.heard(cs::response_head(++calls == 1 ? challenge : good), world.now());
    }
  }
  auto const ended = std::move(talk).outcome();
  return ended ? cs::errc::none : ended.error().code();
}

FOR_BOTH(without_memory_a_call_fails_and_the_next_one_succeeds) {
  if (!fake::heap::is_ours) return;
  bool done = false;
  for (long k = 0; !done; ++k) {
    BOOST_TEST_CONTEXT(k << " blocks") {
      fake::world world;
      auto outside = world.context();
      outside.write_trace = nullptr;  // it takes memory of its own
      bool cut_off = false;
      cs::authenticator auth(frugal{&cut_off}, F(), cs::renewal{}, cs::only{"https://api.example"}, outside);
      cs::request const call("GET", url);
      cs::request seen;
      auto const code = call_with_memory_for(k, auth, world, call, seen);
      done = code == cs::errc::none && seen.ok() && seen.get("Authorization") == "Bearer t1";
      if (!done && code != cs::errc::none) BOOST_TEST(name(code) == "no_memory");
      world.advance(cs::seconds(400));
      cs::request later;
      BOOST_TEST(name(call_with_memory_for(1'000'000, auth, world, call, later)) == "none");
      BOOST_TEST(later.get("Authorization").value_or("") == "Bearer t1");
      BOOST_TEST(!cut_off);
    }
    BOOST_REQUIRE(k < 200);
  }
}

// A credential that is there from the start.
template <class F>
struct settled_bench {
  fake::world world;
  cs::authenticator<cs::fixed<cs::secret>, F, cs::never, cs::only<1>> auth;
  cs::request call{"GET", url};
  explicit settled_bench(F formatter = {})
      : auth(cs::fixed{"t0"}, formatter, cs::only{"https://api.example"}, world.context()) {}
};

FOR_BOTH(a_credential_that_is_there_wants_nothing_but_the_call) {
  settled_bench<F> b;
  auto talk = b.auth.begin(b.call);
  BOOST_REQUIRE((talk.wants() == cs::want::call));
  cs::request attempt = b.call;
  BOOST_REQUIRE(talk.write(attempt).has_value());
  BOOST_TEST(*attempt.get("Authorization") == "Bearer t0");
  talk.heard(cs::response_head(lacks_scope), b.world.now());
  BOOST_REQUIRE((talk.wants() == cs::want::done));
  talk.heard(cs::response_head(unauthorized), b.world.now());
  talk.fail(cs::lost::unanswered, b.world.now());
  BOOST_TEST(std::move(talk).outcome().has_value());
}

FOR_BOTH(a_refused_credential_that_is_there_is_told) {
  settled_bench<F> b;
  auto talk = b.auth.begin(b.call);
  talk.heard(cs::response_head(unauthorized), b.world.now());
  auto const ended = std::move(talk).outcome();
  BOOST_REQUIRE(!ended.has_value());
  BOOST_TEST((ended.error().code() == cs::errc::rejected));
  auto lost = b.auth.begin(b.call);
  lost.fail(cs::lost::not_sent, b.world.now());
  BOOST_TEST((std::move(lost).outcome().error().code() == cs::errc::not_sent));
}

BOOST_AUTO_TEST_CASE(a_formatter_may_learn_with_a_credential_that_is_there) {
  settled_bench<anew> b(anew{.always_learns = true});
  auto talk = b.auth.begin(b.call);
  for (unsigned n = 0; n < cs::default_max_learned; ++n) {
    cs::request attempt = b.call;
    BOOST_REQUIRE(talk.write(attempt).has_value());
    talk.heard(cs::response_head(unauthorized), b.world.now());
    BOOST_REQUIRE((talk.wants() == cs::want::call));
  }
  talk.heard(cs::response_head(unauthorized), b.world.now());
  BOOST_TEST((std::move(talk).outcome().error().code() == cs::errc::rejected));

  b.call.may_replay = false;
  auto once = b.auth.begin(b.call);
  cs::request attempt = b.call;
  BOOST_REQUIRE(once.write(attempt).has_value());
  once.heard(cs::response_head(unauthorized), b.world.now());
  BOOST_REQUIRE((once.wants() == cs::want::done));
  BOOST_TEST((std::move(once).outcome().error().code() == cs::errc::rejected));
}

BOOST_AUTO_TEST_SUITE_END()
