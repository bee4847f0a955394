#pragma once
// Signing in to an MCP server, and staying so: the source that puts discovery, registration, the grants, the store and the
// refresh together.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/mcp/detail/sign_in_record.hpp>
#include <countersign/mcp/discovery.hpp>
#include <countersign/mcp/fresh_login.hpp>
#include <countersign/mcp/scope_choice.hpp>
#include <countersign/mcp/sign_in_settings.hpp>
#include <countersign/oauth/refresh_wish.hpp>
#include <countersign/oauth/stored_refresh.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/store/login.hpp>
#include <countersign/store/token_store.hpp>
#include <countersign/text/origin.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// A source of `bound_token`s for one server; write them with `bearer_or_dpop`. A login at hand is used, one that expires is
/// refreshed, once however many threads and processes ask. Without one the request goes bare, and what the server answers
/// says how to sign in: then the client registers itself where it must, and a person is asked where that is wanted
/// (`settings.interactive`), else errc::needs_person.
/// @tparam Store outlives the source
template <token_store Store>
class sign_in {
public:
  using credential = bound_token;

  /// What was given out last. A record's generation counts more than its tokens, so the token is told by its mark.
  struct memory {
    std::uint64_t generation = 0;
    owned_text mark = {};
    /// What the token of that mark was stepped up for.
    owned_text stepped_up = {};
  };

  /// @param server the URL that requests go to, as the user gave it; with the profile it is the login's key in the store
  sign_in(std::string_view server, Store& store, sign_in_settings settings = {}) noexcept
      : server_(server), origin_(origin_shown(server)), store_(&store), settings_(std::move(settings)) {}

  /// Tokens go to the server's origin alone.
  [[nodiscard]] std::string_view origin() const noexcept { return server_; }
  [[nodiscard]] login_key key() const noexcept { return {settings_.profile, server_}; }
  [[nodiscard]] sign_in_settings const& settings() const noexcept { return settings_; }

  class exchange;
  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& kept) const {
    return exchange(*this, why, outside, kept);
  }

private:
  // For messages: a path or a query may hold what is nobody's business.
  static owned_text origin_shown(std::string_view url) noexcept {
    auto const found = origin_of(url);
    return found ? found->view() : std::string_view("a server whose URL can't be read");
  }

  owned_text server_, origin_;
  Store* store_;
  sign_in_settings settings_;
};

