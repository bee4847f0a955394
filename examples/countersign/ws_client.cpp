#include "ws_client.hpp"

#include "ws_connect.hpp"

#include <countersign/mcp/wire.hpp>
#include <countersign/text/json.hpp>

#include <chrono>
#include <cstddef>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// Between the answer and the end of the program nobody should wait long for a goodbye.
constexpr cs::duration goodbye = cs::seconds(1);
// Bytes of a message, as over HTTP.
constexpr std::size_t max_answer = std::size_t{1} << 20;

// The bodies of the HTTP wire are the messages of this one.
cs::result<void> say_to(cs::websocket_connection& socket, cs::result<cs::request> const& request) {
  if (!request) return request.error();
  return socket.write(request->body.reveal());
}

cs::result<cs::mcp::reply> answer_of(cs::websocket_connection& socket, std::int64_t id,
                                     cs::duration patience) {
  using clock = std::chrono::steady_clock;
  auto const until = clock::now() + std::chrono::milliseconds(patience.ms);
  for (;;) {
    auto text = socket.read();
    if (!text) return text.error();
    auto message = cs::json_document::parse(std::move(*text));
    if (!message) return message.error().within("websocket: a message: ");
    auto const root = message->root();
    if (root["id"].integer() == id && (root["result"] || root["error"]))
      return cs::mcp::reply(std::move(*message));
    if (clock::now() > until)
      return cs::error{cs::errc::unanswered, "websocket: the server says much, but does not answer"};
  }
}

}  // namespace

cs::result<cs::mcp::reply> call_over_websocket(server_auth& auth, std::string_view url,
                                               std::string_view method, cs::json_value params,
                                               cs::mcp::tls_files const& tls, cs::duration patience,
                                               transport const& http, heard_back& said) {
  cs::response refused;
  auto socket = ws_connect(auth, url, ws_options(tls, patience, max_answer), http, refused);
  said = socket ? heard_back{101, ""} : heard_of(refused);
  if (!socket) return socket.error();

  cs::mcp::session const session;
  if (auto ok = say_to(*socket, cs::mcp::with_session::initialize(url, 1, ourselves)); !ok) return ok.error();
  auto greeting = answer_of(*socket, 1, patience);
  if (!greeting || greeting->error()) return greeting;
  if (auto const agreed = cs::mcp::with_session::read_initialize(*greeting, ""); !agreed)
    return agreed.error();
  if (auto ok = say_to(*socket, cs::mcp::with_session::initialized(url, session)); !ok) return ok.error();
  if (auto ok = say_to(*socket, cs::mcp::with_session::call(url, session, 2, method, params)); !ok)
    return ok.error();
  auto got = answer_of(*socket, 2, patience);
  socket->wait_at_most(goodbye);
  static_cast<void>(socket->close());  // the answer is there, however the server takes it
  return got;
}

}  // namespace program
