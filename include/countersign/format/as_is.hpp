#pragma once
// Headers that are known at run time only: a config's, a helper program's.

#include <countersign/core/credential.hpp>
#include <countersign/core/header_formatter.hpp>

#include <string_view>

namespace countersign::inline v0 {

/// Writes every field of a `header_list` as it stands.
struct as_is {
  static constexpr bool constant = true;

  [[nodiscard]] result<stamp> format(header_list const& list, request_view auto const&, draft& out, moment const&) const {
    if (!list.ok()) return error{errc::no_memory, "as_is: out of memory"};
    list.each([&](std::string_view name, std::string_view value) { out.set(name, value); });
    return stamp{};
  }
};

}  // namespace countersign::inline v0
