#pragma once
// Who may ask for tokens, and how each shows that it is itself.

#include "jwt.hpp"
#include "message.hpp"

#include <countersign/text/json_value.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace provider {

struct client {
  std::string id = {}, secret = {};
  std::string method = "client_secret_basic";  // token_endpoint_auth_method
  std::vector<std::string> redirect_uris = {}, grants = {"authorization_code"};
  std::string scope = {};             // all it may ask for; empty: whatever the server has
  std::vector<public_key> keys = {};  // for private_key_jwt

  [[nodiscard]] bool may(std::string_view grant) const;
  /// Exactly, but for the port of a loopback address (RFC 8252 §7.3).
  [[nodiscard]] bool takes(std::string_view redirect_uri) const;
};

/// Reads client metadata (RFC 7591 §2) but for id and secret.
/// @return why not, as error code and words; empty if it was read
std::pair<std::string, std::string> read_client(countersign::json_value said, std::string_view auth_methods,
                                                client& to);

class client_table {
public:
  client& add(client one);
  void forget(std::string const& id) { all_.erase(id); }
  [[nodiscard]] client* find(std::string const& id);
  [[nodiscard]] std::size_t size() const { return all_.size(); }

  struct verdict {
    client* who = nullptr;
    std::string why = {};  // where it is nobody
    bool basic = false;    // it was tried by Basic
  };
  /// RFC 6749 §2.3, RFC 7523 §2.2.
  verdict authenticate(request const& asked, std::string_view issuer);

private:
  verdict by_basic(std::string const& sent);
  verdict by_assertion(parameters const& form, std::string_view issuer);

  std::map<std::string, client> all_;
  std::set<std::string> seen_;  // the jti of each assertion
};

}  // namespace provider
