// expect: countersign: this source has to ask a server for its credential, so the transport must also take countersign::request
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>

struct http {
  cs::result<plain_response> operator()(plain_request const&) { return plain_response(); }
#ifdef TWIN
  cs::result<cs::response> operator()(cs::request const&) { return cs::response(200); }
#endif
};

int main() {
  cs::authenticator api{token_server(), cs::bearer{}, cs::only{"https://api.example.com"}};
  return cs::send(api, plain_request(), http()) ? 0 : 1;
}
