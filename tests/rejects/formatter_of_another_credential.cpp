// expect: countersign: this formatter cannot write the credential that this source yields
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

#ifdef TWIN
using written_by = cs::bearer;
#else
using written_by = cs::basic;
#endif

int main() {
  cs::authenticator api{cs::env{"API_LOGIN"}, written_by{}, cs::only{"https://api.example.com"}};
  cs::request request("GET", "https://api.example.com/");
  return api.authorize(request) ? 0 : 1;
}
