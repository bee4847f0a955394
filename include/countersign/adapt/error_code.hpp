#pragma once
// std::error_code, for programs that carry their errors in it. Opt-in: <system_error> costs compile time, and a category
// object needs a destructor at exit.

#include <countersign/core/error.hpp>

#include <string>
#include <system_error>

namespace countersign::inline v0 {

/// The category of `errc`. One object per shared library that is built with hidden visibility: compare by value there
/// (`code.value()`), since std::error_code compares categories by address.
inline std::error_category const& error_category() noexcept {
  class category final : public std::error_category {
    [[nodiscard]] char const* name() const noexcept override { return "countersign"; }
    [[nodiscard]] std::string message(int value) const override { return std::string(v0::name(static_cast<errc>(value))); }
    [[nodiscard]] std::error_condition default_error_condition(int value) const noexcept override {
      switch (static_cast<errc>(value)) {
        case errc::no_memory: return std::errc::not_enough_memory;
        case errc::rejected: return std::errc::permission_denied;
        case errc::bad_input:
        case errc::bad_field: return std::errc::invalid_argument;
        case errc::too_large: return std::errc::value_too_large;
        default: return {value, *this};
      }
    }
  };
  static category const instance;
  return instance;
}

/// The kind of failure; the text stays behind in the `error`.
inline std::error_code make_error_code(errc code) noexcept { return {static_cast<int>(code), error_category()}; }

}  // namespace countersign::inline v0

template <>
struct std::is_error_code_enum<countersign::errc> : std::true_type {};
