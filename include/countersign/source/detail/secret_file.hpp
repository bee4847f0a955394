#pragma once
// A file that holds a secret: who may touch it, and what is in it. Token files, netrc and key files are read here.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

/// What is asked of a secret file.
struct secret_file_rules {
  std::string_view policy;        ///< for messages: "file", "netrc", …
  std::size_t limit = 64 * 1024;  ///< bytes
  bool shared = false;            ///< others may read it, and write to it
  /// How a user says that it is shared; empty if there is no way.
  std::string_view how_to_share = "say .shared()";
};

/// Refuses a file that others may touch.
[[nodiscard]] inline result<void> check_access(file_state const& state, std::string_view path,
                                               secret_file_rules const& rules) noexcept {
  if (rules.shared || (!state.others_read && !state.others_write)) return {};
  return error(errc::insecure, rules.policy, ": ", end_of_path(path),
               state.others_write ? " may be changed by other users" : " may be read by every user",
               "; chmod 600 it", state.others_write ? " and own it" : "",
               rules.how_to_share.empty() ? "" : ", or ", rules.how_to_share,
               rules.how_to_share.empty() ? "" : " where that is meant");
}

// The system's messages begin with "file …" as those of the policy `file` do.
[[nodiscard]] inline error named(error const& why, secret_file_rules const& rules) noexcept {
  return rules.policy == "file" ? why : why.within(rules.policy, ": ");
}

/// The bytes of a secret file. It is looked at before and after it is read, so what was checked is what was read, even
/// where somebody swaps it meanwhile; one that never stands still is errc::transient.
[[nodiscard]] inline result<secret> read_secret_file(std::string_view path, secret_file_rules const& rules,
                                                     context const& outside) {
  constexpr int max_tries = 4;
  for (int tries = 0; tries < max_tries; ++tries) {
    auto const before = outside.state_of_file(path);
    if (!before && before.error().code() == errc::not_mine)
      return error(errc::not_mine, rules.policy, ": there is no file ", end_of_path(path),
                   "; create it with mode 600");
    if (!before) return named(before.error(), rules);
    if (auto ok = check_access(*before, path, rules); !ok) return ok.error();
    auto content = outside.file(path, rules.limit);
    auto const after = outside.state_of_file(path);
    if (!after || after->version != before->version) continue;
    if (!content) return named(content.error(), rules);
    return content;
  }
  return error(errc::transient, rules.policy, ": ", end_of_path(path),
               " changed each time it was read; try again");
}

/// A number that changes with the file; another one for each way of not having it.
[[nodiscard]] inline std::uint64_t version_of_file(std::string_view path, context const& outside) noexcept {
  auto const state = outside.state_of_file(path);
  return state ? state->version : static_cast<std::uint64_t>(state.error().code());
}

/// Takes one line break, LF or CRLF, off the end.
inline void trim_line_break(secret& text) noexcept {
  auto const bytes = text.reveal();
  auto size = bytes.size();
  if (size > 0 && bytes[size - 1] == '\n') --size;
  if (size > 0 && size < bytes.size() && bytes[size - 1] == '\r') --size;
  static_cast<void>(text.resize(size));  // shrinking takes no memory
}

/// Whether there is a byte that no text holds: below the blank, or DEL. Tabs and line breaks are text where `lines`.
[[nodiscard]] constexpr bool is_binary(std::string_view bytes, bool lines) noexcept {
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 || byte == 0x7f) && !(lines && (c == '\t' || c == '\n' || c == '\r'))) return true;
  }
  return false;
}

}  // namespace countersign::inline v0::detail
