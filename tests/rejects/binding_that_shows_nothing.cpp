// expect: countersign: the last policy does not say where the credential may go
#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

struct intranet {
  cs::result<void> allows(cs::request_view auto const&) const { return {}; }
#ifdef TWIN
  std::string_view shown() const { return "the intranet"; }
#endif
};

int main() {
  cs::authenticator<cs::env, cs::bearer, cs::never, intranet> api{cs::env{"TOKEN"}, cs::bearer{}, intranet{}};
  cs::request request("GET", "https://wiki.intranet/");
  return api.authorize(request) ? 0 : 1;
}
