#pragma once
// Server-sent events, taken apart while they come (WHATWG HTML §9.2.6).

#include <countersign/core/secret.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace program {

struct server_event {
  std::string name;  ///< empty: "message"
  countersign::secret data;
};

class event_splitter {
public:
  /// @param most bytes of one event
  explicit event_splitter(std::size_t most) : most_(most) {}

  /// Calls `take(server_event)` for each event that ends in the piece. False: one is too large, or there is no memory.
  template <class Take>
  bool feed(std::string_view piece, Take&& take) {
    while (!piece.empty()) {
      if (after_return_ && piece.front() == '\n') piece.remove_prefix(1);
      after_return_ = false;
      auto const end = piece.find_first_of("\r\n");
      if (line_.size() + (end == piece.npos ? piece.size() : end) + event_.data.size() > most_) return false;
      line_.append(piece.substr(0, end));
      if (end == piece.npos) return line_.ok();
      after_return_ = piece[end] == '\r';
      piece.remove_prefix(end + 1);
      if (auto whole = end_line()) take(std::move(*whole));
      if (!line_.ok() || !event_.data.ok()) return false;
    }
    return true;
  }

  /// Of the last event that came whole and had one; it says where the stream can be taken up again.
  [[nodiscard]] std::string const& last_id() const { return last_id_; }
  /// Milliseconds after which the server wants to be asked again; -1: it said nothing.
  [[nodiscard]] int retry() const { return retry_; }

  /// For another stream, which goes on where this one ended.
  void restart();
  /// For one that has nothing to do with it.
  void forget() { restart(), last_id_.clear(), retry_ = -1; }

private:
  std::optional<server_event> end_line();

  std::size_t most_;
  countersign::secret line_;
  server_event event_;
  bool any_ = false, first_ = true, after_return_ = false;
  std::string id_, last_id_;
  int retry_ = -1;
};

}  // namespace program
