// `headers`: what a request to a server must carry, for whoever sends it.

#include "commands.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "signing_in.hpp"
#include "surroundings.hpp"
#include "traced_http.hpp"

#include <countersign/core/message.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/os/file.hpp>
#include <countersign/text/json_writer.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// Bytes of a body that is to be signed.
constexpr std::size_t max_body = 64 * 1024 * 1024;

// Only what was written for the credential: the request had no fields before.
class written_fields {
public:
  written_fields(cs::request const& request, bool redact) : request_(request), redact_(redact) {}

  template <class Function>
  void each(Function&& function) const {
    request_.fields([&](std::string_view name, std::string_view value) {
      if (redact_) function(name, std::string_view(redacted(name, value)));
      else function(name, value);
    });
  }

private:
  cs::request const& request_;
  bool redact_;
};

// A file for `curl -K`: within double quotes a backslash escapes.
void append_quoted(std::string_view text, cs::secret& out) {
  for (char const c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c == '\t') out.append("\\t");
    else out.push_back(c);
  }
}

cs::result<cs::secret> text_of(written_fields const& fields, std::string_view format) {
  cs::secret text;
  if (format == "json") {
    cs::json_writer out(text);
    out.open_object();
    fields.each([&](std::string_view name, std::string_view value) { out.member(name, value); });
    out.close();
    if (auto ok = out.finish(); !ok) return ok.error();
    return std::move(text.append("\n"));
  }
  fields.each([&](std::string_view name, std::string_view value) {
    if (format == "lines") return void(text.append(name).append(": ").append(value).append("\n"));
    text.append("header = \"");
    append_quoted(name, text);
    // For curl "Name:" takes a header away; "Name;" sends it empty.
    text.append(value.empty() ? ";" : ": ");
    append_quoted(value, text);
    text.append("\"\n");
  });
  if (!text.ok()) return cs::error{cs::errc::no_memory, "headers: out of memory"};
  return text;
}

cs::result<cs::request> made_request(options const& asked, cs::mcp::server const& server,
                                     cs::context const& world) {
  cs::secret url(asked.url);
  if (asked.url.empty()) {
    auto own = cs::mcp::expanded_url(server, world);
    if (!own) return own.error();
    url = std::move(*own);
  }
  cs::secret body;
  if (!asked.body_file.empty()) {
    auto content = cs::os::read_file(asked.body_file, max_body);
    if (!content) return content.error().within("--body-file: ");
    body = std::move(*content);
  }
  return cs::request(asked.method, url.reveal(), std::move(body));
}

// Answers to challenges: before the server was asked there is nothing to write.
bool answers_challenges(cs::mcp::server const& server) {
  bool any = false;
  server.each_auth([&](cs::json_value one) { any = any || one["type"].string() == "digest"; });
  return any;
}

// Somebody should be signed in, or has been: then a request without a token is none to be made.
bool has_login(cs::mcp::server const& server, login_store& store, cs::context const& world) {
  if (wants_login(server) || !cs::mcp::may_sign_in(server)) return wants_login(server);
  auto const url = cs::mcp::login_url(server, world);
  auto const settings = login_settings(server, world);
  return url && settings && store.load({settings->profile, url->reveal()});
}

}  // namespace

int headers(options const& asked) {
  auto const found = find_config(asked);
  if (!found) return report(found.error());
  auto const server = found->config.find(asked.arguments[0]);
  if (!server) return report(server.error()), misused;

  if (answers_challenges(*server))
    return report(cs::error{cs::errc::fatal, "server \"", server->name(),
                            "\": auth: Digest answers what the server asks in a 401, so there is no header to print before it was "
                            "asked; use call or bridge, or curl --digest"});

  surroundings around(asked);
  if (auto ok = around.load(); !ok) return report(ok.error());
  auto const world = around.context();
  login_store store(world, wants_login(*server));
  auto auth = open_server(*server, store, world, found->owner);
  if (!auth) return report(auth.error());
  auto request = made_request(asked, *server, world);
  if (!request) return report(request.error());
  auto own = cs::mcp::expanded_url(*server, world);
  if (!own) return report(own.error());
  auto const http = traced_http(*server, *own, world, std::make_shared<sent_fields>());
  auto const ok = prepare_by(*auth, *request, http);
  if (!ok && ok.error().code() != cs::errc::needs_person) return report(ok.error());
  if (!ok || (!request->get("Authorization") && has_login(*server, store, world)))
    return ask_to_sign_in(asked, *server, "wants somebody to sign in, and nobody is");
  if (auto const trouble = store.trouble();
      trouble.code() != cs::errc::none && !request->get("Authorization"))
    say("no login is looked at: " + std::string(trouble.message()));

  written_fields const fields(*request, asked.redact);
  if (asked.debug)
    fields.each([](std::string_view name, std::string_view value) {
      say("writes " + std::string(name) + ": " + redacted(name, value));
    });
  auto const text = text_of(fields, asked.format);
  return text ? print(text->reveal()) : report(text.error());
}

}  // namespace program
