#pragma once
// JSON Web Keys to OpenSSL's keys and back (RFC 7517, RFC 7518 §6, RFC 8037 §2).

#include <countersign/adapt/detail/openssl_algorithm.hpp>
#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <bit>
#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

inline constexpr std::size_t p256_size = 32, p384_size = 48,
                             ed25519_size = 32;  // bytes of a coordinate, or of a key

/// One member of a JWK and what OpenSSL calls it.
struct jwk_number {
  char const* member;
  char const* param;
};
inline constexpr jwk_number rsa_numbers[] = {
    {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
    {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

/// A member's bytes. `size`: how many it must have; 0: one or more.
[[nodiscard]] inline result<secret> jwk_bytes(json_document const& jwk, std::string_view member,
                                              std::size_t size) {
  auto const value = jwk[member];
  if (!value.is_string())
    return error{errc::bad_input, "JWK: the member ", member, " is missing, or no string"};
  auto bytes = decode_base64(value.string(), base64::url);
  if (!bytes) return bytes.error().within("JWK: the member ", member, ": ");
  if (bytes->empty() || (size != 0 && bytes->size() != size))
    return error{errc::bad_input,
                 "JWK: the member ",
                 member,
                 " has ",
                 bytes->size(),
                 " bytes, and must have ",
                 size == 0 ? std::size_t{1} : size};
  return bytes;
}

/// Which half of a key a JWK is read for.
enum class jwk_half : bool { public_one, private_one };

[[nodiscard]] inline openssl_pkey key_of(char const* type, OSSL_PARAM* params, jwk_half half) noexcept {
  openssl_pkey_ctx const c(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (c == nullptr || EVP_PKEY_fromdata_init(c.get()) != 1 ||
      EVP_PKEY_fromdata(c.get(), &made, half == jwk_half::private_one ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1)
    return nullptr;
  return openssl_pkey(made);
}

// Big-endian, as JWKs have them, to what OpenSSL takes: the machine's order.
[[nodiscard]] inline OSSL_PARAM number_param(char const* name, secret& bytes) noexcept {
  auto* const first = reinterpret_cast<unsigned char*>(bytes.data());
  if (std::endian::native == std::endian::little)
    for (std::size_t i = 0; i < bytes.size() / 2; ++i) std::swap(first[i], first[bytes.size() - 1 - i]);
  return OSSL_PARAM_construct_BN(name, first, bytes.size());
}

[[nodiscard]] inline error no_key(std::string_view type) noexcept {
  return {errc::bad_input, "JWK: its members make no ", type, " key; was one of them changed?"};
}

[[nodiscard]] inline result<openssl_pkey> ec_key(json_document const& jwk, jwk_half half) {
  auto const curve = jwk["crv"].string();
  if (curve != "P-256" && curve != "P-384") return error{errc::bad_input, "JWK: crv must be P-256 or P-384"};
  auto const size = curve == "P-256" ? p256_size : p384_size;
  bool const whole = half == jwk_half::private_one;
  auto x = jwk_bytes(jwk, "x", size), y = jwk_bytes(jwk, "y", size),
       d = whole ? jwk_bytes(jwk, "d", size) : result<secret>(secret());
  for (auto const* part : {&x, &y, &d})
    if (!*part) return part->error();
  secret point("\x04", x->reveal(), y->reveal());
  if (!point.ok()) return error{errc::no_memory, "JWK: out of memory"};
  char group[] = "P-256";
  if (size == p384_size) group[2] = '3', group[3] = '8', group[4] = '4';
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      whole ? number_param(OSSL_PKEY_PARAM_PRIV_KEY, *d) : OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
  if (auto key = key_of("EC", params, half)) return key;
  return no_key("EC");
}

[[nodiscard]] inline result<openssl_pkey> rsa_key(json_document const& jwk, jwk_half half) {
  if (jwk["oth"])
    return error{errc::bad_input, "JWK: a key of more than two primes (oth) signs nothing here"};
  constexpr std::size_t least = 3;  // RFC 7518 §6.3.2: d alone, or with all five others
  secret bytes[std::size(rsa_numbers)];
  OSSL_PARAM params[std::size(rsa_numbers) + 1];
  std::size_t count = 0;
  constexpr std::size_t both_have = 2;  // n and e
  for (auto const& [member, param] : rsa_numbers) {
    if (count == both_have && half == jwk_half::public_one) break;
    if (count == least && !jwk["p"]) break;
    auto read = jwk_bytes(jwk, member, 0);
    if (!read) return read.error();
    bytes[count] = std::move(*read);
    params[count] = number_param(param, bytes[count]);
    ++count;
  }
  params[count] = OSSL_PARAM_construct_end();
  if (auto key = key_of("RSA", params, half)) return key;
  return no_key("RSA");
}

[[nodiscard]] inline result<openssl_pkey> okp_key(json_document const& jwk, jwk_half half) {
  if (jwk["crv"].string() != "Ed25519") return error{errc::bad_input, "JWK: crv must be Ed25519"};
  bool const whole = half == jwk_half::private_one;
  auto const x = jwk_bytes(jwk, "x", ed25519_size),
             d = whole ? jwk_bytes(jwk, "d", ed25519_size) : result<secret>(secret());
  for (auto const* part : {&x, &d})
    if (!*part) return part->error();
  auto const bytes = [](secret const& of) {
    return reinterpret_cast<unsigned char const*>(of.reveal().data());
  };
  if (!whole) {
    if (openssl_pkey key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(*x), x->size())}) return key;
    return no_key("Ed25519");
  }
  openssl_pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(*d), d->size()));
  unsigned char made[ed25519_size] = {};
  std::size_t size = sizeof made;
  if (key == nullptr || EVP_PKEY_get_raw_public_key(key.get(), made, &size) != 1 ||
      x->reveal() != std::string_view(reinterpret_cast<char const*>(made), size))
    return no_key("Ed25519");
  return key;
}

/// A key. `alg` is what it may be used with if it says so (RFC 7517 §4.4), else as it was.
[[nodiscard]] inline result<openssl_pkey> read_jwk(secret json, jws_algorithm& alg, jwk_half half = jwk_half::private_one) {
  auto const jwk = json_document::parse(std::move(json));
  if (!jwk) return jwk.error().within("JWK: ");
  if (!jwk->root().is_object()) return error{errc::bad_input, "JWK: it is no JSON object"};
  if ((*jwk)["keys"]) return error{errc::bad_input, "JWK: this is a set of keys; give one of them"};
  if (auto const use = (*jwk)["use"]; use && use.string() != "sig")
    return error{errc::bad_input, "JWK: its use is not \"sig\", so it may not sign (RFC 7517 section 4.2)"};
  auto const type = (*jwk)["kty"].string();
  if (type == "oct")
    return error{errc::bad_input, "JWK: kty oct is a key that both sides share; use hs256 for it"};
  if (type != "EC" && type != "RSA" && type != "OKP")
    return error{errc::bad_input, "JWK: kty must be EC, RSA or OKP"};
  if (half == jwk_half::public_one && (*jwk)["d"])
    return error{errc::bad_input, "JWK: this is the private key (a member d), and verifying needs the public half alone"};
  if (half == jwk_half::private_one && !(*jwk)["d"])
    return error{errc::bad_input,
                 "JWK: this is the public half (no member d), and signing needs the private one"};
  if (auto const named = (*jwk)["alg"]) {
    auto const found = openssl_algorithm_of(named.string());
    if (!found) return found.error().within("JWK: ");
    if (alg != jws_algorithm::of_key && alg != *found)
      return error{errc::bad_input, "JWK: it is for ", properties_of(*found).name,
                   half == jwk_half::private_one ? ", and asked to sign with " : ", and asked to verify ", properties_of(alg).name};
    alg = *found;
  }
  return type == "EC" ? ec_key(*jwk, half) : type == "RSA" ? rsa_key(*jwk, half) : okp_key(*jwk, half);
}

/// Writes a number of the key; of `size` bytes, or, where that is 0, of as few as it needs.
[[nodiscard]] inline bool write_number(json_writer& json, EVP_PKEY const* key, char const* member,
                                       char const* param, std::size_t size) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, param, &number) != 1) return false;
  auto const bytes = size == 0 ? static_cast<std::size_t>(BN_num_bytes(number)) : size;
  secret raw, text;
  bool const done = raw.resize(bytes) && BN_bn2binpad(number, reinterpret_cast<unsigned char*>(raw.data()),
                                                      static_cast<int>(bytes)) >= 0;
  BN_clear_free(number);
  if (!done) return false;
  append_base64(text, raw.reveal(), base64::url);
  json.member(member, text);
  return true;
}

