// expect: countersign: this is no request
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

#ifdef TWIN
using foreign = plain_request;
#else
struct foreign {};
#endif

int main() {
  cs::authenticator api{cs::env{"TOKEN"}, cs::bearer{}, cs::only{"https://api.example.com"}};
  foreign request;
  return api.authorize(request) ? 0 : 1;
}
