#pragma once
// Passwords that go with each request to a server where somebody could sign in: found by asking the server, and taken out.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/inspect/finding.hpp>

#include <filesystem>
#include <vector>

namespace program {

/// Asks the servers of a config that are sent Basic whether they name an authorization server: for their metadata, with no
/// credential. Those that do not answer, or whose variables are not set, are passed over.
std::vector<countersign::mcp::finding> basic_where_oauth(std::filesystem::path const& config,
                                                         countersign::context const& outside);

/// Puts `"oauth": {}` where the Basic of those servers stood, and says how to sign in.
countersign::result<void> fix_oauth(std::filesystem::path const& config, countersign::context const& outside);

}  // namespace program
