#pragma once
// A source that answers at once: its credential is a value at hand, or a small file.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>

namespace archetypes {

namespace cs = countersign;

/// The token that stands in a file.
struct token_file {
  using credential = cs::secret;

  cs::owned_text path = {};

  /// A failure says whose fault it is: no file there is `not_mine`, and a chain asks its next link.
  cs::result<cs::secret> acquire(cs::occasion const&, cs::context const& outside) const {
    return outside.file(path, 16 * 1024);
  }
};

/// One that keeps something between acquisitions: its memory belongs to the authenticator, and to one caller
/// at a time.
struct serial_numbers {
  using credential = cs::secret;
  struct memory {
    char last = '0';
  };
  /// Asking again gives another one.
  static constexpr bool renewable = true;

  cs::result<cs::secret> acquire(cs::occasion const&, cs::context const&, memory& kept) const {
    cs::secret number;
    number.push_back(++kept.last);
    return number;
  }
};

}  // namespace archetypes
