#pragma once
// The credential of a server that its entry configures in part, and for the rest somebody signs in to.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/as_logged_in.hpp>
#include <countersign/mcp/configured.hpp>
#include <countersign/mcp/sign_in.hpp>
#include <countersign/store/token_store.hpp>

#include <optional>
#include <utility>

namespace countersign::inline v0::mcp {

/// A source: `configured`, and over it `sign_in`. A login is begun by a refusal only: until then requests carry what is
/// configured, so that a server without authorization is just used.
template <token_store Store>
class configured_login {
public:
  using credential = login_credential;

  struct memory {
    memory_of<configured> entry;
    typename sign_in<Store>::memory login;
  };

  /// @param login none: this server's credential is configured whole
  configured_login(configured entry, std::optional<sign_in<Store>> login) noexcept : entry_(std::move(entry)), login_(std::move(login)) {}

  class exchange : public nested_steps<exchange, issued<login_credential>, typename configured::exchange, typename sign_in<Store>::exchange> {
  public:
    exchange(configured_login const& about, occasion const& why, context const& outside, memory& kept)
        : about_(&about), outside_(&outside), memory_(&kept), reason_(why.reason), challenge_(why.challenge) {
      this->begin_at(why.now);
      if (challenge_.ok()) this->run(about.entry_.acquire(why, outside, kept.entry), &exchange::configured_done);
      else this->give_up(error{errc::no_memory, "configured_login: out of memory"});
    }

  private:
    void configured_done() {
      auto got = this->template outcome_of<typename configured::exchange>();
      if (!got) return this->give_up(got.error());
      made_ = {{.configured = std::move(got->credential)}, got->expires};
      if (!about_->login_) return this->finish(std::move(made_));
      this->run(about_->login_->acquire({reason_, challenge_.reveal(), this->now()}, *outside_, memory_->login), &exchange::login_done);
    }
    void login_done() {
      auto got = this->template outcome_of<typename sign_in<Store>::exchange>();
      // The request goes as it is, and its answer says how to sign in.
      if (!got && got.error().code() == errc::needs_challenge) return this->finish(std::move(made_));
      if (!got) return this->give_up(got.error());
      made_.credential.token = std::move(got->credential);
      if (got->expires < made_.expires) made_.expires = got->expires;
      this->finish(std::move(made_));
    }

    configured_login const* about_;
    context const* outside_;
    memory* memory_;
    why reason_;
    secret challenge_;
    issued<login_credential> made_;
  };

  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& kept) const {
    return exchange(*this, why, outside, kept);
  }

private:
  configured entry_;
  std::optional<sign_in<Store>> login_;
};

}  // namespace countersign::inline v0::mcp
