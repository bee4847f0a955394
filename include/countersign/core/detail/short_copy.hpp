#pragma once
// Copies of a few bytes, of which texts that are put together consist.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

// In registers: what is copied may be a secret, and an array on the stack would keep a copy of it.
#if defined(__GNUC__)
using copied_16 [[gnu::vector_size(16)]] = unsigned char;
#else
struct copied_16 {
  std::uint64_t half[2];
};
#endif
template <class Word>
void two_copies(char* to, std::string_view from) noexcept {
  auto const behind = from.size() - sizeof(Word);
  Word first, last;
  std::memcpy(&first, from.data(), sizeof first);
  std::memcpy(&last, from.data() + behind, sizeof last);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + behind, &last, sizeof last);
}

/// As memcpy, without a call for up to 64 bytes: two copies of a fixed size, which may overlap. Returns the end.
inline char* short_copy(char* to, std::string_view from) noexcept {
  auto const size = from.size();
  if (size > 64) std::memcpy(to, from.data(), size);
  else if (size > 32) {
    copied_16 first, second, third, last;
    std::memcpy(&first, from.data(), 16);
    std::memcpy(&second, from.data() + 16, 16);
    std::memcpy(&third, from.data() + size - 32, 16);
    std::memcpy(&last, from.data() + size - 16, 16);
    std::memcpy(to, &first, 16);
    std::memcpy(to + 16, &second, 16);
    std::memcpy(to + size - 32, &third, 16);
    std::memcpy(to + size - 16, &last, 16);
  } else if (size >= 16) two_copies<copied_16>(to, from);
  else if (size >= 8) two_copies<std::uint64_t>(to, from);
  else if (size >= 4) two_copies<std::uint32_t>(to, from);
  else
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  return to + size;
}

}  // namespace countersign::inline v0::detail
