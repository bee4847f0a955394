#pragma once
// Logins in files that their owner can read: JSON, one line each.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/os/system.hpp>
#include <countersign/store/detail/login_files.hpp>
#include <countersign/store/login_json.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

namespace detail {

/// The record's JSON with a last member more: the SHA-256 of all before it, so that damage is told from
/// content.
struct plain_form {
  static constexpr std::string_view name = "file_store";
  static constexpr std::string_view before = ",\"sha256\":\"", after = "\"}\n";
  static constexpr std::size_t ending = before.size() + 2 * sha256::digest_size + after.size();
  static constexpr std::size_t max_size = max_login_size + ending;

  [[nodiscard]] result<void> check() const noexcept { return {}; }

  [[nodiscard]] result<secret> seal(sha256::digest const&, secret json, context const&) const noexcept {
    static_cast<void>(json.resize(json.size() - 1));  // the brace that closes it
    auto const digest = sha256::of(json.reveal());
    json.append(before);
    append_hex(json, as_chars(digest));
    json.append(after);
    if (!json.ok()) return error{errc::no_memory, "out of memory"};
    return json;
  }

  [[nodiscard]] result<secret> open(sha256::digest const&, secret bytes) const noexcept {
    auto const all = bytes.reveal();
    char expected[ending];
    if (all.size() > ending) {
      auto const content = all.substr(0, all.size() - ending);
      auto* at = expected + before.copy(expected, before.size());
      auto const digest = sha256::of(content);
      at = encode_hex(at, as_chars(digest));
      after.copy(at, after.size());
      if (all.substr(content.size()) == detail::text_at(expected, ending)) {
        static_cast<void>(bytes.resize(content.size()));
        bytes.append("}");  // there was more behind it, so there is room
        return bytes;
      }
    }
    // A newer version may end otherwise, and must be kept.
    auto const record = read_login(std::move(bytes));
    if (!record && record.error().code() == errc::fatal) return record.error();
    return error{errc::bad_input, "the file is damaged, or was edited"};
  }
};

}  // namespace detail

/// A `token_store` in a folder of its own, which is made 0700 where it is missing; its files are 0600.
/// Whoever may read the disk, or a copy of it, reads the tokens: `encrypted_file_store` keeps them from that.
/// Share it, or copy it.
class file_store : public detail::login_files<detail::plain_form> {
public:
  explicit file_store(std::string_view folder, context const& outside = system_context) noexcept
      : login_files(folder, {}, outside) {}
};

}  // namespace countersign::inline v0
