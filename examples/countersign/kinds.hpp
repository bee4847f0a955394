#pragma once
// In a word each: the ways in which a server's entry authenticates.

#include <countersign/mcp/server.hpp>

#include <string>
#include <vector>

namespace program {

/// Of bearer, basic, header, helper, hmac, jwt, mtls, oauth and env those that apply, each once, in
/// this order; other types of `auth` by their own name.
std::vector<std::string> kinds_of(countersign::mcp::server const& server);

}  // namespace program
