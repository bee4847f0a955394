#pragma once
// The floor of reading JSON: one pass that picks the wanted members, by somebody who trusts the text. No escapes, no
// UTF-8, no numbers but whole ones, no check that anything is repeated or missing. Holds no header of countersign.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace by_hand {

class json_pass {
public:
  explicit json_pass(std::string_view text) noexcept : at_(text.data()), end_(text.data() + text.size()) {}

  /// Calls member(name) at each member of the object here; it must take the value with one of those below.
  template <class Member>
  void members(Member member) noexcept {
    ++at_;
    while (at_ < end_ && *at_ != '}') {
      auto const name = string();
      ++at_;  // the colon
      member(name);
      at_ += *at_ == ',';
    }
    ++at_;
  }
  template <class Element>
  void strings(Element element) noexcept {
    ++at_;
    while (at_ < end_ && *at_ != ']') {
      element(string());
      at_ += *at_ == ',';
    }
    ++at_;
  }
  std::string_view string() noexcept {
    auto const* const from = ++at_;
    at_ = quote(from);
    return {from, static_cast<std::size_t>(at_++ - from)};
  }
  std::int64_t number() noexcept {
    std::int64_t value = 0;
    while (*at_ >= '0' && *at_ <= '9') value = value * 10 + (*at_++ - '0');
    return value;
  }
  bool boolean() noexcept {
    bool const yes = *at_ == 't';
    at_ += yes ? 4 : 5;
    return yes;
  }
  void skip() noexcept {
    if (*at_ == '"') static_cast<void>(string());
    else if (*at_ == '[') strings([](std::string_view) {});
    else if (*at_ == 't' || *at_ == 'f') static_cast<void>(boolean());
    else number();
  }

private:
  char const* quote(char const* at) const noexcept {
#if defined(__SSE2__)
    auto const quotes = _mm_set1_epi8('"');
    for (; end_ - at >= 16; at += 16) {
      auto const found = static_cast<unsigned>(
          _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<__m128i const*>(at)), quotes)));
      if (found != 0) return at + __builtin_ctz(found);
    }
#endif
    return static_cast<char const*>(std::memchr(at, '"', static_cast<std::size_t>(end_ - at)));
  }

  char const* at_;
  char const* end_;
};

}  // namespace by_hand
