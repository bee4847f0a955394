// expect: countersign: this formatter signs the body, and the request view has no body()
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/source/env.hpp>

#include <optional>

struct request : plain_request {
#ifdef TWIN
  std::optional<std::string_view> body() const { return "{}"; }
#endif
};

int main() {
  cs::authenticator api{cs::env{"KEY"}, body_digest(), cs::only{"https://api.example.com"}};
  request request;
  static_cast<void>(api.begin(request));
}
