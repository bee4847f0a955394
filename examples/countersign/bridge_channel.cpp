#include "bridge_channel.hpp"

#include "output.hpp"

#include <algorithm>
#include <utility>

namespace cs = countersign;

namespace program {

void bridge_channel::ready() {
  std::lock_guard const guard(lock_);
  ready_ = true;
  changed_.notify_all();
}

void bridge_channel::stop() {
  std::lock_guard const guard(lock_);
  changed_.notify_all();
}

void bridge_channel::fail(std::vector<std::string> const& ids, cs::error const& why,
                          cs::response const& refused) {
  for (auto const& id : core_.claim(ids)) core_.out(core_.remote.why_not(id, why, refused));
}

void bridge_channel::lost(cs::error const& why, cs::response const& refused) {
  std::unique_lock guard(lock_);
  bool const was_ready = std::exchange(ready_, false);
  why_ = why;
  refused_ = refused;
  ++attempts_;
  // What the server says of itself is missed otherwise; but whom a person must help is not asked again and again.
  tries_again_ =
      core_.session().number > 0 && why.code() != cs::errc::needs_person && why.code() != cs::errc::rejected;
  changed_.notify_all();
  guard.unlock();
  if (was_ready && !core_.stopped()) fail(core_.flying(), why, refused);
}

void bridge_channel::listen() {
  for (int in_vain = 0;;) {
    {
      std::unique_lock guard(lock_);
      auto const called = [&] { return wanted_ || core_.stopped(); };
      if (!tries_again_) changed_.wait(guard, called);
      else if (in_vain > 1) changed_.wait_for(guard, core_.wait_after(in_vain, -1), called);
      wanted_ = false;
    }
    if (core_.stopped()) return;
    again_ = core_.session().number > 0 ? core_.remembered() : rpc_message();
    useful_ = false;
    heard_at_ = clock::now();
    cs::response refused;
    auto const begun = clock::now();
    auto const why = hold(refused);
    lost(why, refused);
    in_vain = useful_ || clock::now() - begun > patience ? 0 : in_vain + 1;
    // Whoever asks meanwhile waits for so long, and no longer.
    core_.pause(core_.wait_after(std::clamp(in_vain - 1, 0, 2), -1));
  }
}

void bridge_channel::carry(rpc_message const& message) {
  if (!message.asks.empty() && !core_.flies(message.asks)) return;  // it has been told that it failed
  cs::error why{cs::errc::unanswered, "there is no connection to the server"};
  cs::response refused;
  std::unique_lock guard(lock_);
  auto const before = attempts_;
  wanted_ = !ready_;
  changed_.notify_all();
  changed_.wait_for(guard, patience, [&] { return ready_ || attempts_ != before || core_.stopped(); });
  bool const now = ready_;
  if (attempts_ != before) why = why_, refused = refused_;
  guard.unlock();
  if (now) why = send(message, refused);
  if (why.code() == cs::errc::none) return;
  if (message.asks.empty())
    say((message.method.empty() ? "a response" : message.method) + ": " + std::string(why.message()));
  if (!core_.stopped()) fail(message.asks, why, refused);
}

cs::error bridge_channel::begin() {
  if (again_.asks.empty()) return ready(), cs::error();
  cs::response refused;
  return greet(again_, refused);
}

cs::error bridge_channel::hear(cs::secret text) {
  heard_at_ = clock::now();
  auto message = read_message(std::move(text));
  if (!message) {
    say("the server sent what is no message: " + std::string(message.error().message()));
    return {};
  }
  if (!again_.asks.empty() && message->answers == again_.asks) {
    again_ = {};
    if (message->revision.empty())
      return cs::error{cs::errc::fatal, "the server was greeted again, and refuses"};
    rpc_message greeting;
    greeting.line.append(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    cs::response refused;
    auto const why = greet(greeting, refused);
    if (why.code() == cs::errc::none) ready();
    return why;
  }
  if (!message->answers.empty()) {
    bool const first = message->answers == core_.remembered().asks;
    if (first && !message->revision.empty()) core_.opened("", message->revision);
    // Who has called it off, or was told that it failed, hears of it no more.
    if (core_.claim(message->answers).empty()) return {};
  }
  useful_ = true;
  core_.out(message->line.reveal());
  return {};
}

bool bridge_channel::goes_on() {
  if (core_.stopped() || core_.out.broken()) return false;
  if (!again_.asks.empty() && clock::now() - heard_at_ > patience) return false;
  auto const most = std::chrono::milliseconds(core_.remote.patience());
  if (most.count() > 0 && clock::now() - heard_at_ > most)
    fail(core_.begun_before(clock::now() - most),
         cs::error{cs::errc::unanswered, "no answer within the time that the config gives"}, {});
  return true;
}

}  // namespace program
