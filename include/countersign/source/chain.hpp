#pragma once
// The first source that has a credential.

#include <countersign/core/credential_source.hpp>
#include <countersign/source/detail/relay.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <utility>

namespace countersign::inline v0 {

/// Asks its links in order and takes the first credential. Only errc::not_mine goes on to the next link: falling
/// through on any other failure would silently change who the user is. For the same reason a renewal asks the link that
/// won, and no other; where that one can't give anything else, a refusal is final. Every link yields the same type,
/// because one formatter writes it.
template <class... S>
class chain {
  static_assert(sizeof...(S) > 0 && (credential_source<S> && ...), "countersign: every link of a chain must be a credential source: a `credential` type and a const `acquire(occasion, context)`");
  using first = std::tuple_element_t<0, std::tuple<S...>>;

public:
  using credential = typename first::credential;
  static_assert((std::same_as<credential, typename S::credential> && ...), "countersign: every link of a chain must yield the same credential type, because one formatter writes it");

  static constexpr bool renewable = (is_renewable<S> || ...);
  static constexpr bool offline = (is_offline<S> && ...);

  struct memory {
    std::size_t winner = 0;  ///< 1 + the link's index; 0: none has won yet
    std::tuple<memory_of<S>...> links;
  };

  explicit chain(S... links) noexcept : links_(std::move(links)...) {}

  class exchange : public detail::relay<exchange, issued<credential>, S...> {
    using base = detail::relay<exchange, issued<credential>, S...>;
    friend base;

  public:
    exchange(chain const& links, occasion const& why, context const& outside, memory& kept) : base(why, outside), links_(&links), memory_(&kept) {
      begin(std::index_sequence_for<S...>{});
    }

  private:
    template <std::size_t... I>
    void begin(std::index_sequence<I...>) {
      auto const from = memory_->winner == 0 ? 0 : memory_->winner - 1;
      static_cast<void>(((I == from ? (ask<I>(), true) : false) || ...));
    }
    template <std::size_t I>
    void ask() {
      if (memory_->winner == I + 1 && this->why_now().reason == why::refused && !is_renewable<std::tuple_element_t<I, std::tuple<S...>>>)
        return this->finish(error{errc::rejected, "chain: the server refused, and the link that has the credential has no other"});
      this->template run<I>(std::get<I>(links_->links_), std::get<I>(memory_->links));
    }
    template <std::size_t I>
    void part_done() {
      auto got = this->template outcome_of<I>();
      if (got) __atomic_store_n(&memory_->winner, I + 1, __ATOMIC_RELEASE);  // `version` reads it meanwhile
      if (got || got.error().code() != errc::not_mine || memory_->winner != 0) return this->finish(std::move(got));
      if constexpr (I + 1 < sizeof...(S)) return ask<I + 1>();
      else if constexpr (sizeof...(S) == 1) return this->finish(std::move(got));
      else return this->finish(got.error().within("chain: none of the ", sizeof...(S), " links has a credential; the last says: "));
    }

    chain const* links_;
    memory* memory_;
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

  /// That of the link that won; the others' don't matter any more.
  [[nodiscard]] std::uint64_t version(context const& outside, memory const& kept) const
    requires(versioned_source<S> || ...)
  {
    auto const winner = __atomic_load_n(&kept.winner, __ATOMIC_ACQUIRE);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      std::uint64_t found = 0;
      static_cast<void>(((winner == I + 1 ? (found = detail::version_of(std::get<I>(links_), outside, std::get<I>(kept.links)), true) : false) || ...));
      return found;
    }(std::index_sequence_for<S...>{});
  }

private:
  std::tuple<S...> links_;
};

}  // namespace countersign::inline v0
