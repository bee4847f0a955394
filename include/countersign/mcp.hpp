#pragma once
// What an MCP client needs: discovery, registration, sign-in, configuration.

#include <countersign/mcp/server.hpp>
