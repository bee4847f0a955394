// Somebody at a terminal signs in on a page, and the way back leads to this program.
#include <countersign/countersign.hpp>
#include <countersign/oauth/terminal_person.hpp>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace cs = countersign;
namespace oauth = cs::oauth;

int main() {
  auto http = [](cs::request const&) -> cs::result<cs::response> {  // stands for any transport
    return cs::response(200, cs::secret(R"({"access_token":"t0ken","token_type":"Bearer"})"));
  };
  int terminal[2];  // stands for standard input, and for who pastes the address the browser ended at
  if (::pipe(terminal) != 0) return 1;
  auto paste = [&](std::string_view page) {
    cs::secret const line(
        "http://127.0.0.1/callback?code=c0de&state=", oauth::state_of_page(page).value().reveal(), "\n");
    if (::write(terminal[1], line.reveal().data(), line.size()) < 0) std::abort();
  };
  oauth::server_metadata const id{.issuer = "https://id.example",
                                  .authorization_endpoint = "https://id.example/authorize",
                                  .code_challenge_methods_supported = {"S256"}};
  oauth::token_service const service{
      .endpoint = "https://id.example/token", .issuer = id.issuer, .client = {.id = "my-agent"}};

  // [use]
  auto say = [&](std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    if (line.starts_with("https://id.example/")) paste(line);
  };
  oauth::terminal_person person(say, {.open_browser = false, .input = terminal[0]});
  auto const address = person({.what = cs::question::kind::redirect_address}).value();
  auto const& here = cs::system_context;
  oauth::code_flow flow(service, id, {.redirect_uri = address.reveal()}, here, here.now());
  auto const token = cs::run(std::move(flow), http, person);
  // [/use]
  return token && token->access.value.reveal() == "t0ken" ? 0 : 1;
}
