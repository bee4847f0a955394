// expect: countersign: this formatter cannot write the credential that this source yields
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

int main() {
#ifdef TWIN
  cs::each_of formatter{cs::header{"X-Key"}, cs::header{"X-Application"}};
#else
  cs::each_of formatter{cs::header{"X-Key"}, cs::header{"X-Application"}, cs::header{"X-Site"}};
#endif
  cs::authenticator api{cs::all_of{cs::env{"KEY"}, cs::env{"APPLICATION"}}, formatter, cs::only{"https://api.example.com"}};
  cs::request request("GET", "https://api.example.com/");
  return api.authorize(request) ? 0 : 1;
}
