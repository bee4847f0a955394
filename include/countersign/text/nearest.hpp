#pragma once
// "Did you mean …?": the known word that is the fewest slips of the hand away from a wrong one.

#include <countersign/core/field.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// Words longer than this, in bytes, are near to nothing.
inline constexpr std::size_t max_nearest_word = 64;

/// How many letters must be put in, left out, replaced or swapped with their neighbour to make one word of
/// the other (restricted Damerau-Levenshtein distance, without case in ASCII). `limit + 1` where it takes
/// more than `limit`, or where a word is longer than `max_nearest_word`.
[[nodiscard]] constexpr std::size_t edit_distance(std::string_view a, std::string_view b,
                                                  std::size_t limit) noexcept {
  auto const longer = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (a.size() > max_nearest_word || b.size() > max_nearest_word || longer > limit) return limit + 1;
  // Three rows of the table of distances between the first i bytes of a and the first j of b.
  std::uint8_t rows[3][max_nearest_word + 1] = {};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto const& above = rows[(i - 1) % 3];
    auto const& two_above = rows[(i + 1) % 3];
    auto& row = rows[i % 3];
    row[0] = static_cast<std::uint8_t>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const same = [&](std::size_t x, std::size_t y) {
        return detail::ascii_lower(a[x]) == detail::ascii_lower(b[y]);
      };
      unsigned best = above[j - 1] + (same(i - 1, j - 1) ? 0u : 1u);
      if (above[j] + 1u < best) best = above[j] + 1u;
      if (row[j - 1] + 1u < best) best = row[j - 1] + 1u;
      if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1) && two_above[j - 2] + 1u < best)
        best = two_above[j - 2] + 1u;
      row[j] = static_cast<std::uint8_t>(best);
    }
  }
  std::size_t const distance = rows[a.size() % 3][b.size()];
  return distance < limit + 1 ? distance : limit + 1;
}

/// Hears candidates one by one and keeps the nearest; the first of equals. A third of the word's bytes may be
/// wrong.
class nearest_word {
public:
  /// @param word must outlive this object
  explicit constexpr nearest_word(std::string_view word) noexcept
      : word_(word), distance_((word.size() + 2) / 3 + 1) {}

  /// @param candidate must outlive this object
  constexpr void consider(std::string_view candidate) noexcept {
    if (distance_ == 0 || candidate.empty()) return;
    auto const distance = edit_distance(word_, candidate, distance_ - 1);
    if (distance >= distance_) return;
    distance_ = distance;
    best_ = candidate;
  }
  /// Empty if none was near enough.
  [[nodiscard]] constexpr std::string_view best() const noexcept { return best_; }

private:
  std::string_view word_;
  std::string_view best_ = {};
  std::size_t distance_;
};

/// The candidate nearest to `word`, or an empty text if none is near.
/// @param candidates a range of what converts to string_view, and outlives the result
template <class Candidates>
[[nodiscard]] constexpr std::string_view nearest(std::string_view word,
                                                 Candidates const& candidates) noexcept {
  nearest_word found(word);
  for (auto const& candidate : candidates) found.consider(candidate);
  return found.best();
}

}  // namespace countersign::inline v0
