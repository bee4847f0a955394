#pragma once
// What a login's key is in names of files, under ciphers and in messages.

#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/store/login.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

/// Another one for each pair of profile and server.
[[nodiscard]] inline sha256::digest digest_of(login_key key) noexcept {
  auto const profile = sha256::of(key.profile);
  return sha256().update(as_chars(profile)).finish(key.server);
}

/// The names of a login's files: "0123….login", "….lock", "….write". 128 bits of the digest: what a file
/// holds tells whose it is as well.
class login_name {
public:
  explicit login_name(sha256::digest const& key) noexcept {
    encode_hex(text_, as_chars(key).substr(0, bytes));
  }

  [[nodiscard]] std::string_view record() noexcept { return ended(".login"); }
  /// Held from before a refresh is asked for until it is saved.
  [[nodiscard]] std::string_view refresh_lock() noexcept { return ended(".lock"); }
  /// Held for one save.
  [[nodiscard]] std::string_view write_lock() noexcept { return ended(".write"); }

private:
  static constexpr std::size_t bytes = 16;

  std::string_view ended(std::string_view suffix) noexcept {
    return text_at(text_, 2 * bytes + suffix.copy(text_ + 2 * bytes, suffix.size()));
  }
  char text_[2 * bytes + 8] = {};
};

[[nodiscard]] inline error nobody(std::string_view store, login_key key) noexcept {
  return {errc::not_mine,
          store,
          ": nobody is signed in to ",
          end_of_path(key.server),
          key.profile.empty() ? "" : " with profile ",
          key.profile.substr(0, 40)};
}

}  // namespace countersign::inline v0::detail
