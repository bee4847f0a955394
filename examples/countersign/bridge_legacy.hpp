#pragma once
// The wire of servers of type `sse`: what they say comes over one event stream, which names the place where messages are
// posted (MCP 2024-11-05, HTTP with SSE).

#include "bridge_core.hpp"

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>

#include <condition_variable>
#include <mutex>
#include <string>

namespace program {

/// The URL that an `endpoint` event means. One of another origin is refused: the credential would go there.
countersign::result<std::string> endpoint_at(std::string_view stream_url, std::string_view said);

class bridge_legacy {
public:
  explicit bridge_legacy(bridge_core& core) : core_(core) {}

  /// Keeps a stream open once there is something to send, until it is over.
  void listen();
  /// Posts one message; what answers it comes over the stream.
  void carry(rpc_message const& message);
  /// Ends `listen`, after the core was stopped.
  void stop();

private:
  class stream;
  friend class stream;

  void has_place(std::string place);
  void lost(countersign::error const& why, countersign::response const& refused);
  countersign::error post(rpc_message const& message, std::string const& place,
                          countersign::response& refused);

  bridge_core& core_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::string place_;      // empty: there is no stream
  unsigned attempts_ = 0;  // that have come to nothing
  bool wanted_ = false;
  countersign::error why_;  // of the last of them
  countersign::response refused_;
};

}  // namespace program
