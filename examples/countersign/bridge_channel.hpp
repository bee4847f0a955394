#pragma once
// Wires where all requests and answers go over one connection: it is opened when there is something to send, greeted, and
// opened again when it is lost.

#include "bridge_core.hpp"

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/secret.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace program {

class bridge_channel {
public:
  explicit bridge_channel(bridge_core& core) : core_(core) {}
  virtual ~bridge_channel() = default;
  bridge_channel(bridge_channel const&) = delete;

  /// Keeps a connection open once there is something to send, until it is over; on a thread of its own.
  void listen();
  /// Sends one message; what answers it comes over the connection.
  void carry(rpc_message const& message);
  /// Ends `listen`, after the core was stopped.
  void stop();

protected:
  using clock = std::chrono::steady_clock;
  /// For a connection to come about.
  static constexpr auto patience = std::chrono::seconds(30);

  /// Opens a connection and keeps it until it ends; why it did.
  /// @param refused receives an answer that led to an error
  virtual countersign::error hold(countersign::response& refused) = 0;
  /// Sends over the connection there is; errc::none: it went.
  virtual countersign::error send(rpc_message const& message, countersign::response& refused) = 0;
  /// The same for a message of the bridge's own, on the thread that listens.
  virtual countersign::error greet(rpc_message const& message, countersign::response& refused) = 0;

  /// For `hold`: messages can be sent from now on. A server that knew an earlier connection is greeted as the client greeted
  /// that one; only then others may send.
  countersign::error begin();
  /// For `hold`: a message of the server's. An error ends the connection.
  countersign::error hear(countersign::secret text);
  /// For `hold`, a few times a second; false: it is over, or a greeting stays unanswered.
  bool goes_on();

  bridge_core& core_;

private:
  void ready();
  void lost(countersign::error const& why, countersign::response const& refused);
  void fail(std::vector<std::string> const& ids, countersign::error const& why,
            countersign::response const& refused);

  std::mutex lock_;
  std::condition_variable changed_;
  bool ready_ = false, wanted_ = false, tries_again_ = false;
  unsigned attempts_ = 0;   // that have come to nothing
  countersign::error why_;  // of the last of them
  countersign::response refused_;
  // Of the thread that listens, and of this connection:
  rpc_message again_;    // `initialize`, until it is answered
  bool useful_ = false;  // it brought the client something
  clock::time_point heard_at_ = clock::now();
};

}  // namespace program
