#pragma once
// Paths in messages: the end of a long one, so that what is said behind it still fits.

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

/// How many bytes of a path a message shows.
inline constexpr std::size_t max_path_shown = 80;

/// The last bytes of a path, from the beginning of a folder or file name where there is one.
[[nodiscard]] constexpr std::string_view end_of_path(std::string_view path) noexcept {
  if (path.size() <= max_path_shown) return path;
  path.remove_prefix(path.size() - max_path_shown);
  if (auto const slash = path.find('/'); slash != std::string_view::npos && slash + 1 < path.size())
    path.remove_prefix(slash + 1);
  while (!path.empty() && (static_cast<unsigned char>(path[0]) & 0xc0) == 0x80) path.remove_prefix(1);
  return path;
}

}  // namespace countersign::inline v0::detail
