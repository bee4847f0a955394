// link if there: crypto nettle sodium
// base64 and HMAC-SHA-256 by nettle and libsodium. What their interface lets one keep of a key is kept.

#include "../noise.hpp"
#include "../table.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <initializer_list>
#include <string>
#include <string_view>

#if __has_include(<nettle/hmac.h>)
#include <nettle/base64.h>
#include <nettle/hmac.h>
#endif
#if __has_include(<sodium.h>)
#include <sodium.h>
#endif

namespace {

[[maybe_unused]] unsigned char const* raw(std::string const& text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
std::string base64_of(std::string const& bytes) {
  std::string out(bytes.size() / 3 * 4 + 5, '\0');
  out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), raw(bytes),
                                                      static_cast<int>(bytes.size()))));
  return out;
}
std::string code_of(std::string const& key, std::string const& message) {
  std::string out(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(message), message.size(),
       reinterpret_cast<unsigned char*>(out.data()), nullptr);
  return out;
}

void add_base64([[maybe_unused]] std::size_t size) {
  [[maybe_unused]] auto const bytes = noise(size);
  auto const expected = base64_of(bytes);
  auto const group = "base64/" + size_of(size) + "/";
#if __has_include(<nettle/hmac.h>)
  table::add(group + "nettle", [=, out = std::string(expected.size() + 1, '\0')]() mutable {
    base64_encode_raw(out.data(), bytes.size(), raw(bytes));
    return std::string_view(out.data(), BASE64_ENCODE_RAW_LENGTH(bytes.size()));
  }, expected);
#endif
#if __has_include(<sodium.h>)
  table::add(group + "libsodium", [=, out = std::string(expected.size() + 1, '\0')]() mutable {
    sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    return std::string_view(out.data(), out.size() - 1);
  }, expected);
#endif
}

void add_hmac(std::size_t size) {
  auto const key = noise(64), message = noise(size), expected = code_of(key, message);
  auto const group = "HMAC-SHA256/" + size_of(size) + "/";
#if __has_include(<nettle/hmac.h>)
  hmac_sha256_ctx prepared;
  hmac_sha256_set_key(&prepared, key.size(), raw(key));
  table::add(group + "nettle", [=, out = std::string(32, '\0')]() mutable {
    hmac_sha256_update(&prepared, message.size(), raw(message));
    hmac_sha256_digest(&prepared, 32, reinterpret_cast<unsigned char*>(out.data()));  // and begins anew
    return std::string_view(out);
  }, expected);
#endif
#if __has_include(<sodium.h>)
  crypto_auth_hmacsha256_state begun;
  crypto_auth_hmacsha256_init(&begun, raw(key), key.size());
  table::add(group + "libsodium", [=, out = std::string(32, '\0')]() mutable {
    auto state = begun;
    crypto_auth_hmacsha256_update(&state, raw(message), message.size());
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(out.data()));
    return std::string_view(out);
  }, expected);
#endif
}

bool const added = [] {
#if !__has_include(<nettle/hmac.h>)
  table::left_out("nettle", "nettle-dev is not there");
#endif
#if !__has_include(<sodium.h>)
  table::left_out("libsodium", "libsodium-dev is not there");
#endif
  table::left_out("simdutf, jwt-cpp, aws-c-auth", "no packages of Debian 12");
  table::left_out("libcurl's base64", "not exported: it is made inside a transfer");
  for (auto const size : std::initializer_list<std::size_t>{24, 1024}) add_base64(size);
  for (auto const size : std::initializer_list<std::size_t>{64, 256, 1024, 65536}) add_hmac(size);
  return true;
}();

}  // namespace
