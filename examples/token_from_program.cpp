// A token that another program prints: run once, used until it is nearly over, run again after a 401.
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

  auto http = [](cs::request const& what) -> cs::result<cs::response> {  // stands for any transport
    return cs::response(what.get("Authorization") == "Bearer t0ken" ? 200 : 401);
  };
  auto reply = cs::send(api, cs::request("GET", "https://api.example.com/items"), http);
  return reply && reply->status() == 200 ? 0 : 1;
}
