#pragma once
// Values that stand where a secret would and are none: "your-token-here", "<token>", "***", "true".

#include <countersign/mcp/secret_names.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// What nobody could take for a credential: a word that says so, a mark to be filled in, one byte over
/// and over.
[[nodiscard]] constexpr bool is_placeholder(std::string_view value) noexcept {
  constexpr std::string_view telling[] = {
      "your",  "example",  "placeholder", "changeme", "change-me", "change_me", "replace",  "insert",
      "dummy", "redacted", "sample",      "-here",    "_here",     "notreal",   "not-real", "not_real",
      "fake",  "xxxx",     "****",        "${",       "$(",        "{{"};
  for (auto const word : telling)
    if (find_without_case(value, word) != std::string_view::npos) return true;
  if (value.empty() || value.front() == '$') return true;
  if (auto const open = value.find('<'); open != value.npos && value.find('>', open) != value.npos)
    return true;
  if (value.size() > 2 && value.front() == '%' && value.back() == '%') return true;
  for (char const c : value)
    if (c != value.front() && std::string_view("xX*.-_#?").find(c) == value.npos) return false;
  return true;
}

/// Cut short for the eye: "sk-abc123...".
[[nodiscard]] constexpr bool is_cut_short(std::string_view value) noexcept {
  return value.find("...") != value.npos || value.find("\xe2\x80\xa6") != value.npos;
}

/// Nothing but words that samples are made of ("my-secret-token", "password123"): in a README they are
/// no credential, in a config they may be one.
[[nodiscard]] constexpr bool is_sample_words(std::string_view value) noexcept {
  constexpr std::string_view words[] = {
      "username", "password", "database", "postgres", "hardcoded", "localhost", "testing", "default",
      "literal",  "service",  "bearer",   "client",   "server",    "passwd",    "secret",  "access",
      "tokens",   "token",    "value",    "admin",    "mysql",     "guest",     "basic",   "hello",
      "world",    "local",    "short",    "some",     "user",      "name",      "pass",    "keys",
      "auth",     "test",     "demo",     "root",     "real",      "long",      "live",    "prod",
      "this",     "that",     "hard",     "code",     "coded",     "open",      "sesame",  "t0ken",
      "key",      "api",      "abc",      "def",      "xyz",       "foo",       "bar",     "baz",
      "our",      "the",      "any",      "app",      "mcp",       "new",       "old",     "dev",
      "env",      "var",      "pat",      "ghp",      "pwd",       "db",        "my",      "id",
      "sk",       "an",       "a"};
  while (!value.empty()) {
    if (!is_letter(value.front())) {
      std::size_t digits = 0;
      while (digits < value.size() && is_digit(value[digits])) ++digits;
      if (digits > 6) return false;
      value.remove_prefix(digits > 0 ? digits : 1);
      continue;
    }
    bool known = false;
    for (auto const word : words) {
      known = value.size() >= word.size() && equal_without_case(value.substr(0, word.size()), word);
      if (!known) continue;
      value.remove_prefix(word.size());
      break;
    }
    if (!known) return false;
  }
  return true;
}

/// A setting or the place of something, under a name that sounds like a credential's.
[[nodiscard]] constexpr bool is_setting(std::string_view value) noexcept {
  constexpr std::string_view words[] = {"true", "false", "null",  "none",   "yes",   "no",    "on",
                                        "off",  "auto",  "basic", "bearer", "oauth", "oauth2"};
  if (is_one_of(value, words)) return true;
  bool digits = value.size() < 5;
  for (char const c : value) digits = digits && is_digit(c);
  if (digits) return true;
  for (std::string_view const root : {"./", "../", "~/", "file:", "http://", "https://"})
    if (value.starts_with(root)) return true;
  if (value.starts_with('/') && value.find('/', 1) != value.npos) return true;
  for (std::string_view const end : {".pem", ".key", ".json", ".txt", ".crt"})
    if (ends_without_case(value, end)) return true;
  return false;
}

}  // namespace countersign::inline v0::mcp::detail
