#pragma once
// What the demo's server makes of a request's credential.

#include "demo_server.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace program {

/// A request's header by its name, without case; empty if there is none.
using header_of = std::function<std::string(std::string const&)>;

/// Why the credential of a request to `/NAME/…` is refused; empty: it is right. Unknown names are
/// refused too.
std::string refusal(std::string_view name, header_of const& header, demo_credentials const& wanted);

}  // namespace program
