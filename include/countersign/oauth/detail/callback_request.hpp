#pragma once
// What a browser, or anybody else on this machine, says to the listener: whether it is the redirect that is
// waited for, and the answer. The answer is made of constant bytes: whatever the request says, none of it
// comes back.

#include <countersign/core/secret.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/oauth/detail/redirect.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::oauth::detail {

/// Whether a redirect, or its query, carries this state, once. Takes the same time for any other.
[[nodiscard]] inline bool carries_state(std::string_view redirect, std::string_view state) {
  auto const got = redirect_parameters::read(redirect);
  return got && got->state.once() && equal_in_constant_time(got->state.view(), state);
}

/// What is listened for. Borrowed.
struct expected_callback {
  std::string_view host = {};  ///< with its port, as the field Host must say it
  std::string_view path = {};
  std::string_view state = {};
};

enum class callback : std::uint8_t {
  genuine,
  malformed,
  forbidden,
  elsewhere,
  other_method,
  too_long,
  other_state
};

inline constexpr std::string_view callback_genuine =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Length: 136\r\n"
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n\r\n"
    "<!doctype html><html lang=\"en\"><title>Sign-in</title><p>The program has its answer. "
    "You can close this window and go back to it.</html>\n";
inline constexpr std::string_view callback_refused =
    "Content-Type: text/html; charset=utf-8\r\n"
    "Content-Length: 176\r\n"
    "Cache-Control: no-store\r\n"
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Connection: close\r\n\r\n"
    "<!doctype html><html lang=\"en\"><title>Sign-in</title><p>This is not what the program waits for. "
    "If it should be, copy this page's address and paste it into the program.</html>\n";

[[nodiscard]] constexpr std::string_view callback_status(callback what) noexcept {
  switch (what) {
  case callback::forbidden:
    return "HTTP/1.1 403 Forbidden\r\n";
  case callback::elsewhere:
    return "HTTP/1.1 404 Not Found\r\n";
  case callback::other_method:
    return "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n";
  case callback::too_long:
    return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
  case callback::genuine:
  case callback::malformed:
  case callback::other_state:
    break;
  }
  return "HTTP/1.1 400 Bad Request\r\n";
}

[[nodiscard]] inline secret callback_answer(callback what) noexcept {
  return what == callback::genuine ? secret(callback_genuine)
                                   : secret(callback_status(what), callback_refused);
}

/// The fields behind the request line: exactly one Host, which is ours, and no Origin. A browser that is
/// redirected here sends none; a page that calls here by script, under whatever name it made the browser
/// resolve to this machine, gives itself away by one of the two.
[[nodiscard]] inline callback judge_callback_fields(std::string_view fields, std::string_view host) noexcept {
  bool has_host = false, has_origin = false, other_host = false;
  while (!fields.empty()) {
    auto const line = fields.substr(0, fields.find("\r\n"));
    fields.remove_prefix(line.size() + 2);
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return callback::malformed;
    auto const name = line.substr(0, colon);
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
    if (!is_field_value(value)) return callback::malformed;
    has_origin = has_origin || equal_without_case(name, "Origin");
    if (!equal_without_case(name, "Host")) continue;
    other_host = other_host || has_host || value != host;
    has_host = true;
  }
  return has_host && !other_host && !has_origin ? callback::genuine : callback::forbidden;
}

/// @param head a request up to the empty line behind its fields, each line ended by CR and LF
/// @param query receives what follows the path's '?' where it is genuine: a piece of `head`
[[nodiscard]] inline callback judge_callback(std::string_view head, expected_callback const& expected,
                                             std::string_view& query) {
  if (!head.ends_with("\r\n\r\n")) return callback::malformed;
  head.remove_suffix(2);
  auto line = head.substr(0, head.find("\r\n"));
  auto const fields = head.substr(line.size() + 2);
  auto const method = line.substr(0, line.find(' '));
  line.remove_prefix(method.size());
  if (!is_token(method) || !(line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0")))
    return callback::malformed;
  line.remove_suffix(9);
  if (line.size() < 2 || line[1] != '/') return callback::malformed;  // only the form that servers are sent
  auto const target = line.substr(1);
  for (char const c : target)
    if (c <= 0x20 || c > 0x7e) return callback::malformed;
  if (auto const seen = judge_callback_fields(fields, expected.host); seen != callback::genuine) return seen;
  auto const path = target.substr(0, target.find('?'));
  if (path != expected.path) return callback::elsewhere;
  if (method != "GET") return callback::other_method;
  if (!carries_state(target, expected.state)) return callback::other_state;
  query = target.substr(path.size() + 1);  // it carries a state, so it is there
  return callback::genuine;
}

}  // namespace countersign::inline v0::oauth::detail
