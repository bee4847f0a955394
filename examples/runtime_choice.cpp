// Which authenticator is known at run time only: one type for all of them.
#include <countersign/countersign.hpp>

#include <vector>

namespace cs = countersign;

int main() {
  // [use]
  std::vector<cs::any_authenticator> servers;
  servers.emplace_back(cs::authenticator{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{"https://one.example"}});
  servers.emplace_back(cs::authenticator{cs::fixed{"k-123"}, cs::header{"X-API-Key"}, cs::only{"https://two.example"}});
  // [/use]

  cs::request one("GET", "https://one.example/"), two("GET", "https://two.example/");
  if (!servers[0].authorize(one) || !servers[1].authorize(two)) return 1;
  return one.get("Authorization") == "Bearer t0ken" && two.get("X-API-Key") == "k-123" ? 0 : 1;
}
