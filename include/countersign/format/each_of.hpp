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

// Whether it hears responses to requests that it wrote for such a credential.
template <class F, class C>
inline constexpr bool learns = requires(F const& f, C const& c, blank_request const& v, response_head const& h) {
  f.learn(c, v, h, stamp());
} || requires(F const& f, C const& c, blank_request const& v, response_head const& h, memory_of<F>& m) {
  f.learn(c, v, h, stamp(), m);
};

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
/// signature stands last. There is one stamp for an attempt: it is that of the one part that learns from responses, and goes
/// to no other. Two that learn are a compile error.
template <class... F>
  requires(sizeof...(F) > 0)
class each_of : public detail::memory_of_parts<(detail::remembers<F> || ...), F...> {
  static constexpr std::size_t count = sizeof...(F);
  static constexpr bool remembering = (detail::remembers<F> || ...);
  using parts = std::index_sequence_for<F...>;

  template <std::size_t I>
  using F_at = std::tuple_element_t<I, std::tuple<F...>>;

  template <class C, std::size_t... I>
  static consteval bool takes(std::index_sequence<I...>) {
    return (header_formatter<F, std::remove_cvref_t<decltype(detail::part_of<I, count>(std::declval<C const&>()))>> && ...);
  }

  template <class C, std::size_t I>
  static constexpr bool part_learns = detail::learns<F_at<I>, std::remove_cvref_t<decltype(detail::part_of<I, count>(std::declval<C const&>()))>>;
  template <class C, std::size_t... I>
  static consteval std::size_t learners(std::index_sequence<I...>) {
    return (std::size_t{0} + ... + (part_learns<C, I> ? 1u : 0u));
  }

public:
  static constexpr bool constant = (is_constant<F> && ...);
  static constexpr std::size_t field_count = ((fields_written<F> > 0) && ...) ? (fields_written<F> + ...) : 0;
  static constexpr bool signs_body = (countersign::signs_body<F> || ...);
  // One part learns. Those that do not are silent about it, and say what is usual.
  static constexpr unsigned max_learned = [] {
    unsigned said = default_max_learned;
    ((said = max_learned_of<F> != default_max_learned ? max_learned_of<F> : said), ...);
    return said;
  }();

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
    requires(!remembering && learners<C>(parts{}) > 0)
  [[nodiscard]] heard learn(C const& credential, V const& view, response_head const& head, stamp sent) const {
    std::tuple<memory_of<F>...> none;
    return hear(credential, view, head, sent, none, parts{});
  }
  template <class C, request_view V>
    requires(remembering && learners<C>(parts{}) > 0)
  [[nodiscard]] heard learn(C const& credential, V const& view, response_head const& head, stamp sent, std::tuple<memory_of<F>...>& kept) const {
    return hear(credential, view, head, sent, kept, parts{});
  }

  /// What the part says that gave up.
  [[nodiscard]] error refusal(response_head const& head) const
    requires(detail::explains_refusals<F> || ...)
  {
    return explain(head, parts{});
  }

private:
  template <std::size_t... I>
  error explain(response_head const& head, std::index_sequence<I...>) const {
    error said;
    auto one = [&](auto const& part) {
      if constexpr (detail::explains_refusals<std::remove_cvref_t<decltype(part)>>) said = part.refusal(head);
    };
    (one(std::get<I>(formatters_)), ...);
    return said;
  }
  template <class C, class V, std::size_t... I>
  result<stamp> write(C const& credential, V const& view, draft& out, moment const& when, std::tuple<memory_of<F>...>& kept, std::index_sequence<I...>) const {
    static_assert(learners<C>(parts{}) <= 1, "countersign: two formatters of each_of learn from responses, and an attempt has one stamp: combine at most one such with others");
    result<stamp> all = stamp{};
    auto one = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
      auto made = detail::format(std::get<N>(formatters_), detail::part_of<N, count>(credential), overlay<V>(view, out), out,
                                 when, std::get<N>(kept));
      if (!made || part_learns<C, N>) all = made;
      return made.has_value();
    };
    static_cast<void>((one(std::integral_constant<std::size_t, I>()) && ...));
    return all;
  }
  template <class C, class V, std::size_t... I>
  heard hear(C const& credential, V const& view, response_head const& head, stamp sent, std::tuple<memory_of<F>...>& kept, std::index_sequence<I...>) const {
    heard all = heard::nothing;
    auto one = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
      if constexpr (part_learns<C, N>)
        all = detail::learn(std::get<N>(formatters_), detail::part_of<N, count>(credential), view, head, sent, std::get<N>(kept));
    };
    (one(std::integral_constant<std::size_t, I>()), ...);
    return all;
  }

  std::tuple<F...> formatters_;
};

}  // namespace countersign::inline v0
