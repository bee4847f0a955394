// A token that another program keeps in a file, as Kubernetes or Docker mount them.
#include <countersign/countersign.hpp>

#include <filesystem>
#include <fstream>

namespace cs = countersign;

int main() {
  auto const path = (std::filesystem::temp_directory_path() / "countersign-example-token").string();
  std::ofstream(path) << "t0ken\n";
  std::filesystem::permissions(path, std::filesystem::perms(0644));

  // Everyone may read it: refused, unless that is said to be meant.
  cs::request request("GET", "https://api.example.com/items");
  cs::authenticator careful{cs::file{path}, cs::bearer{}, cs::only{"https://api.example.com"}};
  auto const refused = careful.authorize(request);
  if (refused || refused.error().code() != cs::errc::insecure) return 1;

  // [use]
  cs::authenticator api{cs::file{path}.shared(), cs::bearer{}, cs::only{"https://api.example.com"}};
  // [/use]
  bool const first = api.authorize(request) && request.get("Authorization") == "Bearer t0ken";

  std::ofstream(path) << "an0ther\n";
  bool const second = api.authorize(request) && request.get("Authorization") == "Bearer an0ther";
  std::filesystem::remove(path);
  return first && second ? 0 : 1;
}
