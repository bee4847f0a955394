#pragma once
// Which scopes a sign-in asks for (MCP authorization, "Scope Selection Strategy" and "Step-Up Authorization
// Flow"): pure.

#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/oauth/resource_metadata.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/oauth/text_list.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

/// How many scopes are asked for at most, and their bytes as sent, spaces included.
inline constexpr std::size_t max_scopes = 128;
inline constexpr std::size_t max_scope_size = std::size_t{4} * 1024;

/// What there is to choose from. All are words with spaces between them (RFC 6749 §3.3).
struct scope_wishes {
  std::string_view configured = {};  ///< the user's (`oauth.scopes`): asked for as it stands, also on step-up
  std::string_view challenged = {};  ///< of the challenge: `challenged::scope`
  std::string_view granted = {};     ///< what the login has that is to be stepped up: none of it is lost
  bool refresh_token = true;         ///< whether one is wanted
};

namespace detail {

inline constexpr std::string_view offline_access = "offline_access";  // OpenID Connect Core §11

// RFC 6749 §3.3.
constexpr bool is_scope(std::string_view word) noexcept {
  for (char const c : word)
    if (c <= 0x20 || c >= 0x7f || c == '"' || c == '\\') return false;
  return !word.empty();
}

// Calls `function(word)` until it returns false.
template <class Function>
constexpr bool each_scope(std::string_view words, Function&& function) {
  while (!words.empty()) {
    auto const word = words.substr(0, words.find(' '));
    words.remove_prefix(word.size() == words.size() ? word.size() : word.size() + 1);
    if (!word.empty() && !function(word)) return false;
  }
  return true;
}

// Each only once, in the order in which they came, up to the limits: a stranger's list costs no more than
// these.
class scope_list {
public:
  void add(std::string_view word) noexcept {
    if (too_many_ || all_.contains(word)) return;
    size_ += word.size() + (all_.empty() ? 0 : 1);
    too_many_ = all_.size() == max_scopes || size_ > max_scope_size;
    if (!too_many_) all_.add(word);
  }
  // Of a server's words, those that are scopes.
  void add_all(std::string_view words, bool with_offline_access) noexcept {
    each_scope(words, [&](std::string_view word) {
      if (is_scope(word) && (with_offline_access || word != offline_access)) add(word);
      return !too_many_;
    });
  }
  [[nodiscard]] bool contains(std::string_view word) const noexcept { return all_.contains(word); }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] result<owned_text> joined() const noexcept {
    if (too_many_)
      return error{errc::too_large, "scope: more than ",
                   max_scopes,      " scopes or ",
                   max_scope_size,  " bytes would be asked for; say which you need in oauth.scopes"};
    auto text = all_.joined();
    if (!text.ok()) return error{errc::no_memory, "scope: out of memory"};
    return text;
  }

private:
  oauth::text_list all_;
  std::size_t size_ = 0;
  bool too_many_ = false;
};

}  // namespace detail

/// Whether all words of `wanted` are among those of `granted`: then signing in anew for them is of no use.
[[nodiscard]] inline bool covers_scope(std::string_view granted, std::string_view wanted) noexcept {
  detail::scope_list had;
  had.add_all(granted, true);
  return detail::each_scope(wanted, [&had](std::string_view word) { return had.contains(word); });
}

/// What to put into `scope`; empty: it is left out, and the server decides. The first of these that names
/// any: the user's words; else those of the challenge; else all that the resource supports; the last two
/// together with what was granted before, in front. offline_access is asked for where the user says it,
/// where it was granted, and where the authorization server lists it, other scopes are asked for, and a
/// refresh token is wanted; never because a resource names it. A server's words that are no scopes are left
/// out. errc::bad_input: the user's words are no scopes; too_large: more than the limits.
[[nodiscard]] inline result<owned_text> choose_scope(scope_wishes const& wishes,
                                                     oauth::resource_metadata const& resource,
                                                     oauth::server_metadata const& server) {
  detail::scope_list all;
  bool const said = detail::each_scope(wishes.configured, [&all](std::string_view word) {
    all.add(word);
    return detail::is_scope(word);
  });
  if (!said)
    return error{errc::bad_input,
                 "scope: oauth.scopes holds bytes that no scope has; write words with spaces between them"};
  if (all.empty()) {
    all.add_all(wishes.granted, true);
    bool const none =
        detail::each_scope(wishes.challenged, [](std::string_view word) { return !detail::is_scope(word); });
    all.add_all(wishes.challenged, false);
    if (none) resource.scopes_supported.each([&all](std::string_view words) { all.add_all(words, false); });
  }
  // Alone it would take the place of what the server gives by default.
  if (wishes.refresh_token && !all.empty() && server.scopes_supported.contains(detail::offline_access))
    all.add(detail::offline_access);
  return all.joined();
}

}  // namespace countersign::inline v0::mcp
