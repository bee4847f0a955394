// expect: countersign: the first policy is no credential source
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

int main() {
#ifdef TWIN
  cs::authenticator api{cs::env{"TOKEN"}, cs::bearer{}, cs::only{"https://api.example.com"}};
#else
  cs::authenticator api{"TOKEN", cs::bearer{}, cs::only{"https://api.example.com"}};
#endif
}
