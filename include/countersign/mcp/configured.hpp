#pragma once
// The credential that a config gives a server.

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/crypto/key_reader.hpp>
#include <countersign/mcp/as_configured.hpp>
#include <countersign/mcp/detail/auth_entries.hpp>
#include <countersign/mcp/detail/field_texts.hpp>
#include <countersign/mcp/headers_program.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/source/program_headers.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// What else is done for a server beside what `configured` writes.
enum class beside_entry : std::uint8_t {
  nothing,
  login,  ///< somebody signs in: `configured_login`
};

/// Whether all is done that a server's entry asks for. errc::fatal names the key that is not: leaving a credential
/// out silently would look like a refusal by the server. `tls` is the transport's: see `tls_files_of`.
[[nodiscard]] inline result<void> supported(server const& of, beside_entry more = beside_entry::nothing) {
  if (!of.oauth() || more == beside_entry::login) return {};
  return about_server(error(errc::fatal, "somebody has to sign in for it; open the server with a store"), of.name(), "oauth");
}

/// How many `auth` entries of one server may mint tokens.
inline constexpr std::size_t max_minted = 4;

/// A source: `headers` with their variables expanded, what `auth` adds, and over both what `headersHelper` prints. The
/// variables and key files are read here, once; the program runs when it is asked first, and again when a server refused;
/// a token is minted anew before it expires. An unset variable is errc::not_mine and named with field and server; the
/// template itself is never sent. Keeps a copy of what it needs, so the config may end before it.
class configured {
  using token_memory = memory_of<decltype(detail::minted_header::token)>;

public:
  using credential = server_credential;
  static constexpr bool offline = true;

  struct memory {
    countersign::detail::held<header_list> printed;
    std::array<token_memory, max_minted> tokens;
  };

  /// What is wrong is told by `acquire`.
  /// @param outside for the variables; it may end before this
  /// @param keys reads private keys; null: an entry that names one is an error
  configured(server const& of, context const& outside, config_owner owner = config_owner::project,
             beside_entry more = beside_entry::nothing, key_reader keys = nullptr)
      : name_(of.name()), writes_(of.headers().size() > 0 || of.headers_command() || of.auth()), key_reader_(keys),
        usable_(read(of, outside, owner, more)) {}

  /// Whether it would write anything at all.
  [[nodiscard]] bool has_fields() const noexcept { return writes_; }

  class exchange : public steps<exchange, issued<server_credential>> {
  public:
    exchange(configured const& about, occasion const& why, context const& outside, memory& kept)
        : about_(&about), outside_(&outside), memory_(&kept) {
      if (!about.usable_) {
        this->give_up(about.usable_.error());
        return;
      }
      if (auto ok = mint(why); !ok) {
        this->give_up(about_server(ok.error(), about.name_, "auth"));
        return;
      }
      bool const refused = why.reason == why::refused || why.reason == why::insufficient_scope;
      if (about.runs_ && (refused || !kept.printed)) this->work(&exchange::run, &exchange::ran);
      else compose();
    }

  private:
    result<void> mint(occasion const& why) {
      for (std::size_t i = 0; i < max_minted && about_->minted_[i]; ++i) {
        auto const& one = *about_->minted_[i];
        auto const made = one.token.acquire(why, *outside_, memory_->tokens[i]);
        if (!made) return made.error();
        secret const value(one.prefix.view(), made->credential.reveal());
        if (!value.ok()) return error(errc::no_memory, "out of memory");
        tokens_.set(one.name, value.reveal());
        if (made->expires < expires_) expires_ = made->expires;
      }
      return {};
    }
    void run() { printed_ = about_->runs_->output(*outside_); }
    void ran() {
      if (!printed_) return this->give_up(printed_.error());
      auto list = read_printed_headers(std::move(*printed_));
      if (!list) return this->give_up(about_->runs_->wrong(list.error().code(), list.error().message()));
      memory_->printed.emplace(std::move(*list));
      compose();
    }
    void compose() {
      auto made = about_->settled_;
      auto const lay = [&](std::string_view name, std::string_view value) { made.fields.set(name, value); };
      tokens_.each(lay);
      if (memory_->printed) memory_->printed->each(lay);
      if (!made.fields.ok()) return this->give_up(error(errc::no_memory, "configured: out of memory"));
      this->finish(issued<server_credential>{std::move(made), expires_});
    }

