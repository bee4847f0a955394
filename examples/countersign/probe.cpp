#include "probe.hpp"

#include "client.hpp"
#include "knock.hpp"
#include "login_store.hpp"
#include "signing_in.hpp"
#include "traced_http.hpp"

#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/wire.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/origin.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

using cs::mcp::server_type;

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
  login_store store(outside, wants_login(server));
  auto auth = open_server(server, store, outside, owner);
  if (!auth) return found.why = auth.error(), found;
  auto const url = cs::mcp::expanded_url(server, outside);
  if (!url) return found.why = url.error(), found;
  auto const asked = first_request(server, url->reveal());
  if (!asked) return found.why = asked.error(), found;

  auto const http = traced_http(server, *url, outside, std::make_shared<sent_fields>());
  auto const sends = [&](cs::request const& request) {
    // Others are asked for the credential.
    if (request.url() != url->reveal()) return http(request);
    found.sent = true;
    ++found.times;
    found.fields.clear();
    request.fields([&](std::string_view name, std::string_view value) {
      if (!asked->get(name)) found.fields.append(name, value);
    });
    auto answer = send_first(server, request, http, outside);
    if (answer) found.answer = *answer;
    else found.answer.reset();
    return answer;
  };
  auto const got = send_by(*auth, *asked, sends);
  if (!got) found.why = without_host(got.error(), server, url->reveal());
  found.trouble = store.trouble();
  if (!got || server.type() != server_type::http) return found;
  if (auto const id = got->headers.get("Mcp-Session-Id")) {
    cs::mcp::session session;
    session.id = cs::secret(*id);
    // Whether the server hears it or not: the session ends by itself some time.
    auto closing = cs::mcp::with_session::close(url->reveal(), session);
    if (prepare_by(*auth, closing, http)) static_cast<void>(http(closing));
  }
  return found;
}

}  // namespace program
