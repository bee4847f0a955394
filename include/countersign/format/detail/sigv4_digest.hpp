#pragma once
// The bytes of a canonical request on their way into its hash, and the encoding that all of them share.

#include <countersign/core/detail/held.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

// Which bytes stay: RFC 3986 §2.3, unreserved.
struct sigv4_kept {
  constexpr sigv4_kept() noexcept {
    for (auto const range : {std::string_view("az"), std::string_view("AZ"), std::string_view("09")})
      for (char c = range[0]; c <= range[1]; ++c) at[static_cast<unsigned char>(c)] = true;
    for (char const c : std::string_view("-._~")) at[static_cast<unsigned char>(c)] = true;
  }
  [[nodiscard]] constexpr bool operator()(char c) const noexcept { return at[static_cast<unsigned char>(c)]; }
  bool at[256] = {};
};
inline constexpr sigv4_kept keeps_in_sigv4;

/// Gathers what comes in pieces, so that the hash sees it in long ones. Allocates nothing, however much comes. Wiped.
class sigv4_digest {
public:
  sigv4_digest() noexcept {}
  sigv4_digest(sigv4_digest const&) = delete;
  sigv4_digest& operator=(sigv4_digest const&) = delete;
  ~sigv4_digest() { wipe(room_, hash_ ? sizeof room_ : used_); }

  sigv4_digest& add(std::string_view bytes) noexcept {
    if (bytes.size() > sizeof room_ - used_) [[unlikely]]
      bytes = add_all_but_rest(bytes);
    short_copy(room_ + used_, bytes);
    used_ += bytes.size();
    return *this;
  }
  sigv4_digest& add(char byte) noexcept {
    if (used_ == sizeof room_) [[unlikely]]
      return add(text_at(&byte, 1));
    room_[used_++] = byte;
    return *this;
  }
  /// Where so many bytes may be written at once, to be `added` then; null where they do not fit into what is left.
  [[nodiscard]] char* place(std::size_t size) noexcept {
    return size <= sizeof room_ - used_ ? room_ + used_ : nullptr;
  }
  void added(std::size_t size) noexcept { used_ += size; }
  /// Adds text with all but RFC 3986's unreserved bytes written as %XX.
  /// @param escaped whether "%XX" stands for a byte; else '%' is a byte as any other
  /// @param kept a byte that stays too, '/' in a path
  void add_encoded(std::string_view text, bool escaped, char kept = 'a') noexcept {
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (keeps_in_sigv4(text[i]) || text[i] == kept) continue;
      add(text.substr(from, i - from));
      auto byte = text[i];
      if (escaped && byte == '%') byte = escaped_byte(text, i), i += 2;
      from = i + 1;
      if (keeps_in_sigv4(byte)) add(byte);
      else add_escape(byte);
    }
    add(text.substr(from));
  }
  /// Writes the hash of all in 64 digits; returns their end.
  char* finish(char* to) const noexcept {
    std::string_view const rest(room_, used_);
    return encode_hex(to, as_chars(hash_ ? hash_->finish(rest) : sha256::of(rest)));
  }

  /// The byte that "%XX" stands for, at a place that was checked.
  static char escaped_byte(std::string_view text, std::size_t at) noexcept {
    return static_cast<char>(hex_value(text[at + 1]) * 16 | hex_value(text[at + 2]));
  }

private:
  void add_escape(char byte) noexcept {
    auto const value = static_cast<unsigned char>(byte);
    char const escape[] = {'%', hex_digit(value >> 4u, 'A'), hex_digit(value & 15u, 'A')};
    add({escape, sizeof escape});
  }
  // The room is full, perhaps several times. Returns what fits now.
  [[gnu::noinline]] std::string_view add_all_but_rest(std::string_view bytes) noexcept {
    if (!hash_) hash_.emplace();
    while (bytes.size() > sizeof room_ - used_) {
      auto const part = bytes.substr(0, sizeof room_ - used_);
      short_copy(room_ + used_, part);
      hash_->update(text_at(room_, sizeof room_));
      used_ = 0;
      bytes.remove_prefix(part.size());
    }
    return bytes;
  }

  held<sha256> hash_;  // of what came before, once the room was full
  std::size_t used_ = 0;
  char room_[1024];
};

/// Where a '%' is not followed by two hexadecimal digits; npos: nowhere.
[[nodiscard]] inline std::size_t bad_escape(std::string_view text) noexcept {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (text.size() - at < 3 || hex_value(text[at + 1]) < 0 || hex_value(text[at + 2]) < 0) return at;
  return std::string_view::npos;
}

}  // namespace countersign::inline v0::detail
