#include "connection.hpp"

#include "ws_client.hpp"

#include <countersign/adapt/curl.hpp>
#include <countersign/core/field.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/origin.hpp>

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

// A helper's next token, a newer signature: whatever is sent under a name that carries a credential.
void keep_new(cs::request const& request, cs::header_list& seen) {
  request.fields([&](std::string_view name, std::string_view value) {
    bool ours = false, known = false;
    seen.each([&](std::string_view other, std::string_view before) {
      if (!cs::equal_without_case(name, other)) return;
      ours = true;
      known = known || before == value;
    });
    if (ours && !known) seen.append(name, value);
  });
}

bool names_variable(std::string_view text) {
  bool any = false;
  cs::for_each_variable(text, [&](std::string_view, bool) { any = true; });
  return any;
}

// The handshake's headers are known before and after it: what a renewal sent is what would be sent again.
other_wire over_websocket(cs::mcp::server const& server, cs::context const& outside,
                          std::shared_ptr<cs::header_list> fields) {
  auto const patience = server.timeout() > 0 ? cs::milliseconds(server.timeout()) : cs::seconds(30);
  return [outside, fields = std::move(fields), patience,
          shown = std::string(server.url())](cs::mcp::server_authenticator& auth, std::string_view url,
                                             std::string_view method, cs::json_value params, int& status) {
    outside.trace({"sends", "GET", shown});
    fields->each([&](std::string_view name, std::string_view) { outside.trace({"header", name, "***"}); });
    auto got = call_over_websocket(auth, url, method, params, patience, status);
    cs::request again("GET", url);
    if (auth.authorize(again)) keep_new(again, *fields);
    outside.trace(
        {"answered", status != 0 ? std::to_string(status) : std::string(cs::name(got.error().code())), ""});
    return got;
  };
}

}  // namespace

connection::connection(cs::mcp::server_authenticator auth, cs::secret url,
                       std::shared_ptr<cs::header_list const> fields, bool private_url, transport http,
                       other_wire other)
    : auth_(std::move(auth)), url_(std::move(url)), fields_(std::move(fields)), private_url_(private_url),
      http_(std::move(http)), other_(std::move(other)) {}

cs::result<connection> connection::open(cs::mcp::server const& server, cs::context const& outside,
                                        cs::mcp::config_owner owner) {
  if (server.type() != cs::mcp::server_type::http && server.type() != cs::mcp::server_type::ws)
    return cs::error{cs::errc::fatal,     "server \"",
                     server.name(),       "\": calls over ",
                     name(server.type()), " are not supported by this version; over http and ws they are"};
  auto auth = cs::mcp::open(server, outside, owner);
  if (!auth) return auth.error();
  auto url = cs::mcp::expanded_url(server, outside);
  if (!url) return url.error();
  cs::request bare("POST", url->reveal());
  if (auto ok = auth->authorize(bare); !ok) return ok.error();
  auto const fields = std::make_shared<cs::header_list>();
  bare.fields([&](std::string_view name, std::string_view value) { fields->append(name, value); });

  if (server.type() == cs::mcp::server_type::ws)
    return connection(std::move(*auth), std::move(*url), fields, names_variable(server.url()), {},
                      over_websocket(server, outside, fields));

  cs::curl_options how;
  if (server.timeout() > 0) how.timeout = cs::milliseconds(server.timeout());
  auto http = std::make_shared<cs::curl_transport>(std::move(how));
  transport sends = [http, outside, fields, shown = std::string(server.url())](cs::request const& request) {
    keep_new(request, *fields);
    outside.trace({"sends", request.method(), shown});
    request.fields([&](std::string_view name, std::string_view) { outside.trace({"header", name, "***"}); });
    auto answer = (*http)(request);
    outside.trace(
        {"answered", answer ? std::to_string(answer->status()) : cs::name(answer.error().code()), ""});
    return answer;
  };
  return connection(std::move(*auth), std::move(*url), fields, names_variable(server.url()), std::move(sends),
                    {});
}

std::string connection::without_secrets(std::string_view text) const {
  std::string clean(text);
  fields_->each([&](std::string_view, std::string_view value) {
    strike_out(clean, value);
    if (auto const blank = value.find(' '); blank != std::string_view::npos)
      strike_out(clean, value.substr(blank + 1));
  });
  if (private_url_) {
    strike_out(clean, url_.reveal());
    if (auto const at = cs::origin_of(url_.reveal())) strike_out(clean, at->host());
  }
  return clean;
}

}  // namespace program
