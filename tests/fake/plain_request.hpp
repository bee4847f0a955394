#pragma once
// A request whose fields may come several times by one name, and whose target is whatever a test wants.

#include <countersign/core/field.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake {

namespace cs = countersign;

/// A view and a sink whose fields may come several times by one name.
struct plain_request {
  std::string verb = "GET", host = "https://example.amazonaws.com", path_and_query = "/", content = {};
  bool can_show_body = true;
  std::vector<std::pair<std::string, std::string>> lines = {};

  [[nodiscard]] std::string_view method() const { return verb; }
  [[nodiscard]] std::string_view origin() const { return host; }
  [[nodiscard]] std::string_view target() const { return path_and_query; }
  [[nodiscard]] std::optional<std::string_view> body() const {
    return can_show_body ? std::optional<std::string_view>(content) : std::nullopt;
  }
  template <class Function>
  void fields(Function&& function) const {
    for (auto const& [name, value] : lines) function(std::string_view(name), std::string_view(value));
  }
  bool operator()(std::string_view name, std::string_view value) {
    std::erase_if(lines, [&](auto const& line) { return cs::equal_without_case(line.first, name); });
    lines.emplace_back(name, value);
    return true;
  }
};

}  // namespace fake