template <token_store Store>
class sign_in<Store>::exchange
    : public nested_steps<exchange, issued<bound_token>, discovery, oauth::stored_refresh<Store>, fresh_login> {
  using refresh = oauth::stored_refresh<Store>;

public:
  exchange(sign_in const& about, occasion const& why, context const& outside, memory& kept)
      : about_(&about), outside_(&outside), memory_(&kept), reason_(why.reason), challenge_(why.challenge) {
    this->begin_at(why.now);
    if (!challenge_.ok() || !about.server_.ok()) this->give_up(no_memory());
    else this->work(&exchange::load, &exchange::loaded);
  }

private:
  [[nodiscard]] sign_in_settings const& settings() const noexcept { return about_->settings_; }
  [[nodiscard]] bool challenged() const noexcept { return reason_ == why::refused || reason_ == why::insufficient_scope; }

  void load() { stored_ = about_->store_->load(about_->key()); }
  void loaded() {
    if (stored_) record_ = std::move(*stored_);
    // A record that was damaged has been set aside: there is none now.
    else if (stored_.error().code() != errc::not_mine && stored_.error().code() != errc::bad_input)
      return this->give_up(stored_.error());
    if (!settings().anew && reason_ != why::insufficient_scope && is_another() &&
        detail::is_usable(record_, this->now().wall))
      return use();
    if (challenged() || settings().anew) return look_around();
    if (!record_.refresh_token.empty()) return renew();
    without_refresh();
  }

  // Whether it holds another token than the one that was given out last.
  [[nodiscard]] bool is_another() const noexcept {
    return !(memory_->mark == refresh_mark(record_.access_token.reveal()));
  }

  // Nothing can be had before the server has said what it wants; but a token that still serves must not be given up for that.
  void without_refresh() {
    if (reason_ == why::due) this->give_up(error{errc::transient, "sign_in: the token ends soon, and came without a refresh token"});
    else this->give_up(error{errc::needs_challenge, "sign_in: nobody is signed in to ", shown(), "; its answer says how"});
  }

  void look_around() {
    this->run(discovery(about_->server_, challenge_.reveal(), settings().discovery, *outside_), &exchange::looked);
  }
  void looked() {
    auto got = this->template outcome_of<discovery>();
    if (!got) return this->give_up(got.error());
    found_ = std::move(*got);
    if (oauth::shows_certificate(settings().client)) found_.server = oauth::for_certificates(std::move(found_.server));
    looked_around_ = true;
    bool const ours = record_.generation != 0 && detail::is_of(record_, found_);
    if (ours) granted_ = record_.scope;
    if (ours && reason_ == why::insufficient_scope && !settings().anew &&
        detail::is_usable(record_, this->now().wall)) {
      secret const had(record_.scope.view(), " ",
                       is_another() ? std::string_view() : memory_->stepped_up.view());
      std::string_view const wanted = settings().scope.empty() ? found_.challenged_scope : settings().scope;
      if (!wanted.empty() && had.ok() && covers_scope(had.reveal(), wanted)) {
        if (is_another()) return use();
        return this->give_up(
            error{errc::rejected, "sign_in: ", shown(),
                  ": it wants scope that was asked for already; signing in again would not help"});
      }
    }
    if (ours && reason_ == why::refused && !settings().anew && !record_.refresh_token.empty()) return renew();
    obtain();
  }

  void renew() {
    oauth::refresh_wish wish{.seen_generation = memory_->generation,
                             .refused = reason_ == why::refused,
                             .patience = settings().patience,
                             .grace = settings().grace,
                             .early = reason_ == why::due ? oauth::longest_lifetime : duration(),
                             .seen_token = memory_->mark};
    oauth::refresh_means means{.client = settings().client,
                               .client_key = settings().client_key,
                               .read_key = settings().keys.read,
                               .named_by = settings().discovery.metadata_url};
    if (looked_around_) {
      means.issuer = found_.server.issuer;
      means.token_endpoint = found_.server.token_endpoint;
    }
    this->run(refresh(*about_->store_, about_->key(), std::move(wish), std::move(means), *outside_, this->now()), &exchange::renewed);
  }
  void renewed() {
    auto got = this->template outcome_of<refresh>();
    if (got) {
      record_ = std::move(*got);
      return use();
    }
    if (got.error().code() != errc::needs_person) return this->give_up(got.error());
    // The login is void. Whoever refused it has said how to get another; else the next answer will.
    if (challenged()) this->work(&exchange::load, &exchange::reloaded);
    else without_refresh();
  }
  void reloaded() {
    record_ = stored_ ? std::move(*stored_) : login();
    obtain();
  }

  void obtain() {
    if (reason_ == why::insufficient_scope) stepped_up_ = found_.challenged_scope;
    this->run(fresh_login(settings(), std::move(found_), std::move(record_), std::move(granted_), *outside_, this->now()), &exchange::obtained);
  }
  void obtained() {
    auto got = this->template outcome_of<fresh_login>();
    if (!got) return this->give_up(got.error().within("sign_in: ", shown(), ": "));
    record_ = std::move(*got);
    this->work(&exchange::save, &exchange::use);
  }
  result<void> read_key() {
    if (record_.dpop_key.empty()) return {};
    if (!settings().keys) return error{errc::fatal, "sign_in: the token for ", shown(), " is bound to a key, and nothing here can use it; set .keys (adapt/openssl_proof_keys.hpp)"};
    auto key = settings().keys.read(record_.dpop_key);
    if (!key) return key.error().within("sign_in: the stored key: ");
    key_ = std::move(*key);
    return {};
  }
  // A sign-in counts more than a renewal that somebody makes meanwhile. What can't be kept serves this process.
  void save() {
    auto& store = *about_->store_;
    for (int turn = 0; turn < max_turns; ++turn) {
      auto const there = store.load(about_->key());
      auto const generation = there ? there->generation : 0;
      auto const kept = store.compare_and_swap(about_->key(), generation, record_);
      if (kept && !*kept) continue;
      record_.generation = generation + 1;
      if (!kept) outside_->trace({"not kept", shown(), kept.error().message()});
      return;
    }
    outside_->trace({"not kept", shown(), "others write the same login all the time"});
  }

  void use() {
    if (settings().binding == bound_to_key::always && !equal_without_case(record_.token_type, "DPoP"))
      return this->give_up(
          error{errc::fatal, "sign_in: ", shown(),
                ": its token is bound to no key, where one is wanted that is; sign in anew"});
    if (auto ok = read_key(); !ok) return this->give_up(ok.error());
    memory_->generation = record_.generation;
    memory_->mark = refresh_mark(record_.access_token.reveal());
    memory_->stepped_up = std::move(stepped_up_);
    bound_token made{.access = {.value = std::move(record_.access_token), .type = secret(record_.token_type.view())}, .key = std::move(key_)};
    if (!made.access.value.ok() || !made.access.type.ok()) return this->give_up(no_memory());
    this->finish({std::move(made), record_.expires});
  }

  [[nodiscard]] std::string_view shown() const noexcept { return about_->origin_; }
  [[nodiscard]] static error no_memory() noexcept { return {errc::no_memory, "sign_in: out of memory"}; }

  static constexpr int max_turns = 16;

  sign_in const* about_;
  context const* outside_;
  memory* memory_;
  why reason_;
  secret challenge_;
  result<login> stored_{error{errc::not_mine}};
  login record_;
  discovered found_;
  owned_text granted_, stepped_up_;
  any_signer key_;
  bool looked_around_ = false;
};

}  // namespace countersign::inline v0::mcp
