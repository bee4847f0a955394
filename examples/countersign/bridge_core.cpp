#include "bridge_core.hpp"

#include <countersign/core/field.hpp>
#include <countersign/mcp/wire.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

constexpr int first_wait = 500, longest_wait = 30'000;  // milliseconds
constexpr std::size_t max_revision = 64;

void set_session(cs::request& to, bridge_session const& in) {
  cs::mcp::session const known{in.revision, in.id};
  if (!in.revision.empty()) cs::mcp::with_session::describe(to, known);
}

}  // namespace

bridge_session bridge_core::session() const {
  std::lock_guard const guard(lock_);
  return session_;
}

void bridge_core::opened(std::string_view id, std::string_view revision) {
  std::lock_guard const guard(lock_);
  ++session_.number;
  session_.id = cs::secret(id);
  // Which ones there are is between client and server.
  bool const sendable = cs::is_field_value(revision) && revision.size() <= max_revision;
  session_.revision = sendable ? revision : cs::mcp::session_revisions[0];
  changed_.notify_all();
}

bool bridge_core::wait_for_other(unsigned number) {
  std::unique_lock guard(lock_);
  changed_.wait(guard, [&] { return stopped_ || session_.number != number; });
  return !stopped_;
}

void bridge_core::remember(rpc_message const& initialize) {
  std::lock_guard const guard(lock_);
  initialize_ = initialize;
}

rpc_message bridge_core::remembered() const {
  std::lock_guard const guard(lock_);
  return initialize_;
}

cs::request bridge_core::post(rpc_message const& message, bridge_session const& in) const {
  cs::request made("POST", remote.url(), message.line);
  made.set("Accept", "application/json, text/event-stream");
  made.set("Content-Type", "application/json");
  if (message.stands_alone())
    static_cast<void>(
        cs::mcp::without_session::describe(made, message.revision, message.method, message.name));
  else if (in.number > 0 && !message.is("initialize")) set_session(made, in);
  else if (in.number == 0 && !message.method.empty() && message.asks.empty() && remembered().method.empty())
    // A notification, where nobody began a session: that of the 2026 wire.
    static_cast<void>(cs::mcp::without_session::describe(made, cs::mcp::revision_2026, message.method, ""));
  return made;
}

cs::request bridge_core::get(bridge_session const& in, std::string_view last_event) const {
  cs::request made("GET", remote.url());
  made.set("Accept", "text/event-stream");
  set_session(made, in);
  if (!last_event.empty()) made.set("Last-Event-ID", last_event);
  return made;
}

void bridge_core::begins(std::vector<std::string> const& ids) {
  std::lock_guard const guard(lock_);
  for (auto const& id : ids) flying_.try_emplace(id);
}

std::vector<std::string> bridge_core::claim(std::vector<std::string> const& ids) {
  std::lock_guard const guard(lock_);
  std::vector<std::string> claimed;
  for (auto const& id : ids)
    if (flying_.erase(id) > 0) claimed.push_back(id);
  changed_.notify_all();
  return claimed;
}

bool bridge_core::flies(std::vector<std::string> const& ids) const {
  std::lock_guard const guard(lock_);
  return std::any_of(ids.begin(), ids.end(), [&](std::string const& id) { return flying_.count(id) > 0; });
}

std::vector<std::string> bridge_core::begun_before(std::chrono::steady_clock::time_point when) const {
  std::lock_guard const guard(lock_);
  std::vector<std::string> ids;
  for (auto const& [id, one] : flying_)
    if (one.begun < when) ids.push_back(id);
  return ids;
}

std::vector<std::string> bridge_core::flying() const {
  std::lock_guard const guard(lock_);
  std::vector<std::string> ids;
  for (auto const& [id, one] : flying_) ids.push_back(id);
  return ids;
}

bool bridge_core::landed_by(std::chrono::steady_clock::time_point when) {
  std::unique_lock guard(lock_);
  return changed_.wait_until(guard, when, [&] { return flying_.empty(); });
}

void bridge_core::cancel(std::string const& id) {
  std::lock_guard const guard(lock_);
  if (auto const found = flying_.find(id); found != flying_.end()) found->second.cancelled = true;
}

bool bridge_core::cancelled(std::vector<std::string> const& ids) const {
  std::lock_guard const guard(lock_);
  return !ids.empty() && std::all_of(ids.begin(), ids.end(), [&](std::string const& id) {
    auto const found = flying_.find(id);
    return found != flying_.end() && found->second.cancelled;
  });
}

void bridge_core::stop() {
  std::lock_guard const guard(lock_);
  stopped_ = true;
  changed_.notify_all();
}

bool bridge_core::pause(std::chrono::milliseconds time) {
  std::unique_lock guard(lock_);
  changed_.wait_for(guard, time, [&] { return stopped_.load(); });
  return !stopped_;
}

std::chrono::milliseconds bridge_core::wait_after(int in_vain, int wish) {
  auto const base = wish >= 0 && in_vain == 0 ? wish : std::max(wish, first_wait) << std::min(in_vain, 6);
  thread_local std::minstd_rand dice{std::random_device()()};
  // Never before the server's wish, and not all clients at once.
  auto const wait = std::min(base, std::max(wish, longest_wait));
  return std::chrono::milliseconds(wait + std::uniform_int_distribution<int>(0, wait / 4)(dice));
}

}  // namespace program
