#pragma once
// A stored login is renewed once, however many threads and processes want it.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/detail/refresh_record.hpp>
#include <countersign/oauth/refresh_wish.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/store/login.hpp>
#include <countersign/store/token_store.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// Ends with a login whose access token may be used: another one than the caller has, or the same while it is
/// good. A newer one that is stored is taken without a lock. Else: lock, look again, mark the refresh token
/// as sent, send it once, save what came, unlock. Whoever can't have the lock, or has no refresh token, goes
/// on with a token that has not ended.
///
/// | errc | what is left |
/// |---|---|
/// | `needs_person` | nobody is signed in; what is void is gone; a refresh token that is marked stays |
/// | `transient` | not now: the server, the network, or another process is slow; all is as it was |
/// | `unanswered` | the refresh token may be used up; it stays marked |
/// | `wrong_origin` | nothing was sent: a fresh discovery differs from the record |
/// | `unknown_client` | a configured client is refused: all is as it was |
/// | others | of the store, or of the request |
///
/// What came and could not be saved is used, and traced as "not saved"; the mark stays, for what is stored is
/// used up. Dropped at any step it frees the lock. The store and the context outlive it.
template <token_store Store>
class stored_refresh : public steps<stored_refresh<Store>, login> {
  using base = steps<stored_refresh, login>;

public:
  stored_refresh(Store& store, login_key key, refresh_wish wish, refresh_means means, context const& outside,
                 clocks now)
      : store_(&store), outside_(&outside), profile_(key.profile), server_(key.server),
        wish_(std::move(wish)), means_(std::move(means)), until_(now.boot + wish_.patience) {
    this->begin_at(now);
    if (profile_.ok() && server_.ok()) this->work(&stored_refresh::look, &stored_refresh::looked);
    else this->give_up(error{errc::no_memory, "login: out of memory"});
  }

  [[nodiscard]] request const& pending() const noexcept { return call_ ? call_->pending() : base::pending(); }
  /// Whether the pending request must not be sent a second time.
  [[nodiscard]] bool commits() const noexcept { return this->wants() == want::send; }

private:
  [[nodiscard]] login_key key() const noexcept { return {profile_, server_}; }

  void look() { found_ = store_->load(key()); }
  void looked() {
    if (!found_) return end(none(found_.error()));
    first_.set(*found_);
    if (serves()) return end(std::move(*found_));
    if (found_->refresh_token.empty()) return go_without("it has no refresh token");
    this->work(&stored_refresh::take, &stored_refresh::taken);
  }

  void take() {
    auto got = store_->try_lock(key());
    if (!got) return static_cast<void>(kept_out_ = got.error());
    lock_ = std::move(*got);
    look();
  }
  void taken() {
    if (lock_) return held();
    if (kept_out_.code() != errc::locked) return end(kept_out_);
    if (detail::is_valid(*found_, wish_, this->now().wall)) return end(std::move(*found_));
    if (this->now().boot >= until_)
      return end(error{errc::transient, "login: another process renews it, and has not done so in ",
                       wish_.patience.ms, " ms; try again later"});
    auto const next = this->now().boot + detail::look_pause(*outside_);
    this->wait(next < until_ ? next : until_, &stored_refresh::look_again);
  }
  void look_again() { this->work(&stored_refresh::look, &stored_refresh::looked); }

  // The lock is ours, and what was found was found under it.
  void held() {
    if (!found_) return end(none(found_.error()));
    if (serves()) return end(std::move(*found_));
    if (found_->refresh_token.empty()) return go_without("it has no refresh token");
    bool const again = found_->is_pending();
    if (again && (!wish_.grace || found_->is_repeated()))
      return go_without("its refresh token was sent, and the answer never came");
    auto service = detail::service_of(*found_, means_);
    if (!service) return end(service.error());
    call_.reset();
    service_ = std::move(*service);
    before_ = again ? found_->pending : owned_text();
    fresh_ = std::move(*found_);
    mark();
  }

  // Before each request, and taken back while none is under way: whoever is left between two tries has lost
  // nothing.
  void mark() {
    fresh_ = detail::with_mark(std::move(fresh_), !before_.empty());
    this->work(&stored_refresh::write, &stored_refresh::marked);
  }

  void write() { swapped_ = store_->compare_and_swap(key(), fresh_.generation, fresh_); }
  void marked() {
    if (!swapped_)
      return end(swapped_.error().within("login: nothing was sent, since it could not be noted: "));
    if (!*swapped_) {  // a sign-in needs no lock
      if (++overtaken_ <= max_overtaken) return this->work(&stored_refresh::look, &stored_refresh::held);
      return end(error{errc::transient, "login: it is saved by others all the time; try again later"});
    }
    ++fresh_.generation;
    if (call_) call_->resume(this->now());
    else
      call_.emplace(std::move(service_), detail::refresh_form(fresh_), call_rules{.repeatable = false},
                    *outside_, this->now());
    go_on();
  }

