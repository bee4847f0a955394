#pragma once
// What the demo's server makes of a request's credential.

#include "demo_server.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace program {

/// A request as it came over the wire.
struct demo_request {
  std::string method, target, body;
  /// A header by its name, without case; empty if there is none.
  std::function<std::string(std::string const&)> header;
};

/// Why the credential of a request to `/NAME/…` is refused; empty: it is right. Unknown names are
/// refused too.
std::string refusal(std::string_view name, demo_request const& asked, demo_credentials const& wanted);

}  // namespace program
