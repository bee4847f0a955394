#pragma once
// Which origins a credential may be sent to. No origin, no header.

#include <countersign/core/detail/literal_text.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/text/origin.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Names the origins: `only{"https://api.example.com"}`, several if need be. A path is ignored. Plain http (and ws) is
/// refused unless the host is loopback or `.allow_http()` says otherwise. A bad origin is told at each use, since a
/// constructor can't; `"https://…"_origin` tells a literal one at compile time.
template <std::size_t N>
class only {
  static_assert(N > 0, "countersign: only{...} names no origin; a credential must know where it may go");

public:
  template <std::convertible_to<std::string_view>... Url>
    requires(sizeof...(Url) == N)
  explicit only(Url const&... urls) noexcept {
    std::size_t i = 0;
    (add(urls, origins_[i++]), ...);
  }

  /// Lets the credential travel in the clear. For a network that is protected by other means.
  [[nodiscard]] only allow_http() && noexcept {
    for (auto& one : origins_)
      if (one.in_clear && one.canonical.ok()) allow(one);
    return std::move(*this);
  }

  /// Whether a request may carry the credential. The usual spelling is told by comparing bytes; any other is parsed.
  template <request_view V>
  [[nodiscard]] result<void> allows(V const& view) const noexcept {
    if (allows_at_once(view)) [[likely]] return {};
    return decide(url_or_origin(view));
  }
  /// True for the usual spelling of an origin that is allowed. False says nothing: ask `allows`.
  template <request_view V>
  [[nodiscard, gnu::always_inline]] inline bool allows_at_once(V const& view) const noexcept {
    for (auto const& one : origins_)
      if (starts_at(one.quick, url_or_origin(view))) [[likely]] return true;
    return false;
  }
  /// From now on nothing is allowed at once: whoever has more to check is sure to be asked.
  void allow_nothing_at_once() noexcept {
    for (auto& one : origins_) one.quick = owned_text();
  }

  /// The first origin, for messages.
  [[nodiscard]] std::string_view shown() const noexcept { return origins_[0].canonical; }

private:
  struct entry {
    owned_text quick;       // the canonical spelling where it is all there is to check, else empty
    owned_text canonical;   // empty: not an origin
    bool in_clear = false;  // http or ws to a host that is not loopback
    bool usable = false;
  };

  template <request_view V>
  [[gnu::always_inline]] static inline std::string_view url_or_origin(V const& view) noexcept {
    if constexpr (requires { { view.url() } -> detail::shown_text; }) return view.url();
    else return view.origin();
  }

  static void add(std::string_view url, entry& to) noexcept {
    auto const found = origin_of(url);
    if (!found) return;
    to.canonical = owned_text(found->view());
    to.in_clear = !found->encrypted() && !found->loopback();
    if (to.canonical.ok() && !to.in_clear) allow(to);
  }
  static void allow(entry& one) noexcept {
    one.usable = true;
    one.quick = one.canonical;  // a copy that finds no memory is empty: only slower
  }

  // Off the hot path: another spelling of an origin that is allowed, or the reason why not.
  [[nodiscard, gnu::noinline, gnu::cold]] result<void> decide(std::string_view url) const noexcept {
    for (auto const& one : origins_) {
      if (!one.canonical.ok()) return error{errc::no_memory, "only: out of memory"};
      if (one.canonical.empty()) return error{errc::bad_input, "only: an origin that was given is no http, https, ws or wss URL; write it as \"https://host\""};
    }
    auto const asked = origin_of(url);
    if (!asked) return asked.error().within("only: the request's URL: ");
    for (auto const& one : origins_) {
      if (one.canonical.view() != asked->view()) continue;
      if (one.usable) return {};
      return error{errc::insecure, "only: ", asked->view(), " would carry the credential in the clear; use https, or allow_http() if another layer protects it"};
    }
    return error{errc::wrong_origin, "only: the request goes to ", asked->view(), ", but this credential is for ", shown(), N > 1 ? " and its like" : "", "; name the origin in only{…} if it may go there"};
  }

  entry origins_[N];
};
template <class... Url>
only(Url const&...) -> only<sizeof...(Url)>;

namespace detail {
consteval bool is_secure_or_loopback(std::string_view url) {
  origin found;
  return found.assign(url) && (found.encrypted() || found.loopback());
}
}  // namespace detail

inline namespace literals {
/// `"https://api.example.com"_origin`: an `only` whose scheme is checked while compiling.
template <detail::literal_text Url>
[[nodiscard]] only<1> operator""_origin() noexcept {
  static_assert(detail::is_secure_or_loopback(Url.view()), "countersign: this origin is not https (or wss, or http on loopback), so the credential would travel in the clear; write https://, or only{...}.allow_http() if another layer protects it");
  return only<1>(Url.view());
}
}  // namespace literals

}  // namespace countersign::inline v0
