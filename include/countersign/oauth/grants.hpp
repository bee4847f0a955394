#pragma once
// What each grant asks of a token endpoint: the body, to which `token_request` adds the client's
// authentication. All fields are borrowed until `body()` returns; what is empty is left out.

#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// What kind of token a text is (RFC 8693 §3; draft-ietf-oauth-identity-assertion-authz-grant for the last).
namespace token_type {
inline constexpr std::string_view access_token = "urn:ietf:params:oauth:token-type:access_token";
inline constexpr std::string_view refresh_token = "urn:ietf:params:oauth:token-type:refresh_token";
inline constexpr std::string_view id_token = "urn:ietf:params:oauth:token-type:id_token";
inline constexpr std::string_view jwt = "urn:ietf:params:oauth:token-type:jwt";
inline constexpr std::string_view id_jag = "urn:ietf:params:oauth:token-type:id-jag";
}  // namespace token_type

/// A code becomes a token (RFC 6749 §4.1.3, RFC 7636 §4.5).
struct authorization_code_grant {
  std::string_view code = {};
  std::string_view redirect_uri = {};  ///< the same as in the authorization request
  std::string_view code_verifier = {};
  std::string_view resource = {};  ///< the same as in the authorization request (RFC 8707 §2.2)

  [[nodiscard]] form body() const noexcept {
    form made;
    made.add("grant_type", "authorization_code").add("code", code).add("redirect_uri", redirect_uri);
    made.add("code_verifier", code_verifier).add("resource", resource);
    return made;
  }
};

/// A new token for one that expires (RFC 6749 §6).
struct refresh_token_grant {
  std::string_view refresh_token = {};
  std::string_view scope = {};  ///< no more than was granted; empty: the same
  std::string_view resource = {};

  [[nodiscard]] form body() const noexcept {
    form made;
    made.add("grant_type", "refresh_token")
        .add("refresh_token", refresh_token)
        .add("scope", scope)
        .add("resource", resource);
    return made;
  }
};

/// A code that somebody enters on another device becomes a token (RFC 8628 §3.4).
struct device_code_grant {
  std::string_view device_code = {};
  std::string_view resource = {};

  [[nodiscard]] form body() const noexcept {
    form made;
    made.add("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
        .add("device_code", device_code)
        .add("resource", resource);
    return made;
  }
};

/// A token for the client itself (RFC 6749 §4.4).
struct client_credentials_grant {
  std::string_view scope = {};
  std::string_view resource = {};

  [[nodiscard]] form body() const noexcept {
    form made;
    made.add("grant_type", "client_credentials").add("scope", scope).add("resource", resource);
    return made;
  }
};

/// One token for another (RFC 8693 §2.1).
struct token_exchange_grant {
  std::string_view subject_token = {};
  std::string_view subject_token_type = {};  ///< of `token_type`
  std::string_view actor_token = {};
  std::string_view actor_token_type = {};
  std::string_view requested_token_type = {};
  std::string_view audience = {};
  std::string_view resource = {};
  std::string_view scope = {};

  [[nodiscard]] form body() const noexcept {
    form made;
    made.add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .add("requested_token_type", requested_token_type);
    made.add("audience", audience).add("resource", resource).add("scope", scope);
    made.add("subject_token", subject_token).add("subject_token_type", subject_token_type);
    made.add("actor_token", actor_token).add("actor_token_type", actor_token_type);
    return made;
  }
};

/// A signed assertion becomes a token (RFC 7523 §2.1): a workload's own, or an identity assertion (ID-JAG).
struct jwt_bearer_grant {
  std::string_view assertion = {};
  std::string_view scope = {};
  std::string_view resource = {};

  [[nodiscard]] form body() const noexcept {
    form made;
    made.add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .add("assertion", assertion)
        .add("scope", scope)
        .add("resource", resource);
    return made;
  }
};

/// Asked of a company's identity provider: an assertion of who the user is, which another authorization
/// server takes by `jwt_bearer_grant`.
struct id_jag_grant {
  std::string_view id_token = {};
  std::string_view audience = {};  ///< the issuer of that other server
  std::string_view resource = {};  ///< of its metadata, verbatim
  std::string_view scope = {};

  [[nodiscard]] form body() const noexcept {
    return token_exchange_grant{.subject_token = id_token,
                                .subject_token_type = token_type::id_token,
                                .requested_token_type = token_type::id_jag,
                                .audience = audience,
                                .resource = resource,
                                .scope = scope}
        .body();
  }
};

/// The assertion that an identity provider gave; errc::fatal if it gave anything else (RFC 8693 §2.2.1:
/// issued_token_type; token_type is "N_A", since it opens nothing by itself).
[[nodiscard]] inline result<secret> id_jag_of(token_response given) {
  if (given.issued_token_type.view() != token_type::id_jag ||
      !equal_without_case(given.access.type.reveal(), "N_A"))
    return error{errc::fatal, "oauth: the identity provider gave a token of another kind than the identity "
                              "assertion (id-jag) that was asked for"};
  return std::move(given.access.value);
}

/// The same from its answer. Errors also as of `read_token_response`.
[[nodiscard]] inline result<secret> read_id_jag(response answer, wall_time now) {
  auto got = read_token_response(std::move(answer), now);
  if (!got) return got.error();
  return id_jag_of(std::move(*got));
}

}  // namespace countersign::inline v0::oauth
