#pragma once
// What keeps a login from being used, and what to do about it.

#include <countersign/core/error.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/time.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/inspect/server_state.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/store/login.hpp>
#include <countersign/text/http_date.hpp>
#include <countersign/text/url.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0::mcp {

/// How far two clocks may be apart. Tokens are checked to the minute, and an answer takes its time.
inline constexpr duration tolerated_skew = seconds(300);

namespace detail {
[[nodiscard]] inline owned_text login_fix(server const& of, std::string_view what = "sign in") noexcept {
  return sentence(what, ": countersign login ", front_of(of.name(), max_name_shown));
}
// "about 61 min"
[[nodiscard]] inline owned_text minutes(std::int64_t ms) noexcept {
  return sentence("about ", (ms < 0 ? -ms : ms) / 60'000, " min");
}
}  // namespace detail

/// Of what a store says; nothing where it holds a login that serves, or where none is needed.
/// @param stored what its `load` gave
[[nodiscard]] inline std::optional<problem> login_problem(server const& of, result<login> const& stored,
                                                          wall_time now) {
  using detail::sentence;
  if (!stored) {
    auto const& why = stored.error();
    switch (why.code()) {
    case errc::not_mine:
      if (!of.oauth()) return std::nullopt;
      return problem{problem_code::sign_in_needed, owned_text("nobody is signed in"), owned_text("oauth"),
                     detail::login_fix(of)};
    case errc::insecure:
      return problem{problem_code::store_insecure, sentence(why.message()), owned_text("state folder"),
                     owned_text("make it yours alone: chmod 700 the folder, chmod 600 its files; if others "
                                "could read it, sign in anew")};
    case errc::bad_input:
      return problem{problem_code::store_unusable, sentence(why.message()), owned_text("state folder"),
                     detail::login_fix(of, "sign in anew")};
    case errc::locked:
      return problem{problem_code::store_unusable, sentence(why.message()), owned_text("state folder"),
                     owned_text("unlock the keychain in your desktop's session, then try again")};
    case errc::transient:
      return problem{problem_code::store_unusable, sentence(why.message()), owned_text("state folder"),
                     owned_text("see whether the disk is full or fails, then try again")};
    default:
      return problem{problem_code::store_unusable, sentence(why.message()), owned_text("state folder"),
                     owned_text("give the key that it was written with (COUNTERSIGN_KEY, "
                                "COUNTERSIGN_KEY_FILE); or set COUNTERSIGN_HOME to another folder")};
    }
  }
  switch (state_of(*stored, now)) {
  case server_state::expired:
    return problem{problem_code::login_expired,
                   stored->is_pending()
                       ? owned_text("the token has expired, and the answer to its renewal never came")
                       : owned_text("the token has expired, and came without a refresh token"),
                   owned_text("oauth"), detail::login_fix(of, "sign in anew")};
  case server_state::sign_in_needed:
    return problem{problem_code::sign_in_needed,
                   owned_text("nobody is signed in any more: the server refused the login"),
                   owned_text("oauth"), detail::login_fix(of)};
  default:
    return std::nullopt;
  }
}

/// Where the entry names another place for the browser to come back to than was registered. A client that registers itself
/// does so anew with the next sign-in; of another one that is certain to be wrong.
/// @param host of `oauth.redirectHost`, expanded; empty: the usual one
[[nodiscard]] inline std::optional<problem> redirect_problem(server const& of, login const& stored,
                                                             std::string_view host) {
  auto const url = parse_url(stored.client.redirect_uri);
  if (!url) return std::nullopt;
  auto const port = of.oauth()["callbackPort"].integer();
  bool const other_port = port && url->port_number() != static_cast<std::uint16_t>(*port);
  bool const other_host = !host.empty() && url->host != host;
  if (!other_port && !other_host) return std::nullopt;
  return problem{
      problem_code::redirect_mismatch,
      detail::sentence("the client was registered with the address ",
                       front_of(stored.client.redirect_uri, 100), ", and the entry names another"),
      owned_text(other_port ? "oauth.callbackPort" : "oauth.redirectHost"),
      of.oauth()["clientId"]
          ? owned_text("register the new address at the authorization server, or write the old one")
          : detail::login_fix(of, "sign in anew"),
      bool(of.oauth()["clientId"])};
}

/// Of a failed discovery, and of a failed renewal.
/// @param why its text is shown: the caller has taken out what is private
[[nodiscard]] inline problem discovery_problem(server const& of, error const& why) {
  bool const named = bool(of.oauth()["authServerMetadataUrl"]);
  owned_text const where(named ? "oauth.authServerMetadataUrl" : "url");
  auto const shown = detail::sentence(why.message());
  switch (why.code()) {
  case errc::insecure:
    return {problem_code::insecure_http, shown, where,
            owned_text("ask who runs the server: tokens are asked for over https only, and of no host that "
                       "is more private than it")};
  case errc::wrong_origin:
    return {problem_code::metadata_wrong, shown, where,
            named ? owned_text("check the URL: the issuer in that document must be of its origin")
                  : owned_text("check that \"url\" is the server's own address; else ask who runs it: its "
                               "metadata names another issuer or resource")};
  case errc::unknown_client:
    return {problem_code::client_unknown, shown, owned_text("oauth.clientId"),
            of.oauth()["clientId"]
                ? owned_text("check oauth.clientId and its secret at the authorization server")
                : detail::login_fix(of, "register and sign in anew")};
  case errc::transient:
  case errc::unanswered:
  case errc::not_sent:
    return {problem_code::metadata_missing, shown, where,
            owned_text("check the network and a proxy, and try again later")};
  default:
    return {
        problem_code::metadata_missing, shown, where,
        owned_text(
            "ask who runs the server; if you know where the metadata is, set oauth.authServerMetadataUrl")};
  }
}

/// Where a token was refused that had been made a moment ago.
[[nodiscard]] inline problem loop_problem(server const& of, int status) {
  return {problem_code::login_loop,
          detail::sentence("HTTP ", status,
                           ": a token that was made a moment ago is refused; a new one would be too"),
          owned_text("oauth"),
          detail::sentence("see whether it is for this server (countersign status ",
                           front_of(of.name(), max_name_shown),
                           " --json: issuer, resource), and ask who runs it")};
}

/// Whether the answer's Date is far from our clock.
[[nodiscard]] inline std::optional<problem> clock_problem(response_head const& head, wall_time now) {
  auto const date = head.get("Date");
  auto const theirs = date ? parse_http_date(*date, now) : std::nullopt;
  if (!theirs) return std::nullopt;
  auto const apart = now.ms - theirs->ms;
  if (apart <= tolerated_skew.ms && -apart <= tolerated_skew.ms) return std::nullopt;
  return problem{problem_code::clock_off,
                 detail::sentence("this machine's clock is ", detail::minutes(apart).view(),
                                  apart < 0 ? " behind" : " ahead of", " the server's"),
                 owned_text("clock"), owned_text("set the clock: timedatectl set-ntp true"), false};
}

}  // namespace countersign::inline v0::mcp
