#include "traced_http.hpp"

#include <countersign/core/field.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/text/origin.hpp>

#include <utility>

namespace cs = countersign;

namespace program {

namespace {

void keep(cs::header_list& list, std::string_view name, std::string_view value) {
  bool known = false;
  list.each([&](std::string_view other, std::string_view before) {
    known = known || (cs::equal_without_case(name, other) && before == value);
  });
  if (!known) list.append(name, value);
}

bool has(cs::header_list const& list, std::string_view name) {
  bool found = false;
  list.each([&](std::string_view other, std::string_view) {
    found = found || cs::equal_without_case(name, other);
  });
  return found;
}

// For a trace: never a query. A variable of the server's URL may come back in the path of what it names.
std::string place_of(std::string_view url, bool tells_path) {
  auto const where = cs::origin_of(url);
  if (tells_path) return std::string(url.substr(0, url.find_first_of("?#")));
  return std::string(where ? where->view() : "a URL that can't be read");
}

}  // namespace

bool is_credential(std::string_view name) {
  return cs::equal_without_case(name, "Authorization") || cs::equal_without_case(name, "DPoP");
}

void keep_new(cs::request const& request, sent_fields& seen) {
  request.fields([&](std::string_view name, std::string_view value) {
    if (is_credential(name) || has(seen.ours, name)) keep(seen.ours, name, value);
  });
}

cs::curl_options tls_options(cs::mcp::tls_files tls, std::string_view url, cs::curl_options how) {
  how.ca_file = std::move(tls.ca);
  how.certificate = std::move(tls.certificate);
  how.key = std::move(tls.key);
  how.passphrase = std::move(tls.passphrase);
  // The server of a WebSocket may be asked over https too, as where its tokens come from.
  bool const socket = url.starts_with("ws");
  how.certificate_for = cs::owned_text(cs::secret(socket ? "http" : "", url.substr(socket ? 2 : 0)).reveal());
  return how;
}

transport traced_http(cs::mcp::server const& server, cs::secret url, cs::context const& outside,
                      std::shared_ptr<sent_fields> seen) {
  auto tls = cs::mcp::tls_files_of(server, outside);
  if (!tls) return [why = tls.error()](cs::request const&) -> cs::result<cs::response> { return why; };
  auto const patience = server.timeout() > 0 ? cs::milliseconds(server.timeout()) : cs::seconds(30);
  auto const http =
      std::make_shared<cs::curl_transport>(tls_options(std::move(*tls), url.reveal(), {.timeout = patience}));
  return [http, outside, seen = std::move(seen), url = std::move(url), shown = std::string(server.url()),
          tells_path = !cs::mcp::names_variable(server.url())](cs::request const& request) {
    bool const own = request.url() == url.reveal();
    if (own) keep_new(request, *seen);
    auto const place = own ? shown : place_of(request.url(), tells_path);
    request.fields([&](std::string_view name, std::string_view value) {
      if (!own && is_credential(name)) keep(seen->others, name, value);
    });
    outside.trace({"sends", request.method(), place});
    request.fields([&](std::string_view name, std::string_view) { outside.trace({"header", name, "***"}); });
    auto answer = (*http)(request);
    outside.trace(
        {"answered", answer ? std::to_string(answer->status()) : cs::name(answer.error().code()), ""});
    return answer;
  };
}

}  // namespace program
