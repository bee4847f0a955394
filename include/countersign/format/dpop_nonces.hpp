#pragma once
// The nonces that servers want to see in the next proof (RFC 9449 §8), the newest of each origin.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/format/detail/shared_words.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// The longest nonce that is kept, in bytes; a longer one is not heard.
inline constexpr std::size_t max_dpop_nonce = 512;
/// Of how many origins a memory keeps the nonce; then the one that was learned first goes.
inline constexpr std::size_t max_dpop_origins = 8;

/// RFC 9449 §8.1: one or more printable bytes but " and \.
[[nodiscard]] constexpr bool is_dpop_nonce(std::string_view text) noexcept {
  if (text.empty() || text.size() > max_dpop_nonce) return false;
  for (char const c : text)
    if (c < 0x21 || c > 0x7e || c == '"' || c == '\\') return false;
  return true;
}

/// One nonce, copied out. Its stamp is 0 where there is none.
class dpop_nonce {
public:
  [[nodiscard]] std::string_view view() const noexcept { return {text_, size_}; }
  [[nodiscard]] stamp number() const noexcept { return number_; }

private:
  friend class dpop_nonces;
  char text_[max_dpop_nonce] = {};
  std::size_t size_ = 0;
  stamp number_ = 0;
};

/// Remembers by origin, for any number of threads, and waits for none: each word is read and written for itself, and what was
/// changed meanwhile is read again. After a fork() in the middle of a write, or where two threads wrote one entry at once, a
/// nonce may be nobody's: its server says so, and gives another. Keep one for resources and one for a token endpoint: their
/// nonces are not the same, even on one origin (RFC 9449 §8.2). No memory: nothing is learned.
class dpop_nonces {
public:
  dpop_nonces() = default;
  dpop_nonces(dpop_nonces&& other) noexcept : table_(detail::exchanged(other.table_, nullptr)) {}
  dpop_nonces& operator=(dpop_nonces&& other) noexcept {
    detail::swapped(table_, other.table_);
    return *this;
  }
  ~dpop_nonces() { delete table_; }

  /// The newest nonce of that origin, spelled canonically.
  [[nodiscard]] dpop_nonce get(std::string_view origin) const noexcept {
    dpop_nonce found;
    if (auto const* const all = detail::load_shared(table_)) find(*all, hash_of_origin(origin), found);
    return found;
  }

  /// Takes over what a server gave. Nothing changes where it is the one that is there, or none (`is_dpop_nonce`).
  void learn(std::string_view origin, std::string_view nonce) noexcept {
    if (!is_dpop_nonce(nonce)) return;
    auto* const all = table();
    if (all == nullptr) return;
    auto const key = hash_of_origin(origin);
    dpop_nonce known;
    auto* where = find(*all, key, known);
    if (where != nullptr && known.view() == nonce) return;
    if (where == nullptr) where = oldest(*all);
    write(*where, key, nonce, next_number(*all));
  }
  /// The same from a response's `DPoP-Nonce`, which it must have once (RFC 9449 §8.2).
  void learn(std::string_view origin, response_head const& head) {
    std::optional<std::string_view> given;
    bool once = true;
    head.fields([&](std::string_view name, std::string_view value) {
      if (!equal_without_case(name, "DPoP-Nonce")) return;
      once = !given;
      given = value;
    });
    if (given && once) learn(origin, *given);
  }

private:
  using word = detail::shared_word;
  static constexpr std::size_t words_of_hash = sha256::digest_size / sizeof(word);
  static constexpr std::size_t words_of_text = max_dpop_nonce / sizeof(word);

  struct origin_hash {
    word part[words_of_hash];
    friend bool operator==(origin_hash const&, origin_hash const&) = default;
  };
  struct entry {
    word version = 0;  // odd: being written
    word number = 0, size = 0;
    word origin[words_of_hash] = {};
    word text[words_of_text] = {};
  };
  struct entries {
    entry each[max_dpop_origins];
    stamp last = 0;
  };

  // A fixed size for a name of any length, and two names are as good as never the same.
  static origin_hash hash_of_origin(std::string_view origin) noexcept {
    auto const hash = sha256::of(origin);
    origin_hash out;
    std::memcpy(out.part, hash.data(), sizeof out.part);
    return out;
  }

  // An entry that was whole while it was read, if it is that origin's.
  static bool read(entry const& from, origin_hash const& of, dpop_nonce& out) noexcept {
    for (unsigned turn = 0; turn < detail::shared_patience; ++turn) {
      auto const before = detail::load_shared(from.version);
      if ((before & 1) != 0) continue;
      origin_hash there;
      for (std::size_t i = 0; i < words_of_hash; ++i) there.part[i] = detail::load_shared(from.origin[i]);
      bool const ours = there == of;
      auto const size = detail::load_shared(from.size);
      auto const number = detail::load_shared(from.number);
      if (ours && size <= max_dpop_nonce) detail::load_shared_text(out.text_, from.text, size);
      if (detail::load_shared(from.version) != before) continue;
      if (!ours || number == 0 || size > max_dpop_nonce) return false;
      out.size_ = static_cast<std::size_t>(size);
      out.number_ = number;
      return true;
    }
    return false;
  }
  template <class Entries>
  static auto find(Entries& all, origin_hash const& of, dpop_nonce& newest) noexcept
      -> decltype(&all.each[0]) {
    decltype(&all.each[0]) where = nullptr;
    dpop_nonce got;
    for (auto& one : all.each) {
      if (!read(one, of, got) || got.number_ < newest.number_) continue;
      newest = got;
      where = &one;
    }
    return where;
  }
  static entry* oldest(entries& all) noexcept {
    auto* found = &all.each[0];
    for (auto& one : all.each)
      if (detail::load_shared(one.number) < detail::load_shared(found->number)) found = &one;
    return found;
  }

  static void write(entry& to, origin_hash const& of, std::string_view nonce, stamp number) noexcept {
    auto const mine = detail::claim_for_write(to.version);
    for (std::size_t i = 0; i < words_of_hash; ++i) detail::store_shared(to.origin[i], of.part[i]);
    detail::store_shared(to.size, word{nonce.size()});
    detail::store_shared_text(to.text, nonce);
    detail::store_shared(to.number, number);
    detail::end_write(to.version, mine);
  }

  static stamp next_number(entries& all) noexcept {
    for (;;)
      if (auto const next = __atomic_add_fetch(&all.last, stamp{1}, __ATOMIC_RELAXED)) return next;
  }
  entries* table() noexcept {
    auto* there = detail::load_shared(table_);
    if (there != nullptr) return there;
    auto* const made = new (std::nothrow) entries;
    if (made == nullptr) return nullptr;
    if (detail::exchange_shared(table_, there, made)) return made;
    delete made;
    return there;
  }

  entries* table_ = nullptr;
};

}  // namespace countersign::inline v0
