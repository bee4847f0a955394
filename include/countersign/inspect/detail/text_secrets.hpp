#pragma once
// Credentials in a line of any text: behind `Authorization:`, a name that says so, an option, in a URL.

#include <countersign/core/field.hpp>
#include <countersign/inspect/detail/secret_shapes.hpp>
#include <countersign/inspect/detail/url_secrets.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// Whether a literal in a text is a credential. In source files names of things look like credentials'
/// names and tests are full of made-up ones, so there it has to look drawn at random.
[[nodiscard]] constexpr bool is_text_credential(std::string_view value, bool is_source) noexcept {
  if (is_placeholder(value) || find_without_case(value, "canary") != value.npos || is_cut_short(value) ||
      is_setting(value) || is_sample_words(value))
    return false;
  bool has_digit = false, has_letter = false;
  for (char const c : value) {
    if (!is_alphanumeric(c) && std::string_view("_-+/=.~!@#%^&*").find(c) == value.npos) return false;
    has_digit = has_digit || is_digit(c), has_letter = has_letter || is_letter(c);
  }
  if (is_source) return looks_random(value) && !is_hexadecimal(value);
  return value.size() >= 6 && ((has_digit && has_letter) || value.size() >= 24);
}

[[nodiscard]] constexpr bool is_quote(char c) noexcept { return c == '"' || c == '\'' || c == '`'; }

/// The value that begins at a place of a line: up to its closing quote, or to what ends a word.
[[nodiscard]] constexpr std::string_view value_at(std::string_view line, std::size_t at) noexcept {
  while (at < line.size() && line[at] == '\\') ++at;
  if (at < line.size() && is_quote(line[at])) {
    auto const begin = at + 1;
    auto end = line.find(line[at], begin);
    if (end != line.npos && end > begin && line[end - 1] == '\\') --end;
    return line.substr(begin, end == line.npos ? end : end - begin);
  }
  return line.substr(at, line.find_first_of(" \t\r\"'`\\;,)&|<>", at) - at);
}

[[nodiscard]] constexpr std::size_t skip_blanks(std::string_view line, std::size_t at) noexcept {
  while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  return at;
}

/// The word that ends before a place, without a quote around it.
[[nodiscard]] constexpr std::string_view name_before(std::string_view line, std::size_t at) noexcept {
  if (at > line.size()) return {};
  while (at > 0 && (line[at - 1] == ' ' || is_quote(line[at - 1]) || line[at - 1] == '\\')) --at;
  auto begin = at;
  while (begin > 0 && is_word_byte(line[begin - 1])) --begin;
  return line.substr(begin, at - begin);
}

/// Calls `function(value, what)` for each literal credential of a line, perhaps for one twice.
template <class Function>
constexpr void each_text_credential(std::string_view line, bool is_source, Function&& function) {
  auto const judge = [&](std::string_view value, std::string_view what) {
    // "Bearer abc": the scheme is none of it.
    if (auto const blank = value.find(' '); blank != value.npos && is_token(value.substr(0, blank)))
      value.remove_prefix(blank + 1);
    value = value.substr(0, value.find_first_of(" \t\"'\\"));
    if (is_text_credential(value, is_source)) function(value, what);
  };
  for (auto at = line.find("://"); at != line.npos; at = line.find("://", at + 3)) {
    auto const url = line.substr(at, line.find_first_of(" \t\"'`<>)", at) - at);
    each_url_credential(url, [&](std::string_view value, std::string_view, bool is_variable) {
      if (!is_variable && is_text_credential(value, is_source)) function(value, "a credential in a URL");
    });
  }
  for (auto at = line.find_first_of("=:"); at != line.npos; at = line.find_first_of("=:", at + 1)) {
    auto const name = name_before(line, at);
    if (name.empty() || !names_secret(name)) continue;
    auto const next = skip_blanks(line, at + 1);
    if (next == line.size()) continue;
    bool const quoted = is_quote(line[next]) || line[next] == '\\';
    auto const before = static_cast<std::size_t>(name.data() - line.data());
    bool const in_quotes = before > 0 && is_quote(line[before - 1]);
    bool const assigned = line[at] == '=' && next == at + 1 && !is_source;
    if (!quoted && !assigned && !(line[at] == ':' && in_quotes)) continue;
    auto value = value_at(line, next);
    // 'X-API-Key: abc' and "Authorization: Bearer abc": one quote around both.
    if (!quoted && line[at] == ':')
      value = line.substr(
          next, line.find_first_of(in_quotes ? std::string_view(&line[before - 1], 1) : "\"", next) - next);
    judge(value, equal_without_case(name, "Authorization") ? "a credential behind Authorization"
                                                           : "a credential under a name that says so");
  }
  if (is_source) return;
  for (auto at = line.find("--"); at != line.npos; at = line.find("--", at + 2)) {
    auto const end = word_end(line, at);
    auto const value = skip_blanks(line, end);
    if (value == end || value == line.size() || line[value] == '-' ||
        !names_secret(line.substr(at, end - at)))
      continue;
    judge(value_at(line, value), "a credential behind an option");
  }
}

}  // namespace countersign::inline v0::mcp::detail
