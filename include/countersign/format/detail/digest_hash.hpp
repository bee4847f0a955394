#pragma once
// The hashes of HTTP Digest (RFC 7616 §3.2), by the name that a challenge gives them, over texts joined by colons.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/md5.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace countersign::inline v0::detail {

enum class digest_hash : std::uint8_t { none, md5, sha256, sha512_256 };

/// An algorithm as challenges and credentials spell it; `session` stands for "-sess".
struct digest_algorithm {
  digest_hash hash = digest_hash::none;  ///< none: not known here
  bool session = false;

  friend constexpr bool operator==(digest_algorithm, digest_algorithm) = default;
};

inline constexpr std::string_view digest_algorithm_names[][2] = {
    {"", ""}, {"MD5", "MD5-sess"}, {"SHA-256", "SHA-256-sess"}, {"SHA-512-256", "SHA-512-256-sess"}};

[[nodiscard]] constexpr std::string_view name(digest_algorithm of) noexcept {
  return digest_algorithm_names[static_cast<std::size_t>(of.hash)][of.session ? 1 : 0];
}
/// Compared without case, as servers write it in both.
[[nodiscard]] constexpr digest_algorithm digest_algorithm_of(std::string_view name) noexcept {
  for (auto const hash : {digest_hash::md5, digest_hash::sha256, digest_hash::sha512_256})
    for (bool const session : {false, true})
      if (equal_without_case(name, detail::name(digest_algorithm{hash, session}))) return {hash, session};
  return {};
}

/// A hash in hexadecimal digits, wiped: as good as a password where it is that of one.
class digest_text {
public:
  digest_text() noexcept {}
  digest_text(digest_text const& other) = default;
  digest_text& operator=(digest_text const& other) = default;
  ~digest_text() { wipe(digits_, sizeof digits_); }

  [[nodiscard]] std::string_view view() const noexcept { return {digits_, size_}; }

private:
  friend digest_text hash_joined(digest_hash, std::initializer_list<std::string_view>) noexcept;

  char digits_[64] = {};
  std::size_t size_ = 0;
};

// Short pieces are put together first: a hash takes one long text faster than many short ones.
inline constexpr std::size_t joined_at_once = 512;

template <class Hash>
[[nodiscard]] std::size_t write_joined(char* digits,
                                       std::initializer_list<std::string_view> pieces) noexcept {
  Hash hash;
  char room[joined_at_once];
  std::size_t used = 0, most = 0;
  bool first = true;
  for (auto const piece : pieces) {
    if (!first) room[used++] = ':';
    first = false;
    if (piece.size() >= sizeof room - used) {  // and a colon
      hash.update(text_at(room, used));
      most = used > most ? used : most;
      used = 0;
      if (piece.size() >= sizeof room) {
        hash.update(piece);
        continue;
      }
    }
    used = static_cast<std::size_t>(short_copy(room + used, piece) - room);
  }
  auto bytes = hash.finish(text_at(room, used));
  auto const* const end = encode_hex(digits, as_chars(bytes));
  wipe(bytes.data(), bytes.size());
  wipe(room, used > most ? used : most);
  return static_cast<std::size_t>(end - digits);
}

/// The hash of the pieces with a colon between each two.
[[nodiscard]] inline digest_text hash_joined(digest_hash by,
                                             std::initializer_list<std::string_view> pieces) noexcept {
  digest_text made;
  switch (by) {
  case digest_hash::md5:
    made.size_ = write_joined<md5>(made.digits_, pieces);
    break;
  case digest_hash::sha256:
    made.size_ = write_joined<sha256>(made.digits_, pieces);
    break;
  case digest_hash::sha512_256:
    made.size_ = write_joined<sha512_256>(made.digits_, pieces);
    break;
  case digest_hash::none:
    break;
  }
  return made;
}

}  // namespace countersign::inline v0::detail
