// expect: countersign: this formatter may read the request, so a URL is not enough
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/source/env.hpp>

struct marked {
#ifdef TWIN
  static constexpr bool constant = true;
#endif
  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out, cs::moment const&) const {
    out.set("X-Key", key.reveal());
    return cs::stamp{};
  }
};

int main() {
  cs::authenticator api{cs::env{"KEY"}, marked(), cs::only{"https://api.example.com"}};
  auto sink = [](std::string_view, std::string_view) { return true; };
  return api.authorize("https://api.example.com/", sink) ? 0 : 1;
}
