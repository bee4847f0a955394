// Where a proxy stands between, libcurl's sockets lead to that: only what goes past it is judged.
#include <countersign/adapt/detail/curl_sockets.hpp>

#include "fake/peer.hpp"

#include <countersign/adapt/curl.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <stdlib.h>

namespace cs = countersign;
namespace asio = boost::asio;

namespace {

struct variable {
  variable(char const* of, std::string const& value) : name(of) { ::setenv(of, value.c_str(), 1); }
  ~variable() { ::unsetenv(name); }
  variable(variable const&) = delete;
  char const* name;
};

// A proxy that speaks for every server behind it, or such a server itself.
enum class way { connect, socks, none };
struct https {
  https(fake::certificate& shown, way how)
      : peer([this, &shown, how](fake::peer::tcp::socket& socket) {
          std::string head;
          if (how == way::connect) {
            asio::read_until(socket, asio::dynamic_buffer(head), "\r\n\r\n");
            asio::write(socket, asio::buffer(std::string("HTTP/1.1 200 OK\r\n\r\n")));
          } else if (how == way::socks) {  // RFC 1928
            unsigned char greeting[2], request[5], rest[258];
            asio::read(socket, asio::buffer(greeting));
            asio::read(socket, asio::buffer(rest, greeting[1]));
            asio::write(socket, asio::buffer(std::string("\5\0", 2)));
            asio::read(socket, asio::buffer(request));
            asio::read(socket, asio::buffer(rest, request[4] + 2u));  // a name and a port
            asio::write(socket, asio::buffer(std::string("\5\0\0\1\0\0\0\0\0\0", 10)));
          }
          asio::ssl::stream<fake::peer::tcp::socket&> tls(socket, shown.context);
          tls.handshake(asio::ssl::stream_base::server);
          head.clear();
          asio::read_until(tls, asio::dynamic_buffer(head), "\r\n\r\n");
          ++served;
          asio::write(tls, asio::buffer(std::string(
                               "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")));
        }) {}
  std::atomic<int> served = 0;
  fake::peer peer;
};

std::string ask(cs::curl_options options, std::string const& url) {
  cs::request what("GET", url);
  what.named_by = cs::secret("https://203.0.113.1");
  auto const got = cs::curl_transport(std::move(options))(what);
  return got ? std::to_string(got->status()) : std::string(got.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_detail_curl_sockets)

BOOST_AUTO_TEST_CASE(what_a_proxy_connects_to_is_not_judged) {
  fake::certificate mine("DNS:id.example");
  https connect(mine, way::connect), socks(mine, way::socks);
  auto const proxy = "http://127.0.0.1:" + connect.peer.port();
  auto const other = "socks5h://127.0.0.1:" + socks.peer.port();
  BOOST_TEST(ask({.ca_file = mine.file(), .proxy = proxy}, "https://id.example/") == "200");
  BOOST_TEST(ask({.ca_file = mine.file(), .proxy = other}, "https://id.example/") == "200");
  {
    variable const set("https_proxy", proxy);
    BOOST_TEST(ask({.ca_file = mine.file()}, "https://id.example/") == "200");
  }
  {
    variable const set("ALL_PROXY", other);
    BOOST_TEST(ask({.ca_file = mine.file()}, "https://id.example/") == "200");
  }
  BOOST_TEST(connect.served == 2);
  BOOST_TEST(socks.served == 2);
}

BOOST_AUTO_TEST_CASE(what_goes_past_a_proxy_is_judged_before_anything_is_sent) {
  fake::certificate mine("DNS:id.example");
  https direct(mine, way::none);
  auto const port = direct.peer.port();
  variable const set("https_proxy", "http://127.0.0.1:1"), past("no_proxy", "id.example");
  auto const said = ask({.ca_file = mine.file(), .resolve = "id.example:" + port + ":127.0.0.1"},
                        "https://id.example:" + port + "/");
  BOOST_TEST(said.ends_with(cs::detail::destination::fault), said);
  BOOST_TEST(direct.served == 0);
}

BOOST_AUTO_TEST_CASE(an_address_is_read_as_libcurl_has_it) {
  using cs::host_reach;
  using cs::detail::reach_of_text;
  BOOST_TEST((reach_of_text("10.0.0.1") == host_reach::network));
  BOOST_TEST((reach_of_text("::1") == host_reach::this_machine));
  BOOST_TEST((reach_of_text("fe80::1%eth0") == host_reach::link));
  BOOST_TEST((reach_of_text("2001:db8::1") == host_reach::everywhere));
  BOOST_TEST((reach_of_text("") == host_reach::unclear));
  BOOST_TEST((reach_of_text(std::string(80, ':')) == host_reach::unclear));
  curl_sockaddr to{};
  to.family = AF_INET;
  to.addrlen = sizeof(sockaddr_in);
  auto& four = reinterpret_cast<sockaddr_in&>(to.addr);
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  BOOST_TEST((cs::detail::reach_of_socket(to) == host_reach::this_machine));
  to.addrlen = 4;
  BOOST_TEST((cs::detail::reach_of_socket(to) == host_reach::unclear));
  to.family = AF_UNIX;
  to.addrlen = sizeof(sockaddr_in);
  BOOST_TEST((cs::detail::reach_of_socket(to) == host_reach::unclear));
}

BOOST_AUTO_TEST_SUITE_END()
