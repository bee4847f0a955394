#pragma once
// Where in a config something stands, and sentences about it: "PATH:LINE:COLUMN: …".

#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/json_value.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp {

// A message has room for `error::capacity` bytes; of a long path its end is shown, of a long name its
// beginning.
inline constexpr std::size_t max_path_shown = 80;
inline constexpr std::size_t max_name_shown = 40;

// Longest whole UTF-8 piece of at most `size` bytes, from the front.
[[nodiscard]] constexpr std::string_view front_of(std::string_view text, std::size_t size) noexcept {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}
[[nodiscard]] constexpr std::string_view back_of(std::string_view text, std::size_t size) noexcept {
  if (text.size() <= size) return text;
  auto at = text.size() - size;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return text.substr(at);
}

/// `server "api": url: `
[[nodiscard]] inline error about_server(error const& why, std::string_view server, error_piece const& field,
                                        error_piece const& more = {}) noexcept {
  return why.within("server \"", front_of(server, max_name_shown), "\": ", field, more, ": ");
}

/// Makes the errors and warnings about one config.
class place_names {
public:
  explicit place_names(std::string_view path) noexcept
      : shown_(path.size() <= max_path_shown
                   ? owned_text(path)
                   : owned_text(secret("\xe2\x80\xa6", back_of(path, max_path_shown)).reveal())) {}

  [[nodiscard]] error located(json_where where, error const& why) const noexcept {
    return why.within(shown_.view(), ":", where.line, ":", where.column, ": ");
  }
  [[nodiscard]] error at(json_where where, error_piece const& a, error_piece const& b = {},
                         error_piece const& c = {}, error_piece const& d = {}) const noexcept {
    return located(where, error(errc::bad_input, a, b, c, d));
  }
  [[nodiscard]] error at(json_value value, error_piece const& a, error_piece const& b = {},
                         error_piece const& c = {}, error_piece const& d = {}) const noexcept {
    return at(value.where(), a, b, c, d);
  }
  /// The parser's "JSON line 3, column 9: …" in the form that editors jump to.
  [[nodiscard]] error in_json(error const& why) const noexcept {
    constexpr std::string_view line = "JSON line ", column = ", column ";
    auto const said = why.message();
    auto const comma = said.find(column);
    auto const colon = said.find(": ");
    if (!said.starts_with(line) || comma == said.npos || colon == said.npos || colon < comma)
      return why.within(shown_.view(), ": ");
    return {why.code(),
            shown_.view(),
            ":",
            said.substr(line.size(), comma - line.size()),
            ":",
            said.substr(comma + column.size(), colon - comma - column.size()),
            said.substr(colon)};
  }
  [[nodiscard]] std::string_view path() const noexcept { return shown_; }
  [[nodiscard]] bool ok() const noexcept { return shown_.ok(); }

private:
  owned_text shown_;
};

}  // namespace countersign::inline v0::mcp
