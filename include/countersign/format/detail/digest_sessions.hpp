#pragma once
// What is remembered of servers that want Digest: their nonces, how often each was used, and where.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/format/detail/digest_challenge.hpp>
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
/// How often one nonce is used: what eight hexadecimal digits count. Then the server is asked for another.
inline constexpr std::uint32_t max_digest_uses = 0xffffffff;

namespace detail {

/// What belongs to one nonce alone has its number in the upper half.
[[nodiscard]] constexpr std::uint32_t digest_number_in(shared_word word) noexcept {
  return static_cast<std::uint32_t>(word >> 32);
}
[[nodiscard]] constexpr shared_word under_digest_number(std::uint32_t number, shared_word low) noexcept {
  return shared_word{number} << 32 | low;
}

enum class digest_use : std::uint8_t { taken, another, none_left };
/// Counts one use of the nonce of that number. `another`: the count is another nonce's by now.
[[nodiscard]] inline digest_use take_use(shared_word& count, std::uint32_t number,
                                         std::uint32_t& uses) noexcept {
  auto there = load_shared(count);
  for (;;) {
    if (digest_number_in(there) != number) return digest_use::another;
    uses = static_cast<std::uint32_t>(there);
    if (uses == max_digest_uses) return digest_use::none_left;
    if (exchange_shared(count, there, there + 1)) return ++uses, digest_use::taken;
  }
}

/// For any number of threads, none of which waits for another: what was changed while it was read is read again. After a
/// fork() both processes count the same nonces on, and the server refuses one of them a nonce, which is learned anew. No
/// memory: nothing is learned, and every request is asked for anew.
class digest_sessions {
  using text = digest_session_texts;

public:
  digest_sessions() = default;
  digest_sessions(digest_sessions&& other) noexcept : table_(std::exchange(other.table_, nullptr)) {}
  digest_sessions& operator=(digest_sessions&& other) noexcept {
    std::swap(table_, other.table_);
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
      if (auto ok = load_cnonce(*where, when, out); !ok) return ok;
      if (count(*where, out)) return {};
    }
    out.number = 0;
    return {};
  }

