#pragma once
// Names that policies keep: a variable, a header, an origin. They come from literals or from a config read at run
// time, so they are owned; they are no secrets, so they show.

#include <countersign/core/secret.hpp>

#include <concepts>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// An owned string that converts to string_view. A failed allocation sticks: `ok()`.
class owned_text {
public:
  owned_text() = default;
  /// @param text a literal, a string_view, a std::string: whatever converts to string_view
  template <std::convertible_to<std::string_view> Text>
    requires(!std::same_as<Text, owned_text>)
  owned_text(Text const& text) noexcept : bytes_(std::string_view(text)) {}
  /// Takes over bytes that were put together elsewhere, and whether that failed.
  explicit owned_text(secret&& bytes) noexcept : bytes_(std::move(bytes)) {}

  [[nodiscard]] std::string_view view() const noexcept { return bytes_.reveal(); }
  operator std::string_view() const noexcept { return view(); }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] bool ok() const noexcept { return bytes_.ok(); }

  friend bool operator==(owned_text const& a, owned_text const& b) noexcept { return a.view() == b.view(); }

private:
  secret bytes_;  // for its storage: grows without throwing
};

}  // namespace countersign::inline v0
