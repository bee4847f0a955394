#pragma once
// Where a session lies while threads share it.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/format/detail/digest_session.hpp>
#include <countersign/format/detail/shared_words.hpp>

#include <cstddef>
#include <cstdint>

namespace countersign::inline v0 {

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

/// The room of one session. `version` is odd while somebody writes there.
class digest_entry {
public:
  static constexpr shared_word accepted = 1, retired = 2;

  shared_word version = 0;

  [[nodiscard]] bool is_current() const noexcept {
    auto const state = load_shared(state_);
    return digest_number_in(state) != 0 && (state & retired) == 0;
  }
  /// The number of the nonce; 0: empty.
  [[nodiscard]] std::uint32_t number() const noexcept { return digest_number_in(load_shared(state_)); }
  /// The less, the sooner it makes room: empty, or retired, or the oldest.
  [[nodiscard]] shared_word rank() const noexcept {
    auto const state = load_shared(state_);
    return (state & retired) != 0 || state == 0 ? state : state | shared_word{1} << 63;
  }

  /// What was whole while it was read, but for the cnonce. On failure `out` is of no number.
  [[nodiscard]] bool read(digest_session& out) const noexcept {
    out.number = 0;
    for (unsigned turn = 0; turn < shared_patience; ++turn) {
      auto const before = load_shared(version);
      if ((before & 1) != 0) return false;  // another will do meanwhile
      auto const state = load_shared(state_);
      out.facts = digest_facts::of(load_shared(facts_));
      bool const sized = out.texts.load_sizes(sizes_);
      for (std::size_t i = 0; sized && i < digest_session_texts::count; ++i)
        out.texts.load(static_cast<digest_session_texts::which>(i), bytes_);
      if (load_shared(version) != before) continue;
      out.number = digest_number_in(state);
      out.accepted = (state & accepted) != 0;
      return sized && out.number != 0;
    }
    return false;
  }
  /// The same with the cnonce, if it is still that nonce's.
  [[nodiscard]] bool read_all(std::uint32_t of, digest_session& out) const noexcept {
    if (!read(out) || out.number != of) return false;
    for (std::size_t i = 0; i < 2; ++i) out.cnonce[i] = load_shared(cnonce_[i]);
    return number() == of;
  }
  /// One for all uses of a nonce, so that a session's key is the same in each (RFC 7616 §3.4.2: cnonce-prime). The first who
  /// needs it makes it; a word that was there stays.
  [[nodiscard]] result<void> load_cnonce(moment const& when, digest_session& out) noexcept {
    shared_word fresh[2] = {};
    for (std::size_t i = 0; i < 2; ++i) {
      out.cnonce[i] = load_shared(cnonce_[i]);
      if (out.cnonce[i] != 0) continue;
      if (fresh[0] == 0) {
        if (auto ok = when.entropy(fresh, sizeof fresh); !ok) return ok.error().within("digest: ");
        for (auto& word : fresh) word += word == 0 ? 1 : 0;
      }
      if (exchange_shared(cnonce_[i], out.cnonce[i], fresh[i])) out.cnonce[i] = fresh[i];
    }
    return {};
  }
  /// False where it is another nonce's by now, or used up: look again.
  [[nodiscard]] bool count(digest_session& out) noexcept {
    auto const got = take_use(count_, out.number, out.uses);
    if (got == digest_use::none_left) mark(out.number, retired);
    return got == digest_use::taken;
  }

  /// Of the nonce of that number alone.
  void mark(std::uint32_t number, shared_word bit) noexcept {
    auto there = load_shared(state_);
    while (digest_number_in(there) == number && (there & bit) == 0 &&
           !exchange_shared(state_, there, there | bit)) {
    }
  }
  /// @param mine the claim on `version`
  void write(shared_word mine, digest_session const& made) noexcept {
    store_shared(count_,
                 under_digest_number(made.number, 0));  // first: whoever counts sees that it is another
    store_shared(state_, shared_word{0});
    store_shared(cnonce_[0], made.cnonce[0]);
    store_shared(cnonce_[1], made.cnonce[1]);
    store_shared(facts_, made.facts.word());
    made.texts.store(sizes_, bytes_);
    store_shared(state_, under_digest_number(made.number, made.accepted ? accepted : 0));
    end_write(version, mine);
  }

private:
  shared_word state_ = 0, count_ = 0;  // each with the number in its upper half; number 0: empty
  shared_word cnonce_[2] = {};         // 0: not made yet
  shared_word facts_ = 0;
  shared_word sizes_[digest_session_texts::size_words] = {};
  shared_word bytes_[digest_session_texts::words] = {};
};

}  // namespace detail

}  // namespace countersign::inline v0