  /// The nonce of an attempt. False: it is not remembered any more.
  [[nodiscard]] bool get(std::uint32_t number, digest_session& out) const noexcept {
    auto const* const where = entry_of(number);
    if (where == nullptr || !read(*where, out) || out.number != number) return false;
    out.cnonce[0] = load_shared(where->cnonce[0]);
    out.cnonce[1] = load_shared(where->cnonce[1]);
    return digest_number_in(load_shared(where->state)) == number;
  }
  /// Whether a nonce was learned for that space since.
  [[nodiscard]] bool has_newer(std::uint32_t number, std::string_view origin,
                               std::string_view realm) const noexcept {
    auto const* const all = load_shared(table_);
    if (all == nullptr) return false;
    digest_session there;
    for (auto const& one : all->each)
      if (is_current(one) && read(one, there) && there.number > number && is_of(there, origin, realm))
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
  void accept(std::uint32_t number) noexcept { mark(number, accepted_bit); }
  /// It is not used again.
  void retire(std::uint32_t number) noexcept { mark(number, retired_bit); }

private:
  static constexpr shared_word accepted_bit = 1, retired_bit = 2;

  struct entry {
    shared_word version = 0;           // odd: being written
    shared_word state = 0, count = 0;  // each with the number in its upper half; number 0: empty
    shared_word cnonce[2] = {};        // 0: not made yet
    shared_word facts = 0;
    shared_word sizes[text::size_words] = {};
    shared_word bytes[text::words] = {};
  };
  struct entries {
    entry each[max_digest_nonces];
    std::uint32_t last = 0;
  };

  static bool is_current(entry const& one) noexcept {
    auto const state = load_shared(one.state);
    return digest_number_in(state) != 0 && (state & retired_bit) == 0;
  }
  static bool is_of(digest_session const& one, std::string_view origin, std::string_view realm) noexcept {
    return one.texts[text::origin] == origin && one.realm() == realm;
  }

  // What was whole while it was read, but for the cnonce. On failure `out` is of no number.
  static bool read(entry const& from, digest_session& out) noexcept {
    out.number = 0;
    for (unsigned turn = 0; turn < shared_patience; ++turn) {
      auto const before = load_shared(from.version);
      if ((before & 1) != 0) return false;  // another will do meanwhile
      auto const state = load_shared(from.state);
      out.facts = digest_facts::of(load_shared(from.facts));
      bool const sized = out.texts.load_sizes(from.sizes);
      for (std::size_t i = 0; sized && i < text::count; ++i)
        out.texts.load(static_cast<text::which>(i), from.bytes);
      if (load_shared(from.version) != before) continue;
      out.number = digest_number_in(state);
      out.accepted = (state & accepted_bit) != 0;
      return sized && out.number != 0;
    }
    return false;
  }
  entry* find(std::string_view at, std::string_view path, std::string_view realm,
              digest_session& out) const noexcept {
    out.number = 0;
    auto* const all = load_shared(table_);
    if (all == nullptr) return nullptr;
    entry* found = nullptr;
    std::size_t best = 0;
    std::uint32_t best_number = 0;
    for (auto& one : all->each) {
      if (!is_current(one) || !read(one, out) || out.texts[text::origin] != at ||
          (!realm.empty() && out.realm() != realm))
        continue;
      auto const fit = out.fit(path);
      if (fit == 0 || fit < best || (fit == best && out.number < best_number)) continue;
      found = &one, best = fit, best_number = out.number;
    }
    if (found != nullptr && out.number != best_number && !(read(*found, out) && out.number == best_number))
      return out.number = 0, nullptr;
    out.number = best_number;
    return found;
  }
  entry* entry_of(std::uint32_t number) const noexcept {
    auto* const all = load_shared(table_);
    if (all == nullptr || number == 0) return nullptr;
    for (auto& one : all->each)
      if (digest_number_in(load_shared(one.state)) == number) return &one;
    return nullptr;
  }

  // One for all uses of a nonce, so that a session's key is the same in each (RFC 7616 §3.4.2: cnonce-prime). The first who
  // needs it makes it; a word that was there stays.
  static result<void> load_cnonce(entry& of, moment const& when, digest_session& out) noexcept {
    shared_word fresh[2] = {};
    for (std::size_t i = 0; i < 2; ++i) {
      out.cnonce[i] = load_shared(of.cnonce[i]);
      if (out.cnonce[i] != 0) continue;
      if (fresh[0] == 0) {
        if (auto ok = when.entropy(fresh, sizeof fresh); !ok) return ok.error().within("digest: ");
        for (auto& word : fresh) word += word == 0 ? 1 : 0;
      }
      if (exchange_shared(of.cnonce[i], out.cnonce[i], fresh[i])) out.cnonce[i] = fresh[i];
    }
    return {};
  }
  // False where it is another nonce's by now, or used up: look again.
  static bool count(entry& of, digest_session& out) noexcept {
    auto const got = take_use(of.count, out.number, out.uses);
    if (got == digest_use::none_left) mark(of, out.number, retired_bit);
    return got == digest_use::taken;
  }

  static void mark(entry& one, std::uint32_t number, shared_word bit) noexcept {
    auto there = load_shared(one.state);
    while (digest_number_in(there) == number && (there & bit) == 0 &&
           !exchange_shared(one.state, there, there | bit)) {
    }
  }
  void mark(std::uint32_t number, shared_word bit) noexcept {
    if (auto* const one = entry_of(number)) mark(*one, number, bit);
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
      bool const spare = !is_current(*to);
      if (!spare && retire_before(*all, made)) continue;
      auto const mine = try_claim_for_write(to->version);
      if (mine == 0) continue;
      write(*to, mine, made);
      if (spare) retire_before(*all, made);
      return;
    }
  }
  static bool retire_before(entries& all, digest_session const& newer) noexcept {
    bool any = false;
    digest_session there;
    for (auto& one : all.each)
      if (is_current(one) && read(one, there) && there.number < newer.number &&
          is_of(there, newer.texts[text::origin], newer.realm())) {
        mark(one, there.number, retired_bit);
        any = true;
      }
    return any;
  }
  // Empty, or retired, or the oldest, and not just now being written.
  static entry* next_to_go(entries& all) noexcept {
    entry* found = nullptr;
    shared_word lowest = 0;
    for (auto& one : all.each) {
      if ((load_shared(one.version) & 1) != 0) continue;
      auto const state = load_shared(one.state);
      auto const rank = (state & retired_bit) != 0 || state == 0 ? state : state | shared_word{1} << 63;
      if (found == nullptr || rank < lowest) found = &one, lowest = rank;
    }
    return found;
  }
  static void write(entry& to, shared_word mine, digest_session const& made) noexcept {
    store_shared(to.count,
                 under_digest_number(made.number, 0));  // first: whoever counts sees that it is another
    store_shared(to.state, shared_word{0});
    store_shared(to.cnonce[0], made.cnonce[0]);
    store_shared(to.cnonce[1], made.cnonce[1]);
    store_shared(to.facts, made.facts.word());
    made.texts.store(to.sizes, to.bytes);
    store_shared(to.state, under_digest_number(made.number, made.accepted ? accepted_bit : 0));
    end_write(to.version, mine);
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
