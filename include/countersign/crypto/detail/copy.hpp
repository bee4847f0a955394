#pragma once
// Bytes moved by what works in a constant expression too.

#include <cstddef>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0::detail {

/// memcpy, also in constant expressions and of nothing at no address.
constexpr void copy(char* to, std::string_view from) noexcept {
  if (std::is_constant_evaluated())
    for (char c : from) *to++ = c;
  else if (!from.empty()) std::memcpy(to, from.data(), from.size());
}
/// Of a digest, whose bytes are no characters.
constexpr void copy(char* to, unsigned char const* from, std::size_t size) noexcept {
  if (std::is_constant_evaluated())
    for (; size > 0; --size) *to++ = static_cast<char>(*from++);
  else std::memcpy(to, from, size);
}

}  // namespace countersign::inline v0::detail
