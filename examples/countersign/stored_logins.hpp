#pragma once
// What the state folder knows of the servers of a config.

#include "login_store.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/inspect/server_state.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/store/login.hpp>
#include <countersign/text/json_writer.hpp>

#include <string>

namespace program {

/// What `status` tells of one server. No secret of it is shown.
struct login_status {
  countersign::mcp::server_state state = countersign::mcp::server_state::ready;
  bool oauth = false;        ///< somebody signs in to it, or has
  countersign::login login;  ///< its generation is 0 where nobody is signed in
  std::string profile;
};

/// No network. A login that can't be read is said, and the state is `invalid`.
login_status look_up(countersign::mcp::server const& server, login_store& store,
                     countersign::context const& outside);

/// The members "issuer" to "profile" of an open object.
void write_login(countersign::json_writer& out, login_status const& status);

}  // namespace program
