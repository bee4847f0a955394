#pragma once
// A config that names so many servers, and what is looked for in it: the URL of the last.

#include <cstddef>
#include <string>

struct config_text {
  explicit config_text(std::size_t servers) : last("server-" + std::to_string(servers - 1)), text("{\"mcpServers\":{") {
    for (std::size_t i = 0; i < servers; ++i) {
      auto const n = std::to_string(i);
      url = "https://s" + n + ".example.com/mcp";
      text.append(i == 0 ? "" : ",").append("\"server-" + n + "\":{\"type\":\"http\",\"url\":\"" + url + "\"}");
    }
    text += "}}";
  }

  std::string last, url, text;
};
