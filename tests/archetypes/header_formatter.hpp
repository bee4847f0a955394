#pragma once
// Formatters: the constant kind, one with a memory, and one that learns from responses.

#include <countersign/core/header_formatter.hpp>

#include <array>
#include <string_view>

namespace archetypes {

namespace cs = countersign;

/// What it writes depends on the credential alone, so it is asked once, and the bytes are kept.
struct api_key {
  static constexpr bool constant = true;
  static constexpr std::array<std::string_view, 1> names = {"X-API-Key"};

  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&) const {
    if (key.empty()) return cs::error{cs::errc::bad_input, "api_key: the credential is empty"};
    out.set(names[0], key.reveal());
    return cs::stamp{};
  }
};

/// Numbers its requests. The memory is shared by all threads that use the authenticator.
struct counted {
  class memory {
  public:
    cs::stamp next() { return __atomic_add_fetch(&last_, 1, __ATOMIC_RELAXED); }

  private:
    cs::stamp last_ = 0;
  };

  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&, memory& numbers) const {
    auto const number = numbers.next();
    char const digit = static_cast<char>('0' + number % 10);
    out.set("X-Key", key.reveal(), "-", std::string_view(&digit, 1));
    return number;
  }
};

/// Writes nothing until a server has asked, then repeats the word it was given. The stamp says which word an
/// attempt carried: a refusal of an old one is no news.
struct password_of_the_day {
  class memory {
  public:
    cs::stamp number() const { return __atomic_load_n(&number_, __ATOMIC_ACQUIRE); }
    void learn() { __atomic_store_n(&number_, number() + 1, __ATOMIC_RELEASE); }

  private:
    cs::stamp number_ = 0;
  };

  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&, memory const& words) const {
    auto const known = words.number();
    if (known > 0) out.set("X-Password", key.reveal());
    return known;
  }
  /// Hears every response, before the refresh strategy does.
  cs::heard learn(cs::secret const&, cs::request_view auto const&, cs::response_head const& head,
                  cs::stamp sent, memory& words) const {
    if (head.status() != 401 || !head.get("X-Password-Wanted")) return cs::heard::nothing;
    if (sent > 0 && sent == words.number()) return cs::heard::nothing;  // refused with the newest word
    if (sent == words.number()) words.learn();
    return cs::heard::try_again;
  }
};

}  // namespace archetypes