    configured const* about_;
    context const* outside_;
    memory* memory_;
    result<secret> printed_{error{errc::abandoned, "headersHelper: it was not run"}};
    header_list tokens_;
    wall_time expires_ = never_expires;
  };

  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& kept) const {
    return exchange(*this, why, outside, kept);
  }

private:
  result<void> read(server const& of, context const& outside, config_owner owner, beside_entry more) {
    if (auto ok = supported(of, more); !ok) return ok;
    if (!name_.ok()) return error(errc::no_memory, "configured: out of memory");
    server_environment variables(outside);
    if (auto ok = variables.load(of); !ok) return ok;
    if (auto ok = read_headers(of, variables.outside()); !ok) return ok;
    if (auto ok = read_auth(of, variables.outside()); !ok) return ok;
    if (!of.headers_command()) return {};
    auto runs = headers_program(of, owner, variables.outside());
    if (!runs) return runs.error();
    runs_.emplace(std::move(*runs));
    return {};
  }
  result<void> read_headers(server const& of, context const& outside) {
    for (auto const [name, text] : of.headers().members()) {
      auto const value = detail::header_value(name.string(), text.string(), outside);
      if (!value)
        return about_server(value.error(), of.name(), "headers.",
                                    front_of(name.string(), max_name_shown));
      settled_.fields.append(name.string(), value->reveal());
    }
    if (!settled_.fields.ok()) return error(errc::no_memory, "configured: out of memory");
    return {};
  }
  result<void> read_auth(server const& of, context const& outside) {
    std::size_t keys = 0, tokens = 0, signatures = 0;
    result<void> whole;
    of.each_auth([&](json_value one) {
      if (!whole) return;
      auto const type = one["type"].string();
      if (type == "basic") whole = detail::add_login(settled_.fields, of, one, outside);
      else if (type == "hmac") whole = add_key(keys++, of, one, outside);
      else if (type == "jwt") whole = add_token(tokens++, of, one, outside);
      else if (type == "sigv4") whole = add_aws_key(of, one, outside);
      else if (type == "http_signature") whole = add_signature_key(signatures++, of, one, outside);
      else if (type == "digest") whole = add_digest_login(of, one, outside);
    });
    return whole;
  }
  // `as_configured` refuses what is beyond.
  result<void> add_key(std::size_t index, server const& of, json_value entry, context const& outside) {
    if (index >= max_signatures) return {};
    auto key = detail::signing_key(of, entry, outside);
    if (!key) return key.error();
    settled_.keys[index] = std::move(*key);
    return {};
  }
  result<void> add_signature_key(std::size_t index, server const& of, json_value entry, context const& outside) {
    if (index >= max_signatures) return {};
    auto key = detail::http_signature_key_of(of, entry, key_reader_, outside);
    if (!key) return key.error();
    settled_.http_signatures[index] = std::move(*key);
    return {};
  }
  result<void> add_aws_key(server const& of, json_value entry, context const& outside) {
    auto key = detail::aws_key(of, entry, outside);
    if (!key) return key.error();
    settled_.aws = std::move(*key);
    return {};
  }
  result<void> add_digest_login(server const& of, json_value entry, context const& outside) {
    auto login = detail::digest_login(of, entry, outside);
    if (!login) return login.error();
    settled_.login = std::move(*login);
    return {};
  }
  result<void> add_token(std::size_t index, server const& of, json_value entry, context const& outside) {
    if (index >= max_minted)
      return about_server(error(errc::too_large, "more than ", max_minted, " of type jwt"), of.name(), "auth");
    auto made = detail::minted_header_of(of, entry, outside);
    if (!made) return made.error();
    minted_[index].emplace(std::move(*made));
    return {};
  }

  owned_text name_;
  bool writes_;
  key_reader key_reader_;
  server_credential settled_;
  countersign::detail::held<detail::minted_header> minted_[max_minted];
  countersign::detail::held<program> runs_;
  result<void> usable_;  // behind what it fills
};

}  // namespace countersign::inline v0::mcp
