#pragma once
// A place of a config that something is to be said about, and what it takes to change it there.

#include <countersign/mcp/secret_names.hpp>
#include <countersign/inspect/finding.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// A finding in a config with what moving the secret out of it takes.
struct spot {
  finding what = {};
  std::string_view server = {};     // whose entry; empty: none's
  std::string_view inside = {};     // "headers", "env", …
  std::string_view name = {};       // the header, variable, flag or member that holds it
  std::string_view parameter = {};  // of a URL: the part that it is
  std::string_view variable = {};   // of a default: the variable that has it
  std::string_view value = {};      // the secret; empty: nothing to move
  bool is_basic = false;
  // What is to be replaced: bytes of the text. Of a default: from ":-" on.
  std::uint32_t begin = 0, end = 0;
};

/// From where a byte of an unescaped JSON string stands in the text. @param from the byte behind its quote
[[nodiscard]] constexpr std::uint32_t written_at(std::string_view text, std::uint32_t from,
                                                 std::size_t unescaped) noexcept {
  std::size_t at = from;
  while (unescaped > 0 && at < text.size()) {
    std::size_t read = 1, wrote = 1;
    if (text[at] == '\\' && tail(text, at + 1).starts_with('u')) {
      std::uint32_t unit = 0;
      for (char const c : text.substr(at + 2, 4))
        unit = unit * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : ascii_lower(c) - 'a' + 10);
      bool const pair = unit >= 0xd800 && unit < 0xdc00;
      read = pair ? 12 : 6;
      wrote = pair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    } else if (text[at] == '\\') {
      read = 2;
    }
    at += read;
    unescaped -= wrote < unescaped ? wrote : unescaped;
  }
  return static_cast<std::uint32_t>(at);
}

}  // namespace countersign::inline v0::mcp::detail
