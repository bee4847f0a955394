// How a message gets to the server, and what the client is told if it does not.

#include "bridge_flight.hpp"
#include "output.hpp"

#include <mutex>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

using use = bridge_flight::use;

// A stream that lasted so long was none in vain.
constexpr auto long_stream = std::chrono::seconds(30);

std::mutex reopening;  // one thread opens the new session; the others use it

rpc_message initialized() {
  rpc_message made;
  made.method = "notifications/initialized";
  made.line.append(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  return made;
}

// After a server has forgotten the session: another one, as the client opened the first. The client does not notice.
cs::result<void> reopen(bridge_core& core, unsigned forgotten, cs::response& refused) {
  std::lock_guard const guard(reopening);
  if (core.session().number != forgotten) return {};
  auto const again = core.remembered();
  bridge_flight flight(core, again, use::opens_again);
  auto got = core.remote.send(core.post(again, {}), flight, refused);
  if (!got && !flight.streamed()) return got.error();
  if (got) flight.take(std::move(*got));
  if (!flight.opened())
    return cs::error{cs::errc::fatal, "the server has forgotten the session, and opens no other"};
  auto const greeting = initialized();
  bridge_flight quiet(core, greeting, use::carries);
  static_cast<void>(core.remote.send(core.post(greeting, core.session()), quiet, refused));
  return {};
}

cs::error reason(bridge_flight const& flight, cs::result<cs::response> const& got, int status) {
  if (flight.fault().code() != cs::errc::none) return flight.fault();
  if (flight.timed_out())
    return cs::error{cs::errc::unanswered, "no answer within the time that the config gives"};
  if (flight.streamed())
    return cs::error{cs::errc::unanswered, "the server closed the stream before it answered"};
  if (!got) return got.error();
  if (status / 100 == 3)
    return cs::error{cs::errc::fatal, "the server answered HTTP ", status,
                     ", a redirect, which is not followed"};
  if (status / 100 != 2) return cs::error{cs::errc::fatal, "the server answered HTTP ", status};
  return cs::error{cs::errc::bad_input, "the server answered HTTP ", status, " without a JSON-RPC message"};
}

}  // namespace

void carry(bridge_core& core, rpc_message const& message) {
  bool reopened = false;
  for (;;) {
    if (core.cancelled(message.asks)) return core.ends(message.asks);
    if (core.stopped()) {
      for (auto const& id : message.asks) core.out(error_line(id, bridge_failed, too_late));
      return core.ends(message.asks);
    }
    auto const in = core.session();
    bridge_flight flight(core, message, use::carries);
    cs::response refused;
    auto got = core.remote.send(core.post(message, in), flight, refused);
    int const status = got ? got->status() : 0;
    bool const forgotten =
        status == 404 && !in.id.empty() && !message.stands_alone() && !message.is("initialize");
    if (forgotten && !std::exchange(reopened, true)) {
      auto const again = reopen(core, in.number, refused);
      if (again && !message.answers.empty()) return;  // whoever asked is gone with the session
      if (again) continue;
      got = again.error();
    } else if (got) {
      flight.take(std::exchange(*got, cs::response(status)));
    }
    // On the 2026 wire a request is lost with its stream; the client may ask anew.
    if (flight.streamed() && flight.fault().code() == cs::errc::none && !message.stands_alone()) flight.resume(in);
    bool const called_off = core.cancelled(message.asks);
    core.ends(message.asks);
    if (called_off) return;
    auto const why = reason(flight, got, status);
    for (auto const& id : flight.unanswered())
      core.out(core.stopped() ? error_line(id, bridge_failed, too_late)
                              : core.remote.why_not(id, why, refused));
    if (message.asks.empty() && !core.stopped() && (!got || status / 100 != 2))
      say(message.method + (message.answers.empty() ? "" : "a response") + ": " + std::string(why.message()));
    return;
  }
}

void listen(bridge_core& core) {
  unsigned number = 0;
  bridge_flight flight(core, {}, use::listens);
  int in_vain = 0;
  while (!core.stopped()) {
    auto const in = core.session();
    if (in.number != number) flight.events().forget();
    number = in.number;
    auto const last = flight.events().last_id();
    auto const heard = flight.messages();
    auto const begun = std::chrono::steady_clock::now();
    flight.events().restart();
    cs::response refused;
    auto const got = core.remote.send(core.get(in, last), flight, refused);
    int const status = got ? got->status() : refused.status();
    if (core.stopped()) return;
    if (status == 404 && !in.id.empty()) {  // the next request opens another session
      if (!core.wait_for_other(number)) return;
      continue;
    }
    // 405: it has nothing to say of itself.
    if (status / 100 == 4 && status != 401 && status != 408 && status != 429) return;
    bool const useful = flight.messages() != heard || std::chrono::steady_clock::now() - begun > long_stream;
    in_vain = useful ? 0 : in_vain + 1;
    core.pause(core.wait_after(in_vain > 0 ? in_vain - 1 : 0, flight.events().retry()));
  }
}

}  // namespace program
