#pragma once
// Bytes to work on: the same in each run and in each file.

#include <cstddef>
#include <cstdint>
#include <string>

inline std::string noise(std::size_t size) {
  std::string bytes;
  std::uint32_t last = 1;
  while (bytes.size() < size) bytes += static_cast<char>((last = last * 1664525 + 1013904223) >> 24);
  return bytes;
}
/// As a group's name says it.
inline std::string size_of(std::size_t size) {
  if (size < 1024) return std::to_string(size) + " B";
  return size < 1024 * 1024 ? std::to_string(size / 1024) + " KiB" : std::to_string(size / 1024 / 1024) + " MiB";
}
