#pragma once
// Lists of words in what servers and clients tell each other: scopes, grant types, redirect URIs.

#include <countersign/core/fields.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// Owned strings in order: `{"openid", "offline_access"}`. A failed allocation sticks: `ok()`.
class text_list {
public:
  text_list() = default;
  text_list(std::initializer_list<std::string_view> all) noexcept {
    for (auto const one : all) add(one);
  }

  /// @param one may be a piece of this list
  text_list& add(std::string_view one) noexcept {
    all_.append({}, one);
    return *this;
  }
  /// Adds the words of a scope, which spaces part (RFC 6749 §3.3), each only once.
  text_list& add_words(std::string_view scope) noexcept {
    while (!scope.empty()) {
      auto const word = scope.substr(0, scope.find(' '));
      scope.remove_prefix(word.size() == scope.size() ? word.size() : word.size() + 1);
      if (!word.empty() && !contains(word)) add(word);
    }
    return *this;
  }

  [[nodiscard]] std::size_t size() const noexcept { return all_.count(); }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] bool ok() const noexcept { return all_.ok(); }
  /// Calls `function(string_view)` for each.
  template <class Function>
  void each(Function&& function) const {
    all_.each([&](std::string_view, std::string_view one) { function(one); });
  }
  [[nodiscard]] bool contains(std::string_view wanted) const noexcept {
    bool found = false;
    each([&](std::string_view one) { found = found || one == wanted; });
    return found;
  }
  /// Empty beyond the end. Valid until the list changes.
  [[nodiscard]] std::string_view operator[](std::size_t index) const noexcept {
    std::string_view found;
    std::size_t at = 0;
    each([&](std::string_view one) {
      if (at++ == index) found = one;
    });
    return found;
  }
  /// With spaces between them, as a scope is sent.
  [[nodiscard]] owned_text joined() const noexcept {
    secret all;
    each([&](std::string_view one) {
      if (!all.empty()) all.push_back(' ');
      all.append(one);
    });
    if (!ok()) static_cast<void>(all.reserve(static_cast<std::size_t>(-1)));  // fails, and says so in ok()
    return owned_text(std::move(all));
  }

private:
  fields all_;  // values without names
};

}  // namespace countersign::inline v0::oauth
