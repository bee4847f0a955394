#include "signing_in.hpp"

#include "output.hpp"

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/adapt/openssl_key_reader.hpp>
#include <countersign/adapt/openssl_proof_keys.hpp>
#include <countersign/drive/prepare.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/mcp/templates.hpp>

#include <utility>

namespace cs = countersign;

namespace program {

namespace {

cs::result<cs::any_signer> key_of_pem(std::string_view text) {
  auto key = cs::openssl_key::from_pem(text, {});
  if (!key) return key.error();
  cs::any_signer made(std::move(*key));
  if (!made) return cs::error{cs::errc::no_memory, "openssl_key: out of memory"};
  return made;
}

// One word of a line for the shell, whoever wrote it.
std::string word(std::string_view text) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!text.empty() && text.find_first_not_of(harmless) == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (char const c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

cs::result<cs::mcp::sign_in_settings> login_settings(cs::mcp::server const& server,
                                                     cs::context const& outside) {
  cs::mcp::sign_in_settings usual;
  usual.client_name = "countersign";
  usual.keys = cs::openssl_proof_keys;
  return cs::mcp::sign_in_settings_of(server, outside, std::move(usual), key_of_pem);
}

cs::result<std::string> redirect_host(cs::mcp::server const& server, cs::context const& outside) {
  cs::mcp::server_environment variables(outside);
  if (auto ok = variables.load(server); !ok) return ok.error();
  auto const host = cs::mcp::expand_strictly(server.oauth()["redirectHost"].string(), variables.outside());
  if (!host) return cs::mcp::about_server(host.error(), server.name(), "oauth.redirectHost");
  auto const text = host->reveal();
  if (!text.empty() && text != "127.0.0.1" && text != "localhost" && text != "[::1]")
    return cs::mcp::about_server(
        cs::error(cs::errc::bad_input, "expected 127.0.0.1, localhost or [::1], found ", text), server.name(),
        "oauth.redirectHost");
  return std::string(text);
}

cs::result<server_auth> open_server(cs::mcp::server const& server, login_store& store,
                                    cs::context const& outside, cs::mcp::config_owner owner) {
  auto settings = login_settings(server, outside);
  if (!settings) return settings.error();
  return cs::mcp::open(server, store, std::move(*settings), outside, owner, cs::openssl_key_reader);
}

bool wants_login(cs::mcp::server const& server) { return bool(server.oauth()); }

std::string login_line(options const& asked, std::string_view server, std::string_view scope) {
  auto line = "countersign login " + (asked.names_url() ? "--url " + word(asked.url) : word(server));
  for (auto const& [flag, file] :
       {std::pair(" --cert ", &asked.cert), {" --key ", &asked.key}, {" --cacert ", &asked.cacert}})
    if (!file->empty()) line += flag + word(*file);
  if (!scope.empty()) line += " --scope " + word(scope);
  if (!asked.config.empty()) line += " --config " + word(asked.config);
  if (!asked.env_file.empty()) line += " --env-file " + word(asked.env_file);
  return line;
}

int ask_to_sign_in(options const& asked, cs::mcp::server const& server, std::string_view why,
                   std::string_view scope) {
  say("server \"" + std::string(server.name()) + "\" " + std::string(why) +
      "; to sign in: " + login_line(asked, server.name(), scope));
  return sign_in_needed;
}

cs::result<cs::response> send_by(server_auth& auth, cs::request const& request, transport const& http,
                                 cs::response* refused) {
  return cs::send(auth, request, http, cs::nobody(), refused);
}

cs::result<void> prepare_by(server_auth& auth, cs::request& request, transport const& http) {
  return cs::prepare(auth, request, http);
}

}  // namespace program
