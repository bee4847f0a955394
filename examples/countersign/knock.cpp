#include "knock.hpp"

#include "client.hpp"
#include "stream_head.hpp"

#include <countersign/adapt/curl.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/mcp/wire.hpp>

#include <string>

namespace cs = countersign;

namespace program {

using cs::mcp::server_type;

cs::result<cs::request> first_request(cs::mcp::server const& server, std::string_view url) {
  if (server.type() == server_type::http) return cs::mcp::with_session::initialize(url, 1, ourselves);
  cs::request made("GET", url);
  if (server.type() == server_type::sse) {
    made.set("Accept", "text/event-stream");
    return made;
  }
  // RFC 6455 §4.1
  made.set("Connection", "Upgrade");
  made.set("Upgrade", "websocket");
  made.set("Sec-WebSocket-Version", "13");
  made.set("Sec-WebSocket-Key", "Y291bnRlcnNpZ24tdGVzdA==");
  return made;
}

cs::result<cs::response> send_first(cs::mcp::server const& server, cs::request const& request,
                                    transport const& http, cs::context const& outside) {
  if (server.type() == server_type::http) return http(request);
  auto const patience =
      server.timeout() > 0 ? cs::milliseconds(server.timeout()) : cs::curl_options().timeout;
  auto const tls = cs::mcp::tls_files_of(server, outside);
  if (!tls) return tls.error();
  outside.trace({"sends", request.method(), server.url()});
  request.fields([&](std::string_view name, std::string_view) { outside.trace({"header", name, "***"}); });
  auto answer = stream_head(request, *tls, patience);
  outside.trace(
      {"answered", answer ? std::to_string(answer->status()) : cs::name(answer.error().code()), ""});
  return answer;
}

bool is_open(cs::response const& answer) { return answer.status() / 100 == 2 || answer.status() == 101; }

cs::result<cs::mcp::discovered> discover(std::string_view login_url, std::string_view challenge,
                                         cs::mcp::sign_in_settings const& settings, transport const& http,
                                         cs::context const& outside) {
  return cs::run(cs::mcp::discovery(login_url, challenge, settings.discovery, outside), http, cs::nobody(),
                 outside);
}

}  // namespace program
