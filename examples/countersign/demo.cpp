// `demo`: servers on loopback that check every kind of credential, the config `examples/mcp.json`, and one
// table. Each row is asked once with the right credential and once for each of its secrets with one byte of
// it flipped.

#include "commands.hpp"
#include "connection.hpp"
#include "demo_logins.hpp"
#include "demo_server.hpp"
#include "demo_signatures.hpp"
#include "demo_ws_server.hpp"
#include "found_config.hpp"
#include "output.hpp"
#include "stdio_client.hpp"
#include "table.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;

namespace program {

namespace {

struct row {
  std::string_view server, kind;
  std::vector<std::string> secrets;  // variables
};

std::vector<row> const rows = {
    {"bearer", "bearer token", {"DEMO_TOKEN"}},
    {"api-key", "API key pair", {"DEMO_API_KEY", "DEMO_API_SECRET"}},
    {"custom", "custom headers", {"DEMO_AUTH_TOKEN", "DEMO_USER_ID", "DEMO_TENANT_ID"}},
    {"basic", "Basic", {"DEMO_USER", "DEMO_PASSWORD"}},
    {"digest", "Digest", {"DEMO_DIGEST_USER", "DEMO_DIGEST_PASSWORD"}},
    {"helper", "helper script", {"DEMO_HELPER_TOKEN"}},
    {"hmac", "HMAC of the time", {"DEMO_SIGNING_ID", "DEMO_SIGNING_KEY"}},
    {"hmac-body", "HMAC of the request", {"DEMO_SIGNING_KEY"}},
    {"jwt", "minted JWT", {"DEMO_JWT_KEY"}},
    {"message-signature", "RFC 9421, shared key", {"DEMO_MESSAGE_ID", "DEMO_MESSAGE_KEY"}},
    {"message-signature-key", "RFC 9421, Ed25519", {"DEMO_PUBLIC_ID"}},
    {"dotenv", "token in a .env", {"DEMO_DOTENV_TOKEN"}},
    {"tenant-header", "tenant in a header", {"DEMO_TOKEN", "DEMO_WORKSPACE"}},
    {"tenant-url", "tenant in the URL", {"DEMO_TENANT"}},
    {"websocket", "bearer token (ws)", {"DEMO_TOKEN"}},
    {"environment", "environment (stdio)", {"DEMO_DB_USER", "DEMO_DB_PASSWORD"}},
};

std::string random_text(std::string prefix) {
  static std::random_device source;
  for (int i = 0; i < 24; ++i) prefix += "0123456789abcdef"[source() % 16];
  return prefix;
}

// Sets a variable of the config to a new secret, which the server is told too.
std::string set_new(char const* name, std::string const& prefix) {
  auto const value = random_text(prefix);
  ::setenv(name, value.c_str(), 1);
  return value;
}

// A dotenv file with a new secret, as long as this lives.
class dotenv_file {
public:
  dotenv_file()
      : path_(std::filesystem::temp_directory_path() / random_text("countersign-demo-")),
        token_(random_text("env-")) {
    std::ofstream file(path_);
    file << "# what a user's .env would say\nexport DEMO_DOTENV_TOKEN='" << token_ << "'\n";
    ::setenv("DEMO_ENV_FILE", path_.c_str(), 1);
  }
  ~dotenv_file() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  dotenv_file(dotenv_file const&) = delete;
  [[nodiscard]] std::string const& token() const { return token_; }

private:
  std::filesystem::path path_;
  std::string token_;
};

demo_credentials new_credentials(dotenv_file const& file) {
  return {.token = set_new("DEMO_TOKEN", "tok-"),
          .api_key = set_new("DEMO_API_KEY", "key-"),
          .api_secret = set_new("DEMO_API_SECRET", "sec-"),
          .auth_token = set_new("DEMO_AUTH_TOKEN", "auth-"),
          .user_id = set_new("DEMO_USER_ID", "user-"),
          .tenant_id = set_new("DEMO_TENANT_ID", "tenant-"),
          .user = set_new("DEMO_USER", "alice-"),
          .password = set_new("DEMO_PASSWORD", "correct:horse-"),
          .workspace = set_new("DEMO_WORKSPACE", "ws-"),
          .tenant = set_new("DEMO_TENANT", "acme-"),
          .database_user = set_new("DEMO_DB_USER", "db-"),
          .database_password = set_new("DEMO_DB_PASSWORD", "pw-"),
          .helper_token = set_new("DEMO_HELPER_TOKEN", "helped-"),
          .signing_id = set_new("DEMO_SIGNING_ID", "signer-"),
          .signing_key = set_new("DEMO_SIGNING_KEY", "signing-"),
          .jwt_key = set_new("DEMO_JWT_KEY", "minting-key-"),
          .message_id = set_new("DEMO_MESSAGE_ID", "signer-"),
          .message_key = set_new("DEMO_MESSAGE_KEY", "signing-"),
          .public_id = set_new("DEMO_PUBLIC_ID", "signer-"),
          .public_key = set_new_ed25519("DEMO_PRIVATE_KEY"),
          .dotenv_token = file.token(),
          .digest_user = set_new("DEMO_DIGEST_USER", "carol-"),
          .digest_password = set_new("DEMO_DIGEST_PASSWORD", "open:sesame-")};
}

// One byte of a variable, changed as long as this lives. What a dotenv file says gives way to the environment.
class flipped {
public:
  flipped(std::string name, dotenv_file const& file) : name_(std::move(name)) {
    auto const* const value = std::getenv(name_.c_str());
    if (value != nullptr) value_ = value;
    auto other = value_.value_or(file.token());
    other.back() = other.back() == '0' ? '1' : '0';
    ::setenv(name_.c_str(), other.c_str(), 1);
  }
  ~flipped() {
    if (value_) ::setenv(name_.c_str(), value_->c_str(), 1);
    else ::unsetenv(name_.c_str());
  }
  flipped(flipped const&) = delete;

private:
  std::string name_;
  std::optional<std::string> value_;
};

struct heard {
  bool accepted = false;
  bool refused = false;  // by a 401
  std::string words;
  std::string carried = {};  // the headers of its requests, redacted
};

// A reply to tools/list, or why there is none.
heard judge(cs::result<cs::mcp::reply> const& reply, int status) {
  if (!reply)
    return {false, status == 401,
            status == 0 ? std::string(reply.error().message()) : std::to_string(status)};
  if (auto const refused = reply->error()) {
    // A stdio server has no status: it says what its database answered.
    auto const said = refused["message"].string();
    return {false, said.ends_with(" 401"), std::string(said)};
  }
  std::string words = status == 0 ? "tools:" : std::to_string(status) + ", tools:";
  for (auto const tool : reply->result()["tools"].elements())
    words += " " + std::string(tool["name"].string());
  return {reply->result()["tools"].size() > 0, false, words};
}

std::string redacted_environment(cs::mcp::server const& server) {
  std::string all;
  for (auto const [name, value] : server.env().members())
    if (value.string().starts_with("${"))
      all += (all.empty() ? "" : ", ") + std::string(name.string()) + "=***";
  return all;
}
// A header that was another one in each request is shown once.
std::string redacted_fields(cs::header_list const& fields) {
  std::string all;
  std::set<std::string, std::less<>> seen;
  fields.each([&](std::string_view name, std::string_view value) {
    if (seen.emplace(name).second) all += (all.empty() ? "" : ", ") + std::string(name) + ": " + redacted(name, value);
  });
  return all.empty() ? "none; host ***.localhost" : all;
}

heard ask(cs::mcp::server const& server) {
  if (server.is_stdio()) {
    auto got = judge(call_over_stdio(server, "tools/list", {}, cs::system_context), 0);
    got.carried = redacted_environment(server);
    return got;
  }
  auto with = connection::open(server, cs::system_context, cs::mcp::config_owner::user);
  if (!with) return {false, false, std::string(with.error().message()), "none"};
  auto speaker = with->speaker();
  auto const reply = speaker.call_in_session("tools/list", {});
  auto got = judge(reply, speaker.status());
  got.carried = redacted_fields(with->fields());
  return got;
}

std::string in_milliseconds(std::chrono::steady_clock::duration took) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", std::chrono::duration<double, std::milli>(took).count());
  return text;
}

// "401" if all were refused so, else what each answered.
std::string ask_flipped(row const& asked, cs::mcp::server const& server, dotenv_file const& file,
                        bool& good) {
  std::string words;
  for (auto const& secret : asked.secrets) {
    flipped const change(secret, file);
    auto const got = ask(server);
    good = good && got.refused;
    words += (words.empty() ? "" : ", ") + (got.refused ? std::string("401") : got.words);
  }
  return words;
}

}  // namespace

