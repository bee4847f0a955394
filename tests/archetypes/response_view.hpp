#pragma once
// A response of another library: verdicts are made from its head, and its body is left alone.

#include <countersign/core/head.hpp>

#include <map>
#include <string>
#include <string_view>

namespace archetypes {

namespace cs = countersign;

struct their_response {
  int code = 200;
  std::multimap<std::string, std::string> headers = {};
};

class their_head {
public:
  explicit their_head(their_response const& viewed) : response_(&viewed) {}

  int status() const { return response_->code; }
  template <class Function>
  void fields(Function&& function) const {
    for (auto const& [name, value] : response_->headers)
      function(std::string_view(name), std::string_view(value));
  }

private:
  their_response const* response_;
};

}  // namespace archetypes

template <>
struct countersign::response_traits<archetypes::their_response> {
  static archetypes::their_head view(archetypes::their_response const& r) {
    return archetypes::their_head(r);
  }
};
