#pragma once
// A message as it came over the wire: a view of a request, and the head of a response.

#include <countersign/core/head.hpp>
#include <countersign/core/request_view.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake {

struct arrived {
  std::string said_method, said_origin, said_target;
  int said_status = 0;
  std::vector<std::pair<std::string, std::string>> lines, last_lines;
  std::string content;
  bool shows_body = true;

  [[nodiscard]] std::string_view method() const { return said_method; }
  [[nodiscard]] std::string_view origin() const { return said_origin; }
  [[nodiscard]] std::string_view target() const { return said_target; }
  [[nodiscard]] int status() const { return said_status; }
  [[nodiscard]] std::optional<std::string_view> body() const {
    if (!shows_body) return std::nullopt;
    return std::string_view(content);
  }
  template <class Function>
  void fields(Function&& function) const {
    for (auto const& [name, value] : lines) function(std::string_view(name), std::string_view(value));
  }
  template <class Function>
  void trailers(Function&& function) const {
    for (auto const& [name, value] : last_lines) function(std::string_view(name), std::string_view(value));
  }
  void set(std::string const& name, std::string const& value) {
    for (auto& line : lines)
      if (line.first == name) return void(line.second = value);
    lines.emplace_back(name, value);
  }
  [[nodiscard]] std::string get(std::string const& name) const {
    for (auto const& line : lines)
      if (line.first == name) return line.second;
    return {};
  }
};
static_assert(countersign::body_view<arrived> && countersign::response_view<arrived>);

/// A request or a response, with "\n" or "\r\n" behind each line.
/// @param scheme of the request's origin, whose host is what Host says
inline arrived read_message(std::string_view text, std::string_view scheme = "https") {
  arrived made;
  auto const line = [&text] {
    auto const one = text.substr(0, text.find('\n'));
    text.remove_prefix(one.size() == text.size() ? one.size() : one.size() + 1);
    return std::string(one.ends_with('\r') ? one.substr(0, one.size() - 1) : one);
  };
  auto const first = line();
  auto const blank = first.find(' ');
  if (first.starts_with("HTTP/")) {
    made.said_status = std::atoi(first.c_str() + blank + 1);
  } else {
    made.said_method = first.substr(0, blank);
    made.said_target = first.substr(blank + 1, first.rfind(' ') - blank - 1);
  }
  for (auto one = line(); !one.empty(); one = line()) {
    auto const colon = one.find(':');
    auto const value = one.find_first_not_of(" \t", colon + 1);
    made.lines.emplace_back(one.substr(0, colon), value == one.npos ? "" : one.substr(value));
    if (made.lines.back().first == "Host")
      made.said_origin = std::string(scheme) + "://" + made.lines.back().second;
  }
  made.content = text;
  return made;
}

}  // namespace fake
