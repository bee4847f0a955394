// Two keys in two headers of their own.
#include <countersign/countersign.hpp>

#include <cstdlib>

namespace cs = countersign;

int main() {
  setenv("DD_API_KEY", "k-123", 1);
  setenv("DD_APP_KEY", "a-456", 1);

  // [use]
  cs::authenticator datadog{cs::all_of{cs::env{"DD_API_KEY"}, cs::env{"DD_APP_KEY"}},
                            cs::each_of{cs::header{"DD-API-KEY"}, cs::header{"DD-APPLICATION-KEY"}},
                            cs::only{"https://api.datadoghq.com"}};
  // [/use]

  cs::request request("GET", "https://api.datadoghq.com/api/v1/validate");
  if (!datadog.authorize(request)) return 1;
  return request.get("DD-API-KEY") == "k-123" && request.get("DD-APPLICATION-KEY") == "a-456" ? 0 : 1;
}
