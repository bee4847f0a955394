#pragma once
// Which URLs an OAuth client talks to at all: those that may hear a secret, and of those that a stranger
// named, none that he could not reach himself.

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/text/host_reach.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/url.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::oauth {

/// The largest metadata document that is read, in bytes, and how many values one of its lists holds at most.
inline constexpr std::size_t max_metadata_size = 256 * 1024;
inline constexpr std::size_t max_listed = 1024;

/// Whether a URL may be given a secret at all: https, or http on loopback. errc::insecure, or bad_input for
/// no URL.
/// @param what names the URL in the error: "token endpoint"
[[nodiscard]] inline result<void> check_endpoint(std::string_view what, std::string_view url) noexcept {
  auto const parts = parse_url(url);
  if (!parts) return parts.error().within("oauth: ", what, ": ");
  auto const where = origin_of(url);
  if (!where) return where.error().within("oauth: ", what, ": ");
  if (where->scheme() != "https" && where->scheme() != "http")
    return error{errc::bad_input, "oauth: ", what, ": ", where->view(), " is no https URL"};
  if (!where->encrypted() && !where->loopback())
    return error{errc::insecure, "oauth: ",     what,
                 ": ",           where->view(), " is plain http; secrets go there, so it must be https"};
  if (parts->has_userinfo)
    return error{errc::bad_input,
                 "oauth: ",
                 what,
                 ": ",
                 where->view(),
                 " is written with a user in front of the host; give the client's id and secret instead"};
  if (parts->has_fragment)
    return error{errc::bad_input, "oauth: ", what, ": the URL has a fragment, which RFC 6749 §3.2 forbids"};
  return {};
}

/// The same for a URL that a server named. errc::insecure also if its host is more private than the one who
/// named it: a document of the internet must not point a client at its own network.
/// @param named_by a URL of that server, as the user gave it; empty: there is nobody to compare with
[[nodiscard]] inline result<void> check_named(std::string_view what, std::string_view url,
                                              std::string_view named_by) noexcept {
  if (auto ok = check_endpoint(what, url); !ok) return ok;
  if (named_by.empty()) return {};
  auto const to = origin_of(url), from = origin_of(named_by);
  if (!from) return from.error().within("oauth: ", what, ": the server that named it: ");
  if (may_name(from->host(), to->host())) return {};
  return error{errc::insecure, "oauth: ",
               what,           ": ",
               to->view(),     " is within a network, and ",
               from->view(),   ", which named it, is not; nothing is sent there"};
}

/// Tells the transport whose word it is that the request goes where it goes, so that what the name resolves to is judged
/// as well. The server itself is the user's choice: nothing is told of a request to its own origin.
/// @param named_by as of `check_named`
inline void tell_who_named(request& made, std::string_view named_by) noexcept {
  if (named_by.empty()) return;
  auto const from = origin_of(named_by);
  if (from && from->owns(made.url())) return;
  made.named_by.assign(from ? from->view() : std::string_view("nobody"));
}
/// What is said of a request that the transport refused for that.
[[nodiscard]] inline error leads_inside(std::string_view what) noexcept {
  return {errc::insecure, "oauth: ", what,
          ": its name leads to an address within a network, and the server that named it is not there; "
          "nothing was sent"};
}

/// A GET for a JSON document, which carries no credential.
[[nodiscard]] inline result<request> document_request(std::string_view what, std::string_view url) {
  if (auto ok = check_endpoint(what, url); !ok) return ok.error();
  request made("GET", url);
  made.set("Accept", "application/json");
  made.set("Accept-Encoding", "identity");  // no small answer that becomes a large one
  if (!made.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return made;
}

}  // namespace countersign::inline v0::oauth
