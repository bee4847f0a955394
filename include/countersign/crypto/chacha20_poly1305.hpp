#pragma once
// ChaCha20-Poly1305 (RFC 8439): encryption that tells a changed text from the one that was written.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/detail/chacha20.hpp>
#include <countersign/crypto/detail/poly1305.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0 {

/// An `aead_cipher`. A nonce must not come twice with one key: of 96 random bits, 2^32 texts may be sealed
/// before the chance of that passes 2^-33. Wiped when destroyed; threads may use one object at once.
class chacha20_poly1305 {
public:
  static constexpr std::string_view name = "ChaCha20-Poly1305";
  static constexpr std::size_t key_size = detail::chacha20::key_size;
  static constexpr std::size_t nonce_size = detail::chacha20::nonce_size;
  static constexpr std::size_t tag_size = detail::poly1305::tag_size;
  /// Bytes of text that one nonce serves: the block counter has 32 bits, and begins at 1 (RFC 8439 section
  /// 2.8).
  static constexpr std::uint64_t max_text = ((std::uint64_t{1} << 32) - 2) * detail::chacha20::block_size;

  /// errc::bad_input unless the key has 32 bytes.
  [[nodiscard]] static result<chacha20_poly1305> make(std::string_view key) noexcept {
    if (key.size() != key_size)
      return error{errc::bad_input, name, ": the key has ", key.size(), " bytes, and needs ", key_size};
    return chacha20_poly1305(key);
  }

  chacha20_poly1305(chacha20_poly1305 const&) noexcept = default;
  chacha20_poly1305& operator=(chacha20_poly1305 const&) noexcept = default;
  ~chacha20_poly1305() { wipe(key_, sizeof key_); }

  /// Encrypts `text` where it lies and appends the tag, which covers `associated` too.
  [[nodiscard]] result<void> seal(std::string_view nonce, std::string_view associated,
                                  secret& text) const noexcept {
    if (auto ok = check(nonce, text.size()); !ok) return ok;
    auto const size = text.size();
    if (!text.reserve(size + tag_size)) return error{errc::no_memory, name, ": no memory for the tag"};
    unsigned char tag[tag_size];
    {
      detail::chacha20 stream(key_, bytes(nonce), 0);
      unsigned char one_time[detail::chacha20::block_size];
      stream.next(one_time);  // RFC 8439 section 2.6
      stream.apply(text.data(), size);
      authenticate(one_time, associated, text.reveal(), tag);
      wipe(one_time, sizeof one_time);
    }
    text.append({reinterpret_cast<char const*>(tag), tag_size});
    return {};
  }

  /// Decrypts what `seal` made of a text. errc::rejected, and `text` as it was, unless key, nonce, associated
  /// data and every bit of `text` are those of the one who sealed it.
  [[nodiscard]] result<void> open(std::string_view nonce, std::string_view associated,
                                  secret& text) const noexcept {
    if (auto ok = check(nonce, text.size()); !ok) return ok;
    if (text.size() < tag_size)
      return error{errc::rejected, name, ": the text is shorter than a tag; is it cut short?"};
    auto const size = text.size() - tag_size;
    detail::chacha20 stream(key_, bytes(nonce), 0);
    unsigned char one_time[detail::chacha20::block_size];
    stream.next(one_time);
    unsigned char expected[tag_size];
    authenticate(one_time, associated, text.reveal().substr(0, size), expected);
    wipe(one_time, sizeof one_time);
    bool const same = equal_in_constant_time({reinterpret_cast<char const*>(expected), tag_size},
                                             text.reveal().substr(size));
    wipe(expected, sizeof expected);
    if (!same)
      return error{errc::rejected, name,
                   ": the text was changed, or sealed with another key or for another place"};
    static_cast<void>(text.resize(size));  // shrinking takes no memory
    stream.apply(text.data(), size);
    return {};
  }

private:
  explicit chacha20_poly1305(std::string_view key) noexcept { std::memcpy(key_, key.data(), key_size); }

  static unsigned char const* bytes(std::string_view text) noexcept {
    return reinterpret_cast<unsigned char const*>(text.data());
  }
  static result<void> check(std::string_view nonce, std::size_t size) noexcept {
    if (nonce.size() != nonce_size)
      return error{errc::bad_input, name, ": the nonce has ", nonce.size(), " bytes, and needs ", nonce_size};
    if (size > max_text) return error{errc::too_large, name, ": more text than one nonce serves"};
    return {};
  }

  // RFC 8439 section 2.8: associated data and text, each filled up to whole blocks, then both sizes.
  static void authenticate(unsigned char const* one_time, std::string_view associated, std::string_view text,
                           unsigned char (&tag)[tag_size]) noexcept {
    detail::poly1305 code(one_time);
    code.update_padded(associated);
    code.update_padded(text);
    unsigned char sizes[16];
    for (int i = 0; i < 8; ++i) {
      sizes[i] = static_cast<unsigned char>(std::uint64_t{associated.size()} >> 8 * i);
      sizes[8 + i] = static_cast<unsigned char>(std::uint64_t{text.size()} >> 8 * i);
    }
    code.update_padded({reinterpret_cast<char const*>(sizes), sizeof sizes});
    code.finish(tag);
  }

  unsigned char key_[key_size];
};

}  // namespace countersign::inline v0
