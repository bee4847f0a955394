// A stdio MCP server with two tools, whose credentials come from its environment: DATABASE_URL, DB_USER and
// DB_PASSWORD say where its database is and who logs in. The database is anything that answers GET over http
// with Basic authentication; the notes themselves are kept in memory.
//
//     countersign exec notes     for "notes": {"command": "notes_server", "env": {"DB_USER": "${DB_USER}", …}}

#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <httplib.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;

namespace {

enum : int {
  parse_error = -32700,
  invalid_request = -32600,
  no_method = -32601,
  bad_params = -32602,
  no_login = -32001
};

std::string variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Logs in, by an HTTP client that is not the toolkit's. Empty where that went well, else why not.
std::string log_in() {
  auto const url = variable("DATABASE_URL");
  auto const scheme = url.find("://");
  if (scheme == std::string::npos) return "DATABASE_URL names no database";
  auto const path = url.find('/', scheme + 3);
  httplib::Client database(url.substr(0, path));
  database.set_basic_auth(variable("DB_USER").c_str(), variable("DB_PASSWORD").c_str());
  auto const answer = database.Get(path == std::string::npos ? "/" : url.substr(path).c_str());
  if (!answer) return "the database is not there";
  return answer->status == 200 ? "" : "the database answered " + std::to_string(answer->status);
}

constexpr std::string_view tools =
    R"([{"name":"add_note","description":"Keeps a note.",)"
    R"("inputSchema":{"type":"object","properties":{"text":{"type":"string"}},"required":["text"]}},)"
    R"({"name":"find_notes","description":"Finds the notes that hold a text; all, where none is given.",)"
    R"("inputSchema":{"type":"object","properties":{"text":{"type":"string"}}}}])";

class notes_server {
public:
  // The answer to one message, a line of JSON; empty where none is due.
  std::string answer(std::string line) {
    auto const message = cs::json_document::parse(cs::secret(line));
    cs::secret text;
    cs::json_writer out(text);
    out.open_object().member("jsonrpc", "2.0").name("id");
    if (!message || !message->root().is_object()) {
      out.null();
      fail(out, message ? invalid_request : parse_error, "the message is no JSON-RPC request");
    } else {
      auto const id = (*message)["id"];
      if (!id) return "";  // a notification
      out.value(id);
      respond(out, (*message)["method"].string(), (*message)["params"]);
    }
    out.close();
    return out.finish() ? std::string(text.reveal()) : "";
  }

private:
  static void fail(cs::json_writer& out, int code, std::string_view why) {
    out.name("error").open_object().member("code", code).member("message", why).close();
  }

  void respond(cs::json_writer& out, std::string_view method, cs::json_value params) {
    if (method == "initialize") {
      out.name("result").open_object().member("protocolVersion", "2025-11-25");
      out.name("capabilities").open_object().name("tools").open_object().close().close();
      out.name("serverInfo").open_object().member("name", "notes").member("version", "1").close().close();
    } else if (method == "ping") {
      out.name("result").open_object().close();
    } else if (method != "tools/list" && method != "tools/call") {
      fail(out, no_method, "there is no such method");
    } else if (auto const why = log_in(); !why.empty()) {
      fail(out, no_login, why);
    } else if (method == "tools/list") {
      out.name("result").open_object().name("tools").raw(tools).close();
    } else {
      call(out, params["name"].string(), params["arguments"]["text"]);
    }
  }

  void call(cs::json_writer& out, std::string_view tool, cs::json_value text) {
    if (tool != "add_note" && tool != "find_notes") return fail(out, bad_params, "there is no such tool");
    bool const adds = tool == "add_note";
    bool const good = text.is_string() || (!adds && !text);
    out.name("result").open_object().name("content").open_array();
    auto const say = [&](std::string_view line) {
      out.open_object().member("type", "text").member("text", line).close();
    };
    if (!good) {
      say("text: a string is wanted");
    } else if (adds) {
      notes_.emplace_back(text.string());
      say("kept; there are " + std::to_string(notes_.size()));
    } else {
      for (auto const& note : notes_)
        if (note.find(text.string()) != std::string::npos) say(note);
    }
    out.close().member("isError", !good).close();
  }

  std::vector<std::string> notes_;
};

}  // namespace

int main() {
  notes_server notes;
  for (std::string line; std::getline(std::cin, line);)
    if (auto const answer = notes.answer(line); !answer.empty()) std::cout << answer << std::endl;
}
