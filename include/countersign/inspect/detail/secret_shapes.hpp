#pragma once
// Credentials that show by their form alone: the issuers' prefixes, JWTs, private keys, random words.

#include <countersign/inspect/detail/placeholders.hpp>
#include <countersign/mcp/secret_names.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// A piece of a text that is a credential.
struct found_secret {
  std::size_t begin = 0, end = 0;
  std::string_view kind = {};  // with its article; empty: nothing found

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return !kind.empty(); }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return end - begin; }
};

inline constexpr std::string_view kind_jwt = "a JWT", kind_private_key = "a private key";

struct token_prefix {
  std::string_view prefix;
  std::size_t least;  // bytes behind it
  std::string_view kind;
};
inline constexpr token_prefix token_prefixes[] = {
    {"sk-", 20, "an API key (sk-)"},      {"sk_live_", 16, "a Stripe key"},
    {"sk_test_", 16, "a Stripe key"},     {"rk_live_", 16, "a Stripe key"},
    {"ghp_", 30, "a GitHub token"},       {"gho_", 30, "a GitHub token"},
    {"ghu_", 30, "a GitHub token"},       {"ghs_", 30, "a GitHub token"},
    {"ghr_", 30, "a GitHub token"},       {"github_pat_", 22, "a GitHub token"},
    {"glpat-", 20, "a GitLab token"},     {"xoxa-", 16, "a Slack token"},
    {"xoxb-", 16, "a Slack token"},       {"xoxp-", 16, "a Slack token"},
    {"xoxr-", 16, "a Slack token"},       {"xoxs-", 16, "a Slack token"},
    {"xapp-", 16, "a Slack token"},       {"AKIA", 16, "an AWS access key id"},
    {"ASIA", 16, "an AWS access key id"}, {"AIza", 35, "a Google API key"},
    {"npm_", 36, "an npm token"},         {"hf_", 30, "a Hugging Face token"},
    {"lin_api_", 30, "a Linear key"},     {"dop_v1_", 40, "a DigitalOcean token"},
    {"pypi-", 50, "a PyPI token"},
};

[[nodiscard]] constexpr bool is_word_byte(char c) noexcept {
  return is_alphanumeric(c) || c == '_' || c == '-';
}
[[nodiscard]] constexpr std::size_t word_end(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_word_byte(text[at])) ++at;
  return at;
}

[[nodiscard]] constexpr std::size_t distinct_bytes(std::string_view text) noexcept {
  bool seen[256] = {};
  std::size_t count = 0;
  for (char const c : text) {
    auto& one = seen[static_cast<unsigned char>(c)];
    if (!one) ++count;
    one = true;
  }
  return count;
}

/// How often lower case, upper case and digits take turns within the pieces between other bytes. Made-up
/// words do it seldom, random bytes all the time.
[[nodiscard]] constexpr std::size_t class_changes(std::string_view text) noexcept {
  auto const class_of = [](char c) { return is_lower(c) ? 1 : is_upper(c) ? 2 : is_digit(c) ? 3 : 0; };
  std::size_t changes = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    auto const before = class_of(text[i - 1]), here = class_of(text[i]);
    if (before != 0 && here != 0 && before != here) ++changes;
  }
  return changes;
}

/// Whether a word looks drawn at random: long, with digits, many different bytes, a change of class in
/// every fourth byte.
[[nodiscard]] constexpr bool looks_random(std::string_view word, std::size_t least = 20) noexcept {
  if (word.size() < least) return false;
  std::size_t digits = 0;
  for (char const c : word) {
    if (!is_alphanumeric(c) && std::string_view("_-+/=.~").find(c) == std::string_view::npos) return false;
    if (is_digit(c)) ++digits;
  }
  return digits >= 2 && distinct_bytes(word) >= 8 && class_changes(word) * 4 >= word.size();
}

