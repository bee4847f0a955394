#pragma once
// Several credentials together.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/detail/mixed.hpp>
#include <countersign/source/detail/relay.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

namespace countersign::inline v0 {

/// Yields a tuple with one part of each source. Every part keeps its own expiry and is renewed in place, alone: what
/// still works is never lost to another part's failure. A part is asked for when it is missing or has expired; when a
/// renewal is due, the part that expires first; when a server refused, every renewable part, because a 401 names none.
/// A refusal where no part can be renewed is final.
template <class... S>
class all_of {
  static_assert(sizeof...(S) > 0 && (credential_source<S> && ...), "countersign: every part of all_of must be a credential source: a `credential` type and a const `acquire(occasion, context)`");
  static_assert((std::copy_constructible<typename S::credential> && ...), "countersign: every part of all_of must yield a credential that can be copied, because the parts are kept apart");

public:
  using credential = std::tuple<typename S::credential...>;

  static constexpr bool renewable = (is_renewable<S> || ...);
  static constexpr bool offline = (is_offline<S> && ...);

  template <class Source>
  struct part {
    detail::held<typename Source::credential> value;
    wall_time expires = never_expires;
    memory_of<Source> memory;
  };
  using memory = std::tuple<part<S>...>;

  explicit all_of(S... sources) noexcept : sources_(std::move(sources)...) {}

  class exchange : public detail::relay<exchange, issued<credential>, S...> {
    using base = detail::relay<exchange, issued<credential>, S...>;
    friend base;

  public:
    exchange(all_of const& sources, occasion const& why, context const& outside, memory& kept) : base(why, outside), sources_(&sources), memory_(&kept) {
      std::apply([&](auto const&... p) { ((first_expiry_ = p.value && p.expires < first_expiry_ ? p.expires : first_expiry_), ...); }, kept);
      if (why.reason == why::refused && !renewable)
        this->finish(error{errc::rejected, "all_of: the server refused, and no part can be renewed"});
      else
        from<0>();
    }

  private:
    template <std::size_t I>
    void from() {
      if constexpr (I == sizeof...(S)) {
        compose(std::index_sequence_for<S...>{});
      } else {
        if (!wanted<I>()) return from<I + 1>();
        this->template run<I>(std::get<I>(sources_->sources_), std::get<I>(*memory_).memory);
      }
    }
    template <std::size_t I>
    [[nodiscard]] bool wanted() const {
      auto const& p = std::get<I>(*memory_);
      auto const why = this->why_now();
      if (!p.value || why.now.wall >= p.expires) return true;
      if (!is_renewable<std::tuple_element_t<I, std::tuple<S...>>>) return false;
      if (why.reason == why::due || why.reason == why::expired) return p.expires == first_expiry_ && p.expires != never_expires;
      if (why.reason == why::changed) return versioned_source<std::tuple_element_t<I, std::tuple<S...>>>;
      return why.reason == why::refused || why.reason == why::insufficient_scope;
    }
    template <std::size_t I>
    void part_done() {
      auto got = this->template outcome_of<I>();
      if (!got) return this->finish(got.error());
      auto& p = std::get<I>(*memory_);
      p.value.emplace(std::move(got->credential));
      p.expires = got->expires;
      from<I + 1>();
    }
    template <std::size_t... I>
    void compose(std::index_sequence<I...>) {
      auto expires = never_expires;
      ((expires = std::get<I>(*memory_).expires < expires ? std::get<I>(*memory_).expires : expires), ...);
      this->finish(issued<credential>{credential(*std::get<I>(*memory_).value...), expires});
    }

    all_of const* sources_;
    memory* memory_;
    wall_time first_expiry_ = never_expires;
  };

  [[nodiscard]] result<issued<credential>> acquire(occasion const& why, context const& outside, memory& kept) const
    requires(immediate_source<S> && ...)
  {
    return exchange(*this, why, outside, kept).outcome();
  }
  [[nodiscard]] exchange acquire(occasion const& why, context const& outside, memory& kept) const
    requires(remote_source<S> || ...)
  {
    return exchange(*this, why, outside, kept);
  }

  /// Another one once a part's is.
  [[nodiscard]] std::uint64_t version(context const& outside, memory const& kept) const
    requires(versioned_source<S> || ...)
  {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::uint64_t all = 0;
      ((all = detail::mixed(all, detail::version_of(std::get<I>(sources_), outside, std::get<I>(kept).memory))), ...);
      return all;
    }(std::index_sequence_for<S...>{});
  }

private:
  std::tuple<S...> sources_;
};

}  // namespace countersign::inline v0