/// The required members in the order of their names (RFC 7638 §3.2); of the `whole` key, `d` and its like, and `alg` behind
/// them.
[[nodiscard]] inline result<secret> write_jwk(EVP_PKEY const* key, bool whole, std::string_view alg = {}) {
  openssl_errors const quiet;
  secret out;
  json_writer json(out);
  json.open_object();
  bool done = true;
  auto const kind = kind_of(key);
  if (kind == openssl_kind::p256 || kind == openssl_kind::p384) {
    auto const size = kind == openssl_kind::p256 ? p256_size : p384_size;
    json.member("crv", kind == openssl_kind::p256 ? "P-256" : "P-384").member("kty", "EC");
    done = write_number(json, key, "x", OSSL_PKEY_PARAM_EC_PUB_X, size) &&
           write_number(json, key, "y", OSSL_PKEY_PARAM_EC_PUB_Y, size) &&
           (!whole || write_number(json, key, "d", OSSL_PKEY_PARAM_PRIV_KEY, size));
  } else if (kind == openssl_kind::ed25519) {
    json.member("crv", "Ed25519").member("kty", "OKP");
    auto const add = [&](char const* member, auto get) {
      secret raw, text;
      std::size_t size = ed25519_size;
      if (!raw.resize(size) || get(key, reinterpret_cast<unsigned char*>(raw.data()), &size) != 1)
        return false;
      append_base64(text, raw.reveal(), base64::url);
      json.member(member, text);
      return true;
    };
    done = add("x", EVP_PKEY_get_raw_public_key) && (!whole || add("d", EVP_PKEY_get_raw_private_key));
  } else {
    done = write_number(json, key, "e", OSSL_PKEY_PARAM_RSA_E, 0);
    json.member("kty", "RSA");
    done = done && write_number(json, key, "n", OSSL_PKEY_PARAM_RSA_N, 0);
    constexpr std::size_t first_private = 2;
    for (auto i = first_private; whole && done && i < std::size(rsa_numbers); ++i) {
      bool const there = write_number(json, key, rsa_numbers[i].member, rsa_numbers[i].param, 0);
      if (!there && i > first_private) break;  // a key without its primes
      done = there;
    }
  }
  if (whole) json.member("alg", alg);
  json.close();
  if (!done) return error{errc::fatal, "openssl_key: OpenSSL does not show the key"};
  if (auto ok = json.finish(); !ok) return ok.error().within("openssl_key: ");
  return out;
}

}  // namespace countersign::inline v0::detail