/// Digests and identifiers: hexadecimal, perhaps in the groups of a UUID.
[[nodiscard]] constexpr bool is_hexadecimal(std::string_view word) noexcept {
  for (char const c : word)
    if (!is_digit(c) && !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f') && c != '-') return false;
  return true;
}

[[nodiscard]] constexpr found_secret token_at(std::string_view text, std::size_t at) noexcept {
  for (auto const& each : token_prefixes) {
    if (!tail(text, at).starts_with(each.prefix)) continue;
    auto const end = word_end(text, at);
    auto const body = text.substr(at + each.prefix.size(), end - at - each.prefix.size());
    bool has_digit = false, has_upper = false;
    for (char const c : body) has_digit = has_digit || is_digit(c), has_upper = has_upper || is_upper(c);
    bool const amazon = each.prefix.size() == 4 && each.prefix.ends_with("IA");
    if (amazon && (body.size() != each.least || class_changes(body) == 0)) continue;
    if (body.size() < each.least || !(has_digit || has_upper) || distinct_bytes(body) < 6) continue;
    if (is_placeholder(body) || is_sample_words(body)) continue;
    return {at, end, each.kind};
  }
  return {};
}

// RFC 7519: header.payload.signature, and the first two begin with {" in base64url.
[[nodiscard]] constexpr found_secret jwt_at(std::string_view text, std::size_t at) noexcept {
  // The samples of RFC 7519 and of jwt.io.
  constexpr std::string_view samples[] = {"eyJpc3MiOiJqb2UiLA0KICJleHAi", "eyJzdWIiOiIxMjM0NTY3ODkwIi"};
  if (!tail(text, at).starts_with("eyJ")) return {};
  auto const dot = word_end(text, at);
  if (dot - at < 16 || !tail(text, dot).starts_with(".eyJ")) return {};
  auto const payload = tail(text, dot + 1);
  for (auto const sample : samples)
    if (payload.starts_with(sample)) return {};
  auto const second = word_end(text, dot + 1);
  if (second == text.size() || text[second] != '.') return {};
  auto const end = word_end(text, second + 1);
  if (end - second < 16 || is_placeholder(text.substr(second + 1, end - second - 1))) return {};
  return {at, end, kind_jwt};
}

// RFC 7468. A header line alone is talk about keys; a line of base64 must follow, also behind "\n" as
// JSON and source files write it.
[[nodiscard]] constexpr found_secret private_key_at(std::string_view text, std::size_t at) noexcept {
  constexpr std::string_view begin = "-----BEGIN ", mark = "PRIVATE KEY-----";
  if (!tail(text, at).starts_with(begin)) return {};
  auto const found = text.substr(at, 64).find(mark);
  if (found == std::string_view::npos) return {};
  auto body = at + found + mark.size();
  while (body < text.size()) {
    if (text[body] == '\\' && body + 1 < text.size() && (text[body + 1] == 'n' || text[body + 1] == 'r'))
      body += 2;
    else if (std::string_view(" \t\r\n\"'+,|").find(text[body]) != std::string_view::npos) ++body;
    else break;
  }
  auto end = body;
  while (end < text.size() && (is_alphanumeric(text[end]) || text[end] == '+' || text[end] == '/')) ++end;
  if (end - body < 32 || distinct_bytes(text.substr(body, end - body)) < 12) return {};
  return {at, at + found + mark.size(), kind_private_key};
}

/// The next credential that shows by its form and begins in [from, to). The text behind `to` is looked
/// at to see where it ends.
[[nodiscard]] constexpr found_secret find_shape(std::string_view text, std::size_t from,
                                                std::size_t to) noexcept {
  for (auto at = from; at < to; ++at) {
    char const c = text[at];
    if (c == '-' && (at == 0 || text[at - 1] != '-')) {
      if (auto const key = private_key_at(text, at)) return key;
    }
    if (!is_letter(c) || (at > 0 && is_word_byte(text[at - 1]))) continue;
    if (auto const token = token_at(text, at)) return token;
    if (auto const token = jwt_at(text, at)) return token;
  }
  return {};
}
[[nodiscard]] constexpr found_secret find_shape(std::string_view text) noexcept {
  return find_shape(text, 0, text.size());
}

}  // namespace countersign::inline v0::mcp::detail
