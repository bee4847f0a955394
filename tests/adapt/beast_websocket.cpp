#include <countersign/adapt/beast_websocket.hpp>

#include "fake/heap.hpp"
#include "fake/peer.hpp"
#include "fake/server.hpp"
#include "fake/service.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/oauth/client_credentials.hpp>
#include <countersign/refresh/never.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace http = boost::beast::http;
namespace ws = boost::beast::websocket;

namespace {

using asked = http::request<http::string_body>;

/// A WebSocket server that judges the handshake, then speaks.
struct speaking {
  std::function<int(asked const&)> status = [](asked const&) { return 101; };
  std::string subprotocol = {};
  std::function<void(std::function<void(std::string, bool)> say, std::function<std::string()> hear)> talk =
      [](auto say, auto hear) { say(hear(), false); };
  std::vector<asked> seen = {};

  template <class Stream>
  void serve(Stream& stream) {
    boost::beast::flat_buffer buffer;
    asked request;
    http::read(stream, buffer, request);
    seen.push_back(request);
    if (int const code = status(request); code != 101) {
      http::response<http::string_body> refusal(static_cast<http::status>(code), 11, "no entry");
      refusal.set("X-Why", "because");
      refusal.prepare_payload();
      http::write(stream, refusal);
      return;
    }
    ws::stream<Stream&> socket(stream);
    if (!subprotocol.empty())
      socket.set_option(ws::stream_base::decorator([this](ws::response_type& answer) {
        answer.set(http::field::sec_websocket_protocol, subprotocol);
      }));
    socket.accept(request);
    auto const say = [&](std::string const& text, bool binary) {
      socket.binary(binary);
      socket.write(boost::asio::buffer(text));
    };
    auto const hear = [&] {
      boost::beast::flat_buffer got;
      socket.read(got);
      return boost::beast::buffers_to_string(got.data());
    };
    talk(say, hear);
    for (;;) static_cast<void>(hear());  // until the goodbye, which ends it by an exception
  }
  auto plainly() {
    return [this](fake::peer::tcp::socket& socket) { serve(socket); };
  }
  auto over_tls(fake::certificate& shown) {
    return [this, &shown](fake::peer::tcp::socket& socket) {
      boost::asio::ssl::stream<fake::peer::tcp::socket&> tls(socket, shown.context);
      tls.handshake(boost::asio::ssl::stream_base::server);
      serve(tls);
    };
  }
};

std::string url_of(fake::peer const& p) { return "ws://127.0.0.1:" + p.port() + "/chat?room=1"; }

auto with_token(std::string const& url) {
  return cs::authenticator{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{url}};
}

template <class Result>
std::string_view code_of(Result const& got) {
  return name(got ? cs::errc::none : got.error().code());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_beast_websocket)

BOOST_AUTO_TEST_CASE(the_handshake_carries_the_credential_and_text_goes_both_ways) {
  speaking server{.talk = [](auto say, auto hear) {
    for (int i = 0; i < 3; ++i) say("heard " + hear(), false);
  }};
  fake::peer p(server.plainly());
  {
    auto auth = with_token(url_of(p));
    cs::websocket_options options;
    options.headers.set("Origin", "https://page.example");
    auto socket = cs::connect_websocket(auth, url_of(p), std::move(options));
    BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
    for (std::string const text : {"one", "", "\xc3\xb6"}) {
      BOOST_TEST(socket->write(text).has_value());
      auto const got = socket->read();
      BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
      BOOST_TEST(got->reveal() == "heard " + text);
    }
    BOOST_TEST(socket->close().has_value());
  }
  auto const& request = server.seen.at(0);
  BOOST_TEST(request.target() == "/chat?room=1");
  BOOST_TEST(request["Authorization"] == "Bearer t0ken");
  BOOST_TEST(request["Origin"] == "https://page.example");
  BOOST_TEST(request["Host"] == "127.0.0.1:" + p.port());
  BOOST_TEST(request.count("Connection") == 1u);
}

BOOST_AUTO_TEST_CASE(a_401_renews_the_credential_and_a_new_connection_tries_again) {
  fake::service api;
  fake::server tokens(api);
  speaking server{.status = [](asked const& r) { return r["Authorization"] == "Bearer t2" ? 101 : 401; }};
  fake::peer p(server.plainly());
  cs::authenticator auth(cs::oauth::client_credentials{.token_endpoint = tokens.url("/token"),
                                                       .client = {.id = "c", .secret = cs::secret("s")}},
                         cs::bearer{}, cs::renewal{}, cs::only{url_of(p)});
  auto socket = cs::connect_websocket(auth, url_of(p));
  BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
  BOOST_TEST(p.connections() == 2);
  BOOST_TEST(api.token_posts() == 2);
  BOOST_REQUIRE(socket->write("still there?").has_value());
  BOOST_TEST(socket->read()->reveal() == "still there?");
}

BOOST_AUTO_TEST_CASE(a_refused_handshake_is_told_with_its_response) {
  struct row {
    int status;
    std::string_view code;
  };
  for (row const& r : {row{401, "rejected"}, row{403, "rejected"}, row{404, "fatal"}, row{302, "fatal"},
                       row{200, "fatal"}, row{429, "transient"}, row{503, "transient"}}) {
    BOOST_TEST_CONTEXT(r.status) {
      speaking server{.status = [&](asked const&) { return r.status; }};
      fake::peer p(server.plainly());
      auto auth = with_token(url_of(p));
      cs::response refused;
      auto const socket = cs::connect_websocket(auth, url_of(p), {}, &refused);
      BOOST_TEST(code_of(socket) == r.code);
      BOOST_TEST(refused.status() == r.status);
      BOOST_TEST(refused.headers.get("X-Why").value_or("") == "because");
      BOOST_TEST(refused.body.reveal() == "no entry");
      BOOST_TEST(socket.error().message().find("t0ken") == std::string_view::npos);
      BOOST_TEST(socket.error().message().find("room") == std::string_view::npos);
      BOOST_TEST(p.connections() == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_credential_goes_where_it_is_not_for) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  auto const host = "127.0.0.1:" + std::to_string(s.port());
  struct row {
    std::string origin, url;
    std::string_view code;
  };
  for (row const& r : {row{"http://" + host, "ws://" + host, "wrong_origin"},
                       row{"wss://" + host, "ws://" + host, "wrong_origin"},
                       row{"ws://api.example", "ws://api.example", "insecure"},
                       row{"ws://" + host, "http://" + host, "bad_input"},
                       row{"ws://" + host, "ws://user:passw0rd@" + host, "bad_input"},
                       row{"ws://" + host, "nothing", "bad_input"}}) {
    auto auth = with_token(r.origin);
    auto const socket = cs::connect_websocket(auth, r.url);
    BOOST_TEST(code_of(socket) == r.code, r.url);
    BOOST_TEST(socket.error().message().find("passw0rd") == std::string_view::npos);
  }
  BOOST_TEST(s.connections() == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_handshake_is_unanswered) {
  std::string const upgraded =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  for (std::string const& bytes :
       {std::string(), upgraded + "\r\n",
        upgraded + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
        std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"), std::string("SSH-2.0-OpenSSH_9.2\r\n")}) {
    fake::server s([&](fake::received const&) { return bytes; });
    auto const url = "ws://127.0.0.1:" + std::to_string(s.port());
    auto auth = with_token(url);
    BOOST_TEST(code_of(cs::connect_websocket(auth, url)) == "unanswered", bytes);
  }
}

BOOST_AUTO_TEST_CASE(the_head_of_an_answer_has_a_limit_here_too) {
  fake::server s([](fake::received const&) {
    std::string const line = "X: " + std::string(35'000, 'x') + "\r\n";
    return "HTTP/1.1 401 No\r\n" + line + line + "Content-Length: 0\r\n\r\n";
  });
  auto const url = "ws://127.0.0.1:" + std::to_string(s.port());
  auto auth = with_token(url);
  BOOST_TEST(code_of(cs::connect_websocket(auth, url)) == "too_large");
  BOOST_TEST(code_of(cs::connect_websocket(auth, url, {.http = {.max_headers = 100'000}})) == "rejected");
}

BOOST_AUTO_TEST_CASE(a_subprotocol_must_be_agreed_to) {
  struct row {
    std::string_view asks;
    std::string answers;
    std::string_view code;
  };
  for (row const& r : {row{"mcp", "mcp", "none"}, row{"", "", "none"}, row{"mcp", "", "unanswered"},
                       row{"mcp", "chat", "unanswered"}, row{"", "mcp", "unanswered"}}) {
    speaking server{.subprotocol = r.answers};
    fake::peer p(server.plainly());
    auto auth = with_token(url_of(p));
    BOOST_TEST(code_of(cs::connect_websocket(auth, url_of(p), {.subprotocol = r.asks})) == r.code);
  }
}

BOOST_AUTO_TEST_CASE(a_message_of_the_limit_is_read_and_one_byte_more_is_not) {
  for (std::size_t extra : {0u, 1u}) {
    speaking server{.talk = [&](auto say, auto) { say(std::string(1000 + extra, 'x'), false); }};
    fake::peer p(server.plainly());
    auto auth = with_token(url_of(p));
    auto socket = cs::connect_websocket(auth, url_of(p), {.max_message = 1000});
    BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
    auto const got = socket->read();
    BOOST_TEST(code_of(got) == (extra == 0 ? "none" : "too_large"));
    if (got) BOOST_TEST(got->size() == 1000u);
  }
}

// Its first message comes in the segment of the handshake's answer.
BOOST_AUTO_TEST_CASE(messages_that_come_with_the_handshake_are_read) {
  fake::peer p([](fake::peer::tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    asked request;
    http::read(socket, buffer, request);
    boost::beast::websocket::detail::sec_ws_accept_type accept;
    boost::beast::websocket::detail::make_sec_ws_accept(accept, request["Sec-WebSocket-Key"]);
    std::string bytes =
        "HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ";
    bytes.append(accept.data(), accept.size()).append("\r\n\r\n");
    for (char const c : std::string_view("ab")) bytes += std::string("\x81\x01", 2) + c;
    boost::asio::write(socket, boost::asio::buffer(bytes));
    boost::system::error_code ended;
    char room[100];
    while (!ended) socket.read_some(boost::asio::buffer(room), ended);
  });
  auto auth = with_token(url_of(p));
  {
    auto socket = cs::connect_websocket(auth, url_of(p));
    BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
    BOOST_TEST(socket->read()->reveal() == "a");
    BOOST_TEST(socket->read()->reveal() == "b");
  }
  auto other = cs::connect_websocket(auth, url_of(p));
  BOOST_REQUIRE_MESSAGE(other.has_value(), other.error().message());
  std::string heard;
  boost::beast::flat_buffer buffer;
  for (int i = 0; i < 2; ++i) {
    other->stream().async_read(buffer, [&](boost::system::error_code const& why, std::size_t) {
      BOOST_TEST(!why, why.message());
      heard += boost::beast::buffers_to_string(buffer.data());
      buffer.clear();
    });
    other->loop().restart();
    other->loop().run();
  }
  BOOST_TEST(heard == "ab");
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_refused) {
  speaking server{.talk = [](auto say, auto hear) {
    say("bytes", true);
    say(hear(), false);
    say("\xff", false);
  }};
  fake::peer p(server.plainly());
  auto auth = with_token(url_of(p));
  auto socket = cs::connect_websocket(auth, url_of(p));
  BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
  BOOST_TEST(code_of(socket->write("\xff")) == "bad_input");
  BOOST_TEST(code_of(socket->read()) == "bad_input");
  BOOST_TEST(socket->write("goes on").has_value());
  BOOST_TEST(socket->read()->reveal() == "goes on");
  BOOST_TEST(code_of(socket->read()) == "unanswered");  // RFC 6455 §8.1: the connection is failed
}

BOOST_AUTO_TEST_CASE(silence_and_an_end_are_unanswered) {
  std::mutex held;
  held.lock();
  speaking server{.talk = [&](auto, auto) { std::lock_guard const wait(held); }};
  fake::peer p(server.plainly());
  {
    auto auth = with_token(url_of(p));
    auto socket = cs::connect_websocket(auth, url_of(p), {.patience = cs::milliseconds(50)});
    BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
    auto const none = socket->read();
    BOOST_TEST(code_of(none) == "unanswered");
    BOOST_TEST(none.error().message().ends_with("no message came in time"), none.error().message());
    BOOST_TEST(code_of(socket->write("too late")) == "unanswered");
  }
  held.unlock();

  speaking leaving{.talk = [](auto, auto) { throw std::runtime_error("hangs up"); }};
  fake::peer q(leaving.plainly());
  auto auth = with_token(url_of(q));
  auto socket = cs::connect_websocket(auth, url_of(q));
  BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
  BOOST_TEST(code_of(socket->read()) == "unanswered");
}

BOOST_AUTO_TEST_CASE(what_the_handshake_carries_is_wiped) {
  speaking server;
  fake::peer p(server.plainly());
  constexpr std::string_view canary = "t0ken-canary-in-the-handshake";
  fake::heap::watch const watch(canary);
  {
    cs::authenticator auth{cs::fixed{canary}, cs::bearer{}, cs::only{url_of(p)}};
    auto socket = cs::connect_websocket(auth, url_of(p));
    BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_CASE(wss_believes_whom_the_transport_believes) {
  fake::certificate mine("DNS:localhost"), others("DNS:other.example");
  speaking server;
  fake::peer good(server.over_tls(mine));
  {
    auto const url = "wss://localhost:" + good.port() + "/";
    auto auth = with_token(url);
    auto socket = cs::connect_websocket(auth, url, {.http = {.ca_file = cs::owned_text(mine.file())}});
    BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
    BOOST_REQUIRE(socket->write("secretly").has_value());
    BOOST_TEST(socket->read()->reveal() == "secretly");
    BOOST_TEST(socket->close().has_value());
  }
  BOOST_TEST(server.seen.at(0)["Authorization"] == "Bearer t0ken");
  auto const url = "wss://localhost:" + good.port() + "/";
  auto auth = with_token(url);
  BOOST_TEST(code_of(cs::connect_websocket(auth, url)) == "not_sent");
  BOOST_TEST(code_of(cs::connect_websocket(
                 auth, url, {.http = {.ca_file = cs::owned_text(others.file())}})) == "not_sent");
  BOOST_TEST(server.seen.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_certificate_is_shown_to_the_server_and_to_nobody_whom_a_source_asks) {
  fake::certificate shown("DNS:localhost"), mine("DNS:me");
  shown.context.load_verify_file(mine.file());
  shown.context.set_verify_mode(boost::asio::ssl::verify_peer);
  std::vector<bool> certified;
  auto const serve_with = [&](auto&& then) {
    return [&, then](fake::peer::tcp::socket& socket) {
      boost::asio::ssl::stream<fake::peer::tcp::socket&> tls(socket, shown.context);
      tls.handshake(boost::asio::ssl::stream_base::server);
      auto* const theirs = SSL_get1_peer_certificate(tls.native_handle());
      certified.push_back(theirs != nullptr);
      X509_free(theirs);
      then(tls);
    };
  };
  speaking server;
  fake::peer tokens(serve_with([](auto& tls) {
    boost::beast::flat_buffer buffer;
    asked request;
    http::read(tls, buffer, request);
    http::response<http::string_body> answer(http::status::ok, 11,
                                             R"({"access_token":"t1","token_type":"Bearer"})");
    answer.set(http::field::content_type, "application/json");
    answer.prepare_payload();
    http::write(tls, answer);
  }));
  fake::peer p(serve_with([&](auto& tls) { server.serve(tls); }));
  auto const url = "wss://localhost:" + p.port() + "/";
  cs::authenticator auth(
      cs::oauth::client_credentials{.token_endpoint = "https://localhost:" + tokens.port() + "/token",
                                    .client = {.id = "c", .secret = cs::secret("s")}},
      cs::bearer{}, cs::renewal{}, cs::only{url});
  auto socket = cs::connect_websocket(
      auth, url,
      {.http = {.ca_file = shown.file(),
                .certificate = mine.file(),
                .passphrase = cs::secret(std::string_view(fake::certificate::passphrase))}});
  BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
  BOOST_REQUIRE(socket->write("in").has_value());
  BOOST_TEST(socket->read()->reveal() == "in");
  BOOST_TEST(certified == (std::vector{false, true}));
}

BOOST_AUTO_TEST_CASE(what_a_source_asks_goes_by_the_transport_that_is_given) {
  fake::service api;
  fake::server tokens(api);
  speaking server;
  fake::peer p(server.plainly());
  cs::authenticator auth(cs::oauth::client_credentials{.token_endpoint = tokens.url("/token"),
                                                       .client = {.id = "c", .secret = cs::secret("s")}},
                         cs::bearer{}, cs::renewal{}, cs::only{url_of(p)});
  std::vector<std::string> asked_for;
  cs::beast_transport http;
  auto socket = cs::connect_websocket(auth, url_of(p), {}, nullptr, [&](cs::request const& one) {
    asked_for.emplace_back(one.url());
    return http(one);
  });
  BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
  BOOST_TEST(asked_for == std::vector{tokens.url("/token")});
  BOOST_TEST(server.seen.at(0)["Authorization"] == "Bearer t1");
}

// Both send 4 MB before either has read any: neither would end if one had to wait for the other.
BOOST_AUTO_TEST_CASE(one_reads_while_one_writes) {
  std::string const theirs(4'000'000, 't'), ours(4'000'000, 'o');
  fake::certificate shown("DNS:localhost");
  for (bool const encrypted : {false, true}) {
    speaking server{.talk = [&](auto say, auto hear) {
      say("first", false);
      say(theirs, false);
      say(hear() == ours ? "as it was sent" : "something else", false);
    }};
    fake::peer p(encrypted ? fake::peer::serving(server.over_tls(shown))
                           : fake::peer::serving(server.plainly()));
    auto const url = encrypted ? "wss://localhost:" + p.port() + "/" : url_of(p);
    auto auth = with_token(url);
    auto socket =
        cs::connect_websocket(auth, url, {.http = {.ca_file = shown.file()}, .max_message = 4'000'000});
    BOOST_REQUIRE_MESSAGE(socket.has_value(), socket.error().message());
    std::vector<std::string> heard;
    boost::beast::flat_buffer buffer;
    std::function<void()> const read = [&] {
      socket->stream().async_read(buffer, [&](boost::system::error_code const& why, std::size_t) {
        BOOST_REQUIRE_MESSAGE(!why, why.message());
        heard.push_back(boost::beast::buffers_to_string(buffer.data()));
        buffer.clear();
        if (heard.size() < 3) read();
      });
    };
    read();
    socket->stream().async_write(
        boost::asio::buffer(ours),
        [](boost::system::error_code const& why, std::size_t) { BOOST_TEST(!why, why.message()); });
    socket->loop().restart();
    socket->loop().run();
    BOOST_REQUIRE(heard.size() == 3u);
    BOOST_TEST(heard[0] == "first");
    BOOST_TEST((heard[1] == theirs));
    BOOST_TEST(heard[2] == "as it was sent");
    BOOST_TEST(socket->close().has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
