#pragma once
// AES-256-GCM (NIST SP 800-38D) by OpenSSL, for who must encrypt with it instead of ChaCha20-Poly1305.

#include <countersign/adapt/detail/openssl_handles.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/aead.hpp>

#include <openssl/evp.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// An `aead_cipher`, as `chacha20_poly1305` is. A nonce must not come twice with one key: that gives both away. Of 96 random
/// bits, 2^32 texts may be sealed with one key (NIST SP 800-38D §8.3). Wiped when destroyed; threads may use one object at
/// once.
class aes_256_gcm {
public:
  static constexpr std::string_view name = "AES-256-GCM";
  static constexpr std::size_t key_size = 32;    ///< bytes
  static constexpr std::size_t nonce_size = 12;  ///< bytes
  static constexpr std::size_t tag_size = 16;    ///< bytes
  /// Bytes of text and of associated data at one time: what OpenSSL counts with an int.
  static constexpr std::size_t max_text = std::size_t{1} << 30;

  /// errc::bad_input unless the key has 32 bytes.
  [[nodiscard]] static result<aes_256_gcm> make(std::string_view key) noexcept {
    if (key.size() != key_size)
      return error{errc::bad_input, name, ": the key has ", key.size(), " bytes, and needs ", key_size};
    return aes_256_gcm(key);
  }

  aes_256_gcm(aes_256_gcm const&) noexcept = default;
  aes_256_gcm& operator=(aes_256_gcm const&) noexcept = default;
  ~aes_256_gcm() { wipe(key_, sizeof key_); }

  /// Encrypts `text` where it lies and appends the tag, which covers `associated` too.
  [[nodiscard]] result<void> seal(std::string_view nonce, std::string_view associated,
                                  secret& text) const noexcept {
    if (auto ok = check(nonce, associated, text.size()); !ok) return ok;
    detail::openssl_errors const quiet;
    auto const size = text.size();
    if (!text.reserve(size + tag_size)) return no_memory();
    unsigned char tag[tag_size];
    detail::openssl_cipher_ctx const c(EVP_CIPHER_CTX_new());
    auto* const at = reinterpret_cast<unsigned char*>(text.data());
    int written = 0, last = 0;
    if (c == nullptr || EVP_EncryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key_, bytes(nonce)) != 1 ||
        !associate(c.get(), associated) ||
        EVP_EncryptUpdate(c.get(), at, &written, at, static_cast<int>(size)) != 1 ||
        EVP_EncryptFinal_ex(c.get(), at + written, &last) != 1 ||
        EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size), tag) != 1) {
      static_cast<void>(text.resize(0));  // half of it may be encrypted
      return error{errc::fatal, name, ": OpenSSL failed"};
    }
    text.append({reinterpret_cast<char const*>(tag), tag_size});
    return {};
  }

  /// Decrypts what `seal` made of a text. errc::rejected, and `text` as it was, unless key, nonce, associated data and
  /// every bit of `text` are those of the one who sealed it.
  [[nodiscard]] result<void> open(std::string_view nonce, std::string_view associated,
                                  secret& text) const noexcept {
    if (auto ok = check(nonce, associated, text.size()); !ok) return ok;
    if (text.size() < tag_size)
      return error{errc::rejected, name, ": the text is shorter than a tag; is it cut short?"};
    detail::openssl_errors const quiet;
    auto const size = text.size() - tag_size;
    unsigned char tag[tag_size];
    std::memcpy(tag, text.reveal().data() + size, tag_size);
    secret plain;  // the tag is known to be right at the end only
    if (!plain.resize(size + 1)) return no_memory();
    detail::openssl_cipher_ctx const c(EVP_CIPHER_CTX_new());
    auto* const to = reinterpret_cast<unsigned char*>(plain.data());
    int written = 0, last = 0;
    if (c == nullptr || EVP_DecryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key_, bytes(nonce)) != 1 ||
        !associate(c.get(), associated) ||
        EVP_DecryptUpdate(c.get(), to, &written, bytes(text.reveal()), static_cast<int>(size)) != 1 ||
        EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag_size), tag) != 1)
      return error{errc::fatal, name, ": OpenSSL failed"};
    if (EVP_DecryptFinal_ex(c.get(), to + written, &last) != 1)
      return error{errc::rejected, name,
                   ": the text was changed, or sealed with another key or for another place"};
    static_cast<void>(plain.resize(size));
    text = std::move(plain);
    return {};
  }

private:
  explicit aes_256_gcm(std::string_view key) noexcept { std::memcpy(key_, key.data(), key_size); }

  static unsigned char const* bytes(std::string_view text) noexcept {
    return reinterpret_cast<unsigned char const*>(text.data());
  }
  static error no_memory() noexcept { return {errc::no_memory, name, ": no memory for the text"}; }
  static bool associate(EVP_CIPHER_CTX* c, std::string_view associated) noexcept {
    int unused = 0;  // the same call serves both directions
    return associated.empty() ||
           EVP_CipherUpdate(c, nullptr, &unused, bytes(associated), static_cast<int>(associated.size())) == 1;
  }
  static result<void> check(std::string_view nonce, std::string_view associated, std::size_t size) noexcept {
    if (nonce.size() != nonce_size)
      return error{errc::bad_input, name, ": the nonce has ", nonce.size(), " bytes, and needs ", nonce_size};
    if (size > max_text || associated.size() > max_text)
      return error{errc::too_large, name, ": more than ", max_text, " bytes at one time"};
    return {};
  }

  unsigned char key_[key_size];
};

static_assert(aead_cipher<aes_256_gcm>);

}  // namespace countersign::inline v0
