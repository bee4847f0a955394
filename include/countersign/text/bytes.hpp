#pragma once
// Digests and keys are arrays of unsigned char, the toolkit's functions take string_view: the way
// from one to the other.

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

/// The same bytes as a string_view; valid as long as what was given: an array, a std::array, a std::span, or anything else
/// whose `data()` points to unsigned char and whose `size()` counts them.
// And no std::span for all of them: its constructors ask their concepts anew for each.
template <std::size_t Size>
[[nodiscard]] std::string_view as_chars(unsigned char const (&bytes)[Size]) noexcept {
  return {reinterpret_cast<char const*>(bytes), Size};
}
template <class Bytes>
  requires requires(Bytes const& bytes, unsigned char const*& data, std::size_t& size) { data = bytes.data(), size = bytes.size(); }
[[nodiscard]] std::string_view as_chars(Bytes const& bytes) noexcept {
  return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace countersign::inline v0
