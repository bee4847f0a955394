#pragma once
// What is remembered of servers that want Digest: their nonces, how often each was used, and where.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/result.hpp>
#include <countersign/format/detail/digest_challenge.hpp>
#include <countersign/format/detail/digest_entry.hpp>
#include <countersign/format/detail/digest_session.hpp>
#include <countersign/format/detail/shared_words.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How many nonces are remembered, of all protection spaces together. Then one goes that another has taken the place of, or
/// else the one that was learned first.
inline constexpr std::size_t max_digest_nonces = 16;
namespace detail {

/// For any number of threads, none of which waits for another: what was changed while it was read is read again. After a
/// fork() both processes count the same nonces on, and the server refuses one of them a nonce, which is learned anew. No
/// memory: nothing is learned, and every request is asked for anew.
class digest_sessions {
  using text = digest_session_texts;

public:
  digest_sessions() = default;
  digest_sessions(digest_sessions&& other) noexcept : table_(detail::exchanged(other.table_, nullptr)) {}
  digest_sessions& operator=(digest_sessions&& other) noexcept {
    detail::swapped(table_, other.table_);
    return *this;
  }
  ~digest_sessions() { delete table_; }

  /// Takes the next use of the nonce that fits a path best, the newest of those. Number 0: there is none.
  /// @param realm empty: any
  [[nodiscard]] result<void> use(std::string_view origin, std::string_view path, std::string_view realm,
                                 moment const& when, digest_session& out) noexcept {
    for (unsigned turn = 0; turn < shared_patience; ++turn) {
      auto* const where = find(origin, path, realm, out);
      if (where == nullptr) return {};
      if (!out.facts.has_qop()) return {};
      if (auto ok = where->load_cnonce(when, out); !ok) return ok;
      if (where->count(out)) return {};
    }
    out.number = 0;
    return {};
  }

  /// The nonce of an attempt. False: it is not remembered any more.
  [[nodiscard]] bool get(std::uint32_t number, digest_session& out) const noexcept {
    auto const* const where = entry_of(number);
    return where != nullptr && where->read_all(number, out);
  }
  /// Whether a nonce was learned for that space since.
  [[nodiscard]] bool has_newer(std::uint32_t number, std::string_view origin,
                               std::string_view realm) const noexcept {
    auto const* const all = load_shared(table_);
    if (all == nullptr) return false;
    digest_session there;
    for (auto const& one : all->each)
      if (one.is_current() && one.read(there) && there.number > number && is_of(there, origin, realm))
        return true;
    return false;
  }

  /// @param path of the request that was challenged
  void learn(origin const& from, std::string_view path, digest_challenge const& asked) noexcept {
    digest_session made;
    auto& texts = made.texts;
    char room[max_digest_domain];
    bool const whole_server = asked.domain.empty() || asked.domain.size() > max_digest_domain ||
                              path.size() > text::most[text::challenged];
    made.facts = {asked.algorithm, asked.names_algorithm,    asked.auth,   asked.auth_int, asked.userhash,
                  asked.utf8,      asked.opaque.has_value(), !whole_server};
    texts.add(text::origin, from.view());
    texts.add(text::realm, asked.realm);
    texts.add(text::nonce, asked.nonce);
    texts.add(text::first_nonce, {});
    texts.add(text::opaque, asked.opaque.value_or(""));
    texts.add(text::domain, whole_server ? std::string_view() : paths_of_domain(asked.domain, from, room));
    texts.add(text::challenged, path.substr(0, text::most[text::challenged]));
    add(made);
  }
  /// A server's next nonce in the same session (RFC 7616 §3.5: nextnonce).
  void succeed(digest_session const& before, std::string_view next) noexcept {
    digest_session made;
    made.facts = before.facts;
    made.accepted = true;
    for (std::size_t i = 0; i < text::count; ++i) {
      auto const one = static_cast<text::which>(i);
      made.texts.add(one, one == text::nonce ? next : before.texts[one]);
      if (one == text::first_nonce && before.facts.algorithm.session)
        made.texts.add(one, before.first_nonce());
    }
    if (before.facts.algorithm.session) made.cnonce[0] = before.cnonce[0], made.cnonce[1] = before.cnonce[1];
    add(made);
  }
  /// A request with it was let in.
  void accept(std::uint32_t number) noexcept { mark(number, digest_entry::accepted); }
  /// It is not used again.
  void retire(std::uint32_t number) noexcept { mark(number, digest_entry::retired); }

private:
  struct entries {
    digest_entry each[max_digest_nonces];
    std::uint32_t last = 0;
  };

