#pragma once
// From a server's URL and its refusal to the authorization server that gives tokens for it (MCP
// authorization, revisions 2026-07-28 and 2025-11-25, and what servers of 2025-03-26 need).

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/mcp/challenged.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/resource_metadata.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/oauth/text_list.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// The most requests that one discovery sends.
inline constexpr unsigned max_discovery_requests = 8;

struct discovery_rules {
  /// The metadata of the authorization server, where the user knows better (`oauth.authServerMetadataUrl`).
  /// Empty: it is looked for. An issuer of another origin than this URL's is not taken.
  owned_text metadata_url = {};
  bool tolerate_slash = false;  ///< see oauth::metadata_rules
};

/// What a sign-in to a server needs to know.
struct discovered {
  oauth::resource_metadata resource = {};  ///< its `resource` is empty where the server has no such metadata
  oauth::server_metadata server = {};
  owned_text challenged_scope = {};
  bool dpop_wanted = false;
  /// The authorization server has no metadata: `server` holds the default endpoints of revision 2025-03-26.
  bool assumed = false;
};

/// An exchange of GETs that carry no credential; no redirect is followed. The order:
///   1. the resource's metadata: where the challenge says, and then nowhere else; else below the server's
///      path, then at its root;
///   2. the metadata of the first authorization server listed there, where RFC 8414 and OpenID put it; of the
///      next one only if nothing of the first answered;
///   3. with no resource metadata, or no server in it: the metadata at the server's own origin
///      (2025-03-26), and without that the default endpoints there.
///
/// errc::wrong_origin: metadata of another resource or of another issuer, and nothing in it is used;
/// insecure: a URL that nothing is sent to, http or more private than the server; transient: may succeed
/// later; fatal: there is nothing to sign in at; bad_input and too_large: a document that is none. Errors
/// name the origin to blame.
class discovery : public steps<discovery, discovered> {
public:
  /// @param server_url as the user gave it; https, or http on loopback
  /// @param challenge the WWW-Authenticate fields of its refusal, joined by ", "; may be empty. One that
  /// can't be read counts as none, since all that it decides is where to look first; it is traced.
  discovery(std::string_view server_url, std::string_view challenge, discovery_rules const& rules,
            context const& outside)
      : server_(server_url), rules_(rules), outside_(outside) {
    auto ok = begin(challenge);
    if (ok) ask_resource();
    else give_up(ok.error().within("discovery: "));
  }

private:
  enum class from : std::uint8_t { listed, configured, origin };

  [[nodiscard]] result<void> begin(std::string_view challenge) {
    if (!server_.ok() || !rules_.metadata_url.ok()) return error{errc::no_memory, "out of memory"};
    if (auto ok = oauth::check_endpoint("server", server_); !ok) return ok;
    if (!rules_.metadata_url.empty())
      if (auto ok = oauth::check_endpoint("authServerMetadataUrl", rules_.metadata_url); !ok) return ok;
    auto heard = read_challenged(challenge);
    if (!heard && heard.error().code() == errc::no_memory) return heard.error();
    if (!heard) note(server_, heard.error().message());
    if (heard && !heard->resource_metadata.empty()) {
      if (auto ok = oauth::check_named("resource_metadata", heard->resource_metadata, server_); !ok)
        return ok;
      hinted_ = true;
      places_.add(heard->resource_metadata);
    } else {
      auto usual = oauth::resource_metadata_urls(server_);
      if (!usual) return usual.error();
      places_ = std::move(*usual);
    }
    if (!places_.ok()) return error{errc::no_memory, "out of memory"};
    if (heard) {
      found_.challenged_scope = std::move(heard->scope);
      found_.dpop_wanted = heard->dpop;
    }
    return {};
  }

  // -- the resource
  void ask_resource() {
    if (next_ == places_.size()) return without_resource();
    get(oauth::resource_metadata_request(places_[next_++]), server_, &discovery::heard_resource);
  }
  void heard_resource() {
    if (answer() == nullptr) return unanswered();
    auto got = oauth::read_resource_metadata(std::move(*answer()), server_);
    if (!got && got.error().code() == errc::not_mine) {
      missing_ = got.error();
      return ask_resource();
    }
    if (!got) return failed(got.error());
    found_.resource = std::move(*got);
    if (found_.resource.dpop_bound_access_tokens_required) found_.dpop_wanted = true;
    if (!rules_.metadata_url.empty()) return ask_configured();
    // RFC 9728 leaves the list out where it likes; MCP wants it, and clients have always looked at the
    // origin then.
    if (found_.resource.authorization_servers.empty()) return ask_origin();
    ask_listed();
  }
  void without_resource() {
    if (!rules_.metadata_url.empty()) return ask_configured();
    if (!hinted_) return ask_origin();
    // A server that names its metadata is none of 2025-03-26: other places would be a guess at what it did
    // not say.
    give_up(error{errc::fatal, "discovery: ", pending().origin(), ": ", missing_.message(),
                  "; the challenge names that place, so no other is asked; set oauth.authServerMetadataUrl"});
  }

