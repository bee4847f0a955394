// The ten lines of the README.
// [use]
#include <countersign/countersign.hpp>
#include <cstdio>
namespace cs = countersign;

int main() {
  cs::authenticator github{cs::env{"GITHUB_TOKEN"}, cs::bearer{}, cs::only{"https://api.github.com"}};
  auto set_header = [](auto name, auto value) {  // whatever your client has
    return std::printf("%.*s: %.*s\n", int(name.size()), name.data(), int(value.size()), value.data()) > 0;
  };
  if (auto ok = github.authorize("https://api.github.com/user", set_header); !ok)
    return std::fprintf(stderr, "%s\n", ok.error().c_str()), 1;
}
// [/use]
