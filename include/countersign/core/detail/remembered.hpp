#pragma once
// What was computed last, for the next thread that asks for the same.

#include <countersign/core/wipe.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0::detail {

/// A value of a few words and the bytes that it was made of. Readers take no lock and write nothing shared; a reader who
/// meets a writer finds nothing, and computes the value itself, as do all who ask for another one. Any number of threads;
/// one writer at a time, and a second one does not wait. What is replaced is overwritten, and all is wiped at the end.
/// In a child that was forked while a thread of its parent wrote, nothing is found and nothing kept.
/// @tparam Value plain bytes, of a size that is a multiple of 16
/// @tparam Most made of more bytes than this, nothing is kept
template <class Value, std::size_t Most>
class remembered {
  static_assert(std::is_trivially_copyable_v<Value> && sizeof(Value) % 16 == 0 && Most % 8 == 0);

public:
  remembered() = default;
  /// Only while nobody uses either; the other one keeps its own.
  remembered(remembered const& other) noexcept { take(other); }
  remembered& operator=(remembered const&) = delete;
  ~remembered() { wipe(&kept_, sizeof kept_); }

  /// What was made of the same, if it is kept; else `out` is not to be used. Takes a time that depends on the sizes alone.
  /// @param kind what else it was made of
  /// @param size of the bytes at the front of the value that matter; a multiple of 16
  [[nodiscard, gnu::always_inline]] inline bool find(std::uint64_t kind, std::string_view made_of, Value& out,
                                                     std::size_t size = sizeof(Value)) const noexcept {
    auto const turn = load(turn_);
    if (turn % 2 != 0 || turn == 0 || load(kept_.kind) != kind || load(kept_.size) != made_of.size())
      return false;
    if (!same(made_of)) return false;
    auto* const to = reinterpret_cast<char*>(&out);
    for (std::size_t i = 0; i < size; i += 16) copy_two(to + i, kept_.value + i / 8);
    return load(turn_) == turn;
  }

  void keep(std::uint64_t kind, std::string_view made_of, Value const& made,
            std::size_t size = sizeof(Value)) noexcept {
    if (made_of.size() > Most) return;
    auto turn = __atomic_load_n(&turn_, __ATOMIC_RELAXED);
    if (turn % 2 != 0) return;
    if (!__atomic_compare_exchange_n(&turn_, &turn, turn + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
      return;
    store(kept_.kind, kind);
    store(kept_.size, std::uint64_t{made_of.size()});
    for (std::size_t i = 0; i < Most / 8; ++i)
      store(kept_.made_of[i], 8 * i < made_of.size() ? word_at(made_of, 8 * i) : std::uint64_t{0});
    std::string_view const bytes(reinterpret_cast<char const*>(&made), size);
    for (std::size_t i = 0; 8 * i < size; ++i) store(kept_.value[i], word_at(bytes, 8 * i));
    store(turn_, turn + 2);
  }

private:
  template <class T>
  static T load(T const& shared) noexcept {
    return __atomic_load_n(&shared, __ATOMIC_ACQUIRE);
  }
  template <class T>
  static void store(T& shared, T value) noexcept {
    __atomic_store_n(&shared, value, __ATOMIC_RELEASE);
  }

  // Stored in one piece, so that a vector instruction that loads them need not wait for two stores.
  static void copy_two(char* to, std::uint64_t const* from) noexcept {
#if defined(__GNUC__)
    using words [[gnu::vector_size(16)]] = std::uint64_t;
    words const two = {load(from[0]), load(from[1])};
#else
    std::uint64_t const two[] = {load(from[0]), load(from[1])};
#endif
    std::memcpy(to, &two, sizeof two);
  }
  [[nodiscard]] bool same(std::string_view made_of) const noexcept {
    std::uint64_t difference = 0;
    std::size_t at = 0;
    for (std::uint64_t four[4]; at + sizeof four <= made_of.size(); at += sizeof four) {
      std::memcpy(four, made_of.data() + at, sizeof four);
      auto const* const kept = kept_.made_of + at / sizeof *four;
      difference |= (four[0] ^ load(kept[0])) | (four[1] ^ load(kept[1])) | (four[2] ^ load(kept[2])) |
                    (four[3] ^ load(kept[3]));
    }
    for (std::uint64_t word = 0; at + sizeof word <= made_of.size(); at += sizeof word) {
      std::memcpy(&word, made_of.data() + at, sizeof word);
      difference |= word ^ load(kept_.made_of[at / sizeof word]);
    }
    if (at < made_of.size()) difference |= word_at(made_of, at) ^ load(kept_.made_of[at / sizeof difference]);
    return difference == 0;
  }
  // Eight bytes, or what is left: which of its bytes goes where does not matter, as both sides come through here.
  [[nodiscard]] static std::uint64_t word_at(std::string_view bytes, std::size_t at) noexcept {
    auto const* const from = bytes.data() + at;
    auto const left = bytes.size() - at;
    std::uint64_t word = 0;
    if (left >= sizeof word) {
      std::memcpy(&word, from, sizeof word);
    } else if (left >= 4) {
      std::uint32_t front = 0, back = 0;
      std::memcpy(&front, from, 4);
      std::memcpy(&back, from + left - 4, 4);
      word = front | std::uint64_t{back} << 32;
    } else {
      auto const byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(from[i])}; };
      word = byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16;
    }
    return word;
  }
  void take(remembered const& other) noexcept {
    if (other.turn_ % 2 != 0) return;
    kept_ = other.kept_;
    turn_ = other.turn_;
  }

  struct record {
    std::uint64_t kind = 0, size = 0;
    std::uint64_t made_of[Most / 8 + (Most == 0)] = {};
    std::uint64_t value[sizeof(Value) / 8] = {};
  };
  std::uint64_t turn_ = 0;  // odd: somebody writes; 0: nothing was ever kept
  record kept_;
};

}  // namespace countersign::inline v0::detail
