#include "kinds.hpp"

#include <countersign/core/field.hpp>

#include <algorithm>

namespace cs = countersign;

namespace program {

std::vector<std::string> kinds_of(cs::mcp::server const& server) {
  bool bearer = false, basic = false, header = false;
  for (auto const [name, value] : server.headers().members()) {
    auto const scheme = value.string().substr(0, value.string().find(' '));
    bool const authorization = cs::equal_without_case(name.string(), "Authorization");
    if (authorization && cs::equal_without_case(scheme, "Bearer")) bearer = true;
    else if (authorization && cs::equal_without_case(scheme, "Basic")) basic = true;
    else header = true;
  }
  std::vector<std::string> types;
  server.each_auth([&](cs::json_value one) { types.emplace_back(one["type"].string()); });
  auto const has = [&](std::string_view type) {
    return std::find(types.begin(), types.end(), type) != types.end();
  };

  std::vector<std::string> kinds;
  auto const add = [&](bool applies, std::string_view kind) {
    if (applies && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.emplace_back(kind);
  };
  add(bearer, "bearer");
  add(basic || has("basic"), "basic");
  add(header, "header");
  add(bool(server.headers_command()), "helper");
  add(has("hmac"), "hmac");
  add(has("jwt"), "jwt");
  for (auto const& type : types) add(true, type);
  add(bool(server.tls()["cert"]), "mtls");
  add(bool(server.oauth()), "oauth");
  add(server.is_stdio() && (server.env().size() > 0 || !server.env_file().empty()), "env");
  return kinds;
}

}  // namespace program
