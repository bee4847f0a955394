#pragma once
// What the parts of a bridge share: the session, who was cancelled, and when it is over.

#include "bridge_lines.hpp"
#include "bridge_message.hpp"
#include "bridge_remote.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// What `initialize` came to. Its number tells it from the sessions before and after.
struct bridge_session {
  unsigned number = 0;  ///< 0: there was none yet
  std::string revision;
  countersign::secret id;  ///< empty: the server keeps none
};

class bridge_core {
public:
  bridge_core(bridge_remote& to, line_writer& write) : remote(to), out(write) {}

  bridge_remote& remote;
  line_writer& out;

  [[nodiscard]] bridge_session session() const;
  void opened(std::string_view id, std::string_view revision);
  /// Waits for a session with another number; false: it is over before there was one.
  bool wait_for_other(unsigned number);

  /// `initialize` as the client sent it, for another session with the same server.
  void remember(rpc_message const& initialize);
  [[nodiscard]] rpc_message remembered() const;

  countersign::request post(rpc_message const& message, bridge_session const& in) const;
  countersign::request get(bridge_session const& in, std::string_view last_event) const;

  /// Ids of requests that are on their way, and whether the client has called them off.
  void begins(std::vector<std::string> const& ids);
  void ends(std::vector<std::string> const& ids) { static_cast<void>(claim(ids)); }
  /// Ends them; those that had not ended before, for whoever answers each just once.
  std::vector<std::string> claim(std::vector<std::string> const& ids);
  [[nodiscard]] bool flies(std::vector<std::string> const& ids) const;
  [[nodiscard]] std::vector<std::string> begun_before(std::chrono::steady_clock::time_point when) const;
  void cancel(std::string const& id);
  [[nodiscard]] std::vector<std::string> flying() const;
  /// Whether every request has come to its end, by then at the latest.
  bool landed_by(std::chrono::steady_clock::time_point when);
  [[nodiscard]] bool cancelled(std::vector<std::string> const& ids) const;

  /// Ends all waiting and all streams.
  void stop();
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::atomic<bool> const& stopping() const { return stopped_; }
  /// False: stopped meanwhile.
  bool pause(std::chrono::milliseconds time);
  /// How long to wait before that many attempts in vain are followed by another one.
  /// @param wish the server's, in milliseconds; -1: none
  static std::chrono::milliseconds wait_after(int in_vain, int wish);

private:
  struct flight {
    bool cancelled = false;
    std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
  };
  mutable std::mutex lock_;
  std::condition_variable changed_;
  bridge_session session_;
  rpc_message initialize_;
  std::map<std::string, flight, std::less<>> flying_;
  std::atomic<bool> stopped_ = false;
};

}  // namespace program
