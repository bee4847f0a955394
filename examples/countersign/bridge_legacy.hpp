#pragma once
// The wire of servers of type `sse`: what they say comes over one event stream, which names the place where messages are
// posted (MCP 2024-11-05, HTTP with SSE).

#include "bridge_channel.hpp"

#include <countersign/core/result.hpp>

#include <mutex>
#include <string>
#include <string_view>

namespace program {

/// The URL that an `endpoint` event means. One of another origin is refused: the credential would go there.
countersign::result<std::string> endpoint_at(std::string_view stream_url, std::string_view said);

class bridge_legacy final : public bridge_channel {
public:
  using bridge_channel::bridge_channel;

private:
  class stream;
  friend class stream;

  countersign::error hold(countersign::response& refused) override;
  countersign::error send(rpc_message const& message, countersign::response& refused) override;
  countersign::error greet(rpc_message const& message, countersign::response& refused) override {
    return send(message, refused);
  }

  std::mutex lock_;
  std::string place_;
};

}  // namespace program
