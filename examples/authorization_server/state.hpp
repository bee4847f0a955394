#pragma once
// All that the two servers know. One lock is held while a request is answered: what a test sees happen,
// happened at once.

#include "clients.hpp"
#include "crypto.hpp"
#include "event_log.hpp"
#include "jwt.hpp"
#include "message.hpp"
#include "settings.hpp"
#include "tokens.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace provider {

/// What happens to the next requests for a path, in place of their answer.
struct fault {
  std::string path;
  int times = 1;                         // < 0: for ever
  std::chrono::milliseconds latency{0};  // before anything else
  bool handled = false;                  // the request is handled all the same; its answer is lost
  bool passes = false;                   // its answer is not even lost: there is the latency alone
  answer instead = {};
};

struct state {
  state(settings all, std::function<void(std::string_view)> listener)
      : set(std::move(all)), log(std::move(listener)) {
    renew_nonces();
  }

  void renew_nonces() {
    token_nonce = base64url(random_bytes(12));
    call_nonce = base64url(random_bytes(12));
  }

  settings set;
  event_log log;
  client_table clients;
  token_table tokens;
  proof_checks token_proofs, call_proofs;
  signing_key const key;
  /// Whose assertions are taken (RFC 7523), by `iss`.
  std::map<std::string, public_key> trusted = {};
  /// Client ID metadata documents, by their URL.
  std::map<std::string, std::string> documents = {};
  std::map<std::string, parameters> pages = {};  // that wait for a click
  std::vector<fault> faults = {};
  std::string token_nonce = {}, call_nonce = {};  // that DPoP proofs have to name, if `dpop_nonce` is set
  std::string issuer = {}, resource = {}, resource_origin = {};  // URLs; no slash at the end
  std::mutex lock;
};

/// Ends a grant and all tokens of it.
void revoke(state& all, grant& what, std::string_view why);

// The authorization server's, by path.
answer server_metadata(state& all);
answer register_client(state& all, request const& asked);
answer authorize(state& all, parameters const& asked);
answer decide(state& all, parameters const& asked);
answer token(state& all, request const& asked);
answer revocation(state& all, request const& asked);
/// `/control/…`, `/events`, `/counters`.
answer control(state& all, request const& asked);
/// What the authorization server has at a path; 404 elsewhere.
answer answer_at_issuer(state& all, request const& asked);

// Shared by grants.
struct issue {
  std::string_view grant_type;
  std::string scope = {};  // empty: the grant's
  bool with_refresh = false;
  int replaces = 0;  // the number of the refresh token that was presented
};
/// The reply with the tokens.
answer issue_tokens(state& all, grant const& of, issue const& how);
/// jwt-bearer (RFC 7523), token exchange (RFC 8693); see `token`.
answer by_assertion(state& all, request const& asked, client const& who, std::string const& thumb);
answer by_exchange(state& all, request const& asked, client const& who, std::string const& thumb);
/// An error of the token endpoint, logged.
answer refuse_token(state& all, std::string_view grant_type, std::string_view code, std::string_view words,
                    int status = 400);

/// The client of that id; one that is known by its metadata document is made of that.
client* find_client(state& all, std::string const& id);

}  // namespace provider
