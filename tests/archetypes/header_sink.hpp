#pragma once
// Where finished fields go: each replaces every field of its name.

#include "archetypes/request_view.hpp"

#include <countersign/core/field.hpp>
#include <countersign/core/request_view.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace archetypes {

class their_sink {
public:
  explicit their_sink(their_request& written) : request_(&written) {}

  /// False would say that there was no memory.
  bool operator()(std::string_view name, std::string_view value) const {
    std::erase_if(request_->headers,
                  [&](auto const& each) { return cs::equal_without_case(each.first, name); });
    request_->headers.emplace_back(name, value);
    return true;
  }

private:
  their_request* request_;
};

}  // namespace archetypes

/// With this, `their_request` can be authorized in place.
template <>
struct countersign::request_traits<archetypes::their_request> {
  static archetypes::their_view view(archetypes::their_request const& r) { return archetypes::their_view(r); }
  static archetypes::their_sink sink(archetypes::their_request& r) { return archetypes::their_sink(r); }
};
