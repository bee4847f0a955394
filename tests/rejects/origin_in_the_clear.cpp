// expect: countersign: this origin is not https
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;
using namespace cs::literals;

int main() {
#ifdef TWIN
  static_cast<void>(cs::authenticator{cs::env{"TOKEN"}, cs::bearer{}, "http://localhost:8080"_origin});
  static_cast<void>(cs::authenticator{cs::env{"TOKEN"}, cs::bearer{}, "https://api.example.com"_origin});
#else
  static_cast<void>(cs::authenticator{cs::env{"TOKEN"}, cs::bearer{}, "http://api.example.com"_origin});
#endif
}
