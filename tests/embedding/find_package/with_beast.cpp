#include <countersign/adapt/beast_request.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http/fields.hpp>

int main() {
  boost::asio::ssl::context const tls(boost::asio::ssl::context::tls_client);
  return boost::beast::http::fields().count("none") != 0;
}
