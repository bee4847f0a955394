#include "bridge_flight.hpp"

#include <countersign/core/field.hpp>
#include <countersign/mcp/wire.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// For a stream that the server leaves open though all has been said.
constexpr auto longest_goodbye = std::chrono::seconds(2);
// In a row, without a message.
constexpr int max_resumptions = 5;

bool is_type(std::string_view value, std::string_view wanted) {
  value = value.substr(0, value.find(';'));
  while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
  return cs::equal_without_case(value, wanted);
}

// 2025-11-25, Session Management: visible ASCII only.
bool is_session_id(std::string_view id) {
  return id.size() <= cs::mcp::max_session_id &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

bridge_flight::bridge_flight(bridge_core& core, rpc_message const& message, use what)
    : core_(core), asks_(message.asks), unanswered_(message.asks), use_(what),
      opens_session_(message.is("initialize") && !message.asks.empty()), events_(max_message + 64) {}

bool bridge_flight::takes(cs::response_head const& head) noexcept {
  heard_at_ = clock::now();
  if (auto const id = head.get("Mcp-Session-Id"); id && opens_session_) session_id_ = *id;
  streamed_ = head.status() == 200 && is_type(head.get("Content-Type").value_or(""), "text/event-stream");
  return streamed_;
}

bool bridge_flight::hear(std::string_view piece) noexcept {
  heard_at_ = clock::now();
  try {
    auto const take = [&](server_event one) {
      if (one.name.empty() || one.name == "message") deliver(std::move(one.data));
    };
    if (events_.feed(piece, take)) return goes_on();
    fault_ = cs::error{cs::errc::too_large, "the server sent an event of more than ", max_message, " bytes"};
  } catch (std::exception const&) {
    fault_ = cs::error{cs::errc::no_memory, "out of memory"};
  }
  events_.forget();  // it would come again
  return false;
}

bool bridge_flight::goes_on() noexcept {
  if (core_.stopped() || core_.out.broken()) return false;
  if (use_ == use::listens) return true;
  auto const silence = clock::now() - heard_at_;
  if (unanswered_.empty() && streamed_) return silence < longest_goodbye;
  if (auto const most = core_.remote.patience(); most > 0 && silence > std::chrono::milliseconds(most))
    timed_out_ = true;
  return !timed_out_ && !core_.cancelled(asks_);
}

void bridge_flight::deliver(cs::secret text) {
  auto message = read_message(std::move(text));
  if (!message) {
    fault_ = message.error().within("the server sent what is no message: ");
    return;
  }
  ++messages_;
  auto const& answered = message->answers;
  bool const ours =
      std::find(answered.begin(), answered.end(), asks_.empty() ? "" : asks_.front()) != answered.end();
  if (ours && opens_session_ && !message->revision.empty()) {
    if (!is_session_id(session_id_)) {
      fault_ = cs::error{cs::errc::bad_input, "the server gave a session id that can't be sent"};
      return;
    }
    core_.opened(session_id_, message->revision);
    opened_ = true;
  }
  // The client has no open request of this id any more.
  if (!ours || use_ != use::opens_again) core_.out(message->line.reveal());
  std::erase_if(unanswered_, [&](std::string const& id) {
    return std::find(answered.begin(), answered.end(), id) != answered.end();
  });
}

void bridge_flight::take(cs::response answer) {
  if (auto const id = answer.headers.get("Mcp-Session-Id"); id && opens_session_) session_id_ = *id;
  if (answer.body.empty() || !is_type(answer.headers.get("Content-Type").value_or(""), "application/json"))
    return;
  if (answer.status() == 200) return deliver(std::move(answer.body));
  // A refusal may be a JSON-RPC error; that of a request which could not be read has no id (JSON-RPC 2.0 §5).
  auto const said = cs::json_document::parse(std::move(answer.body));
  if (!said || !(*said)["error"].is_object() || use_ != use::carries) return;
  for (auto const& id : std::exchange(unanswered_, {})) core_.out(error_line(id, (*said)["error"]));
}

void bridge_flight::resume(bridge_session const& in) {
  for (int in_vain = 0; in_vain < max_resumptions && !unanswered_.empty() && !events_.last_id().empty();) {
    if (!core_.pause(core_.wait_after(in_vain, events_.retry())) || !goes_on()) return;
    auto const before = events_.last_id();
    events_.restart();
    streamed_ = false;
    cs::response refused;
    auto const got = core_.remote.send(core_.get(in, before), *this, refused);
    if (got && !streamed_ && got->status() / 100 == 4) return;
    in_vain = streamed_ && events_.last_id() != before ? 0 : in_vain + 1;
  }
}

}  // namespace program
