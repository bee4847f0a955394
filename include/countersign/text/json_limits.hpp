#pragma once
// How much of a JSON text is taken in. A stranger's server writes it, so each measure of it has an end.

#include <cstddef>

namespace countersign::inline v0 {

/// What `json_document::parse` refuses with errc::too_large.
struct json_limits {
  std::size_t size = std::size_t{16} * 1024 * 1024;  ///< bytes of text; no more than 256 MiB - 1 in any case
  std::size_t nodes = std::size_t{1} << 20;  ///< values and member names together; 24 bytes are kept for each
  std::size_t depth = 64;                    ///< arrays and objects within one another
  /// Lets the escape for NUL into strings (RFC 8259 does). Off: no text is cut short where C reads it.
  bool nul_in_strings = false;
};

}  // namespace countersign::inline v0
