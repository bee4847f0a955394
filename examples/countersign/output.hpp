#pragma once
// Results go to stdout in one piece once they are complete; everything else goes to stderr, a line at a
// time.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/request_view.hpp>

#include <string>
#include <string_view>

namespace program {

/// Writes all of it to stdout; gives the exit code: failed if it can't.
int print(std::string_view result);

/// One line on stderr, "countersign: …". Control bytes show as '?', whoever wrote them.
void say(std::string_view line);

/// Says what went wrong; gives the exit code that goes with it.
int report(countersign::error const& why);

/// The real outside world; with `debug`, every step of a flow is said.
countersign::context outside(bool debug);

/// Fit for a terminal: control bytes show as '?'.
std::string shown(std::string_view text);

/// What a header's value shows: "Bearer ***" where it begins with a scheme, else "***".
std::string redacted(std::string_view name, std::string_view value);

}  // namespace program
