// expect: countersign: the transport must be a callable result<Response>(Request const&)
#include "parts.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

struct http {
#ifdef TWIN
  cs::result<plain_response> operator()(plain_request const&) { return plain_response(); }
#else
  plain_response operator()(plain_request const&) { return plain_response(); }
#endif
};

int main() {
  cs::authenticator api{cs::env{"TOKEN"}, cs::bearer{}, cs::only{"https://api.example.com"}};
  return cs::send(api, plain_request(), http()) ? 0 : 1;
}
