#include "bridge_message.hpp"

#include <countersign/mcp/wire.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <algorithm>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

constexpr std::string_view version_in_meta = "io.modelcontextprotocol/protocolVersion";

std::string written(cs::json_value value) {
  cs::secret text;
  cs::json_writer out(text);
  out.value(value);
  return out.finish() ? std::string(text.reveal()) : std::string();
}

bool is_id(cs::json_value id) { return id.is_string() || id.is_number(); }

cs::error no_message(std::string_view why) { return cs::error{cs::errc::fatal, why}; }

cs::result<void> take(cs::json_value one, rpc_message& into) {
  if (!one.is_object()) return no_message("a JSON-RPC message is an object");
  auto const id = one["id"];
  if (one["method"].is_string()) {
    if (id && !is_id(id)) return no_message("the id of a request is a string or a number");
    if (id) into.asks.push_back(written(id));
    return {};
  }
  if (!one["result"] && !one["error"].is_object()) return no_message("neither a request nor a response");
  if (is_id(id)) into.answers.push_back(written(id));
  return {};
}

// Line ends stand between values only: within a string they are escaped (RFC 8259 §7).
void put_on_one_line(cs::secret& text) {
  std::replace_if(
      text.data(), text.data() + text.size(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
}

std::string one_error(std::string_view id, auto&& write) {
  cs::secret text;
  cs::json_writer out(text);
  out.open_object().member("jsonrpc", "2.0").name("id").raw(id.empty() ? "null" : id).name("error");
  write(out);
  out.close();
  if (auto ok = out.finish(); !ok)
    return R"({"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"out of memory"}})";
  return std::string(text.reveal());
}

}  // namespace

cs::result<rpc_message> read_message(cs::secret text) {
  // Whoever passes texts on must not be stricter than those who write them.
  cs::json_limits const limits{.size = max_message, .nodes = max_message / 2 + 1, .nul_in_strings = true};
  auto const document = cs::json_document::parse(text, limits);
  if (!document) return document.error();
  auto const root = document->root();
  rpc_message made;
  if (root.is_array()) {
    if (root.size() == 0) return no_message("an empty batch");
    for (auto const one : root.elements())
      if (auto ok = take(one, made); !ok) return ok.error();
  } else {
    if (auto ok = take(root, made); !ok) return ok.error();
    auto const params = root["params"];
    made.method = root["method"].string();
    made.revision = params["_meta"][version_in_meta].string(root["result"]["protocolVersion"].string());
    made.name = cs::mcp::without_session::named_in(made.method, params);
    if (made.is("notifications/cancelled") && is_id(params["requestId"]))
      made.cancels = written(params["requestId"]);
  }
  put_on_one_line(text);
  if (!text.ok()) return cs::error{cs::errc::no_memory, "out of memory"};
  made.line = std::move(text);
  return made;
}

std::string error_line(std::string_view id, int code, std::string_view message, std::string_view command) {
  return one_error(id, [&](cs::json_writer& out) {
    out.open_object().member("code", code).member("message", message);
    if (!command.empty()) out.name("data").open_object().member("command", command).close();
    out.close();
  });
}

std::string error_line(std::string_view id, cs::json_value error) {
  return one_error(id, [&](cs::json_writer& out) { out.value(error); });
}

}  // namespace program
