// A token from a .env file, one variable or all of them.
#include <countersign/countersign.hpp>

#include <filesystem>
#include <fstream>

namespace cs = countersign;

int main() {
  auto const path = (std::filesystem::temp_directory_path() / "countersign-example.env").string();
  std::ofstream(path) << "# for development\nexport TENANT=acme\nAPI_TOKEN=\"t0ken-$TENANT\"\n";

  // [use]
  cs::authenticator api{cs::dotenv{path, "API_TOKEN"}, cs::bearer{}, cs::only{"https://api.example.com"}};
  // [/use]
  cs::request request("GET", "https://api.example.com/items");
  bool const one = api.authorize(request) && request.get("Authorization") == "Bearer t0ken-acme";

  // [layers]
  cs::layered_environment layers(cs::system_context);  // the real environment wins over the file
  if (auto ok = layers.load(path); !ok) return 1;      // "dotenv .env, line 3: …"
  cs::authenticator tenant{cs::env{"TENANT"}, cs::header{"X-Tenant"}, cs::only{"https://api.example.com"},
                           layers.outside()};
  // [/layers]
  bool const all = tenant.authorize(request) && request.get("X-Tenant") == "acme";
  std::filesystem::remove(path);
  return one && all ? 0 : 1;
}
