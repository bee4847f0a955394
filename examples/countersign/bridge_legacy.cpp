#include "bridge_legacy.hpp"

#include "bridge_events.hpp"

#include <countersign/adapt/curl_listener.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// Hears nothing: what is posted is answered over the stream.
class poster final : public cs::curl_listener {
public:
  poster(bridge_core const& core, std::chrono::steady_clock::duration patience)
      : core_(core), until_(std::chrono::steady_clock::now() + patience) {}
  bool takes(cs::response_head const&) noexcept override { return false; }
  bool hear(std::string_view) noexcept override { return false; }
  bool goes_on() noexcept override { return !core_.stopped() && std::chrono::steady_clock::now() < until_; }

private:
  bridge_core const& core_;
  std::chrono::steady_clock::time_point until_;
};

}  // namespace

class bridge_legacy::stream final : public cs::curl_listener {
public:
  explicit stream(bridge_legacy& all) : all_(all) {}

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
    bool const late = !named_ && clock::now() > until_;
    if (late) fault_ = cs::error{cs::errc::unanswered, "the server names no place for messages"};
    try {
      return all_.goes_on() && !late;
    } catch (std::exception const&) {
      return false;
    }
  }

private:
  void take(server_event one) {
    if (fault_.code() != cs::errc::none) return;
    if (one.name == "endpoint") return begin(one.data.reveal());
    if (one.name.empty() || one.name == "message") fault_ = all_.bridge_channel::hear(std::move(one.data));
  }
  void begin(std::string_view said) {
    auto place = endpoint_at(all_.core_.remote.url(), said);
    if (!place) return void(fault_ = place.error());
    {
      std::lock_guard const guard(all_.lock_);
      all_.place_ = std::move(*place);
    }
    if (!std::exchange(named_, true)) fault_ = all_.bridge_channel::begin();
  }

  bridge_legacy& all_;
  event_splitter events_{max_message + 64};
  cs::error fault_;
  bool began_ = false, named_ = false;
  clock::time_point until_ = clock::now() + patience;
};

cs::error bridge_legacy::hold(cs::response& refused) {
  stream heard(*this);
  cs::request ask("GET", core_.remote.url());
  ask.set("Accept", "text/event-stream");
  auto const got = core_.remote.send(ask, heard, refused);
  if (heard.fault().code() != cs::errc::none) return heard.fault();
  if (heard.began())
    return cs::error{cs::errc::unanswered, "the server closed the stream before it answered"};
  if (!got) return got.error();
  return cs::error{cs::errc::fatal, "the server answered HTTP ", got->status(),
                   " to the request for its stream"};
}

cs::error bridge_legacy::send(rpc_message const& message, cs::response& refused) {
  std::unique_lock guard(lock_);
  cs::request made("POST", place_, message.line);
  guard.unlock();
  made.set("Content-Type", "application/json");
  poster by(core_, patience);
  auto const got = core_.remote.send(made, by, refused);
  if (!got) return got.error();
  if (got->status() / 100 != 2) return cs::error{cs::errc::fatal, "the server answered HTTP ", got->status()};
  return {};
}

}  // namespace program
