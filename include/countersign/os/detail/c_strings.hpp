#pragma once
// Lists of strings as C wants them: an array of pointers that ends in a null pointer.

#include <countersign/core/secret.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace countersign::inline v0::os::detail {

/// Owns a copy of all strings in wiped memory.
class c_strings {
public:
  explicit c_strings(std::span<std::string_view const> strings) noexcept {
    std::size_t bytes = 0;
    for (auto const each : strings) bytes += each.size() + 1;
    if (!bytes_.resize(bytes) || !pointers_.resize((strings.size() + 1) * sizeof(char*))) return;
    auto* to = bytes_.data();
    for (std::size_t i = 0; i < strings.size(); ++i) {
      data()[i] = to;
      to += strings[i].copy(to, strings[i].size()) + 1;  // resize() has left a zero behind it
    }
    data()[strings.size()] = nullptr;
  }
  [[nodiscard]] bool ok() const noexcept { return bytes_.ok() && pointers_.ok(); }
  [[nodiscard]] char** data() noexcept { return static_cast<char**>(static_cast<void*>(pointers_.data())); }

private:
  secret bytes_, pointers_;  // heap memory, so aligned for pointers
};

}  // namespace countersign::inline v0::os::detail
