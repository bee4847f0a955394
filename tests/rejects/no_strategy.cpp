// expect: countersign: the third policy is no refresh strategy
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

int main() {
#ifdef TWIN
  cs::authenticator api{cs::env{"TOKEN"}, cs::bearer{}, cs::renewal{}, cs::only{"https://api.example.com"}};
#else
  cs::authenticator api{cs::env{"TOKEN"}, cs::bearer{}, cs::seconds(60), cs::only{"https://api.example.com"}};
#endif
}
