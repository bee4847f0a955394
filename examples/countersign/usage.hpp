#pragma once
// The command line: what is understood, and what is said about the rest.

#include "options.hpp"

#include <optional>

namespace program {

/// Fills `to`. An exit code where there is nothing more to do: help was given, or it makes no sense.
std::optional<int> read_command_line(int argc, char** argv, options& to);

}  // namespace program
