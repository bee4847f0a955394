#pragma once
// What libcurl asks before it opens a socket, and before it sends on a connection that is open.

#include <countersign/adapt/detail/destination.hpp>
#include <countersign/text/host_reach.hpp>

#include <curl/curl.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

// A socket address holds family and port in its first four bytes, whatever the system; IPv6 has a flow label next.
[[nodiscard]] inline host_reach reach_of_socket(curl_sockaddr const& to) noexcept {
  auto const* const bytes = reinterpret_cast<char const*>(&to.addr);
  bool const four = to.family == AF_INET, six = to.family == AF_INET6;
  std::size_t const at = four ? 4 : 8, size = four ? 4 : 16;
  if ((!four && !six) || to.addrlen < at + size) return host_reach::unclear;
  return reach_of_address({bytes + at, size});
}
[[nodiscard]] inline host_reach reach_of_text(std::string_view address) noexcept {
  address = address.substr(0, address.find('%'));  // a zone
  if (address.find(':') == std::string_view::npos) return reach_of(address);
  char text[64] = {'['};
  if (address.size() > sizeof text - 2) return host_reach::unclear;
  std::memcpy(text + 1, address.data(), address.size());
  text[address.size() + 1] = ']';
  return reach_of({text, address.size() + 2});
}

/// The judge of one transfer's connections.
struct curl_sockets {
  CURL* handle;
  destination& to;
  bool by_proxy = false;  ///< the sockets may be a proxy's, which resolves names itself
  bool by_socks = false;  ///< one that tells nobody whether it was used

  /// @param proxy of the options or the environment; empty: none
  curl_sockets(CURL* of, destination& judge, std::string_view proxy) noexcept
      : handle(of), to(judge), by_proxy(!proxy.empty()),
        by_socks(proxy.starts_with("socks") || proxy.starts_with("SOCKS")) {}

  static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* to) noexcept {
    auto& all = *static_cast<curl_sockets*>(self);
    if (!all.by_proxy && !all.to.takes(reach_of_socket(*to))) return CURL_SOCKET_BAD;
    return ::socket(to->family, to->socktype, to->protocol);
  }
  // Connections are kept, and one may have been made for the user's own request.
  static int before_sending(void* self, char* address, char*, int, int) noexcept {
    auto& all = *static_cast<curl_sockets*>(self);
    if (all.by_socks) return CURL_PREREQFUNC_OK;
    long tunnel = 0;
    if (all.by_proxy && curl_easy_getinfo(all.handle, CURLINFO_HTTP_CONNECTCODE, &tunnel) == CURLE_OK &&
        tunnel / 100 == 2)
      return CURL_PREREQFUNC_OK;
    return all.to.takes(reach_of_text(address)) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
  }
};

/// Finds the most public of a name's addresses; connects to none.
struct curl_addresses {
  host_reach nearest = host_reach::unclear;

  static curl_socket_t note(void* self, curlsocktype, curl_sockaddr* to) noexcept {
    auto& nearest = static_cast<curl_addresses*>(self)->nearest;
    auto const one = reach_of_socket(*to);
    if (one < nearest) nearest = one;
    return CURL_SOCKET_BAD;
  }
};

/// The proxy for https that the environment names, as libcurl reads it; empty: none.
[[nodiscard]] inline std::string_view proxy_of_environment() noexcept {
  for (auto const* const name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
    if (auto const* const value = std::getenv(name); value != nullptr && *value != '\0') return value;
  return {};
}

}  // namespace countersign::inline v0::detail
