#pragma once
// What dotenv files have assigned so far.

#include <countersign/core/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace countersign::inline v0::detail {

/// Names with their values and lines, in the order in which the names came first. One buffer holds all bytes and
/// only grows: a value that was assigned over stays in it until it is wiped with the rest.
class dotenv_entries {
public:
  struct entry {
    std::uint32_t name_at, name_size, value_at, value_size, line;
  };

  [[nodiscard]] std::size_t count() const noexcept { return index_.size() / sizeof(entry); }
  /// Of all values, those assigned over too.
  [[nodiscard]] std::size_t value_bytes() const noexcept { return value_bytes_; }
  [[nodiscard]] bool ok() const noexcept { return bytes_.ok() && index_.ok(); }

  [[nodiscard]] entry at(std::size_t number) const noexcept {
    entry one;
    std::memcpy(&one, index_.reveal().data() + number * sizeof one, sizeof one);
    return one;
  }
  [[nodiscard]] std::string_view name(entry const& of) const noexcept {
    return piece(of.name_at, of.name_size);
  }
  [[nodiscard]] std::string_view value(entry const& of) const noexcept {
    return piece(of.value_at, of.value_size);
  }

  /// count() if there is none of that name.
  [[nodiscard]] std::size_t index_of(std::string_view wanted) const noexcept {
    std::size_t number = 0;
    while (number < count() && name(at(number)) != wanted) ++number;
    return number;
  }
  void assign(std::string_view name, std::string_view value, std::size_t line) noexcept {
    auto const number = index_of(name);
    auto one = number < count() ? at(number) : entry{add(name), narrow(name.size()), 0, 0, 0};
    one.value_at = add(value);
    one.value_size = narrow(value.size());
    one.line = narrow(line);
    value_bytes_ += value.size();
    if (number < count()) std::memcpy(index_.data() + number * sizeof one, &one, sizeof one);
    else index_.append({static_cast<char const*>(static_cast<void const*>(&one)), sizeof one});
  }

private:
  static std::uint32_t narrow(std::size_t number) noexcept { return static_cast<std::uint32_t>(number); }
  std::uint32_t add(std::string_view bytes) noexcept {
    auto const where = narrow(bytes_.size());
    bytes_.append(bytes);
    return where;
  }
  [[nodiscard]] std::string_view piece(std::uint32_t where, std::uint32_t size) const noexcept {
    return bytes_.reveal().substr(where, size);
  }

  secret bytes_, index_;
  std::size_t value_bytes_ = 0;
};

}  // namespace countersign::inline v0::detail
