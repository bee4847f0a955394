#pragma once
// A token for the client itself (RFC 6749 §4.4).

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>

#include <utility>

namespace countersign::inline v0::oauth {

/// Asks a token endpoint: `client_credentials{.token_endpoint = "https://…", .client = {.id = "…", .secret = env{"…"}}}`.
/// The endpoint must be https, or http on loopback. Yields a `token` with its type and absolute expiry.
struct client_credentials {
  owned_text token_endpoint = {};
  client_identity client = {};
  owned_text scope = {};     ///< space-separated (RFC 6749 §3.3); empty: as the server sees fit
  owned_text resource = {};  ///< RFC 8707: for which resource, verbatim; empty: not said

  using credential = token;

  class exchange : public steps<exchange, issued<token>> {
  public:
    exchange(client_credentials const& about, context const& outside) {
      auto made = first_request(about, outside);
      if (made) this->send(std::move(*made), &exchange::answered);
      else this->give_up(made.error());
    }

  private:
    static result<request> first_request(client_credentials const& about, context const& outside) {
      if (!about.token_endpoint.ok() || !about.scope.ok() || !about.resource.ok()) return error{errc::no_memory, "oauth: out of memory"};
      // RFC 6749 §4.4: for confidential clients only. One that proves itself otherwise (RFC 8705) says so.
      if (!about.client.secret.given() && about.client.method != client_auth::none)
        return error{errc::bad_input, "oauth client ", about.client.id.view(), ": it has no secret; set .client.secret, or .client.method to client_auth::none if the server knows it otherwise"};
      auto client_secret = about.client.secret.given() ? about.client.secret.read(outside) : result<secret>(secret());
      if (!client_secret) return client_secret.error().within("oauth client ", about.client.id.view(), ": ");
      form body;
      body.add("grant_type", "client_credentials").add("scope", about.scope).add("resource", about.resource);
      return token_request(about.token_endpoint, about.client, *client_secret, std::move(body));
    }
    void answered() {
      if (answer() == nullptr) return failed(error{errc::transient, "oauth: the token endpoint ", how_lost() == lost::not_sent ? "could not be reached" : "did not answer"});
      auto got = read_token_response(std::move(*answer()), now().wall);
      if (!got) return failed(got.error());
      finish({std::move(got->access), got->expires});
    }
    // Says which of several endpoints it was; check_endpoint() let no user name into its origin.
    void failed(error const& why) { give_up(why.within(pending().origin(), ": ")); }
  };

  [[nodiscard]] exchange acquire(occasion const&, context const& outside) const { return exchange(*this, outside); }
};

}  // namespace countersign::inline v0::oauth
