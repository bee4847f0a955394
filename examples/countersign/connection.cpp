#include "connection.hpp"

#include "ws_client.hpp"

#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/tls_files.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/origin.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// Shorter ones stand in any text by chance.
constexpr std::size_t shortest_struck_out = 4;

void strike_out(std::string& text, std::string_view secret) {
  if (secret.size() < shortest_struck_out) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
    text.replace(at, secret.size(), "***");
}

// Of every request to an MCP server: a signature may cover them.
constexpr cs::named_value usual_fields[] = {{"Content-Type", "application/json"},
                                            {"Accept", "application/json, text/event-stream"}};

bool names_variable(std::string_view text) {
  bool any = false;
  cs::for_each_variable(text, [&](std::string_view, bool) { any = true; });
  return any;
}

// The handshake's headers are known before and after it: what a renewal sent is what would be sent again.
other_wire over_websocket(cs::mcp::server const& server, cs::mcp::tls_files tls, cs::context const& outside,
                          std::shared_ptr<sent_fields> seen, transport http) {
  auto const patience = server.timeout() > 0 ? cs::milliseconds(server.timeout()) : cs::seconds(30);
  return [outside, seen = std::move(seen), http = std::move(http), patience, tls = std::move(tls),
          shown = std::string(server.url())](server_auth& auth, std::string_view url, std::string_view method,
                                             cs::json_value params, heard_back& said) {
    outside.trace({"sends", "GET", shown});
    seen->ours.each([&](std::string_view name, std::string_view) { outside.trace({"header", name, "***"}); });
    auto got = call_over_websocket(auth, url, method, params, tls, patience, http, said);
    cs::request again("GET", url);
    if (got && prepare_by(auth, again, http)) keep_new(again, *seen);
    outside.trace({"answered",
                   said.status != 0 ? std::to_string(said.status) : std::string(cs::name(got.error().code())),
                   ""});
    return got;
  };
}

}  // namespace

connection::connection(std::shared_ptr<login_store> store, server_auth auth, cs::secret url,
                       std::shared_ptr<sent_fields const> seen, bool private_url, transport http,
                       other_wire other)
    : store_(std::move(store)), auth_(std::move(auth)), url_(std::move(url)), seen_(std::move(seen)),
      private_url_(private_url), http_(std::move(http)), other_(std::move(other)) {}

cs::result<connection> connection::open(cs::mcp::server const& server, cs::context const& outside,
                                        cs::mcp::config_owner owner) {
  if (server.type() != cs::mcp::server_type::http && server.type() != cs::mcp::server_type::ws)
    return cs::error{cs::errc::fatal,     "server \"",
                     server.name(),       "\": calls over ",
                     name(server.type()), " are not supported by this version; over http and ws they are"};
  auto store = std::make_shared<login_store>(outside, wants_login(server));
  auto auth = open_server(server, *store, outside, owner);
  if (!auth) return auth.error();
  auto url = cs::mcp::expanded_url(server, outside);
  if (!url) return url.error();
  auto const seen = std::make_shared<sent_fields>();
  auto http = traced_http(server, *url, outside, seen);
  cs::request bare("POST", url->reveal());
  for (auto const& [name, value] : usual_fields) bare.set(name, value);
  if (auto ok = prepare_by(*auth, bare, http); !ok) return ok.error();
  bare.fields([&](std::string_view name, std::string_view value) {
    bool const usual = std::any_of(std::begin(usual_fields), std::end(usual_fields), [&](auto const& one) { return one.name == name && one.value == value; });
    if (!usual) seen->ours.append(name, value);
  });

  bool const is_private = names_variable(server.url());
  other_wire other;
  if (server.type() == cs::mcp::server_type::ws) {
    auto tls = cs::mcp::tls_files_of(server, outside);
    if (!tls) return tls.error();
    other = over_websocket(server, std::move(*tls), outside, seen, http);
  }
  return connection(std::move(store), std::move(*auth), std::move(*url), seen, is_private, std::move(http),
                    std::move(other));
}

std::string connection::without_secrets(std::string_view text) const {
  std::string clean(text);
  auto const strike_all = [&](std::string_view, std::string_view value) {
    strike_out(clean, value);
    if (auto const blank = value.find(' '); blank != std::string_view::npos)
      strike_out(clean, value.substr(blank + 1));
  };
  seen_->ours.each(strike_all);
  seen_->others.each(strike_all);
  if (private_url_) {
    strike_out(clean, url_.reveal());
    if (auto const at = cs::origin_of(url_.reveal())) strike_out(clean, at->host());
  }
  return clean;
}

}  // namespace program
