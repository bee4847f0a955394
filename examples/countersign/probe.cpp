#include "probe.hpp"

#include "client.hpp"
#include "stream_head.hpp"

#include <countersign/adapt/curl.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/open.hpp>
#include <countersign/mcp/wire.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/origin.hpp>

#include <string>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

using cs::mcp::server_type;

cs::result<cs::request> question(cs::mcp::server const& server, std::string_view url) {
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

// What variables hold is private: a tenant's name in a host.
cs::error without_host(cs::error const& why, cs::mcp::server const& server, std::string_view url) {
  bool has_variable = false;
  cs::for_each_variable(server.url(), [&](std::string_view, bool) { has_variable = true; });
  auto const origin = cs::origin_of(url);
  if (!has_variable || !origin) return why;
  std::string text(why.message());
  for (auto at = text.find(origin->host()); at != std::string::npos; at = text.find(origin->host()))
    text.replace(at, origin->host().size(), "***");
  return cs::error{why.code(), text};
}

}  // namespace

probed probe(cs::mcp::server const& server, cs::context const& outside, cs::mcp::config_owner owner) {
  probed found;
  auto auth = cs::mcp::open(server, outside, owner);
  if (!auth) return found.why = auth.error(), found;
  auto const url = cs::mcp::expanded_url(server, outside);
  if (!url) return found.why = url.error(), found;
  auto const asked = question(server, url->reveal());
  if (!asked) return found.why = asked.error(), found;

  cs::curl_options how;
  if (server.timeout() > 0) how.timeout = cs::milliseconds(server.timeout());
  cs::curl_transport http(how);
  auto const sends = [&](cs::request const& request) {
    found.sent = true;
    found.fields.clear();
    request.fields([&](std::string_view name, std::string_view value) {
      if (!asked->get(name)) found.fields.append(name, value);
    });
    outside.trace({"sends", request.method(), server.url()});
    request.fields([&](std::string_view name, std::string_view) { outside.trace({"header", name, "***"}); });
    auto answer = server.type() == server_type::http ? http(request) : stream_head(request, how.timeout);
    outside.trace(
        {"answered", answer ? std::to_string(answer->status()) : cs::name(answer.error().code()), ""});
    if (answer) found.answer = *answer;
    else found.answer.reset();
    return answer;
  };
  auto const got = cs::send(*auth, *asked, sends);
  if (!got) found.why = without_host(got.error(), server, url->reveal());
  if (!got || server.type() != server_type::http) return found;
  if (auto const id = got->headers.get("Mcp-Session-Id")) {
    cs::mcp::session session;
    session.id = cs::secret(*id);
    // Whether the server hears it or not: the session ends by itself some time.
    auto closing = cs::mcp::with_session::close(url->reveal(), session);
    if (auth->authorize(closing)) static_cast<void>(http(closing));
  }
  return found;
}

}  // namespace program
