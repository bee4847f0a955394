#pragma once
// How the program signs in to servers, and what it tells who must.

#include "login_store.hpp"
#include "options.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/open_login.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/sign_in_settings.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace program {

using transport = std::function<countersign::result<countersign::response>(countersign::request const&)>;

/// What a server of the config is spoken with: its entry's credential, or a login.
using server_auth = countersign::mcp::login_authenticator<login_store>;

/// What the entry says, over what holds for all servers. Nobody is asked.
countersign::result<countersign::mcp::sign_in_settings> login_settings(countersign::mcp::server const& server,
                                                                       countersign::context const& outside);

/// The host that the browser is sent back to; empty where the entry names none.
countersign::result<std::string> redirect_host(countersign::mcp::server const& server,
                                               countersign::context const& outside);

/// @param store outlives it
countersign::result<server_auth> open_server(countersign::mcp::server const& server, login_store& store,
                                             countersign::context const& outside,
                                             countersign::mcp::config_owner owner);

/// Whether the entry says that somebody signs in: then a store that can't be used is an error.
bool wants_login(countersign::mcp::server const& server);

/// The line for the shell that signs in; `scope` may be a server's.
std::string login_line(options const& asked, std::string_view server, std::string_view scope = {});

/// Says why somebody must sign in, and the line that does it; gives the exit code.
int ask_to_sign_in(options const& asked, countersign::mcp::server const& server, std::string_view why,
                   std::string_view scope = {});

/// `send` and `prepare` of `drive/`.
countersign::result<countersign::response> send_by(server_auth& auth, countersign::request const& request,
                                                   transport const& http,
                                                   countersign::response* refused = nullptr);
countersign::result<void> prepare_by(server_auth& auth, countersign::request& request, transport const& http);

}  // namespace program
