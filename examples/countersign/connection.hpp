#pragma once
// A server of the config, ready to be spoken with.

#include "client.hpp"
#include "login_store.hpp"
#include "traced_http.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/server.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace program {

class connection {
public:
  /// For http and ws servers; others say what is missing. A login at hand is used, and renewed if it must be; nobody
  /// is asked to sign in.
  static countersign::result<connection> open(countersign::mcp::server const& server,
                                              countersign::context const& outside,
                                              countersign::mcp::config_owner owner);

  /// Refers to this object.
  [[nodiscard]] client speaker() { return client(auth_, url_.reveal(), http_, other_); }

  [[nodiscard]] bool has_credential() const { return !seen_->ours.empty(); }
  /// The headers that requests carried so far, for who shows them redacted.
  [[nodiscard]] countersign::header_list const& fields() const { return seen_->ours; }
  /// What kept logins from being looked at; errc::none: nothing.
  [[nodiscard]] countersign::error trouble() const { return store_->trouble(); }

  /// What others say (a server, a resolver) with our secrets struck out, should they repeat them.
  [[nodiscard]] std::string without_secrets(std::string_view text) const;

private:
  connection(std::shared_ptr<login_store> store, server_auth auth, countersign::secret url,
             std::shared_ptr<sent_fields const> seen, bool private_url, transport http, other_wire other);

  std::shared_ptr<login_store> store_;  // the authenticator refers to it
  server_auth auth_;
  countersign::secret url_;
  std::shared_ptr<sent_fields const> seen_;
  bool private_url_;
  transport http_;
  other_wire other_;
};

}  // namespace program
