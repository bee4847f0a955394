// expect: countersign: send() needs a transport
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>

int main() {
  cs::authenticator api{token_server(), cs::bearer{}, cs::only{"https://api.example.com"}};
  cs::request request("GET", "https://api.example.com/");
#ifdef TWIN
  auto http = [](cs::request const&) -> cs::result<cs::response> { return cs::response(200); };
  return cs::send(api, request, http) ? 0 : 1;
#else
  return cs::send(api, request) ? 0 : 1;
#endif
}
