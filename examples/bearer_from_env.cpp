// A token from the environment, into the headers of one request.
#include <countersign/countersign.hpp>

#include <cstdio>
#include <cstdlib>

int main() {
  setenv("GITHUB_TOKEN", "ghp_example", 1);

  // [use]
  namespace cs = countersign;
  cs::authenticator github{cs::env{"GITHUB_TOKEN"}, cs::bearer{}, cs::only{"https://api.github.com"}};

  cs::request request("GET", "https://api.github.com/user");
  if (auto ok = github.authorize(request); !ok) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(ok.error().message().size()), ok.error().message().data());
    return 1;
  }
  // [/use]
  if (request.get("Authorization") != "Bearer ghp_example") return 1;

  // The credential goes nowhere else.
  cs::request elsewhere("GET", "https://api.github.com.evil.example/user");
  auto const refused = github.authorize(elsewhere);
  return !refused && refused.error().code() == cs::errc::wrong_origin && !elsewhere.get("Authorization") ? 0 : 1;
}
