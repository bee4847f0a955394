#pragma once
// Codes, access tokens and refresh tokens: opaque names for what the server keeps here.

#include <chrono>
#include <map>
#include <string>

namespace provider {

using moment = std::chrono::steady_clock::time_point;

/// What a person, or a client for itself, was granted. All tokens that come of it end with it.
struct grant {
  int number = 0;
  std::string client = {}, subject = {}, scope = {}, resource = {};
  std::string thumb = {};  // of the DPoP key that tokens are bound to; empty: bearer tokens
  bool revoked = false;
};

struct code {
  int grant = 0;
  std::string redirect_uri = {}, challenge = {};
  std::string thumb = {};  // dpop_jkt (RFC 9449 §10)
  moment expires = {};
  bool used = false;
};

struct access_token {
  int number = 0, grant = 0;
  std::string scope = {};
  moment expires = {};
  bool revoked = false;
};

struct refresh_token {
  int number = 0, grant = 0;
  moment expires = {};
  bool replaced = false;
  moment replaced_at = {};
};

class token_table {
public:
  grant& new_grant(grant what);
  [[nodiscard]] grant& grant_of(int number) { return grants_.at(number); }

  std::string add(code what);
  std::string add(access_token what, int& number);
  std::string add(refresh_token what, int& number);

  /// nullptr: there is no such.
  [[nodiscard]] code* find_code(std::string const& text) { return find(codes_, text); }
  [[nodiscard]] access_token* find_access(std::string const& text) { return find(access_, text); }
  [[nodiscard]] refresh_token* find_refresh(std::string const& text) { return find(refresh_, text); }

  /// All access tokens end now; refresh tokens live on.
  void expire_access();
  void revoke_all();

private:
  template <class Map>
  static typename Map::mapped_type* find(Map& in, std::string const& text) {
    auto const found = in.find(text);
    return found == in.end() ? nullptr : &found->second;
  }

  std::map<int, grant> grants_;
  std::map<std::string, code> codes_;
  std::map<std::string, access_token> access_;
  std::map<std::string, refresh_token> refresh_;
  int last_access_ = 0, last_refresh_ = 0;
};

}  // namespace provider
