#include "ws_connect.hpp"

#include <utility>

namespace cs = countersign;

namespace program {

cs::websocket_options ws_options(cs::mcp::tls_files const& tls, cs::duration patience,
                                 std::size_t max_message) {
  cs::websocket_options how;
  how.http.timeout = how.patience = patience;
  how.http.ca_file = tls.ca;
  how.http.certificate = tls.certificate;
  how.http.key = tls.key;
  how.http.passphrase = tls.passphrase;
  how.max_message = max_message;
  how.subprotocol = "mcp";
  return how;
}

cs::result<cs::websocket_connection> ws_connect(server_auth& auth, std::string_view url,
                                                cs::websocket_options how, transport const& http,
                                                cs::response& refused) {
  return cs::connect_websocket(auth, url, std::move(how), &refused, http);
}

}  // namespace program
