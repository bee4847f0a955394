#include "demo_stdio.hpp"

#include "options.hpp"

#include <httplib.h>

#include <cstdlib>
#include <iostream>
#include <string>

namespace program {

namespace {

std::string variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The status of a login, by an HTTP client that is not the toolkit's; 0: the database is not there.
int log_in() {
  auto const url = variable("DATABASE_URL");
  auto const path = url.find('/', url.find("://") + 3);
  if (path == std::string::npos) return 0;
  httplib::Client database(url.substr(0, path));
  database.set_basic_auth(variable("DB_USER").c_str(), variable("DB_PASSWORD").c_str());
  auto const answer = database.Get(url.substr(path).c_str());
  return answer ? answer->status : 0;
}

// Enough of a reader for what our own client writes: the text behind "NAME":, up to a comma, quote or
// brace.
std::string member(std::string const& line, std::string const& name) {
  auto at = line.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  at += name.size() + 3;
  if (line[at] == '"') ++at;
  return line.substr(at, line.find_first_of(",\"}", at) - at);
}

std::string answer_to(std::string const& method) {
  if (method == "initialize")
    return R"("result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},)"
           R"("serverInfo":{"name":"environment","version":"1"}})";
  if (method != "tools/list") return R"("error":{"code":-32601,"message":"there is no such method"})";
  auto const status = log_in();
  if (status == 200) return R"("result":{"tools":[{"name":"environment","inputSchema":{"type":"object"}}]})";
  return R"("error":{"code":-32001,"message":"the database answered )" + std::to_string(status) + "\"}";
}

}  // namespace

int serve_stdio() {
  for (std::string line; std::getline(std::cin, line);) {
    auto const id = member(line, "id");
    if (id.empty()) continue;
    std::cout << R"({"jsonrpc":"2.0","id":)" << id << "," << answer_to(member(line, "method")) << "}"
              << std::endl;
  }
  return done;
}

}  // namespace program