int demo() {
  dotenv_file const file;
  auto const wanted = new_credentials(file);
  auto const log = [](std::string_view line) { say("demo server: " + std::string(line)); };
  demo_server const server(wanted, log);
  demo_ws_server const sockets(wanted, log);
  auto const provider = start_provider([](std::string_view line) {
    bool const plain = line.find(R"("event":"request")") != std::string_view::npos;
    if (!plain) say("demo provider: " + std::string(line));
  });
  if (server.port() == 0 || sockets.port() == 0 || !provider)
    return report(cs::error{cs::errc::fatal, "demo: no port of 127.0.0.1 is to be had"});
  ::setenv("DEMO_PORT", std::to_string(server.port()).c_str(), 1);
  ::setenv("DEMO_WS_PORT", std::to_string(sockets.port()).c_str(), 1);
  ::setenv("DEMO_NOTES_SERVER", COUNTERSIGN_NOTES_SERVER, 1);
  // A proxy between us and loopback would see it all and know none of these names.
  ::setenv("no_proxy", "127.0.0.1,.localhost", 1);
  ::setenv("NO_PROXY", "127.0.0.1,.localhost", 1);

  options own;
  own.config = COUNTERSIGN_DEMO_CONFIG;
  auto const found = find_config(own);
  if (!found) return report(found.error());

  bool good = true;
  table shown({"server", "kind", "headers", "answered", "time", "one byte flipped"});
  for (auto const& each : rows) {
    auto const server_of = found->config.find(each.server);
    if (!server_of) return report(server_of.error());
    auto const before = std::chrono::steady_clock::now();
    auto const got = ask(*server_of);
    auto const took = std::chrono::steady_clock::now() - before;
    good = good && got.accepted;
    auto const others = ask_flipped(each, *server_of, file, good);
    shown.add({std::string(each.server), std::string(each.kind), got.carried, got.words,
               in_milliseconds(took), others});
  }
  good = add_login_rows(shown, found->config, *provider) && good;
  auto const code = print(shown.text());
  if (!good)
    say("demo: a row is not as it should be: each must be answered with its tools, and by 401 once a byte is "
        "flipped");
  return code == done && !good ? failed : code;
}

}  // namespace program
