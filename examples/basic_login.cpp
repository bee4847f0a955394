// A user id and a password, and an origin that is checked while compiling.
#include <countersign/countersign.hpp>

namespace cs = countersign;
using namespace cs::literals;

int main() {
  // [use]
  cs::authenticator wiki{cs::fixed{cs::basic_login{cs::secret("Aladdin"), cs::secret("open sesame")}}, cs::basic{},
                         "https://wiki.example.com"_origin};
  // [/use]

  cs::request request("GET", "https://wiki.example.com/page");
  if (!wiki.authorize(request)) return 1;
  return request.get("Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" ? 0 : 1;  // RFC 7617 §2
}
