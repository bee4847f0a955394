// Reading a token response and an authorization server's metadata: by hand in one pass without a check (the floor), by
// countersign in place and strictly, and by the peers of peers/json.cpp.

#include <countersign/text/json.hpp>

#include "json_by_hand.hpp"
#include "json_texts.hpp"
#include "table.hpp"

#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

class by_one_pass {
public:
  explicit by_one_pass(std::string_view text) : text_(text) {}

  bool read(json_texts::token& to) {
    by_hand::json_pass pass(text_);
    pass.members([&](std::string_view name) {
      if (name == "access_token") to.access_token = pass.string();
      else if (name == "token_type") to.token_type = pass.string();
      else if (name == "expires_in") to.expires_in = pass.number();
      else if (name == "refresh_token") to.refresh_token = pass.string();
      else if (name == "scope") to.scope = pass.string();
      else pass.skip();
    });
    return !to.access_token.empty();
  }
  bool read(json_texts::metadata& to) {
    by_hand::json_pass pass(text_);
    auto const has = [&](bool& found, std::string_view what) {
      pass.strings([&](std::string_view element) { found |= element == what; });
    };
    pass.members([&](std::string_view name) {
      if (name == "issuer") to.issuer = pass.string();
      else if (name == "authorization_endpoint") to.authorization_endpoint = pass.string();
      else if (name == "token_endpoint") to.token_endpoint = pass.string();
      else if (name == "registration_endpoint") to.registration_endpoint = pass.string();
      else if (name == "revocation_endpoint") to.revocation_endpoint = pass.string();
      else if (name == "jwks_uri") to.jwks_uri = pass.string();
      else if (name == "scopes_supported") pass.strings([&](std::string_view) { ++to.scopes; });
      else if (name == "code_challenge_methods_supported") has(to.s256, "S256");
      else if (name == "grant_types_supported") has(to.refreshes, "refresh_token");
      else if (name == "token_endpoint_auth_methods_supported") has(to.private_key_jwt, "private_key_jwt");
      else if (name == "authorization_response_iss_parameter_supported") to.iss_parameter = pass.boolean();
      else pass.skip();
    });
    return !to.issuer.empty();
  }

private:
  std::string_view text_;
};

// The text lies in the buffer that brought it; without escapes it is left as it is, and can be read again.
class by_countersign {
public:
  explicit by_countersign(std::string_view text) : text_(text) {}

  bool read(json_texts::token& to) {
    return in_document([&](cs::json_document const& document) {
      to.access_token = document["access_token"].string();
      to.token_type = document["token_type"].string();
      to.expires_in = document["expires_in"].integer().value_or(0);
      to.refresh_token = document["refresh_token"].string();
      to.scope = document["scope"].string();
    });
  }
  bool read(json_texts::metadata& to) {
    return in_document([&](cs::json_document const& document) {
      auto const has = [&](std::string_view name, std::string_view what) {
        for (auto const element : document[name].elements())
          if (element.string() == what) return true;
        return false;
      };
      to.issuer = document["issuer"].string();
      to.authorization_endpoint = document["authorization_endpoint"].string();
      to.token_endpoint = document["token_endpoint"].string();
      to.registration_endpoint = document["registration_endpoint"].string();
      to.revocation_endpoint = document["revocation_endpoint"].string();
      to.jwks_uri = document["jwks_uri"].string();
      to.scopes = document["scopes_supported"].size();
      to.s256 = has("code_challenge_methods_supported", "S256");
      to.refreshes = has("grant_types_supported", "refresh_token");
      to.private_key_jwt = has("token_endpoint_auth_methods_supported", "private_key_jwt");
      to.iss_parameter = document["authorization_response_iss_parameter_supported"].boolean();
    });
  }

private:
  template <class Look>
  bool in_document(Look look) {
    auto document = cs::json_document::parse(std::move(text_));
    if (!document) return false;
    look(*document);
    text_ = std::move(*document).release();
    return true;
  }

  cs::secret text_;
};

}  // namespace

int main(int argc, char** argv) {
  json_texts::add<by_one_pass>("floor");
  json_texts::add<by_countersign>("countersign");
  return table::main(argc, argv);
}
