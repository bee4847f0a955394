// `bridge`: a stdio MCP server in front of one that wants a credential.

#include "bridge_core.hpp"
#include "bridge_flight.hpp"
#include "bridge_legacy.hpp"
#include "bridge_lines.hpp"
#include "bridge_queue.hpp"
#include "bridge_remote.hpp"
#include "bridge_socket.hpp"
#include "commands.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "surroundings.hpp"

#include <countersign/mcp/wire.hpp>

#include <chrono>
#include <csignal>
#include <memory>
#include <thread>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// Requests that are under way at once; more wait for their turn.
constexpr std::size_t max_requests = 32;
// Bytes of messages that wait; then no more is read.
constexpr std::size_t max_waiting = 4 * max_message;
// For what is under way when the client has closed our input, and for the end of the session.
constexpr auto patience_at_end = std::chrono::seconds(5), goodbye = std::chrono::seconds(2);

std::sig_atomic_t volatile signalled = 0;

// DELETE; however the server takes it.
class last_word final : public cs::curl_listener {
public:
  bool takes(cs::response_head const&) noexcept override { return false; }
  bool hear(std::string_view) noexcept override { return false; }
  bool goes_on() noexcept override { return std::chrono::steady_clock::now() < until_; }

private:
  std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + goodbye;
};

// Who carries what. Requests go side by side; all else goes in the order in which it came, and nothing overtakes the
// beginning of a session.
class traffic {
public:
  /// @param channel none: it is the wire of type http
  traffic(bridge_core& core, bridge_channel* channel) : core_(core), channel_(channel) {
    if (channel_ != nullptr) listener_ = std::thread([this] { channel_->listen(); });
  }
  ~traffic() {
    if (channel_ != nullptr) channel_->stop();
    if (listener_.joinable()) listener_.join();
  }

  void add(rpc_message read) {
    auto const size = read.line.size();
    gate_.add(size, [this, message = std::make_shared<rpc_message>(std::move(read))] { pass(message); });
  }
  bool idle_by(std::chrono::steady_clock::time_point when) {
    return gate_.idle_by(when) && others_.idle_by(when) && requests_.idle_by(when) && core_.landed_by(when);
  }

private:
  void send(rpc_message const& message) {
    if (channel_ != nullptr) channel_->carry(message);
    else carry(core_, message);
  }
  void pass(std::shared_ptr<rpc_message> const& message) {
    core_.begins(message->asks);
    if (message->is("initialize")) {
      core_.remember(*message);
      send(*message);
    } else if (message->is("notifications/initialized")) {
      send(*message);
      if (!listener_.joinable() && core_.session().number > 0)
        listener_ = std::thread([this] { listen(core_); });
    } else if (!message->asks.empty()) {
      requests_.add(message->line.size(), [this, message] { send(*message); });
    } else {
      others_.add(message->line.size(), [this, message] {
        // A server may answer all the same, and sooner than the sending returns.
        if (channel_ != nullptr && !message->cancels.empty()) core_.ends({message->cancels});
        send(*message);
        if (!message->cancels.empty()) core_.cancel(message->cancels);
      });
    }
  }

  bridge_core& core_;
  bridge_channel* channel_;
  std::thread listener_;
  job_queue requests_{max_requests, max_waiting}, others_{1, max_waiting};
  job_queue gate_{1, max_waiting};  // ends first, since it gives work to the others
};

// Until nothing more comes.
void read_all(bridge_core& core, traffic& to) {
  line_reader reader(STDIN_FILENO);
  cs::secret line;
  for (;;) {
    auto const got = reader.next(line, [&] { return signalled != 0 || core.out.broken(); });
    if (got == line_reader::got::end || got == line_reader::got::interrupted) return;
    if (got == line_reader::got::too_long) {
      core.out(error_line("", invalid_request,
                          "a message of more than " + std::to_string(max_message) + " bytes"));
      continue;
    }
    if (line.reveal().find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto message = read_message(std::exchange(line, cs::secret()));
    if (message) to.add(std::move(*message));
    else
      core.out(error_line("", message.error().code() == cs::errc::bad_input ? parse_error : invalid_request,
                          message.error().message()));
  }
}

std::unique_ptr<bridge_channel> channel_for(cs::mcp::server_type type, bridge_core& core) {
  if (type == cs::mcp::server_type::sse) return std::make_unique<bridge_legacy>(core);
  if (type == cs::mcp::server_type::ws) return std::make_unique<bridge_socket>(core);
  return nullptr;
}

int run(bridge_remote& remote, cs::mcp::server_type type) {
  line_writer out;
  bridge_core core(remote, out);
  {
    auto const channel = channel_for(type, core);
    traffic with(core, channel.get());
    read_all(core, with);
    if (signalled == 0 && !out.broken()) with.idle_by(std::chrono::steady_clock::now() + patience_at_end);
    core.stop();
    if (channel != nullptr)
      for (auto const& id : core.claim(core.flying())) out(error_line(id, bridge_failed, too_late));
    if (auto const in = core.session(); !in.id.empty()) {
      cs::response refused;
      last_word bye;
      cs::mcp::session const known{in.revision, in.id};
      static_cast<void>(remote.send(cs::mcp::with_session::close(remote.url(), known), bye, refused));
    }
    // What remains ends within a second; a token that is being renewed is waited for, or it would be lost.
  }
  if (signalled != 0) return 128 + signalled;
  return out.broken() ? failed : done;
}

}  // namespace

int bridge(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  auto const server = found->config.find(asked.arguments[0]);
  if (!server) return report(server.error()), misused;
  auto const named = "server \"" + std::string(server->name()) + "\"";
  if (server->is_stdio()) return say(named + " is a stdio server already; use exec"), misused;
  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  auto const remote = bridge_remote::open(*server, asked, around.context(), found->owner);
  if (!remote) return report(remote.error());

  std::signal(SIGPIPE, SIG_IGN);
  for (int const one : {SIGINT, SIGTERM, SIGHUP}) std::signal(one, [](int number) { signalled = number; });
  return run(**remote, server->type());
}

}  // namespace program
