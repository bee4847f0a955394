#pragma once
// What a protected resource says of itself (RFC 9728): which authorization servers give tokens for it.

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/oauth/detail/document.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/text_list.hpp>
#include <countersign/text/challenge.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/url.hpp>
#include <countersign/text/url_resolve.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// A protected resource. What its document does not say is empty.
struct resource_metadata {
  owned_text resource = {};  ///< verbatim: it is sent back as it stands (RFC 8707)
  text_list authorization_servers = {};
  text_list scopes_supported = {};
  text_list dpop_signing_alg_values_supported = {};
  bool dpop_bound_access_tokens_required = false;
};

/// Where the metadata of a server may be if no challenge says it: below its path, then at the root (RFC 9728
/// §3.1).
[[nodiscard]] inline result<text_list> resource_metadata_urls(std::string_view server) noexcept {
  constexpr std::string_view well_known = "/.well-known/oauth-protected-resource";
  if (auto ok = check_endpoint("server", server); !ok) return ok.error();
  auto const url = parse_url(server);
  auto const tail = url->path.size() + (url->has_query ? url->query.size() + 1 : 0);
  auto const origin = server.substr(0, server.size() - tail);
  secret below(origin, well_known, url->path == "/" ? std::string_view() : url->path);
  if (url->has_query) below.append("?").append(url->query);
  secret const root(origin, well_known);
  text_list all;
  all.add(below.reveal());
  if (!(below == root)) all.add(root.reveal());
  if (!below.ok() || !root.ok() || !all.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return all;
}

/// The URL that a challenge gives (RFC 9728 §5.1). errc::not_mine if it gives none; insecure, bad_input if
/// it is one that is not asked.
[[nodiscard]] inline result<owned_text> resource_metadata_url(challenge const& asked,
                                                              std::string_view server) noexcept {
  auto const url = asked.parameter("resource_metadata");
  if (!url || url->empty()) return error{errc::not_mine, "oauth: the challenge names no resource_metadata"};
  if (auto ok = check_named("resource_metadata", *url, server); !ok) return ok.error();
  owned_text found(*url);
  if (!found.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return found;
}

[[nodiscard]] inline result<request> resource_metadata_request(std::string_view url) {
  return document_request("protected resource metadata", url);
}

namespace detail {
// Whether tokens for `resource` are meant for `server`: the same origin, and a path that the server's begins
// with, whole segments of it. Compared in normal form; a query must be the same.
[[nodiscard]] inline result<bool> covers(std::string_view resource, std::string_view server) noexcept {
  auto const wide = normalize(resource), narrow = normalize(server);
  for (auto const* const one : {&wide, &narrow})
    if (!*one && one->error().code() == errc::no_memory) return one->error();
  if (!wide || !narrow) return false;
  auto const a = parse_url(wide->reveal()), b = parse_url(narrow->reveal());
  auto const from = origin_of(wide->reveal()), to = origin_of(narrow->reveal());
  if (!a || !b || !from || !to || !(*from == *to) || a->has_userinfo || a->has_fragment) return false;
  if (a->has_query && !(b->has_query && a->query == b->query && a->path == b->path)) return false;
  auto path = a->path;
  if (path.ends_with('/')) path.remove_suffix(1);
  return b->path.starts_with(path) && (b->path.size() == path.size() || b->path[path.size()] == '/');
}
}  // namespace detail

/// errc::not_mine: nothing here, ask the next candidate; transient: may be there later; wrong_origin: of
/// another resource than `server` is part of, so that nothing in it counts; insecure: an authorization
/// server that nothing may be sent to; bad_input, too_large. No text of the server's is repeated.
/// @param server the URL that requests go to, as the user gave it
[[nodiscard]] inline result<resource_metadata> read_resource_metadata(response answer,
                                                                      std::string_view server) {
  constexpr std::string_view what = "protected resource metadata";
  auto const document = detail::read_document(what, std::move(answer), max_metadata_size);
  if (!document) return document.error();
  resource_metadata got;
  auto const ok = detail::member_reader(what, document->root(), server)
                      .text("resource", got.resource)
                      .urls("authorization_servers", got.authorization_servers)
                      .list("scopes_supported", got.scopes_supported)
                      .list("dpop_signing_alg_values_supported", got.dpop_signing_alg_values_supported)
                      .flag("dpop_bound_access_tokens_required", got.dpop_bound_access_tokens_required)
                      .done();
  if (!ok) return ok.error();
  auto const covered = detail::covers(got.resource, server);
  if (!covered) return covered.error();
  if (!*covered) {
    auto const asked = origin_of(server);
    return error{errc::wrong_origin,
                 "oauth: ",
                 what,
                 ": its resource is not ",
                 asked ? asked->view() : "the server",
                 " nor a path above the server's; no token is asked for"};
  }
  return got;
}

}  // namespace countersign::inline v0::oauth
