#pragma once
// How much of a structured field is taken in. A stranger writes it, so each measure of it has an end.

#include <cstddef>

namespace countersign::inline v0 {

/// What the readers of `structured_field` refuse with errc::too_large. The defaults are what RFC 9651 §3 asks of every
/// implementation at least, or more.
struct structured_limits {
  std::size_t size = std::size_t{128} * 1024;  ///< bytes of text; no more than 2^31 in any case
  std::size_t members = 1024;                  ///< of one list, dictionary, inner list, or value's parameters
  std::size_t nodes = std::size_t{16} * 1024;  ///< values and keys together; 32 bytes are kept for each
};

}  // namespace countersign::inline v0
