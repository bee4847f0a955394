#pragma once
// Reads the vectors beside this file. Its hexadecimal decoder is its own, so that no vector is read
// by what it tests.

#define BOOST_BIND_GLOBAL_PLACEHOLDERS  // what json_parser.hpp of Boost 1.74 uses, without its note
#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vectors {

using tree = boost::property_tree::ptree;

/// @param file relative to tests/vectors
inline std::ifstream open(std::string const& file) {
  std::ifstream in(COUNTERSIGN_SOURCE_DIR "/tests/vectors/" + file, std::ios::binary);
  if (!in) throw std::runtime_error("can't open tests/vectors/" + file);
  return in;
}

inline tree json(std::string const& file) {
  auto in = open(file);
  tree read;
  boost::property_tree::read_json(in, read);
  return read;
}

inline std::string bytes(std::string_view hex) {
  static constexpr std::string_view digits = "0123456789abcdef0123456789ABCDEF";
  if (hex.size() % 2 != 0) throw std::runtime_error("an odd number of digits");
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    auto const high = digits.find(hex[i]);
    auto const low = digits.find(hex[i + 1]);
    if (high == digits.npos || low == digits.npos) throw std::runtime_error("not hexadecimal");
    out += static_cast<char>(high % 16 * 16 + low % 16);
  }
  return out;
}

/// The value at `key`, which must be there, written in hexadecimal digits.
inline std::string bytes(tree const& row, char const* key) { return bytes(row.get<std::string>(key)); }

/// The whole number at `key`, which must be there. Not by get<unsigned>(): inlined under a
/// sanitizer, g++ 12 warns of it.
inline std::size_t number(tree const& row, char const* key) { return std::stoul(row.get<std::string>(key)); }

}  // namespace vectors
