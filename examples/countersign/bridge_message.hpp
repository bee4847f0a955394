#pragma once
// A JSON-RPC message that goes through the bridge: what must be known of it, and its bytes on one line.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/json_value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// Bytes of one message, in either direction.
inline constexpr std::size_t max_message = std::size_t{16} << 20;

/// JSON-RPC 2.0 §5.1, and those of our own.
enum rpc_code : int {
  parse_error = -32700,
  invalid_request = -32600,
  bridge_failed = -32000,
  must_sign_in = -32001
};

/// What is said of a request that the bridge did not live to see answered.
inline constexpr std::string_view too_late = "the bridge ended before the server answered";

struct rpc_message {
  countersign::secret line;          ///< without a line end
  std::vector<std::string> asks;     ///< ids of the requests in it, as JSON; a batch has several
  std::vector<std::string> answers;  ///< ids of the responses in it
  std::string method;                ///< of a single one that has it
  std::string revision;              ///< `protocolVersion` of its `_meta`, or of an answer to `initialize`
  std::string name;                  ///< what it calls, gets or reads
  std::string cancels;               ///< the id that a `notifications/cancelled` names

  [[nodiscard]] bool is(std::string_view wanted) const { return method == wanted; }
  /// Each request says all there is to know (the 2026 wire).
  [[nodiscard]] bool stands_alone() const { return !asks.empty() && !revision.empty(); }
};

/// errc::bad_input, too_large: it is no JSON; fatal: it is, but no JSON-RPC message.
countersign::result<rpc_message> read_message(countersign::secret text);

/// A line that answers a request with an error.
/// @param id as JSON
/// @param command what somebody is to type; empty: nothing
std::string error_line(std::string_view id, int code, std::string_view message,
                       std::string_view command = {});

/// The same with an error that a server wrote.
std::string error_line(std::string_view id, countersign::json_value error);

}  // namespace program
