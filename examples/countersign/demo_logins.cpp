#include "demo_logins.hpp"

#include "client.hpp"
#include "demo_browser.hpp"
#include "output.hpp"

#include <countersign/adapt/curl.hpp>
#include <countersign/adapt/openssl_proof_keys.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/mcp/open_login.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/wire.hpp>
#include <countersign/oauth/sign_out.hpp>
#include <countersign/oauth/terminal_person.hpp>
#include <countersign/store/memory_store.hpp>
#include <countersign/text/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

// How long tokens live: the demo waits for the end of one.
constexpr std::chrono::milliseconds token_lifetime(1000);

std::string since(std::chrono::steady_clock::time_point began) {
  char text[32];
  std::chrono::duration<double, std::milli> const took = std::chrono::steady_clock::now() - began;
  std::snprintf(text, sizeof text, "%.1f ms", took.count());
  return text;
}

std::string words_of(cs::response answer) {
  auto words = std::to_string(answer.status());
  auto const reply = cs::mcp::read_reply(std::move(answer), 1);
  if (!reply || reply->error()) return words;
  if (!reply->result()["tools"])
    return words + ", " + std::string(reply->result()["content"][std::size_t{0}]["text"].string());
  words += ", tools:";
  for (auto const tool : reply->result()["tools"].elements())
    words += " " + std::string(tool["name"].string());
  return words;
}

// What a row asks for, and what is to come of it.
struct wanted {
  std::string_view kind, tool;  // no tool: tools/list
  std::string_view answer;
  std::string event;    // what the provider has to count
  bool person = false;  // whether somebody is there to sign in
};

// One server of the config, and its login, which is forgotten with this object.
class login_rows {
public:
  login_rows(table& shown, provider::authorization_server& provider, cs::mcp::server server)
      : shown_(shown), provider_(provider), server_(server), url_(provider.mcp_url()) {}

  bool add(wanted const& what) {
    auto const before = provider_.count(what.event);
    auto const began = std::chrono::steady_clock::now();
    auto const said = ask(what);
    bool const good = said == what.answer && provider_.count(what.event) > before;
    return show(what.kind, said, since(began)) && good;
  }

  // Signs out, and asks again: with the token that is void now, and with the login that is gone.
  bool add_sign_out(std::string_view kind) {
    auto const began = std::chrono::steady_clock::now();
    auto const& world = cs::system_context;
    auto const out =
        cs::run(cs::oauth::sign_out<cs::memory_store>(store_, key(), {}, world, world.now()), http_);
    auto const said = send_again(sent_);
    auto const took = since(began);
    bool const void_token = said == "401";
    bool const gone = out && *out && ask({}) == "sign-in needed";
    return show(kind, said, took) && void_token && gone;
  }

  void let_token_end() {
    auto const held = store_.load(key());
    auto const left = held ? held->expires.ms - cs::system_context.now().wall.ms : 0;
    std::this_thread::sleep_for(std::min(std::chrono::milliseconds(left), token_lifetime));
  }

private:
  [[nodiscard]] cs::login_key key() const { return {{}, url_}; }

  // By a login of the store, or a new one.
  std::string ask(wanted const& what) {
    cs::mcp::sign_in_settings usual;
    usual.keys = cs::openssl_proof_keys;
    usual.interactive = what.person;
    auto settings = cs::mcp::sign_in_settings_of(server_, cs::system_context, std::move(usual));
    if (!settings) return std::string(settings.error().message());
    auto auth =
        cs::mcp::open(server_, store_, std::move(*settings), cs::system_context, cs::mcp::config_owner::user);
    if (!auth) return std::string(auth.error().message());
    auto const params = cs::json_document::parse(
        cs::secret(R"({"name":")", what.tool, R"(","arguments":{"text":"buy bread"}})"));
    auto const request =
        what.tool.empty() ? cs::mcp::without_session::call(url_, 1, "tools/list", {}, ourselves)
                          : cs::mcp::without_session::call(url_, 1, "tools/call", params->root(), ourselves);
    if (!request) return std::string(request.error().message());

    demo_browser browser;
    cs::oauth::terminal_person person([&](std::string_view line) { browser.hear(line); },
                                      {.open_browser = false, .input = -1, .patience = cs::seconds(10)});
    auto answer = cs::send(
        *auth, *request,
        [this](cs::request const& each) {
          if (each.url() == url_ && each.get("Authorization")) sent_ = each;
          return http_(each);
        },
        person);
    if (answer) return words_of(std::move(*answer));
    return answer.error().code() == cs::errc::needs_person ? "sign-in needed"
                                                           : std::string(answer.error().message());
  }

