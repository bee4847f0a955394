#pragma once
// Whether a JSON object names a member twice. RFC 8259 §4 leaves open what that means, and two readers that
// differ on it can be played off against each other, so it is refused.

#include <countersign/text/json_value.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace countersign::inline v0::detail {

enum class json_names_verdict : std::uint8_t { distinct, repeated, colliding, no_memory };

struct json_names_result {
  json_names_verdict verdict = json_names_verdict::distinct;
  json_node const* again = nullptr;  // the second of two equal names
  json_node const* first = nullptr;
};

// Up to this many members each name is compared with all before it; beyond, a table is made.
inline constexpr std::size_t json_names_pairwise = 8;
inline constexpr std::size_t json_names_on_stack = 64;
// Names of a stranger's choice may be made to collide. Beyond this many steps a member in the mean, we stop:
// names that are not made for it take less than two.
inline constexpr std::size_t json_names_max_steps = 32;

[[nodiscard]] inline bool same_json_name(json_node const& a, json_node const& b, char const* text) noexcept {
  return a.size == b.size && same_short_text(text + a.begin + 1, text + b.begin + 1, a.size);
}

[[nodiscard]] inline std::uint64_t json_name_hash(json_node const& name, char const* text) noexcept {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio
  std::uint64_t hash = name.size * odd;
  auto const mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * odd;
    hash ^= hash >> 29;
  };
  char const* at = text + name.begin + 1;
  std::size_t left = name.size;
  for (std::uint64_t word; left > 8; at += 8, left -= 8) {
    std::memcpy(&word, at, 8);
    mix(word);
  }
  // The last eight bytes, some of them perhaps for the second time; of a short name, all there are.
  if (name.size >= 8) {
    std::uint64_t word;
    std::memcpy(&word, at + left - 8, 8);
    mix(word);
  } else if (left >= 4) {
    std::uint32_t front, back;
    std::memcpy(&front, at, 4);
    std::memcpy(&back, at + left - 4, 4);
    mix(std::uint64_t{back} << 32 | front);
  } else if (left > 0) {
    auto const byte = [at](std::size_t i) {
      return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i]));
    };
    mix(byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16);
  }
  return hash;
}

// Names that were seen, of few of which a mask tells that they differ: by size and ends. All ones: perhaps they do not.
inline constexpr std::uint32_t json_names_unsure = static_cast<std::uint32_t>(-1);
// An empty name lies between its quotes: there is a byte to be looked at.
[[nodiscard]] inline std::uint32_t json_names_with(std::uint32_t seen, json_node const& name,
                                                   char const* text) noexcept {
  auto const byte = [&](std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[at]));
  };
  auto const which = name.size + byte(name.begin + 1) * 5 + byte(name.begin + std::size_t{name.size}) * 2;
  auto const bit = std::uint32_t{1} << (which & 31);
  return (seen & bit) != 0 ? json_names_unsure : seen | bit;
}

// @param object a finished object of the tape
[[nodiscard]] inline json_names_result check_json_names(json_node const* object, char const* text) noexcept {
  std::size_t const count = object->size;
  json_node const* const first = object + 1;
  if (count <= json_names_pairwise) {
    json_node const* names[json_names_pairwise];
    json_node const* name = first;
    for (std::size_t i = 0; i < count; name += 1 + name[1].span, ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (same_json_name(*name, *names[j], text)) return {json_names_verdict::repeated, name, names[j]};
      names[i] = name;
    }
    return {};
  }

  // Open addressing, at most half full. A slot holds a name's distance from the object; 0 is free.
  std::size_t slots = 2 * json_names_pairwise;
  while (slots < 2 * count) slots *= 2;
  std::uint32_t few[2 * json_names_on_stack];
  std::uint32_t* table = few;
  if (slots <= 2 * json_names_on_stack) {
    std::memset(few, 0, slots * sizeof(std::uint32_t));
  } else {
    table = static_cast<std::uint32_t*>(std::calloc(slots, sizeof(std::uint32_t)));
    if (table == nullptr) return {json_names_verdict::no_memory};
  }

  json_names_result found;
  std::size_t steps = json_names_max_steps * count;
  json_node const* name = first;
  for (std::size_t i = 0; i < count && found.verdict == json_names_verdict::distinct;
       name += 1 + name[1].span, ++i) {
    std::size_t slot = static_cast<std::size_t>(json_name_hash(*name, text) >> 20) & (slots - 1);
    for (; table[slot] != 0; slot = (slot + 1) & (slots - 1)) {
      json_node const* const other = object + table[slot];
      if (same_json_name(*name, *other, text)) {
        found = {json_names_verdict::repeated, name, other};
        break;
      }
      if (--steps == 0) {
        found = {json_names_verdict::colliding, name, other};
        break;
      }
    }
    table[slot] = static_cast<std::uint32_t>(name - object);
  }
  if (table != few) std::free(table);
  return found;
}

}  // namespace countersign::inline v0::detail
