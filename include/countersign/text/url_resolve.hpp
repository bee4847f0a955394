#pragma once
// From one URL to another: a reference made absolute (RFC 3986 §5), and the normal form by which two are
// compared (§6.2).

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/ip_address.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/url.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {

// RFC 3986 §5.2.4. Appends; each byte is looked at a bounded number of times.
inline void append_without_dots(std::string_view path, secret& out) noexcept {
  auto const floor = out.size();
  auto const drop_last = [&] {
    auto const slash = out.reveal().substr(floor).rfind('/');
    out.resize(slash == std::string_view::npos ? floor : floor + slash);
  };
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../")) {
      path.remove_prefix(3);
      drop_last();
    } else if (path == "/..") {
      path = "/";
      drop_last();
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      auto const next = path.find('/', 1);
      out.append(path.substr(0, next));
      path = next == std::string_view::npos ? std::string_view() : path.substr(next);
    }
  }
}

// RFC 3986 §6.2.2.1 and §6.2.2.2: escapes in upper case, and none for what needs none. The text was parsed
// before.
inline void append_with_plain_escapes(std::string_view part, secret& out) noexcept {
  constexpr std::string_view hex = "0123456789ABCDEF";
  while (!part.empty()) {
    auto const plain = part.substr(0, part.find('%'));
    out.append(plain);
    part.remove_prefix(plain.size());
    if (part.empty()) return;
    auto const byte = static_cast<unsigned>(hex_value(part[1]) << 4 | hex_value(part[2]));
    if ((url_classes[byte] & url_unreserved) != 0) {
      out.push_back(static_cast<char>(byte));
    } else {
      out.push_back('%').push_back(hex[byte >> 4]).push_back(hex[byte & 15]);
    }
    part.remove_prefix(3);
  }
}

inline void append_lower(std::string_view part, secret& out) noexcept {
  for (char const c : part) out.push_back(ascii_lower(c));
}

inline void append_query_and_fragment(url_view const& url, secret& out) noexcept {
  if (url.has_query) {
    out.append("?");
    append_with_plain_escapes(url.query, out);
  }
  if (url.has_fragment) {
    out.append("#");
    append_with_plain_escapes(url.fragment, out);
  }
}

[[nodiscard]] inline result<secret> finished_url(secret out) noexcept {
  if (!out.ok()) return error(errc::no_memory, "URL: no memory");
  if (out.size() > max_url_size) return error(errc::too_large, "URL: longer than ", max_url_size, " bytes");
  return out;
}

}  // namespace detail

/// What `reference` means where `base` is (RFC 3986 §5.2, strict). The base's fragment counts for nothing. A
/// secret, since either may hold a token. errc::bad_input: one of them is malformed, or `base` is not
/// absolute; errc::too_large; errc::no_memory
[[nodiscard]] inline result<secret> resolve(std::string_view base, std::string_view reference) noexcept {
  auto const from = parse_reference(base);
  if (!from) return from.error().within("base ");
  if (!from->has_scheme) return error(errc::bad_input, "base URL: expected a scheme: https://…");
  auto const to = parse_reference(reference);
  if (!to) return to.error().within("relative ");

  bool const own_authority = to->has_scheme || to->has_authority;
  url_view const& server = own_authority ? *to : *from;
  secret out;
  out.reserve(base.size() + reference.size() + 4);
  out.append(to->has_scheme ? to->scheme : from->scheme).append(":");
  if (server.has_authority) {
    out.append("//");
    if (server.has_userinfo) out.append(server.userinfo).append("@");
    out.append(server.host);
    if (server.has_port) out.append(":").append(server.port);
  }

  auto const path_at = out.size();
  if (!own_authority && to->path.empty()) {
    out.append(from->path);
  } else if (own_authority || to->path.starts_with('/')) {
    detail::append_without_dots(to->path, out);
  } else {  // §5.2.3
    secret merged;
    merged.reserve(from->path.size() + to->path.size() + 1);
    if (from->has_authority && from->path.empty()) merged.append("/");
    merged.append(from->path.substr(0, from->path.rfind('/') + 1)).append(to->path);
    if (!merged.ok()) return error(errc::no_memory, "URL: no memory");
    detail::append_without_dots(merged.reveal(), out);
  }
  // "a:/..//b" would come out as "a://b": a path turned into a host.
  if (!server.has_authority && out.reveal().substr(path_at).starts_with("//"))
    return error(errc::bad_input, "URL: a path that begins with // and has no host before it");

  url_view const& asks = own_authority || !to->path.empty() || to->has_query ? *to : *from;
  if (asks.has_query) out.append("?").append(asks.query);
  if (to->has_fragment) out.append("#").append(to->fragment);
  return detail::finished_url(std::move(out));
}

/// The normal form of a server's URL (RFC 3986 §6.2.2, §6.2.3): scheme and host in lower case, IPv6 as RFC
/// 5952 writes it, the port only where it is not the scheme's own, "/" for an empty path, no dot segments,
/// escapes in upper case and only where they are needed. Two URLs with one normal form are the same resource;
/// a signature covers the URL as sent. Errors as `parse_url`, and errc::no_memory.
[[nodiscard]] inline result<secret> normalize(std::string_view text) noexcept {
  auto const url = parse_url(text);
  if (!url) return url.error();
  secret out;
  out.reserve(text.size() + 1);
  detail::append_lower(url->scheme, out);
  out.append("://");
  if (url->has_userinfo) {
    detail::append_with_plain_escapes(url->userinfo, out);
    out.append("@");
  }
  if (url->host.front() == '[') {
    detail::ipv6_address address;
    static_cast<void>(detail::parse_ipv6(url->host.substr(1, url->host.size() - 2), address));
    char canonical[39];
    out.append("[").append(detail::text_at(canonical, detail::write_ipv6(address, canonical))).append("]");
  } else {
    detail::append_lower(url->host, out);
  }
  if (auto const port = *url->port_number(); port != detail::default_port(url->scheme)) {
    auto const digits = url->port.substr(url->port.find_first_not_of('0') < url->port.size()
                                             ? url->port.find_first_not_of('0')
                                             : url->port.size() - 1);
    out.append(":").append(digits);
  }
  secret path;
  path.reserve(url->path.size() + 1);
  if (!url->path.starts_with('/')) path.append("/");
  detail::append_with_plain_escapes(url->path, path);
  if (!path.ok()) return error(errc::no_memory, "URL: no memory");
  detail::append_without_dots(path.reveal(), out);
  detail::append_query_and_fragment(*url, out);
  return detail::finished_url(std::move(out));
}

}  // namespace countersign::inline v0
