#pragma once
// The wire of servers of type `ws`: each message is a text message of one WebSocket, whose handshake carries the credential.

#include "bridge_channel.hpp"

#include <memory>
#include <mutex>

namespace program {

class bridge_socket final : public bridge_channel {
public:
  explicit bridge_socket(bridge_core& core);
  ~bridge_socket() override;

private:
  class talk;
  friend class talk;

  countersign::error hold(countersign::response& refused) override;
  countersign::error send(rpc_message const& message, countersign::response& refused) override;
  countersign::error greet(rpc_message const& message, countersign::response& refused) override;

  std::mutex lock_;
  std::shared_ptr<talk> open_;  // none: there is no connection
};

}  // namespace program
