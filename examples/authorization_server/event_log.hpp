#pragma once
// What happened, in order, for tests to count. Never holds a token: tokens go by the number they were given.

#include "message.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace provider {

/// Not to be used by two threads at once.
class event_log {
public:
  /// @param listener hears each line as it is added
  explicit event_log(std::function<void(std::string_view)> listener = {}) : listener_(std::move(listener)) {}

  /// Adds `{"ms":…,"event":NAME,…}`; members with an empty value are left out.
  void add(std::string_view name, pairs const& details = {});

  /// Each a JSON object, without line end.
  [[nodiscard]] std::vector<std::string> const& lines() const { return lines_; }
  /// How many there were of a name, or of a name and the value of one of its members: "token_issued",
  /// "token_issued refresh_token", "call 401".
  [[nodiscard]] int count(std::string const& what) const;
  [[nodiscard]] std::map<std::string, int> const& counts() const { return counts_; }
  void clear();

private:
  std::function<void(std::string_view)> const listener_;
  std::chrono::steady_clock::time_point const started_ = std::chrono::steady_clock::now();
  std::vector<std::string> lines_;
  std::map<std::string, int> counts_;
};

}  // namespace provider
