#pragma once
// Lists of strings in wiped memory: a program's arguments and its environment.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <cstring>
#include <new>
#include <span>
#include <string_view>

namespace countersign::inline v0::detail {

/// Strings of any bytes, in order. A failed allocation sticks: `ok()`.
class text_list {
public:
  /// Adds one string that consists of the pieces. They may not be pieces of this object.
  template <class... Pieces>
  text_list& append(Pieces const&... pieces) noexcept {
    (bytes_.append(std::string_view(pieces)), ...);
    auto const end = bytes_.size();
    char raw[sizeof end];
    std::memcpy(raw, &end, sizeof end);
    ends_.append(text_at(raw, sizeof raw));
    return *this;
  }

  /// None where memory was missing: of a copy, one part may be there without the other.
  template <class Function>
  void each(Function&& function) const {
    if (!ok()) return;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      std::size_t end;
      std::memcpy(&end, ends_.reveal().data() + i * sizeof end, sizeof end);
      function(bytes_.reveal().substr(begin, end - begin));
      begin = end;
    }
  }
  [[nodiscard]] bool contains(std::string_view one) const noexcept {
    bool found = false;
    each([&](std::string_view other) { found = found || other == one; });
    return found;
  }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size() / sizeof(std::size_t); }
  [[nodiscard]] bool ok() const noexcept { return bytes_.ok() && ends_.ok(); }

private:
  secret bytes_, ends_;
};

/// The same as an array of views, valid as long as the list stays as it is.
class text_views {
public:
  explicit text_views(text_list const& list) noexcept {
    if (!room_.resize(list.size() * sizeof(std::string_view))) return;
    // Memory of malloc, so aligned for whatever stands in it.
    auto* const first = static_cast<std::string_view*>(static_cast<void*>(room_.data()));
    std::size_t i = 0;
    list.each([&](std::string_view one) { ::new (static_cast<void*>(first + i++)) std::string_view(one); });
    all_ = {first, i};
  }
  text_views(text_views const&) = delete;
  text_views& operator=(text_views const&) = delete;

  [[nodiscard]] std::span<std::string_view const> all() const noexcept { return all_; }
  [[nodiscard]] bool ok() const noexcept { return room_.ok(); }

private:
  secret room_;
  std::span<std::string_view const> all_;
};

}  // namespace countersign::inline v0::detail
