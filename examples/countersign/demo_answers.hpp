#pragma once
// What the demo's servers answer once a credential is accepted.

#include <countersign/text/json_writer.hpp>

#include <string_view>

namespace program {

bool knows(std::string_view method);

/// Writes the `result` of a known method: one tool, named after the server that has it.
/// @param stateless as revision 2026-07-28 has it
void write_result(countersign::json_writer& out, std::string_view method, std::string_view name,
                  bool stateless);

}  // namespace program