  // -- the authorization server
  void ask_listed() { ask_issuer(from::listed, found_.resource.authorization_servers[listed_++]); }
  void ask_origin() {
    auto const own = origin_of(server_);
    if (own) ask_issuer(from::origin, own->view());
    else give_up(own.error());
  }
  void ask_issuer(from whence, std::string_view issuer) {
    auto urls = oauth::server_metadata_urls(issuer);
    if (!urls) return give_up(urls.error().within("discovery: "));
    issuer_ = owned_text(issuer);
    if (whence == from::listed) places_ = std::move(*urls);
    else places_ = {(*urls)[0]};  // 2025-03-26 knows no other
    ask_server(whence);
  }
  void ask_configured() {
    places_ = {rules_.metadata_url};
    ask_server(from::configured);
  }
  void ask_server(from whence) {
    if (!issuer_.ok() || !places_.ok()) return give_up(error{errc::no_memory, "discovery: out of memory"});
    whence_ = whence;
    next_ = 0;
    ask_next();
  }
  void ask_next() {
    if (next_ == places_.size()) return without_metadata();
    // The user's own word is judged by nobody.
    get(oauth::server_metadata_request(places_[next_++]),
        whence_ == from::configured ? std::string_view() : server_.view(), &discovery::heard_server);
  }
  void heard_server() {
    if (answer() == nullptr) {
      bool const other = whence_ == from::listed && !reached_ && how_lost() != lost::refused &&
                         listed_ < found_.resource.authorization_servers.size();
      if (!other) return unanswered();
      note(pending().origin(), "not reached; the next authorization server is asked");
      return ask_listed();
    }
    reached_ = true;
    auto got = oauth::read_server_metadata(std::move(*answer()), issuer_, what_is_taken());
    if (!got && got.error().code() == errc::not_mine) {
      missing_ = got.error();
      return ask_next();
    }
    if (!got) return failed(got.error());
    if (got->token_endpoint.empty())
      return failed(error{errc::fatal, "the authorization server's metadata names no token_endpoint"});
    found_.server = std::move(*got);
    finish(std::move(found_));
  }
  [[nodiscard]] oauth::metadata_rules what_is_taken() const noexcept {
    // The user may know a server that is more private than the MCP server; its endpoints may be where it is.
    if (whence_ == from::configured)
      return {.server = rules_.metadata_url, .configured_at = rules_.metadata_url};
    // Nobody named the origin as an issuer: it is our guess, and either spelling of it says the same.
    return {.tolerate_slash = rules_.tolerate_slash || whence_ == from::origin, .server = server_};
  }
  void without_metadata() {
    if (whence_ == from::origin) return assume();
    give_up(error{errc::fatal, "discovery: ", pending().origin(), ": ", missing_.message(),
                  whence_ == from::configured
                      ? "; check oauth.authServerMetadataUrl"
                      : "; it was the last place, and there is no signing in without"});
  }
  // 2025-03-26, "Fallbacks for Servers without Metadata Discovery".
  void assume() {
    auto const at = [&](std::string_view path) { return owned_text(secret(issuer_.view(), path)); };
    auto& made = found_.server;
    made.issuer = issuer_;
    made.authorization_endpoint = at("/authorize");
    made.token_endpoint = at("/token");
    made.registration_endpoint = at("/register");
    // That revision demands PKCE of every server, and such a one has no place to say so.
    made.code_challenge_methods_supported = {"S256"};
    made.named_by = server_;
    if (!made.issuer.ok() || !made.named_by.ok() || !made.authorization_endpoint.ok() ||
        !made.token_endpoint.ok() || !made.registration_endpoint.ok() ||
        !made.code_challenge_methods_supported.ok())
      return give_up(error{errc::no_memory, "discovery: out of memory"});
    found_.assumed = true;
    note(issuer_, "no metadata: the default endpoints");
    finish(std::move(found_));
  }

  void get(result<request> what, std::string_view named_by, step next) {
    if (!what) return give_up(what.error().within("discovery: "));
    oauth::tell_who_named(*what, named_by);
    if (sent_ == max_discovery_requests)
      return give_up(error{errc::transient, "discovery: ", pending().origin(), ": no end after ",
                           max_discovery_requests,
                           " requests; see which authorization servers the server lists"});
    ++sent_;
    send(std::move(*what), next);
  }
  void unanswered() {
    if (how_lost() == lost::refused) return failed(oauth::leads_inside("metadata"));
    failed(error{errc::transient, how_lost() == lost::not_sent ? "could not be reached" : "did not answer",
                 "; it is needed to sign in: try again later"});
  }
  // check_endpoint() let no user name into an origin.
  void failed(error const& why) { give_up(why.within("discovery: ", pending().origin(), ": ")); }
  void note(std::string_view url, std::string_view what) const noexcept {
    auto const where = origin_of(url);
    outside_.trace({"discovery", where ? where->view() : std::string_view(), what});
  }

  owned_text server_;
  discovery_rules rules_;
  context outside_;
  discovered found_;
  oauth::text_list places_;
  owned_text issuer_;
  error missing_;
  std::size_t next_ = 0, listed_ = 0;
  unsigned sent_ = 0;
  from whence_ = from::listed;
  bool hinted_ = false, reached_ = false;
};

}  // namespace countersign::inline v0::mcp
