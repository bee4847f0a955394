#include "tokens.hpp"

#include "crypto.hpp"

namespace provider {

namespace {
std::string new_token(char const* prefix) { return prefix + base64url(random_bytes(32)); }
}  // namespace

grant& token_table::new_grant(grant what) {
  what.number = static_cast<int>(grants_.size()) + 1;
  return grants_[what.number] = what;
}

std::string token_table::add(code what) {
  auto text = new_token("code-");
  codes_[text] = what;
  return text;
}

std::string token_table::add(access_token what, int& number) {
  auto text = new_token("access-");
  number = what.number = ++last_access_;
  access_[text] = what;
  return text;
}

std::string token_table::add(refresh_token what, int& number) {
  auto text = new_token("refresh-");
  number = what.number = ++last_refresh_;
  refresh_[text] = what;
  return text;
}

void token_table::expire_access() {
  for (auto& [text, token] : access_) token.expires = {};
}

void token_table::revoke_all() {
  for (auto& [number, one] : grants_) one.revoked = true;
}

}  // namespace provider
