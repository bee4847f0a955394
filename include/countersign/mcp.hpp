#pragma once
// What an MCP client needs: discovery, registration, sign-in, configuration.

#include <countersign/mcp/as_configured.hpp>
#include <countersign/mcp/challenged.hpp>
#include <countersign/mcp/child_command.hpp>
#include <countersign/mcp/client_choice.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/mcp/configured.hpp>
#include <countersign/mcp/configured_renewal.hpp>
#include <countersign/mcp/discovery.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/headers_program.hpp>
#include <countersign/mcp/open.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/scope_choice.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/mcp/variables.hpp>
#include <countersign/mcp/wire.hpp>
