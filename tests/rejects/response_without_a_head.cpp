// expect: countersign: the transport's response shows no head
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

#ifdef TWIN
using answer = plain_response;
#else
struct answer {
  int code = 200;
};
#endif

int main() {
  cs::authenticator api{cs::env{"TOKEN"}, cs::bearer{}, cs::only{"https://api.example.com"}};
  auto http = [](plain_request const&) -> cs::result<answer> { return answer(); };
  return cs::send(api, plain_request(), http) ? 0 : 1;
}
