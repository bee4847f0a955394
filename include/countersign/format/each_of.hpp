#pragma once
// Several formatters at once.

#include <countersign/core/header_formatter.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

namespace detail {

template <class C, std::size_t N>
inline constexpr bool has_parts = false;
template <class... C, std::size_t N>
inline constexpr bool has_parts<std::tuple<C...>, N> = sizeof...(C) == N;

template <std::size_t I, std::size_t N, class C>
constexpr auto const& part_of(C const& credential) noexcept {
  if constexpr (has_parts<C, N>) return std::get<I>(credential);
  else return credential;
}

template <class F>
inline constexpr bool remembers = !std::same_as<memory_of<F>, no_memory_wanted>;

// `memory` is declared only where a part has one, so that a policy without memory stays one.
template <bool, class... F>
struct memory_of_parts {};
template <class... F>
struct memory_of_parts<true, F...> {
  using memory = std::tuple<memory_of<F>...>;
};

}  // namespace detail

/// Writes with each formatter in turn. A tuple with as many parts as there are formatters is dealt out, part i to
/// formatter i; any other credential goes whole to each. A later formatter sees the fields of the earlier ones, so a
/// signature stands last. One of them at the most may keep track of attempts (return a stamp).
template <class... F>
  requires(sizeof...(F) > 0)
class each_of : public detail::memory_of_parts<(detail::remembers<F> || ...), F...> {
  static constexpr std::size_t count = sizeof...(F);
  static constexpr bool remembering = (detail::remembers<F> || ...);
  using parts = std::index_sequence_for<F...>;

  template <class C, std::size_t... I>
  static consteval bool takes(std::index_sequence<I...>) {
    return (header_formatter<F, std::remove_cvref_t<decltype(detail::part_of<I, count>(std::declval<C const&>()))>> && ...);
  }

public:
  static constexpr bool constant = (is_constant<F> && ...);
  static constexpr std::size_t field_count = ((fields_written<F> > 0) && ...) ? (fields_written<F> + ...) : 0;
  static constexpr bool signs_body = (countersign::signs_body<F> || ...);

  explicit each_of(F... formatters) noexcept : formatters_(std::move(formatters)...) {}

  template <class C, request_view V>
    requires(!remembering && takes<C>(parts{}))
  [[nodiscard]] result<stamp> format(C const& credential, V const& view, draft& out, moment const& when) const {
    std::tuple<memory_of<F>...> none;
    return write(credential, view, out, when, none, parts{});
  }
  template <class C, request_view V>
    requires(remembering && takes<C>(parts{}))
  [[nodiscard]] result<stamp> format(C const& credential, V const& view, draft& out, moment const& when, std::tuple<memory_of<F>...>& kept) const {
    return write(credential, view, out, when, kept, parts{});
  }

  template <class C, request_view V>
    requires(!remembering)
  [[nodiscard]] heard learn(C const& credential, V const& view, response_head const& head, stamp sent) const {
    std::tuple<memory_of<F>...> none;
    return hear(credential, view, head, sent, none, parts{});
  }
  template <class C, request_view V>
    requires remembering
  [[nodiscard]] heard learn(C const& credential, V const& view, response_head const& head, stamp sent, std::tuple<memory_of<F>...>& kept) const {
    return hear(credential, view, head, sent, kept, parts{});
  }

private:
  template <class C, class V, std::size_t... I>
  result<stamp> write(C const& credential, V const& view, draft& out, moment const& when, std::tuple<memory_of<F>...>& kept, std::index_sequence<I...>) const {
    result<stamp> all = stamp{};
    auto one = [&](auto const& formatter, auto const& part, auto& own) {
      auto made = detail::format(formatter, part, overlay<V>(view, out), out, when, own);
      if (made && *made != 0 && *all != 0) made = error{errc::fatal, "each_of: two of its formatters keep track of attempts; combine at most one such with others"};
      if (!made || *made != 0) all = made;
      return made.has_value();
    };
    static_cast<void>((one(std::get<I>(formatters_), detail::part_of<I, count>(credential), std::get<I>(kept)) && ...));
    return all;
  }
  template <class C, class V, std::size_t... I>
  heard hear(C const& credential, V const& view, response_head const& head, stamp sent, std::tuple<memory_of<F>...>& kept, std::index_sequence<I...>) const {
    heard all = heard::nothing;
    auto one = [&](auto const& formatter, auto const& part, auto& own) {
      if (detail::learn(formatter, part, view, head, sent, own) == heard::try_again) all = heard::try_again;
    };
    (one(std::get<I>(formatters_), detail::part_of<I, count>(credential), std::get<I>(kept)), ...);
    return all;
  }

  std::tuple<F...> formatters_;
};

}  // namespace countersign::inline v0
