// The first source that has a credential; a failure that is more than "not here" stops the chain.
#include <countersign/countersign.hpp>

#include <cstdlib>

namespace cs = countersign;

int main() {
  unsetenv("CI_TOKEN");
  setenv("DEV_TOKEN", "dev-token", 1);

  // [use]
  cs::authenticator api{cs::chain{cs::env{"CI_TOKEN"}, cs::env{"DEV_TOKEN"}}, cs::bearer{}, cs::only{"https://api.example.com"}};
  // [/use]

  cs::request request("GET", "https://api.example.com/");
  return api.authorize(request) && request.get("Authorization") == "Bearer dev-token" ? 0 : 1;
}
