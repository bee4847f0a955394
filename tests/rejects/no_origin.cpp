// expect: countersign: this source does not know where its credential belongs, so name the origin
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

#ifdef TWIN
struct source : cs::env {
  using env::env;
  std::string_view origin() const { return "https://api.example.com"; }
};
#else
using source = cs::env;
#endif

int main() {
  cs::authenticator api{source{"TOKEN"}, cs::bearer{}};
  cs::request request("GET", "https://api.example.com/");
  return api.authorize(request) ? 0 : 1;
}
