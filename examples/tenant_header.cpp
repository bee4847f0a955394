// One API for many tenants: the tenant's name is fixed, or comes from the environment as the token does.
#include <countersign/countersign.hpp>

#include <cstdlib>

namespace cs = countersign;

int main() {
  setenv("API_TOKEN", "t0ken", 1);
  setenv("TENANT_ID", "globex", 1);

  // [use]
  cs::authenticator fixed_tenant{cs::env{"API_TOKEN"},
                                 cs::with_fields{cs::bearer{}, {{"X-Tenant-ID", "acme"}}},
                                 cs::only{"https://api.example.com"}};

  cs::authenticator any_tenant{cs::all_of{cs::env{"API_TOKEN"}, cs::env{"TENANT_ID"}},
                               cs::each_of{cs::bearer{}, cs::header{"X-Tenant-ID"}},
                               cs::only{"https://api.example.com"}};
  // [/use]

  cs::request one("GET", "https://api.example.com/"), other = one;
  if (!fixed_tenant.authorize(one) || !any_tenant.authorize(other)) return 1;
  bool const same_token =
      one.get("Authorization") == "Bearer t0ken" && other.get("Authorization") == "Bearer t0ken";
  return same_token && one.get("X-Tenant-ID") == "acme" && other.get("X-Tenant-ID") == "globex" ? 0 : 1;
}
