// A token that another program prints: run once, used until it is nearly over, then run again.
#include <countersign/countersign.hpp>

#include <chrono>

namespace cs = countersign;
using namespace std::chrono_literals;

int main() {
  // Stands for a program of yours.
  auto get_token = cs::program{"printf", R"({"token": "%s", "expires_in": 3600})"};

  // [use]
  get_token.argument("t0ken").timeout(5s).set("PROFILE", "staging");
  cs::authenticator api{cs::program_token{get_token}, cs::bearer{}, cs::only{"https://api.example.com"}};
  // [/use]

  cs::request request("GET", "https://api.example.com/items");
  return api.authorize(request) && request.get("Authorization") == "Bearer t0ken" ? 0 : 1;
}
