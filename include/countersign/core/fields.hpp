#pragma once
// Header fields in one wiped buffer.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

namespace detail {

// A field stands in a buffer as two 32-bit sizes in native order, the name, the value.
struct field_sizes {
  std::uint32_t name, value;
};

struct stored_field {
  std::string_view name, value;
  std::size_t end;  // offset of the next one
};

inline stored_field field_at(std::string_view bytes, std::size_t at) noexcept {
  field_sizes size;
  std::memcpy(&size, bytes.data() + at, sizeof size);
  at += sizeof size;
  return {bytes.substr(at, size.name), bytes.substr(at + size.name, size.value), at + size.name + size.value};
}

template <class Function>
void each_field(std::string_view bytes, Function&& function) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto const field = field_at(bytes, at);
    at = field.end;
    function(field.name, field.value);
  }
}

}  // namespace detail

/// A field as it is listed: `header_list{{"X-Tenant", "acme"}, {"X-Region", "eu"}}`.
struct named_value {
  std::string_view name, value;
};

/// Names and values in order, kept in one wiped buffer: the headers of the toolkit's own messages, and the credential
/// `header_list`. Names are compared without case; the same name may stand several times. Bytes are not checked here:
/// they are where they leave (`draft::commit`) . A failed allocation sticks, as in `secret`.
class fields {
public:
  fields() = default;
  fields(std::initializer_list<named_value> listed) noexcept {
    for (auto const& [name, value] : listed) append(name, value);
  }

  /// Adds a field behind the others, in whole or not at all. Both may be pieces of this object.
  fields& append(std::string_view name, std::string_view value) noexcept {
    if (name.size() > max_size || value.size() > max_size) return failed_ = true, *this;
    detail::field_sizes const size{static_cast<std::uint32_t>(name.size()),
                                   static_cast<std::uint32_t>(value.size())};
    char head[sizeof size];
    std::memcpy(head, &size, sizeof size);
    auto const wanted = bytes_.size() + sizeof head + name.size() + value.size();
    if (wanted <= bytes_.capacity()) {
      bytes_.append(detail::text_at(head, sizeof head)).append(name).append(value);
      return *this;
    }
    secret grown;
    if (!grown.reserve(2 * wanted)) return failed_ = true, *this;
    grown.append(bytes_).append(detail::text_at(head, sizeof head)).append(name).append(value);
    bytes_ = std::move(grown);
    return *this;
  }

  /// Replaces every field of that name by this one, or adds it. Both may be pieces of this object.
  fields& set(std::string_view name, std::string_view value) noexcept {
    auto const inside = [&](std::string_view piece) {
      return !piece.empty() && piece.data() >= bytes_.reveal().data() &&
             piece.data() < bytes_.reveal().data() + bytes_.size();
    };
    if (inside(name) || inside(value)) {
      secret const kept(name, value);
      if (!kept.ok()) return failed_ = true, *this;
      erase(kept.reveal().substr(0, name.size()));
      return append(kept.reveal().substr(0, name.size()), kept.reveal().substr(name.size()));
    }
    erase(name);
    return append(name, value);
  }

  void erase(std::string_view name) noexcept {
    for (std::size_t at = 0; at < bytes_.size();) {
      auto const field = detail::field_at(bytes_.reveal(), at);
      if (!equal_without_case(field.name, name)) {
        at = field.end;
        continue;
      }
      std::memmove(bytes_.data() + at, bytes_.data() + field.end, bytes_.size() - field.end);
      bytes_.resize(bytes_.size() - (field.end - at));
    }
  }

  /// The first value of that name. Valid until the next change of this object.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept {
    std::optional<std::string_view> found;
    each([&](std::string_view n, std::string_view v) {
      if (!found && equal_without_case(n, name)) found = v;
    });
    return found;
  }

  /// Calls `function(name, value)` for each field in order.
  template <class Function>
  void each(Function&& function) const {
    detail::each_field(bytes_.reveal(), function);
  }

  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  [[nodiscard]] std::size_t count() const noexcept {
    std::size_t n = 0;
    each([&](std::string_view, std::string_view) { ++n; });
    return n;
  }
  [[nodiscard]] bool ok() const noexcept { return !failed_ && bytes_.ok(); }
  void clear() noexcept {
    bytes_.clear();
    failed_ = false;
  }

private:
  static constexpr std::size_t max_size = 0x7fffffff;

  secret bytes_;
  bool failed_ = false;
};

}  // namespace countersign::inline v0
