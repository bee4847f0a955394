#include "demo_answers.hpp"

namespace cs = countersign;

namespace program {

bool knows(std::string_view method) {
  return method == "initialize" || method == "tools/list" || method == "tools/call" || method == "ping";
}

void write_result(cs::json_writer& out, std::string_view method, std::string_view name, bool stateless) {
  out.open_object();
  if (method == "initialize") {
    out.member("protocolVersion", "2025-11-25")
        .name("capabilities")
        .open_object()
        .name("tools")
        .open_object()
        .close()
        .close();
    out.name("serverInfo").open_object().member("name", name).member("version", "1").close();
  } else if (method == "tools/list") {
    out.name("tools")
        .open_array()
        .open_object()
        .member("name", name)
        .name("inputSchema")
        .open_object()
        .member("type", "object")
        .close()
        .close()
        .close();
  } else if (method == "tools/call") {
    out.name("content")
        .open_array()
        .open_object()
        .member("type", "text")
        .member("text", "called")
        .close()
        .close()
        .member("isError", false);
  }
  if (stateless) out.member("resultType", "complete");
  out.close();
}

}  // namespace program
