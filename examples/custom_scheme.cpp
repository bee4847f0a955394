// A scheme of one's own: a credential, a formatter, no base class.
#include <countersign/countersign.hpp>

namespace cs = countersign;

// [use]
struct acme_key {
  cs::secret tenant, value;
};

struct acme {
  cs::result<cs::stamp> format(acme_key const& key, cs::request_view auto const&, cs::draft& out, cs::moment const&) const {
    out.set("X-Acme", key.tenant.reveal(), ":", key.value.reveal());
    return cs::stamp{};
  }
};
// [/use]

int main() {
  cs::authenticator auth{cs::fixed{acme_key{cs::secret("north"), cs::secret("s3cret")}}, acme{}, cs::only{"https://acme.example"}};
  cs::request request("POST", "https://acme.example/orders");
  return auth.authorize(request) && request.get("X-Acme") == "north:s3cret" ? 0 : 1;
}
