#pragma once
// Who asks for a token, and how it proves it (RFC 6749 §2.3).

#include <countersign/core/context.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/file.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// A secret that is chosen when the program runs: none, one that is at hand, a variable's value, or a file's content. It is
/// read anew for each request that needs it.
class secret_from {
public:
  secret_from() = default;
  secret_from(secret value) noexcept : value_(std::move(value)), kind_(kind::value) {}
  secret_from(env variable) noexcept : variable_(variable.variable()), kind_(kind::variable) {}
  secret_from(file content) noexcept : file_(std::move(content)), kind_(kind::file) {}

  [[nodiscard]] bool given() const noexcept { return kind_ != kind::none; }

  /// errc::not_mine if the variable is unset or empty, the file is not there or empty, or if there is no secret at all;
  /// others as of `file`.
  [[nodiscard]] result<secret> read(context const& outside) const {
    if (kind_ == kind::value) return value_;
    if (kind_ == kind::variable) return env(variable_).acquire({}, outside);
    if (kind_ == kind::file) return file_.acquire({}, outside);
    return error{errc::not_mine, "client: no secret is given"};
  }

private:
  enum class kind : std::uint8_t { none, value, variable, file };

  secret value_;
  owned_text variable_;
  countersign::file file_{owned_text()};
  kind kind_ = kind::none;
};

/// How a client authenticates at the token endpoint. Data, not a policy: the server's metadata or its reply to a
/// registration decides.
enum class client_auth : std::uint8_t {
  as_advertised,  ///< what the server says; where it says nothing: basic with a secret, none without (RFC 6749 §2.3.1)
  none,             ///< a public client: the id alone
  basic,            ///< client_secret_basic
  post,             ///< client_secret_post
  private_key_jwt,  ///< an assertion that the client signed (RFC 7523 §2.2): it stands in the secret's place
  client_secret_jwt,  ///< the same, signed with the secret (HS256)
  tls_client_auth,  ///< a certificate that the transport shows, by an authority that the server trusts (RFC 8705 §2.1)
  self_signed_tls_client_auth,  ///< the same, of a key that the server knows (§2.2)
};

/// Its registered name (RFC 7591 §2), as metadata and registrations have it; empty for as_advertised, which has none.
[[nodiscard]] constexpr std::string_view name(client_auth method) noexcept {
  constexpr std::string_view names[] = {"",
                                        "none",
                                        "client_secret_basic",
                                        "client_secret_post",
                                        "private_key_jwt",
                                        "client_secret_jwt",
                                        "tls_client_auth",
                                        "self_signed_tls_client_auth"};
  return names[static_cast<std::uint8_t>(method)];
}

/// By that name; empty for one that is not known here.
[[nodiscard]] constexpr std::optional<client_auth> client_auth_named(std::string_view name) noexcept {
  if (name == "none") return client_auth::none;
  if (name == "client_secret_basic") return client_auth::basic;
  if (name == "client_secret_post") return client_auth::post;
  if (name == "private_key_jwt") return client_auth::private_key_jwt;
  if (name == "client_secret_jwt") return client_auth::client_secret_jwt;
  if (name == "tls_client_auth") return client_auth::tls_client_auth;
  if (name == "self_signed_tls_client_auth") return client_auth::self_signed_tls_client_auth;
  return std::nullopt;
}

/// A client as an authorization server knows it.
struct client_identity {
  owned_text id = {};
  secret_from secret = {};
  client_auth method = client_auth::as_advertised;
  /// The transport shows a certificate to the endpoints that the client posts to, however it authenticates there: tokens are
  /// bound to it where the server does that (RFC 8705 §3, §4).
  bool certificate = false;
};

[[nodiscard]] constexpr bool is_by_certificate(client_auth method) noexcept {
  return method == client_auth::tls_client_auth || method == client_auth::self_signed_tls_client_auth;
}
/// Whether its requests ask the transport for the certificate (`request::with_certificate`).
[[nodiscard]] inline bool shows_certificate(client_identity const& who) noexcept {
  return who.certificate || is_by_certificate(who.method);
}

}  // namespace countersign::inline v0::oauth