  void go_on() {
    if (call_->wants() == want::send) return this->send(request(), &stored_refresh::heard);  // the call's
    if (call_->wants() == want::done) return answered();
    fresh_.pending = before_;
    this->work(&stored_refresh::write, &stored_refresh::unmarked);
  }
  void heard() {
    if (this->answer() != nullptr) call_->supply(std::move(*this->answer()), this->now());
    else call_->fail(this->how_lost(), this->now());
    go_on();
  }
  void unmarked() {
    if (swapped_ && !*swapped_) return this->work(&stored_refresh::look, &stored_refresh::held);
    count_or_note();
    this->wait(call_->until(), &stored_refresh::mark);
  }

  void answered() {
    auto got = std::move(*call_).outcome_of_refresh();
    if (got) {
      fresh_ = detail::with_reply(std::move(fresh_), std::move(*got));
      return this->work(&stored_refresh::write, &stored_refresh::saved);
    }
    why_ = got.error();
    switch (why_.code()) {
    case errc::unanswered:
    case errc::no_memory:  // it may have been rotated: the mark stays
      return end(why_.within("login: "));
    case errc::rejected:
      fresh_ = detail::without_tokens(std::move(fresh_));
      why_ = error{errc::needs_person, "login: sign in again: ", why_.message()};
      break;
    case errc::needs_person:  // the server may be wrong: its tokens stay
      fresh_.pending = before_;
      why_ = error{errc::needs_person, "login: sign in again: ", why_.message()};
      break;
    case errc::unknown_client:
      if (detail::is_registered(fresh_, means_)) {
        fresh_ = detail::without_client(std::move(fresh_));
        why_ = error{errc::needs_person, "login: register again and sign in: ", why_.message()};
        break;
      }
      [[fallthrough]];
    default:  // not sent, or answered with less than a token: it is as good as before
      fresh_.pending = before_;
    }
    this->work(&stored_refresh::write, &stored_refresh::cleared);
  }

  void saved() {
    if (swapped_ && !*swapped_) return this->work(&stored_refresh::look, &stored_refresh::replaced);
    count_or_note();
    end(std::move(fresh_));
  }
  // Somebody signed in or out while the request was under way, and goes first.
  void replaced() {
    if (found_ && detail::is_valid(*found_, wish_, this->now().wall)) return end(std::move(*found_));
    if (!found_ && found_.error().code() == errc::not_mine) return end(none(found_.error()));
    not_saved("somebody else has saved it meanwhile");
    end(std::move(fresh_));
  }

  void cleared() {
    if (swapped_ && !*swapped_) return this->work(&stored_refresh::look, &stored_refresh::overtaken);
    count_or_note();
    end(why_);
  }
  void overtaken() {
    if (found_ && serves()) end(std::move(*found_));
    else end(why_);
  }

  [[nodiscard]] bool serves() const noexcept {
    return detail::serves(*found_, wish_, this->now().wall) || first_.renewed(*found_, wish_);
  }
  // Damaged ones were set aside by the store: then nobody is signed in either.
  static error none(error const& why) noexcept {
    bool const sign_in = why.code() == errc::not_mine || why.code() == errc::bad_input;
    return sign_in ? error{errc::needs_person, "login: sign in: ", why.message()} : why.within("login: ");
  }
  void go_without(std::string_view why) {
    if (detail::is_valid(*found_, wish_, this->now().wall)) return end(std::move(*found_));
    end(error{errc::needs_person, "login: sign in again: ", why, " (", detail::login_origin(*found_).view(),
              ")"});
  }
  void count_or_note() noexcept {
    if (swapped_) ++fresh_.generation;
    else not_saved(swapped_.error().message());
  }
  void not_saved(std::string_view why) const noexcept {
    outside_->trace({"not saved", detail::login_origin(fresh_).view(), why});
  }
  void end(login record) {
    lock_.release();
    this->finish(std::move(record));
  }
  void end(error const& why) {
    lock_.release();
    this->give_up(why);
  }

  Store* store_;
  context const* outside_;
  owned_text profile_, server_;
  refresh_wish wish_;
  refresh_means means_;
  boot_time until_;
  store_lock lock_;
  result<login> found_{error{errc::not_mine, "login: not looked at"}};
  detail::baseline first_;
  error kept_out_, why_;
  login fresh_;        // what is to be saved; of the generation that it replaces
  owned_text before_;  // its mark, as it was found
  token_service service_;
  countersign::detail::held<token_call> call_;
  result<bool> swapped_{false};
  unsigned overtaken_ = 0;
};

}  // namespace countersign::inline v0::oauth