  static bool is_of(digest_session const& one, std::string_view origin, std::string_view realm) noexcept {
    return one.texts[text::origin] == origin && one.realm() == realm;
  }

  digest_entry* find(std::string_view at, std::string_view path, std::string_view realm,
                     digest_session& out) const noexcept {
    out.number = 0;
    auto* const all = load_shared(table_);
    if (all == nullptr) return nullptr;
    digest_entry* found = nullptr;
    std::size_t best = 0;
    std::uint32_t best_number = 0;
    for (auto& one : all->each) {
      if (!one.is_current() || !one.read(out) || out.texts[text::origin] != at ||
          (!realm.empty() && out.realm() != realm))
        continue;
      auto const fit = out.fit(path);
      if (fit == 0 || fit < best || (fit == best && out.number < best_number)) continue;
      found = &one, best = fit, best_number = out.number;
    }
    if (found != nullptr && out.number != best_number && !(found->read(out) && out.number == best_number))
      return out.number = 0, nullptr;
    out.number = best_number;
    return found;
  }
  digest_entry* entry_of(std::uint32_t number) const noexcept {
    auto* const all = load_shared(table_);
    if (all == nullptr || number == 0) return nullptr;
    for (auto& one : all->each)
      if (one.number() == number) return &one;
    return nullptr;
  }

  void mark(std::uint32_t number, shared_word bit) noexcept {
    if (auto* const one = entry_of(number)) one->mark(number, bit);
  }

  // What is there of the same space is not used again, but known until its room is needed: an answer to a request that
  // carried it may still come.
  void add(digest_session& made) noexcept {
    auto* const all = table();
    if (all == nullptr) return;
    made.number = next_number(*all);
    for (unsigned turn = 0; turn < shared_patience; ++turn) {
      auto* const to = next_to_go(*all);
      if (to == nullptr) continue;
      // With no room to spare its own predecessor goes; else that serves until the new one is there.
      bool const spare = !to->is_current();
      if (!spare && retire_before(*all, made)) continue;
      auto const mine = try_claim_for_write(to->version);
      if (mine == 0) continue;
      to->write(mine, made);
      if (spare) retire_before(*all, made);
      return;
    }
  }
  static bool retire_before(entries& all, digest_session const& newer) noexcept {
    bool any = false;
    digest_session there;
    for (auto& one : all.each)
      if (one.is_current() && one.read(there) && there.number < newer.number &&
          is_of(there, newer.texts[text::origin], newer.realm())) {
        one.mark(there.number, digest_entry::retired);
        any = true;
      }
    return any;
  }
  // Empty, or retired, or the oldest, and not just now being written.
  static digest_entry* next_to_go(entries& all) noexcept {
    digest_entry* found = nullptr;
    shared_word lowest = 0;
    for (auto& one : all.each) {
      if ((load_shared(one.version) & 1) != 0) continue;
      auto const rank = one.rank();
      if (found == nullptr || rank < lowest) found = &one, lowest = rank;
    }
    return found;
  }
  static std::uint32_t next_number(entries& all) noexcept {
    for (;;)
      if (auto const next = __atomic_add_fetch(&all.last, 1u, __ATOMIC_RELAXED) & 0x7fffffff) return next;
  }
  entries* table() noexcept {
    auto* there = load_shared(table_);
    if (there != nullptr) return there;
    auto* const made = new (std::nothrow) entries;
    if (made == nullptr) return nullptr;
    if (exchange_shared(table_, there, made)) return made;
    delete made;
    return there;
  }

  entries* table_ = nullptr;
};

}  // namespace detail

}  // namespace countersign::inline v0
