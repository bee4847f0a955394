#pragma once
// One message to the server and all that it answers, until every request in it has its response.

#include "bridge_core.hpp"
#include "bridge_events.hpp"

#include <countersign/adapt/curl_listener.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// Sends a message of the client's and writes what comes back; a request that gets no response gets an error.
void carry(bridge_core& core, rpc_message const& message);

/// Hears what the server says without having been asked, until it is over.
void listen(bridge_core& core);

/// What comes back for one HTTP request, or for those that take a broken stream up again.
class bridge_flight final : public countersign::curl_listener {
public:
  enum class use { carries, opens_again, listens };

  bridge_flight(bridge_core& core, rpc_message const& message, use what);
  ~bridge_flight() = default;

  /// The answer that the listener did not hear.
  void take(countersign::response answer);
  /// As long as the server says where, asks for the rest of a stream that broke off.
  void resume(bridge_session const& in);

  [[nodiscard]] std::vector<std::string> const& unanswered() const { return unanswered_; }
  [[nodiscard]] bool streamed() const { return streamed_; }
  [[nodiscard]] bool opened() const { return opened_; }
  [[nodiscard]] bool timed_out() const { return timed_out_; }
  [[nodiscard]] unsigned messages() const { return messages_; }
  event_splitter& events() { return events_; }
  /// What was wrong with a message of the server's.
  [[nodiscard]] countersign::error const& fault() const { return fault_; }

  bool takes(countersign::response_head const& head) noexcept override;
  bool hear(std::string_view piece) noexcept override;
  bool goes_on() noexcept override;

private:
  using clock = std::chrono::steady_clock;
  void deliver(countersign::secret text);

  bridge_core& core_;
  std::vector<std::string> asks_, unanswered_;
  use use_;
  bool opens_session_, streamed_ = false, opened_ = false, timed_out_ = false;
  unsigned messages_ = 0;
  std::string session_id_;
  event_splitter events_;
  countersign::error fault_;
  clock::time_point heard_at_ = clock::now();
};

}  // namespace program
