#pragma once
// What both units must agree on: where the inline things stand, and how large an authenticator is.

#include <cstddef>

struct seen {
  countersign::context const* outside;
  countersign::wall_time (*coarse)(void*) noexcept;
  std::size_t size;
  bool authorized;
  friend bool operator==(seen const&, seen const&) = default;
};

inline seen what_is_seen() {
  namespace cs = countersign;
  cs::authenticator api{cs::fixed{"key"}, cs::header{"X-API-Key"}, cs::only{"https://api.example.com"}};
  cs::request request("GET", "https://api.example.com/items");
  bool const authorized = api.authorize(request).has_value() && request.get("x-api-key") == "key";
  return {&cs::system_context, cs::system_context.read_coarse, sizeof api, authorized};
}
