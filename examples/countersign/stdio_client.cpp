#include "stdio_client.hpp"

#include "client.hpp"
#include "stdio_process.hpp"

#include <countersign/mcp/child_command.hpp>
#include <countersign/mcp/wire.hpp>
#include <countersign/text/json.hpp>

#include <csignal>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// A child that ended is an error like any other; a reader of our own output that went away still ends us.
class without_pipe_signal {
public:
  without_pipe_signal() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~without_pipe_signal() { std::signal(SIGPIPE, before_); }
  without_pipe_signal(without_pipe_signal const&) = delete;

private:
  void (*before_)(int);
};

// The bodies of the HTTP wire are the lines of this one.
cs::result<void> say_to(stdio_process& child, cs::result<cs::request> const& request, cs::duration patience) {
  if (!request) return request.error();
  return child.write(request->body.reveal(), patience);
}

cs::result<cs::mcp::reply> answer_of(stdio_process& child, std::int64_t id, cs::duration patience) {
  for (;;) {
    auto line = child.read(patience);
    if (!line) return line.error();
    auto message = cs::json_document::parse(std::move(*line));
    if (!message) return message.error().within("command: its standard output: ");
    auto const root = message->root();
    if (root["id"].integer() == id && (root["result"] || root["error"]))
      return cs::mcp::reply(std::move(*message));
  }
}

}  // namespace

cs::result<cs::mcp::reply> call_over_stdio(cs::mcp::server const& server, std::string_view method,
                                           cs::json_value params, cs::context const& outside) {
  auto const command = cs::mcp::expanded_command(server, outside);
  if (!command) return command.error();
  cs::duration const patience = server.timeout() > 0 ? cs::milliseconds(server.timeout()) : cs::seconds(30);
  without_pipe_signal const guard;
  auto child = stdio_process::start(*command);
  if (!child) return child.error();

  cs::mcp::session const session;
  if (auto ok = say_to(*child, cs::mcp::with_session::initialize("", 1, ourselves), patience); !ok)
    return ok.error();
  auto greeting = answer_of(*child, 1, patience);
  if (!greeting || greeting->error()) return greeting;
  if (auto const agreed = cs::mcp::with_session::read_initialize(*greeting, ""); !agreed)
    return agreed.error();
  if (auto ok = say_to(*child, cs::mcp::with_session::initialized("", session), patience); !ok)
    return ok.error();
  if (auto ok = say_to(*child, cs::mcp::with_session::call("", session, 2, method, params), patience); !ok)
    return ok.error();
  return answer_of(*child, 2, patience);
}

}  // namespace program
