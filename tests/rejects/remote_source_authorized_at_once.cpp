// expect: countersign: this source has to ask a server for its credential, so authorize() cannot serve it
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

#ifdef TWIN
#define SOURCE cs::env{"TOKEN"}
#else
#define SOURCE token_server()
#endif

int main() {
  cs::authenticator api{SOURCE, cs::bearer{}, cs::only{"https://api.example.com"}};
  cs::request request("GET", "https://api.example.com/");
  return api.authorize(request) ? 0 : 1;
}
