#pragma once
// A credential from a file: a mounted secret, or one that another program keeps fresh.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/source/detail/secret_file.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// The longest token file that is read, in bytes, its line break included.
inline constexpr std::size_t max_token_file_size = std::size_t{64} * 1024;

/// Yields the content of a regular file without the line break at its end. Read each time it is asked; `version` tells
/// when that is worth it, also where a link on the way was swapped.
///
/// No file, or an empty one: errc::not_mine. A file that every user may read, or another may change, is
/// errc::insecure unless `.shared()` was said, as for the secrets that containers mount (0444, 0644). Control bytes, and
/// further line breaks unless `.lines()` was said, are errc::bad_input, more than `max_token_file_size` bytes errc::too_large, folders and pipes
/// errc::fatal.
class file {
public:
  using credential = secret;
  static constexpr bool renewable = true;

  explicit file(owned_text path) noexcept : path_(std::move(path)) {}

  /// Other users may read the file, or change it.
  [[nodiscard]] file shared() const& noexcept { return file(*this).shared(); }
  [[nodiscard]] file shared() && noexcept {
    shared_ = true;
    return std::move(*this);
  }
  /// It may hold several lines: a private key in PEM, a JSON text.
  [[nodiscard]] file lines() const& noexcept { return file(*this).lines(); }
  [[nodiscard]] file lines() && noexcept {
    lines_ = true;
    return std::move(*this);
  }
  [[nodiscard]] std::string_view path() const noexcept { return path_; }

  [[nodiscard]] result<secret> acquire(occasion const&, context const& outside) const {
    if (!path_.ok()) return error(errc::no_memory, "file: out of memory");
    auto content = detail::read_secret_file(
        path_, {.policy = "file", .limit = max_token_file_size, .shared = shared_}, outside);
    if (!content) return content;
    detail::trim_line_break(*content);
    if (content->empty())
      return error(errc::not_mine, "file: ", detail::end_of_path(path_),
                   " is empty; write the secret into it");
    if (detail::is_binary(content->reveal(), lines_))
      return error(errc::bad_input, "file: ", detail::end_of_path(path_), " holds a control byte",
                   lines_ ? "" : " or a second line", "; it must hold the secret and nothing else");
    return content;
  }

  /// Changes when asking again would give something else. One system call, no memory.
  [[nodiscard]] std::uint64_t version(context const& outside) const noexcept {
    return detail::version_of_file(path_, outside);
  }

private:
  owned_text path_;
  bool shared_ = false, lines_ = false;
};

}  // namespace countersign::inline v0
