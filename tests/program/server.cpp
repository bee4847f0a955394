// A server for the tests of the program: `server LOG`. Prints its port, writes every request to LOG as it
// came, and ends when its standard input does. What it answers depends on the path.

#include <httplib.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

namespace {

constexpr char const* json = "application/json";

// The text behind "NAME": in a body that the program wrote, a string or a number.
std::string member(std::string const& body, std::string const& name) {
  auto at = body.find("\"" + name + "\":");
  if (at == std::string::npos) return "null";
  at += name.size() + 3;
  return body.substr(at,
                     body[at] == '"' ? body.find('"', at + 1) + 1 - at : body.find_first_of(",}", at) - at);
}

std::string message(std::string const& id, std::string const& rest) {
  return "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + rest + "}";
}

// By the path of a request: the answer to anything but `initialize`.
void answer(std::string const& path, httplib::Request const& asked, httplib::Response& to) {
  auto const id = member(asked.body, "id");
  if (path == "/mcp" || path == "/fresh")
    return to.set_content(message(id, "\"result\":{ \"echo\" : " + member(asked.body, "method") + " }"),
                          json);
  if (path == "/stream")
    return to.set_content("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\ndata: " +
                              message(id, "\"result\":{\"streamed\":true}") + "\n\n",
                          "text/event-stream");
  if (path == "/iserror")
    return to.set_content(message(id, R"("result":{"content":[],"isError":true})"), json);
  if (path == "/error")
    return to.set_content(message(id, R"("error":{"code":-32602,"message":"you sent )" +
                                          asked.get_header_value("Authorization") + R"("})"),
                          json);
  if (path == "/garbage") return to.set_content("{\"jsonrpc\":", json);
  if (path == "/html") return to.set_content("<html>", "text/html");
  if (path == "/big") return to.set_content(std::string(3 << 20, 'x'), json);
  if (path == "/hangup")
    return to.set_content_provider(100, json,
                                   [](std::size_t, std::size_t, httplib::DataSink&) { return false; });
  to.status = 404;
}

// Refusals, by the path: what servers say, each in its way. Those that repeat what they were sent try to be shown.
bool refuse(httplib::Request const& asked, httplib::Response& to) {
  auto const sent = asked.get_header_value("Authorization");
  auto const token = sent.substr(sent.find(' ') + 1), piece = token.substr(token.size() / 4);
  struct {
    char const* path;
    int status;
    std::string challenge, body;
  } const table[] = {
      {"/rejects", 401, "Bearer realm=\"api\", error=\"invalid_token\"", "no"},
      {"/expired", 401, "Bearer error=\"invalid_token\", error_description=\"The access token expired\"", ""},
      {"/basic", 401, "Basic realm=\"api\"", ""},
      {"/digest", 401, "Digest realm=\"api\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256", ""},
      {"/sha1", 401, "Digest realm=\"api\", nonce=\"n\", qop=\"auth\", algorithm=SHA-1", ""},
      {"/permission", 401, "Bearer", "{\"error\":\"this token lacks the permission items.write\"}"},
      {"/scope", 403, "Bearer error=\"insufficient_scope\", scope=\"items:read items:write\"", ""},
      {"/workspace", 403, "", "{\"error\":\"unknown workspace\"}"},
      {"/admin", 403, "", "{\"error\":\"an admin has to approve this app first\"}"},
      {"/page", 200, "", "<html>"},
      {"/late", 401, "Bearer error=\"invalid_token\"", ""},
      {"/lacks", 403, "", "{\"error\":\"forbidden\"}"},
      {"/repeats", 403,
       "Bearer error=\"insufficient_scope\", scope=\"read " + token + " " + piece + "\", realm=\"" + token +
           "\"",
       "scope " + sent},
  };
  for (auto const& row : table) {
    if (asked.path != row.path) continue;
    to.status = row.status;
    if (asked.path == "/late") to.set_header("Date", "Mon, 01 Jan 2001 00:00:00 GMT");
    if (!row.challenge.empty()) to.set_header("WWW-Authenticate", row.challenge);
    to.set_content(row.body, json);
    return true;
  }
  // These take what begins with a scheme, and a new token.
  if ((asked.path != "/scheme" || sent.starts_with("Bearer ")) &&
      (asked.path != "/fresh" || sent.ends_with("-2")))
    return false;
  to.status = 401;
  to.set_header("WWW-Authenticate", "Bearer realm=\"api\"");
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ofstream log(argv[1], std::ios::app);  // tests empty it now and then
  std::mutex lock;
  httplib::Server server;
  auto const handle = [&](httplib::Request const& asked, httplib::Response& to) {
    {
      std::lock_guard const guard(lock);
      log << asked.method << " " << asked.path << "\n";
      for (auto const& [name, value] : asked.headers)
        if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" && name != "LOCAL_PORT")
          log << name << ": " << value << "\n";
      log << "\n" << asked.body << "\n\n" << std::flush;
    }
    auto const status = [&](char const* path, int code) {
      return asked.path == path && (to.status = code) > 0;
    };
    if (status("/refuse", 401) || status("/forbid", 403) || status("/broken", 500))
      return to.set_content("you sent " + asked.get_header_value("Authorization"), "text/plain");
    if (refuse(asked, to)) return;
    if (status("/moved", 307))
      return to.set_header("Location", "http://127.0.0.1:" + asked.get_header_value("X-Other") + "/mcp");
    if (asked.method == "DELETE") return void(to.status = 204);
    auto const method = member(asked.body, "method");
    if (method == "\"notifications/initialized\"") return void(to.status = 202);
    if (method != "\"initialize\"") return answer(asked.path, asked, to);
    to.set_header("Mcp-Session-Id", "s-1");
    to.set_content(
        message(member(asked.body, "id"), R"("result":{"protocolVersion":"2025-06-18","capabilities":{}})"),
        json);
  };
  // What asks for a WebSocket.
  server.Get("/(refuse|forbid|upgrade)", [](httplib::Request const& asked, httplib::Response& to) {
    to.status = asked.path == "/refuse" ? 401 : asked.path == "/forbid" ? 403 : 200;
  });
  server.Get("/database", [](httplib::Request const& asked, httplib::Response& to) {
    auto const wanted = httplib::make_basic_authentication_header("notes", "db-canary-51f2").second;
    to.status = asked.get_header_value("Authorization") == wanted ? 200 : 401;
  });
  server.Get("/events", [](httplib::Request const&, httplib::Response& to) {
    to.set_chunked_content_provider("text/event-stream", [](std::size_t, httplib::DataSink& out) {
      std::this_thread::sleep_for(
          std::chrono::milliseconds(20));  // a stream that goes on as long as somebody listens
      return out.write(": here\n\n", 8);
    });
  });
  server.Get("/socket", [](httplib::Request const& asked, httplib::Response& to) {
    to.status = asked.get_header_value("Upgrade") == "websocket" ? 101 : 400;
    to.set_header("Upgrade", "websocket");
  });
  server.Get("/.*", handle);
  server.Post("/.*", handle);
  server.Delete("/.*", handle);
  server.set_tcp_nodelay(true);
  int const port = server.bind_to_any_port("127.0.0.1");
  if (port <= 0) return 1;
  std::thread serving([&] { server.listen_after_bind(); });
  std::cout << port << std::endl;
  while (std::cin.get() != std::char_traits<char>::eof()) continue;
  while (!server.is_running()) std::this_thread::yield();
  server.stop();
  serving.join();
  return 0;
}
