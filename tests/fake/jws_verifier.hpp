#pragma once
// Whether a signature is good, asked of OpenSSL alone: nothing of the toolkit signs, encodes or verifies here.

#define BOOST_BIND_GLOBAL_PLACEHOLDERS
#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fake {

using json = boost::property_tree::ptree;

inline json read_json(std::string_view text) {
  std::istringstream in{std::string(text)};
  json read;
  boost::property_tree::read_json(in, read);
  return read;
}

inline std::string base64url(std::string_view text) {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned held = 0, bits = 0;
  for (char c : text) {
    auto const value = alphabet.find(c);
    if (value == alphabet.npos) throw std::runtime_error("no base64url");
    held = held << 6 | static_cast<unsigned>(value);
    if ((bits += 6) >= 8) out += static_cast<char>(held >> (bits -= 8) & 255);
  }
  return out;
}

/// A compact JWS taken apart.
struct jws {
  explicit jws(std::string_view compact) {
    auto const one = compact.find('.'), two = compact.rfind('.');
    if (one == compact.npos || one == two) throw std::runtime_error("no compact JWS");
    input = compact.substr(0, two);
    header = read_json(base64url(compact.substr(0, one)));
    payload_text = base64url(compact.substr(one + 1, two - one - 1));
    signature = base64url(compact.substr(two + 1));
  }
  [[nodiscard]] json payload() const { return read_json(payload_text); }
  std::string input, payload_text, signature;
  json header;
};

inline std::shared_ptr<EVP_PKEY> public_key(json const& jwk) {
  auto const bytes = [&](char const* name) { return base64url(jwk.get<std::string>(name)); };
  auto const type = jwk.get<std::string>("kty");
  auto const data = [](std::string const& of) { return reinterpret_cast<unsigned char const*>(of.data()); };
  if (type == "OKP")
    return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data(bytes("x")), bytes("x").size()),
            EVP_PKEY_free};
  std::shared_ptr<OSSL_PARAM_BLD> const build(OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
  std::vector<std::shared_ptr<BIGNUM>> numbers;
  auto const push = [&](char const* param, std::string const& of) {
    numbers.emplace_back(BN_bin2bn(data(of), static_cast<int>(of.size()), nullptr), BN_free);
    OSSL_PARAM_BLD_push_BN(build.get(), param, numbers.back().get());
  };
  std::string const point = type == "EC" ? "\x04" + bytes("x") + bytes("y") : "";
  if (type == "EC") {
    OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                    jwk.get<std::string>("crv") == "P-384" ? "P-384" : "P-256", 0);
    OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  } else {
    push(OSSL_PKEY_PARAM_RSA_N, bytes("n"));
    push(OSSL_PKEY_PARAM_RSA_E, bytes("e"));
  }
  std::shared_ptr<OSSL_PARAM> const params(OSSL_PARAM_BLD_to_param(build.get()), OSSL_PARAM_free);
  std::shared_ptr<EVP_PKEY_CTX> const made(
      EVP_PKEY_CTX_new_from_name(nullptr, type == "EC" ? "EC" : "RSA", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(made.get()) != 1 ||
      EVP_PKEY_fromdata(made.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    throw std::runtime_error("no public key");
  return {key, EVP_PKEY_free};
}

/// @param signature as a JWS has it: R and S for ECDSA
inline bool verifies(json const& jwk, std::string_view alg, std::string_view input, std::string signature) {
  auto const key = public_key(jwk);
  std::size_t const part = alg == "ES256" ? 32 : alg == "ES384" ? 48 : 0;
  if (part != 0) {
    if (signature.size() != 2 * part) return false;
    auto const* const at = reinterpret_cast<unsigned char const*>(signature.data());
    std::shared_ptr<ECDSA_SIG> const raw(ECDSA_SIG_new(), ECDSA_SIG_free);
    ECDSA_SIG_set0(raw.get(), BN_bin2bn(at, static_cast<int>(part), nullptr),
                   BN_bin2bn(at + part, static_cast<int>(part), nullptr));
    unsigned char* der = nullptr;
    auto const size = i2d_ECDSA_SIG(raw.get(), &der);
    signature.assign(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
  }
  std::shared_ptr<EVP_MD_CTX> const c(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* how = nullptr;
  auto const* const hash = alg == "EdDSA"   ? nullptr
                           : alg == "ES384" ? EVP_sha384()
                           : alg == "PS512" ? EVP_sha512()
                                            : EVP_sha256();
  if (EVP_DigestVerifyInit(c.get(), &how, hash, nullptr, key.get()) != 1) return false;
  if (int const salt = alg == "PS256" ? 32 : alg == "PS512" ? 64 : 0;
      salt != 0 && (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) != 1 ||
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(how, salt) != 1))
    return false;
  return EVP_DigestVerify(c.get(), reinterpret_cast<unsigned char const*>(signature.data()), signature.size(),
                          reinterpret_cast<unsigned char const*>(input.data()), input.size()) == 1;
}

/// Of a JWS that shows its own key, as a DPoP proof does.
inline bool verifies(jws const& proof) {
  return verifies(proof.header.get_child("jwk"), proof.header.get<std::string>("alg"), proof.input,
                  proof.signature);
}

}  // namespace fake
