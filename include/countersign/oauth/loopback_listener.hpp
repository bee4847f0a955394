#pragma once
// Where the browser comes back to (RFC 8252 §7.3): a port of this machine, taken before anybody is told of
// it and kept until the answer is there.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/oauth/authorization.hpp>
#include <countersign/oauth/detail/callback_request.hpp>
#include <countersign/oauth/detail/callback_sockets.hpp>
#include <countersign/os/loopback_socket.hpp>
#include <countersign/text/url.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// Where to listen. Servers compare the whole address with what was registered; many let the port differ (RFC
/// 8252 §7.3), none the host or the path.
struct loopback_address {
  owned_text host = "127.0.0.1";  ///< or "localhost", which is both 127.0.0.1 and ::1, or "[::1]"
  std::uint16_t port = 0;         ///< 0: one that is free
  owned_text path = "/callback";
};

/// A path that nobody guesses, of 256 random bits: for a client that registers its redirect address itself.
[[nodiscard]] inline result<owned_text> make_callback_path(context const& outside) {
  auto const random = detail::random_text(outside);
  if (!random) return random.error();
  owned_text path(secret("/", random->reveal()));
  if (!path.ok()) return error{errc::no_memory, "oauth: out of memory"};
  return path;
}

/// What a redirect URI of this machine stands for, to listen there again: `http`, one of the three hosts, a
/// port.
[[nodiscard]] inline result<loopback_address> address_of_redirect(std::string_view redirect_uri) {
  auto const url = parse_url(redirect_uri);
  if (!url) return url.error().within("oauth: redirect address: ");
  if (url->scheme != "http" || !url->has_port || url->has_query || url->has_fragment || url->has_userinfo)
    return error{errc::bad_input, "oauth: redirect address: expected http://127.0.0.1:PORT/PATH"};
  return loopback_address{url->host, *url->port_number(), url->path};
}

/// The `state` within the URL of an authorization request. errc::bad_input if there is not exactly one of at
/// least `min_state` characters.
[[nodiscard]] inline result<secret> state_of_page(std::string_view page) {
  auto got = detail::redirect_parameters::read(page);
  if (!got) return got.error();
  if (!got->state.once() || got->state.view().size() < min_state)
    return error{errc::bad_input, "oauth: the page's URL holds no state; make it with authorization_url"};
  return std::move(got->state.value);
}

/// Listens on loopback only, from `open` until it is destroyed. Whoever else knocks is answered and
/// forgotten: other paths, other hosts (names that a stranger made the browser resolve to this machine),
/// redirects that carry another state. One thread at a time.
class loopback_listener {
public:
  /// The longest request, in bytes; a longer one is answered with 431.
  static constexpr std::size_t max_request = detail::callback_sockets::max_request;
  /// How long one connection is heard, from its beginning.
  static constexpr duration patience = detail::callback_sockets::patience;
  /// How many connections are heard at once. Where there is one more, or no descriptor for it, the oldest is
  /// closed.
  static constexpr std::size_t max_connections = detail::callback_sockets::max_connections;
  /// How often the clock is looked at while nobody comes.
  static constexpr duration longest_nap = milliseconds(100);

  [[nodiscard]] static result<loopback_listener> open(loopback_address const& at = {}) {
    if (!at.host.ok() || !at.path.ok()) return error{errc::no_memory, "oauth: out of memory"};
    auto const host = at.host.view();
    bool const name = host == "localhost", ipv6 = host == "[::1]";
    if (!name && !ipv6 && host != "127.0.0.1")
      return error{errc::bad_input, "oauth: redirect host: expected 127.0.0.1, localhost or [::1]"};
    auto sockets = os::loopback_socket::open(name   ? os::loopback::both
                                             : ipv6 ? os::loopback::ipv6
                                                    : os::loopback::ipv4,
                                             at.port);
    if (!sockets) return sockets.error().within("oauth: redirect address: ");
    loopback_listener made(std::move(*sockets));
    if (auto ok = made.spell(host, at.path); !ok) return ok.error();
    return made;
  }

  /// "http://127.0.0.1:49152/callback"
  [[nodiscard]] std::string_view redirect_uri() const noexcept { return redirect_uri_.view(); }
  [[nodiscard]] std::uint16_t port() const noexcept { return sockets_.port(); }

  /// Serves until the redirect that carries the state of `page` has come: that URL, whole. It may say a code
  /// or an error; `read_redirect` judges it. errc::needs_person if it has not come by `until`.
  /// @param page the URL of the authorization request that the person was sent to
  [[nodiscard]] result<secret> wait(std::string_view page, boot_time until, context const& outside) {
    auto const state = state_of_page(page);
    if (!state) return state.error();
    for (;;) {
      auto came = serve(state->reveal(), outside);
      if (!came || !came->empty()) return came;
      if (outside.now().boot >= until)
        return error{errc::needs_person, "oauth: nobody came back to ", redirect_uri(), " in time"};
    }
  }

  /// One round of it: waits for `longest_nap` at most, serves whatever has come, and gives the redirect if it
  /// is among that, else an empty text. A state that has been answered is not taken again.
  /// @param also what else may end the nap; its `revents` say whether it did
  [[nodiscard]] result<secret> serve(std::string_view state, context const& outside,
                                     os::poll_entry* also = nullptr) {
    if (state.size() < min_state || equal_in_constant_time(state, answered_.reveal()))
      return error{errc::bad_input, "oauth: this state is too short, or has been answered"};
    detail::expected_callback const expected{host_.view(), path_.view(), state};
    auto query = sockets_.serve(expected, static_cast<int>(longest_nap.ms), outside, also);
    if (!query || query->empty()) return query;
    answered_.assign(state);
    secret redirect(redirect_uri(), "?", query->reveal());
    if (!redirect.ok() || !answered_.ok()) return error{errc::no_memory, "oauth: out of memory"};
    return redirect;
  }

private:
  explicit loopback_listener(os::loopback_socket&& sockets) noexcept : sockets_(std::move(sockets)) {}

  result<void> spell(std::string_view host, std::string_view path) {
    char digits[5];
    std::size_t first = sizeof digits;
    unsigned rest = port();
    do digits[--first] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    std::string_view const number(digits + first, sizeof digits - first);
    // RFC 9110 §4.2.3: a browser leaves out the port that is http's own.
    host_ = owned_text(number == "80" ? secret(host) : secret(host, ":", number));
    path_ = owned_text(path);
    redirect_uri_ = owned_text(secret("http://", host, ":", number, path));
    if (!host_.ok() || !path_.ok() || !redirect_uri_.ok())
      return error{errc::no_memory, "oauth: out of memory"};
    auto const url = parse_url(redirect_uri_);
    bool plain = url && !path.empty() && url->path == path && path.find("//") == std::string_view::npos;
    for (char const c : path) plain = plain && static_cast<unsigned char>(c) < 0x80;
    if (plain) return {};
    return error{errc::bad_input, "oauth: redirect path: expected /callback, or another plain path"};
  }

  detail::callback_sockets sockets_;
  owned_text host_, path_, redirect_uri_;
  secret answered_;
};

}  // namespace countersign::inline v0::oauth
