#pragma once
// A request of another library, used as it is: nothing is converted or copied.

#include <countersign/core/request_view.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archetypes {

namespace cs = countersign;

/// The other library's. It knows no origin: that is the connection's business there.
struct their_request {
  std::string verb = "GET", path = "/", content = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

class their_view {
public:
  explicit their_view(their_request const& viewed) : request_(&viewed) {}

  std::string_view method() const { return request_->verb; }
  std::string_view origin() const { return "https://api.example.com"; }
  std::string_view target() const { return request_->path; }
  template <class Function>
  void fields(Function&& function) const {
    for (auto const& [name, value] : request_->headers)
      function(std::string_view(name), std::string_view(value));
  }
  /// Optional: for formatters that sign it.
  std::optional<std::string_view> body() const { return request_->content; }

private:
  their_request const* request_;
};

}  // namespace archetypes