  std::string send_again(cs::request const& request) {
    auto answer = http_(request);
    return answer ? words_of(std::move(*answer)) : std::string(answer.error().message());
  }

  // The row, and whether the same request with one byte of its token flipped is refused.
  bool show(std::string_view kind, std::string const& said, std::string const& took) {
    std::string credential;
    for (std::string_view const name : {"Authorization", "DPoP"})
      if (auto const value = sent_.get(name))
        credential += (credential.empty() ? "" : ", ") + std::string(name) + ": " + redacted(name, *value);
    auto other = sent_;
    std::string token(sent_.get("Authorization").value_or(" "));
    // In the middle: the last letter of base64url may hold bits that say nothing.
    auto& byte = token[token.size() - 8];
    byte = byte == '0' ? '1' : '0';
    other.set("Authorization", token);
    auto const refused = send_again(other);
    shown_.add({std::string(server_.name()), std::string(kind), credential, said, took, refused});
    return refused == "401";
  }

  table& shown_;
  provider::authorization_server& provider_;
  cs::mcp::server server_;
  std::string url_;
  cs::memory_store store_;
  cs::curl_transport http_;
  cs::request sent_;  // the last one to the MCP server that carried a token
};

}  // namespace

std::unique_ptr<provider::authorization_server> start_provider(std::function<void(std::string_view)> log) {
  provider::settings how;
  how.access_lifetime = token_lifetime;
  how.dpop = "accepted";
  auto made = std::make_unique<provider::authorization_server>(how, std::move(log));
  if (made->issuer().empty()) return nullptr;
  std::random_device source;
  std::string secret = "robot-";
  for (int i = 0; i < 24; ++i) secret += "0123456789abcdef"[source() % 16];
  made->control("control/client",
                R"({"client_id":"demo-robot","grant_types":["client_credentials"],"client_secret":")" +
                    secret + "\"}");
  ::setenv("DEMO_ROBOT_SECRET", secret.c_str(), 1);
  ::setenv("DEMO_OAUTH_PORT", std::to_string(made->mcp_port()).c_str(), 1);
  return made;
}

bool add_login_rows(table& shown, cs::mcp::config const& config, provider::authorization_server& provider) {
  bool good = true;
  auto const rows_of = [&](std::string_view name, auto const& fill) {
    auto const server = config.find(name);
    if (!server) return void((report(server.error()), good = false));
    login_rows rows(shown, provider, *server);
    fill(rows);
  };
  constexpr std::string_view tools = "200, tools: read_note write_note";
  rows_of("oauth", [&](login_rows& rows) {
    good &= rows.add({"OAuth: signed in", "", tools, "code_issued", true});
    rows.let_token_end();
    good &= rows.add({"OAuth: expired, renewed", "read_note", "200, buy milk", "refreshed"});
    good &= rows.add({"OAuth: more scope", "write_note", "200, written", "code_issued", true});
    good &= rows.add_sign_out("OAuth: signed out");
  });
  rows_of("oauth-dpop", [&](login_rows& rows) {
    good &= rows.add({"OAuth: bound to a key", "", tools, "token_issued authorization_code", true});
  });
  rows_of("oauth-robot", [&](login_rows& rows) {
    good &= rows.add({"OAuth: no person", "", tools, "token_issued client_credentials"});
  });
  return good;
}

}  // namespace program
