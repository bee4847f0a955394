#pragma once
// The demo's rows of servers that one signs in to.

#include "table.hpp"

#include <countersign/mcp/config.hpp>

#include <authorization_server.hpp>

#include <functional>
#include <memory>
#include <string_view>

namespace program {

/// The servers that the rows need, and the variables of the config that lead there.
/// @param log hears what happens at them
std::unique_ptr<provider::authorization_server> start_provider(std::function<void(std::string_view)> log);

/// Signs in, lets a token end, asks for more, signs out, each a row; then with bound tokens, and as a client
/// without a person. Each row is also asked with one byte of its access token flipped.
/// @return whether each row is as it should be
bool add_login_rows(table& shown, countersign::mcp::config const& config,
                    provider::authorization_server& provider);

}  // namespace program
