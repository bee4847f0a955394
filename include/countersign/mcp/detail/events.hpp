#pragma once
// Server-sent events, as far as MCP uses them: the data of each event (WHATWG HTML §9.2.6).

#include <countersign/core/secret.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

class event_reader {
public:
  explicit event_reader(std::string_view stream) noexcept : rest_(stream) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
  }

  /// Gives the data of the next event; false at the end. An event that the stream ends in the middle of
  /// is none.
  [[nodiscard]] bool next(secret& data) noexcept {
    data.clear();
    bool any = false;
    while (!rest_.empty()) {
      auto const end = rest_.find_first_of("\r\n");
      if (end == std::string_view::npos) break;
      auto const line = rest_.substr(0, end);
      bool const pair = rest_.substr(end).starts_with("\r\n");
      rest_.remove_prefix(end + (pair ? 2 : 1));
      if (line.empty()) {
        if (any) return true;
        continue;
      }
      auto const colon = line.find(':');
      if (line.substr(0, colon) != "data") continue;
      auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
      if (value.starts_with(' ')) value.remove_prefix(1);
      if (any) data.push_back('\n');
      data.append(value);
      any = true;
    }
    rest_ = {};
    return false;
  }

private:
  std::string_view rest_;
};

}  // namespace countersign::inline v0::mcp::detail
