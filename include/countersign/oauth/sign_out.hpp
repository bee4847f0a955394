#pragma once
// A stored login is forgotten, and its tokens are handed back (RFC 7009).

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/detail/refresh_record.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/refresh_wish.hpp>
#include <countersign/oauth/revocation.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/store/login.hpp>
#include <countersign/store/token_store.hpp>
#include <countersign/text/retry_after.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace countersign::inline v0::oauth {

/// How often the server is asked to revoke one token, and what lies between. A person waits for it.
inline constexpr unsigned max_revocations = 2;
inline constexpr duration revocation_pause = milliseconds(500);

/// Forgets first, so that it is done however the server answers: what is stored is gone, client and all. Then
/// the refresh token and the access token are revoked where the record says. A renewal that is under way is
/// waited for, so that what it brings is revoked too.
///
/// Ends with whether the server revoked anything: false where nobody was signed in, or where the server has
/// no such endpoint. A revocation that fails is an error, told after the login is forgotten: errc::transient,
/// fatal, unknown_client, … Where the store fails, the tokens are revoked all the same, and its error is
/// told.
///
/// Dropped before it has forgotten, nothing has changed. The store and the context outlive it.
template <token_store Store>
class sign_out : public steps<sign_out<Store>, bool> {
public:
  /// @param means `client` and `client_key`, where they are configured
  /// @param patience how long a renewal in another process is waited for; then it goes on without
  sign_out(Store& store, login_key key, refresh_means means, context const& outside, clocks now,
           duration patience = seconds(5))
      : store_(&store), outside_(&outside), profile_(key.profile), server_(key.server),
        means_(std::move(means)), until_(now.boot + patience) {
    this->begin_at(now);
    if (profile_.ok() && server_.ok()) this->work(&sign_out::look, &sign_out::looked);
    else this->give_up(error{errc::no_memory, "login: out of memory"});
  }

private:
  [[nodiscard]] login_key key() const noexcept { return {profile_, server_}; }

  void look() { found_ = store_->load(key()); }
  void looked() {
    if (!found_) return nobody();
    this->work(&sign_out::take, &sign_out::taken);
  }
  void nobody() {
    lock_.release();
    if (found_.error().code() == errc::not_mine) this->finish(false);
    else this->give_up(found_.error().within("login: "));
  }

  void take() {
    auto got = store_->try_lock(key());
    locked_ = !got && got.error().code() == errc::locked;
    if (!got) return;
    lock_ = std::move(*got);
    look();
  }
  void taken() {
    if (!locked_ || this->now().boot >= until_) return held();
    auto const next = this->now().boot + detail::look_pause(*outside_);
    this->wait(next < until_ ? next : until_, &sign_out::try_again);
  }
  void try_again() { this->work(&sign_out::take, &sign_out::taken); }

  void held() {
    if (!found_) return nobody();
    this->work(&sign_out::forget, &sign_out::forgotten);
  }
  void forget() { removed_ = store_->remove(key(), found_->generation); }
  void forgotten() {
    if (removed_ && !*removed_ && ++overtaken_ <= max_overtaken)
      return this->work(&sign_out::look, &sign_out::held);
    lock_.release();
    if (!removed_) not_forgotten_ = removed_.error().within("login: not forgotten: ");
    else if (!*removed_)
      not_forgotten_ =
          error{errc::transient, "login: not forgotten: it is saved by others all the time; try again"};
    if (found_->revocation_endpoint.empty()) return end();
    // What another client was given, that client hands back.
    if (means_.client.id != found_->client.id) means_.client = {.certificate = means_.client.certificate};
    auto who = detail::client_of(*found_, means_);
    if (!who) {
      failed_ = who.error();
      return end();
    }
    service_ = token_service{.endpoint = found_->revocation_endpoint,
                             .issuer = found_->issuer,
                             .client = std::move(*who),
                             .client_key = means_.client_key,
                             .named_by = means_.named_by.empty() ? found_->server : means_.named_by};
    revoke();
  }

  // The refresh token first: with it a server may end the others by itself (RFC 7009 §2.1).
  [[nodiscard]] secret const& token() const noexcept {
    return at_ == 0 ? found_->refresh_token : found_->access_token;
  }
  void revoke() {
    while (at_ < 2 && token().empty()) ++at_;
    if (at_ == 2) return end();
    auto const proof = service_.prove(*outside_);
    auto made = proof ? revocation_request(service_.endpoint, service_.client, *proof, token(),
                                           at_ == 0 ? "refresh_token" : "access_token")
                      : result<request>(proof.error());
    if (made && !service_.named_by.ok()) made = error{errc::no_memory, "oauth: out of memory"};
    if (made) tell_who_named(*made, service_.named_by);
    if (made) return this->send(std::move(*made), &sign_out::answered);
    failed_ = made.error();
    end();
  }
  void answered() {
    auto* const got = this->answer();
    auto const asked = got != nullptr ? retry_after(response_head(*got), this->now().wall) : std::nullopt;
    auto const done =
        got != nullptr ? read_revocation(std::move(*got), this->now().wall)
        : this->how_lost() == lost::refused
            ? result<void>(leads_inside("revocation endpoint"))
            : result<void>(error{errc::transient, "oauth: the revocation endpoint did not answer"});
    if (!done && done.error().code() == errc::transient && ++tries_ < max_revocations &&
        (!asked || *asked <= revocation_pause))
      return this->wait(this->now().boot + revocation_pause, &sign_out::revoke);
    if (done) revoked_ = true;
    else if (failed_.code() == errc::none) failed_ = done.error();
    tries_ = 0;
    ++at_;
    revoke();
  }

  void end() {
    if (not_forgotten_.code() != errc::none) this->give_up(not_forgotten_);
    else if (failed_.code() != errc::none)
      this->give_up(failed_.within("login: forgotten here, but not revoked at ",
                                   detail::login_origin(*found_).view(), ": "));
    else this->finish(revoked_);
  }

  Store* store_;
  context const* outside_;
  owned_text profile_, server_;
  refresh_means means_;
  boot_time until_;
  store_lock lock_;
  result<login> found_{error{errc::not_mine, "login: not looked at"}};
  result<bool> removed_{false};
  token_service service_;
  error not_forgotten_, failed_;
  std::size_t at_ = 0;
  unsigned tries_ = 0, overtaken_ = 0;
  bool locked_ = false, revoked_ = false;
};

}  // namespace countersign::inline v0::oauth
