#pragma once
// One entry of a config for tests: parsed as a user's would be.
//
//     fake::entry const api(R"("url":"https://h/mcp","headers":{"X-Key":"${KEY}"})");
//     mcp::server const& server = api.server;

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace fake {

/// Named "api". @param members what stands between its braces; `type` is http unless it says otherwise
struct entry {
  explicit entry(std::string_view members) : config(parsed(members)), server(*config.find("api")) {}
  entry(entry const&) = delete;

  countersign::mcp::config config;
  countersign::mcp::server server;

private:
  static countersign::mcp::config parsed(std::string_view members) {
    auto made = countersign::mcp::config::parse(
        countersign::secret("{\"mcpServers\":{\"api\":{" + std::string(members) + "}}}"), "f.json");
    BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().c_str()) << ": " << members);
    return std::move(*made);
  }
};

}  // namespace fake
