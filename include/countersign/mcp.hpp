#pragma once
// What an MCP client needs: discovery, registration, sign-in, configuration.

#include <countersign/mcp/as_configured.hpp>
#include <countersign/mcp/child_command.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/mcp/configured.hpp>
#include <countersign/mcp/configured_renewal.hpp>
#include <countersign/mcp/curl_line.hpp>
#include <countersign/mcp/diagnose.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/finding.hpp>
#include <countersign/mcp/headers_program.hpp>
#include <countersign/mcp/lint_config.hpp>
#include <countersign/mcp/lint_path.hpp>
#include <countersign/mcp/lint_text.hpp>
#include <countersign/mcp/local_problems.hpp>
#include <countersign/mcp/moved_secrets.hpp>
#include <countersign/mcp/open.hpp>
#include <countersign/mcp/problem.hpp>
#include <countersign/mcp/readme.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/server_state.hpp>
#include <countersign/mcp/variables.hpp>
#include <countersign/mcp/wire.hpp>
