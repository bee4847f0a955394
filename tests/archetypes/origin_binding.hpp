#pragma once
#include <countersign/auth/origin_binding.hpp>

namespace archetypes {

/// The smallest binding: one host, compared as it is spelled.
struct one_host {
  countersign::result<void> allows(countersign::request_view auto const& request) const {
    if (std::string_view(request.origin()) == "https://api.example") return {};
    return countersign::error{countersign::errc::wrong_origin, "one_host: only https://api.example is served"};
  }
  std::string_view shown() const { return "https://api.example"; }
};

}  // namespace archetypes
