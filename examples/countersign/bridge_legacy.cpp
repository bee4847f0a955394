#include "bridge_legacy.hpp"

#include "bridge_events.hpp"
#include "output.hpp"

#include <countersign/adapt/curl_listener.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// For the stream to begin and to name its place; for a server to take a message.
constexpr auto patience = std::chrono::seconds(30);

// Hears nothing: what is posted is answered over the stream.
class poster final : public cs::curl_listener {
public:
  explicit poster(bridge_core const& core) : core_(core) {}
  bool takes(cs::response_head const&) noexcept override { return false; }
  bool hear(std::string_view) noexcept override { return false; }
  bool goes_on() noexcept override { return !core_.stopped() && std::chrono::steady_clock::now() < until_; }

private:
  bridge_core const& core_;
  std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + patience;
};

}  // namespace

class bridge_legacy::stream final : public cs::curl_listener {
public:
  explicit stream(bridge_legacy& all) : all_(all) {
    if (all.core_.session().number > 0) again_ = all.core_.remembered();
  }

  [[nodiscard]] cs::error const& fault() const { return fault_; }
  [[nodiscard]] bool began() const { return began_; }

  bool takes(cs::response_head const& head) noexcept override { return began_ = head.status() == 200; }
  bool hear(std::string_view piece) noexcept override {
    try {
      bool const good = events_.feed(piece, [&](server_event one) { take(std::move(one)); });
      if (!good)
        fault_ =
            cs::error{cs::errc::too_large, "the server sent an event of more than ", max_message, " bytes"};
    } catch (std::exception const&) {
      fault_ = cs::error{cs::errc::no_memory, "out of memory"};
    }
    return fault_.code() == cs::errc::none && goes_on();
  }
  bool goes_on() noexcept override {
    bool const late = !named_ && std::chrono::steady_clock::now() > until_;
    if (late) fault_ = cs::error{cs::errc::unanswered, "the server names no place for messages"};
    return !late && !all_.core_.stopped() && !all_.core_.out.broken();
  }

private:
  void take(server_event one) {
    if (one.name == "endpoint") return begin(one.data.reveal());
    if (!one.name.empty() && one.name != "message") return;
    auto message = read_message(std::move(one.data));
    if (!message) return say("the server sent what is no message: " + std::string(message.error().message()));
    if (!again_.asks.empty() && message->answers == again_.asks) return greet();
    bool const greeted = !message->answers.empty() && message->answers == all_.core_.remembered().asks;
    if (greeted && !message->revision.empty()) all_.core_.opened("", message->revision);
    all_.core_.out(message->line.reveal());
    all_.core_.ends(message->answers);
  }
  void begin(std::string_view said) {
    auto place = endpoint_at(all_.core_.remote.url(), said);
    if (!place) return void(fault_ = place.error());
    place_ = std::move(*place);
    named_ = true;
    if (again_.asks.empty()) return all_.has_place(place_);
    // The server knows nothing of the stream before: it is greeted as the client greeted it then.
    cs::response refused;
    fault_ = all_.post(again_, place_, refused);
  }
  void greet() {
    rpc_message ready;
    ready.line.append(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    cs::response refused;
    fault_ = all_.post(ready, place_, refused);
    again_.asks.clear();
    if (fault_.code() == cs::errc::none) all_.has_place(place_);
  }

  bridge_legacy& all_;
  rpc_message again_;  // `initialize`, until it is answered
  event_splitter events_{max_message + 64};
  std::string place_;
  cs::error fault_;
  bool began_ = false, named_ = false;
  std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + patience;
};

void bridge_legacy::has_place(std::string place) {
  std::lock_guard const guard(lock_);
  place_ = std::move(place);
  changed_.notify_all();
}

void bridge_legacy::lost(cs::error const& why, cs::response const& refused) {
  std::unique_lock guard(lock_);
  bool const was_there = !std::exchange(place_, {}).empty();
  why_ = why;
  refused_ = refused;
  ++attempts_;
  wanted_ = was_there;  // what the server says of itself is missed otherwise
  changed_.notify_all();
  guard.unlock();
  if (!was_there || core_.stopped()) return;
  for (auto const& id : core_.flying()) core_.out(core_.remote.why_not(id, why, refused));
  core_.ends(core_.flying());
}

void bridge_legacy::stop() {
  std::lock_guard const guard(lock_);
  changed_.notify_all();
}

void bridge_legacy::listen() {
  for (int in_vain = 0; !core_.stopped();) {
    {
      std::unique_lock guard(lock_);
      changed_.wait(guard, [&] { return wanted_ || core_.stopped(); });
    }
    if (core_.stopped()) return;
    stream heard(*this);
    cs::request ask("GET", core_.remote.url());
    ask.set("Accept", "text/event-stream");
    cs::response refused;
    auto const begun = std::chrono::steady_clock::now();
    auto const got = core_.remote.send(ask, heard, refused);
    auto why = cs::error{cs::errc::unanswered, "the server closed the stream before it answered"};
    if (heard.fault().code() != cs::errc::none) why = heard.fault();
    else if (!heard.began() && !got) why = got.error();
    else if (!heard.began())
      why = cs::error{cs::errc::fatal, "the server answered HTTP ", got->status(),
                      " to the request for its stream"};
    lost(why, refused);
    in_vain = std::chrono::steady_clock::now() - begun > patience ? 0 : in_vain + 1;
    core_.pause(core_.wait_after(std::min(in_vain - 1, 2), -1));
  }
}

cs::error bridge_legacy::post(rpc_message const& message, std::string const& place, cs::response& refused) {
  cs::request made("POST", place, message.line);
  made.set("Content-Type", "application/json");
  poster by(core_);
  auto const got = core_.remote.send(made, by, refused);
  if (!got) return got.error();
  if (got->status() / 100 != 2) return cs::error{cs::errc::fatal, "the server answered HTTP ", got->status()};
  return {};
}

void bridge_legacy::carry(rpc_message const& message) {
  cs::error why{cs::errc::unanswered, "the server names no place for messages"};
  cs::response refused;
  std::unique_lock guard(lock_);
  auto const before = attempts_;
  wanted_ = true;
  changed_.notify_all();
  changed_.wait_for(guard, patience,
                    [&] { return !place_.empty() || attempts_ != before || core_.stopped(); });
  auto const place = place_;
  if (attempts_ != before) why = why_, refused = refused_;
  guard.unlock();
  if (!place.empty()) why = post(message, place, refused);
  if (why.code() == cs::errc::none) return;
  if (message.asks.empty()) say(message.method + ": " + std::string(why.message()));
  if (!core_.stopped())
    for (auto const& id : message.asks) core_.out(core_.remote.why_not(id, why, refused));
  core_.ends(message.asks);
}

}  // namespace program
