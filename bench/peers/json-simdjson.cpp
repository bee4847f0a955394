// link if there: simdjson
// flags with avx2: -mavx2 -mbmi -mpclmul -mlzcnt -mpopcnt
// simdjson on demand, which looks at each member once, in the order of the text. It is as fast as it is known to be only
// when it is compiled for the machine: it is, where that has AVX2, and nothing else here is.

#include "../json_texts.hpp"

#include <string_view>

#if __has_include(<simdjson.h>)
#include <simdjson.h>
#endif

namespace {

#if __has_include(<simdjson.h>)
namespace simd = simdjson::ondemand;

class by_simdjson {
public:
  explicit by_simdjson(std::string_view text) : text_(text) {}

  bool read(json_texts::token& to) {
    simd::document document;
    if (parser_.iterate(text_).get(document) != simdjson::SUCCESS) return false;
    for (auto field : document.get_object()) {
      std::string_view const name = field.unescaped_key();
      if (name == "access_token") to.access_token = field.value().get_string();
      else if (name == "token_type") to.token_type = field.value().get_string();
      else if (name == "expires_in") to.expires_in = field.value().get_int64();
      else if (name == "refresh_token") to.refresh_token = field.value().get_string();
      else if (name == "scope") to.scope = field.value().get_string();
    }
    return true;
  }
  bool read(json_texts::metadata& to) {
    simd::document document;
    if (parser_.iterate(text_).get(document) != simdjson::SUCCESS) return false;
    auto const has = [](auto&& array, std::string_view what) {
      bool found = false;
      for (auto element : array.get_array()) found |= element.get_string().value() == what;
      return found;
    };
    for (auto field : document.get_object()) {
      std::string_view const name = field.unescaped_key();
      if (name == "issuer") to.issuer = field.value().get_string();
      else if (name == "authorization_endpoint") to.authorization_endpoint = field.value().get_string();
      else if (name == "token_endpoint") to.token_endpoint = field.value().get_string();
      else if (name == "registration_endpoint") to.registration_endpoint = field.value().get_string();
      else if (name == "revocation_endpoint") to.revocation_endpoint = field.value().get_string();
      else if (name == "jwks_uri") to.jwks_uri = field.value().get_string();
      else if (name == "scopes_supported") {
        simd::value all = field.value();
        to.scopes = all.count_elements();
      } else if (name == "code_challenge_methods_supported") to.s256 = has(field.value(), "S256");
      else if (name == "grant_types_supported") to.refreshes = has(field.value(), "refresh_token");
      else if (name == "token_endpoint_auth_methods_supported") to.private_key_jwt = has(field.value(), "private_key_jwt");
      else if (name == "authorization_response_iss_parameter_supported") to.iss_parameter = field.value().get_bool();
    }
    return true;
  }

private:
  simdjson::padded_string text_;
  simd::parser parser_;
};
#endif

#if !__has_include(<simdjson.h>)
bool const left_out = table::left_out("simdjson", "libsimdjson-dev is not there");
#elif defined(__AVX2__)
bool const added = (json_texts::add<by_simdjson>("simdjson on demand, AVX2"), true);
#else
bool const added = (json_texts::add<by_simdjson>("simdjson on demand"), true);
#endif

}  // namespace
