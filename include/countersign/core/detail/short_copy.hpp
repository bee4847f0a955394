#pragma once
// Copies of a few bytes, of which texts that are put together consist.

#include <cstddef>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

template <std::size_t Each>
void two_copies(char* to, std::string_view from) noexcept {
  char first[Each], last[Each];
  std::memcpy(first, from.data(), Each);
  std::memcpy(last, from.data() + from.size() - Each, Each);
  std::memcpy(to, first, Each);
  std::memcpy(to + from.size() - Each, last, Each);
}

/// As memcpy, without a call for up to 64 bytes: two copies of a fixed size, which may overlap. Returns the end.
inline char* short_copy(char* to, std::string_view from) noexcept {
  auto const size = from.size();
  if (size > 64) std::memcpy(to, from.data(), size);
  else if (size >= 32) two_copies<32>(to, from);
  else if (size >= 16) two_copies<16>(to, from);
  else if (size >= 8) two_copies<8>(to, from);
  else if (size >= 4) two_copies<4>(to, from);
  else
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  return to + size;
}

}  // namespace countersign::inline v0::detail
