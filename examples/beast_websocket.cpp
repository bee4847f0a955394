// A WebSocket whose handshake carries a credential; and a Beast request that is authorized as it is.
#include <countersign/adapt/beast_request.hpp>
#include <countersign/adapt/beast_websocket.hpp>
#include <countersign/countersign.hpp>

#include <string_view>

namespace cs = countersign;
namespace http = boost::beast::http;

// [use]
cs::result<cs::secret> ask(std::string_view url, std::string_view question) {
  cs::authenticator auth{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{url}};

  auto socket = cs::connect_websocket(auth, url, {.patience = cs::seconds(5)});
  if (!socket) return socket.error();  // also where the server answered 401, after a renewal
  if (auto sent = socket->write(question); !sent) return sent.error();
  return socket->read();
}
// [/use]

int main() {
  // [request]
  cs::authenticator api{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{"https://api.example"}};
  http::request<http::empty_body> request(http::verb::get, "/things", 11);
  request.set(http::field::host, "api.example");

  auto call = cs::sent_to(request, "https://api.example");  // a Beast request does not say https
  bool const written = api.authorize(call).has_value();
  // [/request]
  auto const nobody_there = ask("ws://127.0.0.1:1/", "hello?");
  return written && request["Authorization"] == "Bearer t0ken" && !nobody_there ? 0 : 1;
}
