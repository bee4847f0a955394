#include <countersign/adapt/beast.hpp>

#include <countersign/adapt/beast_request.hpp>

#include "drive/conversations.hpp"
#include "fake/heap.hpp"
#include "fake/peer.hpp"
#include "fake/server.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/dynamic_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace http = boost::beast::http;

namespace {

std::string answer(std::string_view bytes) { return std::string(bytes); }

cs::result<cs::response> get(fake::server& s, cs::beast_options options = {}) {
  return cs::beast_transport(std::move(options))(cs::request("GET", s.url("/")));
}

// Answers each request over TLS with these bytes; says goodbye if told so.
fake::peer tls_peer(fake::certificate& shown, std::string bytes, bool goodbye = true) {
  return fake::peer([&shown, bytes = std::move(bytes), goodbye](fake::peer::tcp::socket& socket) {
    boost::asio::ssl::stream<fake::peer::tcp::socket&> tls(socket, shown.context);
    tls.handshake(boost::asio::ssl::stream_base::server);
    std::string read;
    boost::asio::read_until(tls, boost::asio::dynamic_buffer(read), "\r\n\r\n");
    boost::asio::write(tls, boost::asio::buffer(bytes));
    boost::system::error_code ignored;
    if (goodbye) tls.shutdown(ignored);
  });
}

struct over_beast {
  explicit over_beast(fake::service& api) : server(api) {}
  std::string origin() const { return server.origin(); }
  template <class Auth>
  cs::result<cs::response> send(Auth& auth, cs::request const& call) {
    return cs::send(auth, call, http);
  }
  fake::server server;
  cs::beast_transport http;
};

using empty_request = http::request<http::empty_body>;
using text_request = http::request<http::string_body>;

static_assert(cs::any_request<empty_request> && cs::any_request<text_request>);
static_assert(cs::any_request<http::request<http::dynamic_body>>);
static_assert(cs::body_view<cs::request_traits<text_request>::view_type>);
static_assert(cs::body_view<cs::request_traits<empty_request>::view_type>);
// What can't be shown in one piece can't be signed.
static_assert(!cs::body_view<cs::request_traits<http::request<http::dynamic_body>>::view_type>);
static_assert(cs::any_request<cs::beast_call<http::string_body, http::fields>>);
static_assert(cs::any_response<http::response<http::string_body>>);

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_conversations_over_beast)

BOOST_AUTO_TEST_CASE(every_conversation_of_the_table) { conversations::play_all<over_beast>(); }
BOOST_AUTO_TEST_CASE(a_conversation_may_be_left_after_any_event) {
  conversations::abandon_everywhere<over_beast>();
}
BOOST_AUTO_TEST_CASE(a_source_gets_all_that_it_may_want) { conversations::play_every_want<over_beast>(); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(adapt_beast)

BOOST_AUTO_TEST_CASE(a_request_is_sent_as_it_is_and_nothing_is_added_but_what_http_needs) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::request what("POST", s.url("/a/../b//c%2F?q=1+2#fragment"), cs::secret("{\"x\":1}"));
  what.set("Content-Type", "application/json");
  what.set("X-Empty", "");
  what.set("X-Two", "two  words");
  auto const got = cs::beast_transport()(what);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->status() == 200);
  BOOST_TEST(got->body.reveal() == "ok");
  auto const seen = s.requests().at(0);
  BOOST_TEST(seen.head ==
             "POST /a/../b//c%2F?q=1+2 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(s.port()) +
                 "\r\nAccept-Encoding: identity\r\nConnection: close\r\nContent-Type: "
                 "application/json\r\nX-Empty: \r\nX-Two: two  words\r\nContent-Length: 7\r\n\r\n");
  BOOST_TEST(seen.body == "{\"x\":1}");
}

BOOST_AUTO_TEST_CASE(what_the_request_says_itself_is_not_said_twice) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  cs::request what("GET", s.origin() + "?q");
  what.set("host", "other.example");
  what.set("accept-encoding", "gzip");
  what.set("connection", "keep-alive");
  BOOST_REQUIRE(cs::beast_transport()(what).has_value());
  BOOST_TEST(
      s.requests().at(0).head ==
      "GET /?q HTTP/1.1\r\nhost: other.example\r\naccept-encoding: gzip\r\nconnection: keep-alive\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(methods_and_bodies) {
  fake::server s([](fake::received const& r) {
    return r.method == "HEAD" ? answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
                              : fake::server::plain(200, "ok");
  });
  cs::beast_transport send;
  struct row {
    std::string_view method, body;
    bool length;
  };
  for (row const& r :
       {row{"GET", "", false}, row{"HEAD", "", false}, row{"DELETE", "", false}, row{"OPTIONS", "", false},
        row{"POST", "", true}, row{"PUT", "", true}, row{"PATCH", "", true}, row{"PATCH", "x", true},
        row{"DELETE", "x", true}, row{"GET", "x", true}, row{"PURGE", "", false}}) {
    BOOST_TEST_CONTEXT(r.method << " with " << r.body.size() << " bytes") {
      auto const got = send(cs::request(r.method, s.url("/"), cs::secret(r.body)));
      BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
      BOOST_TEST(got->body.reveal() == (r.method == "HEAD" ? "" : "ok"));
      auto const seen = s.requests().back();
      BOOST_TEST(seen.method == r.method);
      BOOST_TEST(seen.body == r.body);
      BOOST_TEST(seen.fields.contains("content-length") == r.length);
    }
  }
  BOOST_TEST(s.connections() == 11);
}

BOOST_AUTO_TEST_CASE(large_bodies_go_and_come) {
  fake::server s([](fake::received const& r) { return fake::server::plain(200, r.body); });
  auto const got = cs::beast_transport({.max_body = 3'000'000})(
      cs::request("POST", s.url("/"), cs::secret(std::string(3'000'000, 'x'))));
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(s.requests().at(0).body.size() == 3'000'000u);
  BOOST_TEST(got->body.size() == 3'000'000u);
}

// A server that has seen enough hangs up: the body is far beyond what the sockets keep.
BOOST_AUTO_TEST_CASE(an_answer_before_the_body_was_taken_is_heard) {
  fake::peer p([](fake::peer::tcp::socket& socket) {
    std::string read;
    boost::asio::read_until(socket, boost::asio::dynamic_buffer(read), "\r\n\r\n");
    boost::asio::write(socket, boost::asio::buffer(answer("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")));
  });
  auto const got = cs::beast_transport()(
      cs::request("POST", "http://127.0.0.1:" + p.port() + "/", cs::secret(std::string(20'000'000, 'x'))));
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->status() == 413);
}

BOOST_AUTO_TEST_CASE(no_redirect_is_followed) {
  fake::server elsewhere([](fake::received const&) { return fake::server::plain(200, "stolen"); });
  for (int status : {301, 302, 303, 307, 308}) {
    fake::server s([&](fake::received const&) {
      return "HTTP/1.1 " + std::to_string(status) + " Go\r\nLocation: " + elsewhere.url("/") +
             "\r\nContent-Length: 0\r\n\r\n";
    });
    auto const got = get(s);
    BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
    BOOST_TEST(got->status() == status);
    BOOST_TEST(got->headers.get("Location").value() == elsewhere.url("/"));
  }
  BOOST_TEST(elsewhere.connections() == 0);
}

BOOST_AUTO_TEST_CASE(the_head_is_that_of_the_final_response) {
  fake::server s([](fake::received const&) {
    return answer("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late:  padded "
                  "\t\r\nContent-Length: 0\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->status() == 200);
  BOOST_TEST(!got->headers.get("X-Early").has_value());
  BOOST_TEST(got->headers.get("x-late").value() == "padded");
}

BOOST_AUTO_TEST_CASE(a_field_may_stand_several_times_and_may_be_folded) {  // RFC 9112 §5.2
  fake::server s([](fake::received const&) {
    return answer(
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer a=\"b\",\r\n  uri=\"https://x\"\r\nWWW-Authenticate: "
        "Basic\r\nContent-Length: 0\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  std::string all;
  got->fields([&](std::string_view name, std::string_view value) {
    if (cs::equal_without_case(name, "WWW-Authenticate")) all += std::string(value) + "|";
  });
  BOOST_TEST(all == "Bearer a=\"b\", uri=\"https://x\"|Basic|");
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_joined_and_a_trailer_is_no_header) {  // RFC 9110 §6.5.1
  fake::server s([](fake::received const&) {
    return answer(
        "HTTP/1.1 200 OK\r\nX-Head: 1\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nWWW-Authenticate: Bearer\r\nX-Head: 2\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->body.reveal() == "abcde");
  BOOST_TEST(!got->headers.get("WWW-Authenticate").has_value());
  BOOST_TEST(got->headers.count() == 3u);
}

BOOST_AUTO_TEST_CASE(a_body_of_the_limit_is_taken_and_one_byte_more_is_not) {
  enum { length, chunked, until_the_end };
  for (int how : {length, chunked, until_the_end}) {
    BOOST_TEST_CONTEXT(how) {
      fake::server s([&](fake::received const& r) {
        std::string const body(r.target == "/n" ? 1000 : 1001, 'x');
        if (how == length) return fake::server::plain(200, body);
        if (how == until_the_end) return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body;
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
               std::string(r.target == "/n" ? "3e8" : "3e9") + "\r\n" + body + "\r\n0\r\n\r\n";
      });
      cs::beast_transport send({.max_body = 1000});
      auto const taken = send(cs::request("GET", s.url("/n")));
      BOOST_REQUIRE_MESSAGE(taken.has_value(), taken.error().message());
      BOOST_TEST(taken->body.size() == 1000u);
      auto const refused = send(cs::request("GET", s.url("/m")));
      BOOST_REQUIRE(!refused.has_value());
      BOOST_TEST(name(refused.error().code()) == "too_large");
    }
  }
}

BOOST_AUTO_TEST_CASE(header_lines_of_the_limit_are_taken_and_one_byte_more_is_not) {
  for (bool interim : {false, true}) {
    std::size_t extra = 0;
    std::string const before = interim ? "HTTP/1.1 103 Early\r\nX: y\r\n\r\n" : "";
    fake::server s([&](fake::received const&) {
      return before + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + std::string(100 + extra, 'x') +
             "\r\n\r\n";
    });
    auto const size =
        before.size() + std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \r\n\r\n").size() + 100;
    auto const taken = get(s, {.max_headers = size});
    BOOST_REQUIRE_MESSAGE(taken.has_value(), taken.error().message());
    extra = 1;
    auto const refused = get(s, {.max_headers = size});
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == "too_large");
  }
}

BOOST_AUTO_TEST_CASE(a_header_that_beast_can_not_hold_is_too_large) {
  fake::server s([](fake::received const& r) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " +
           std::string(r.target == "/" ? 70'000 : 65'000, 'x') + "\r\n\r\n";
  });
  cs::beast_transport send({.max_headers = 100'000});
  BOOST_TEST(send(cs::request("GET", s.url("/n"))).has_value());
  BOOST_TEST(name(send(cs::request("GET", s.url("/"))).error().code()) == "too_large");
}

BOOST_AUTO_TEST_CASE(what_has_no_end_is_cut_off) {
  std::string const line = "X: y\r\n", interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
  struct row {
    std::string begins, repeats;
  };
  for (row const& r :
       {row{"HTTP/1.1 200 OK\r\n", line}, row{"", interim}, row{"HTTP/1.1 200 OK\r\nX: ", "yyyyyyyy"},
        row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", line},
        row{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "yyyyyyyy"}}) {
    BOOST_TEST_CONTEXT(r.begins) {
      fake::server s([&](fake::received const&) {
        std::string bytes = r.begins;
        while (bytes.size() < 2'000'000) bytes += r.repeats;
        return bytes;
      });
      auto const refused = get(s);
      BOOST_REQUIRE(!refused.has_value());
      BOOST_TEST(name(refused.error().code()) == "too_large", refused.error().message());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_up_or_answers_nonsense_is_unanswered) {
  for (std::string_view bytes :
       {"", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Le", "220 mail.example ESMTP\r\n", "\x16\x03\x01\x02",
        "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX y: z\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}) {
    BOOST_TEST_CONTEXT(bytes) {
      fake::server s([&](fake::received const&) { return answer(bytes); });
      auto const lost = get(s);
      BOOST_REQUIRE(!lost.has_value());
      BOOST_TEST(name(lost.error().code()) == "unanswered", lost.error().message());
    }
  }
}

BOOST_AUTO_TEST_CASE(what_never_left_is_not_sent) {
  std::uint16_t closed = 0;
  {
    closed = fake::server([](fake::received const&) { return std::string(); }).port();
  }
  auto const origin = "http://127.0.0.1:" + std::to_string(closed);
  auto const lost = cs::beast_transport()(cs::request("GET", origin + "/x?token=canary"));
  BOOST_REQUIRE(!lost.has_value());
  BOOST_TEST(name(lost.error().code()) == "not_sent");
  BOOST_TEST(lost.error().message() == "beast: GET " + origin + ": can't connect: Connection refused");

  fake::server plain([](fake::received const&) { return fake::server::plain(200, ""); });
  auto const tls =
      cs::beast_transport()(cs::request("GET", "https://127.0.0.1:" + std::to_string(plain.port()) + "/"));
  BOOST_REQUIRE(!tls.has_value());
  BOOST_TEST(name(tls.error().code()) == "not_sent");
  BOOST_TEST(plain.requests().empty());
}

BOOST_AUTO_TEST_CASE(no_answer_in_time_is_unanswered) {
  std::mutex held;
  held.lock();
  {
    fake::server s([&](fake::received const&) { return std::lock_guard(held), std::string(); });
    auto const lost = get(s, {.timeout = cs::milliseconds(50)});
    held.unlock();
    BOOST_REQUIRE(!lost.has_value());
    BOOST_TEST(name(lost.error().code()) == "unanswered");
  }
}

// It takes connections (the kernel does) and says nothing: TLS waits for a greeting.
BOOST_AUTO_TEST_CASE(a_tls_handshake_that_takes_too_long_was_not_sent) {
  boost::asio::io_context loop;
  fake::peer::tcp::acceptor silent(loop, {boost::asio::ip::address_v4::loopback(), 0});
  auto const url = "https://localhost:" + std::to_string(silent.local_endpoint().port()) + "/";
  auto const lost = cs::beast_transport({.connect_timeout = cs::milliseconds(50)})(cs::request("GET", url));
  BOOST_REQUIRE(!lost.has_value());
  BOOST_TEST(name(lost.error().code()) == "not_sent");
  BOOST_TEST(lost.error().message().ends_with("TLS: no answer in time"), lost.error().message());
}

BOOST_AUTO_TEST_CASE(loopback_names_are_this_machine_without_a_resolver) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  for (std::string const host : {"localhost", "acme.localhost"}) {
    auto const got =
        cs::beast_transport()(cs::request("GET", "http://" + host + ":" + std::to_string(s.port()) + "/"));
    BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
    BOOST_TEST(s.requests().back().fields.at("host") == host + ":" + std::to_string(s.port()));
  }
}

BOOST_AUTO_TEST_CASE(a_server_is_believed_that_shows_a_certificate_for_its_name) {
  std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  fake::certificate mine("DNS:localhost,IP:127.0.0.1"), others("DNS:other.example");
  auto good = tls_peer(mine, ok), bad = tls_peer(others, ok);
  auto const ask = [](std::string const& origin, char const* ca_file) {
    return cs::beast_transport({.ca_file = cs::owned_text(ca_file)})(cs::request("GET", origin + "/"));
  };
  for (std::string const host : {"localhost", "127.0.0.1"}) {
    auto const got = ask("https://" + host + ":" + good.port(), mine.file());
    BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
    BOOST_TEST(got->body.reveal() == "ok");
  }
  struct row {
    std::string origin;
    char const* ca_file;
    std::string_view says;
  };
  for (row const& r :
       {row{"https://localhost:" + bad.port(), others.file(), "hostname mismatch"},
        row{"https://127.0.0.1:" + bad.port(), others.file(), "IP address mismatch"},
        row{"https://sub.localhost:" + good.port(), mine.file(), "hostname mismatch"},
        row{"https://localhost:" + good.port(), others.file(), "self-signed certificate"},
        row{"https://localhost:" + good.port(), "", "self-signed certificate"},
        row{"https://localhost:" + good.port(), "/nowhere.pem", "no certificates can be read"}}) {
    auto const refused = ask(r.origin, r.ca_file);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == "not_sent");
    BOOST_TEST(refused.error().message().find(r.says) != std::string_view::npos, refused.error().message());
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_is_shown_to_who_asks_for_one) {
  fake::certificate server("DNS:localhost"), mine("DNS:me"), others("DNS:other.example");
  server.context.load_verify_file(mine.file());
  server.context.set_verify_mode(boost::asio::ssl::verify_peer |
                                 boost::asio::ssl::verify_fail_if_no_peer_cert);
  auto asking = tls_peer(server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  auto const ask = [&](cs::beast_options how) {
    how.ca_file = server.file();
    return cs::beast_transport(std::move(how))(
        cs::request("GET", "https://localhost:" + asking.port() + "/"));
  };
  std::string_view const word = fake::certificate::passphrase;
  for (char const* key : {mine.file(), ""}) {
    auto const got = ask({.certificate = mine.file(), .key = key, .passphrase = cs::secret(word)});
    BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
    BOOST_TEST(got->body.reveal() == "ok");
  }
  struct row {
    cs::beast_options how;
    std::string_view code, says;
  };
  std::string const long_word(5000, 'x');
  for (row& r : std::vector<row>{
           {{}, "unanswered", "certificate required"},
           {{.certificate = others.file(), .passphrase = cs::secret(word)}, "unanswered", "lost"},
           {{.certificate = mine.file()}, "not_sent", "an encrypted key needs its passphrase"},
           {{.certificate = mine.file(), .passphrase = cs::secret("wrong")}, "not_sent", "must be the key's"},
           {{.certificate = mine.file(), .passphrase = cs::secret(long_word)},
            "not_sent",
            "must be the key's"},
           {{.certificate = mine.file(), .key = others.file(), .passphrase = cs::secret(word)},
            "not_sent",
            "another's is there"},
           {{.certificate = "/nowhere.pem"}, "not_sent", "no certificate can be read from /nowhere.pem"},
           {{.certificate = mine.file(), .key = "/nowhere.key"},
            "not_sent",
            "no key can be read from /nowhere.key"}}) {
    auto const refused = ask(std::move(r.how));
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == r.code, refused.error().message());
    BOOST_TEST(refused.error().message().find(r.says) != std::string_view::npos, refused.error().message());
    BOOST_TEST(refused.error().message().find("canary") == std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(another_thread_calls_off_what_is_under_way) {
  std::mutex held;
  held.lock();
  fake::peer p([&](fake::peer::tcp::socket&) { std::lock_guard const wait(held); });
  std::atomic<bool> off = false;
  std::thread other([&] {
    while (p.connections() == 0) std::this_thread::yield();
    off = true;
  });
  auto const got = cs::beast_transport({.timeout = cs::seconds(3600), .called_off = &off})(
      cs::request("GET", "http://127.0.0.1:" + p.port() + "/"));
  other.join();
  held.unlock();
  BOOST_REQUIRE(!got.has_value());
  BOOST_TEST(name(got.error().code()) == "unanswered");
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_must_end_with_a_goodbye_of_tls) {
  fake::certificate mine("DNS:localhost");
  for (bool goodbye : {true, false}) {
    auto p = tls_peer(mine, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npart of it", goodbye);
    auto const got = cs::beast_transport({.ca_file = cs::owned_text(mine.file())})(
        cs::request("GET", "https://localhost:" + p.port() + "/"));
    BOOST_TEST(got.has_value() == goodbye);
    if (!got) BOOST_TEST(name(got.error().code()) == "unanswered");
  }
}

BOOST_AUTO_TEST_CASE(what_can_not_be_sent_as_it_is_written_is_refused) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  auto const port = std::to_string(s.port());
  cs::beast_transport send;
  for (std::string const& url :
       {"http://user:passw0rd@127.0.0.1:" + port + "/", "http://user@127.0.0.1:" + port + "/",
        s.url("/\xc3\xb6"), s.url("/?\xc3\xb6"), s.url("/a b"), s.url("/\\"), s.url("/\r\nX: y"),
        "ws://127.0.0.1:" + port + "/",
        std::string("http://b\xc3\xbc"
                    "cher.example/"),
        std::string("ftp://127.0.0.1/"), std::string()}) {
    auto const refused = send(cs::request("GET", url));
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == "bad_input", url);
    BOOST_TEST(refused.error().message().find("passw0rd") == std::string_view::npos);
  }
  for (auto [name, value] : {std::pair<std::string_view, std::string_view>("Content-Length", "4"),
                             {"content-length", "10"},
                             {"Transfer-Encoding", "chunked"},
                             {"X-Value", "a\r\nX-Evil: 1"},
                             {"X-Value", {"a\0b", 3}},
                             {"X Y", "a"}}) {
    cs::request what("POST", s.url("/"), cs::secret("body"));
    what.set(name, value);
    auto const refused = send(what);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(cs::name(refused.error().code()) == "bad_field");
  }
  cs::request const method("GET /evil HTTP/1.1\r\nX: y\r\n\r\nGET", s.url("/"));
  BOOST_TEST(name(send(method).error().code()) == "bad_input");
  BOOST_TEST(s.connections() == 0);
}

BOOST_AUTO_TEST_CASE(what_is_sent_and_heard_is_wiped) {
  fake::certificate mine("DNS:localhost");
  constexpr std::string_view sent = "canary-that-is-sent", heard = "canary-that-is-heard";
  std::string const bytes = "HTTP/1.1 200 OK\r\nX-Echo: " + std::string(heard) +
                            "\r\nContent-Length: 20\r\n\r\n" + std::string(heard);
  auto encrypted = tls_peer(mine, bytes);
  fake::server plain([&](fake::received const&) { return bytes; });
  for (std::string const& url : {plain.url("/"), "https://localhost:" + encrypted.port() + "/"})
    for (auto canary : {sent, heard}) {
      fake::heap::watch const watch(canary);
      {
        cs::request what("GET", url);
        what.set("Authorization", sent);
        auto const got = cs::beast_transport({.ca_file = cs::owned_text(mine.file())})(what);
        BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
        BOOST_TEST(got->body.reveal() == heard);
      }
      BOOST_TEST(watch.found() == 0, url << " " << canary);
    }
}

BOOST_AUTO_TEST_CASE(without_memory_it_is_an_error_and_nothing_is_thrown) {
  if (!fake::heap::is_ours) return;
  fake::certificate mine("DNS:localhost");
  auto encrypted = tls_peer(mine, "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\nok");
  fake::server plain([](fake::received const&) { return fake::server::plain(200, "ok"); });
  for (std::string const& url : {plain.url("/"), "https://localhost:" + encrypted.port() + "/"}) {
    cs::request const what("GET", url);
    cs::beast_options const options{.ca_file = cs::owned_text(mine.file())};
    long blocks = 0;
    {
      cs::beast_transport send(options);
      fake::heap::counter const heap;
      static_cast<void>(send(what));
      blocks = heap.count();
    }
    BOOST_TEST(blocks > 5);
    long failed = 0;
    auto const step = blocks > 200 ? blocks / 100 : 1;
    for (long block = 0; block < blocks; block += step) {
      cs::beast_transport send(options);
      cs::result<cs::response> got = cs::error(cs::errc::none);
      {
        fake::heap::refused_once const refused(block);
        got = send(what);
      }
      if (!got) ++failed;
      else BOOST_TEST(got->body.reveal() == "ok");
    }
    BOOST_TEST(failed > 0);
  }
}

BOOST_AUTO_TEST_CASE(a_beast_request_is_authorized_in_place) {
  cs::authenticator auth{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{"https://api.example"}};
  text_request what(http::verb::post, "/v1/things?x=1", 11, "{}");
  what.set(http::field::host, "api.example");
  what.set(http::field::authorization, "Bearer stale");
  what.insert("authorization", "Bearer staler");
  // By itself it says nothing of TLS.
  auto const by_itself = auth.authorize(what);
  BOOST_REQUIRE(!by_itself.has_value());
  BOOST_TEST(name(by_itself.error().code()) == "wrong_origin");
  BOOST_TEST(what[http::field::authorization] == "Bearer stale");

  auto call = cs::sent_to(what, "https://api.example");
  BOOST_REQUIRE(auth.authorize(call).has_value());
  BOOST_TEST(what[http::field::authorization] == "Bearer t0ken");
  BOOST_TEST(what.count(http::field::authorization) == 1u);

  auto elsewhere = cs::sent_to(what, "https://evil.example");
  BOOST_TEST(name(auth.authorize(elsewhere).error().code()) == "wrong_origin");
}

BOOST_AUTO_TEST_CASE(a_plain_beast_request_goes_where_its_host_says) {
  cs::authenticator auth{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{"http://localhost:8080"}};
  struct row {
    std::vector<std::string> hosts;
    std::string_view ends;
  };
  for (row const& r :
       {row{{"localhost:8080"}, "none"}, row{{"LOCALHOST:8080"}, "none"}, row{{"localhost"}, "wrong_origin"},
        row{{}, "bad_input"}, row{{"localhost:8080", "evil.example"}, "bad_input"},
        row{{std::string(400, 'a')}, "bad_input"}, row{{"localhost:8080@evil.example"}, "wrong_origin"}}) {
    empty_request what(http::verb::get, "/", 11);
    for (auto const& host : r.hosts) what.insert(http::field::host, host);
    auto const ok = auth.authorize(what);
    BOOST_TEST(name(ok ? cs::errc::none : ok.error().code()) == r.ends);
    BOOST_TEST(what.count(http::field::authorization) == (ok ? 1u : 0u));
  }
}

BOOST_AUTO_TEST_CASE(a_view_shows_what_will_be_sent) {
  text_request what(http::verb::put, "/a?b", 11, "content");
  what.set("X-One", "1");
  auto const view = cs::view_of(what);
  BOOST_TEST(view.method() == "PUT");
  BOOST_TEST(view.target() == "/a?b");
  BOOST_TEST(view.body() == "content");
  std::string fields;
  view.fields([&](std::string_view name, std::string_view value) {
    fields += std::string(name) + "=" + std::string(value);
  });
  BOOST_TEST(fields == "X-One=1");
  BOOST_TEST(cs::view_of(empty_request()).body() == "");
}

BOOST_AUTO_TEST_CASE(a_field_that_beast_can_not_hold_is_refused) {
  empty_request what;
  auto&& sink = cs::sink_of(what);
  BOOST_TEST(sink("X", std::string(60'000, 'x')));
  BOOST_TEST(!sink("X", std::string(70'000, 'x')));
}

// The user's own client: Beast's messages pass as they are.
BOOST_AUTO_TEST_CASE(send_takes_beast_messages) {
  fake::service api;
  cs::authenticator auth{cs::fixed{"t1"}, cs::bearer{}, cs::only{"http://localhost:8080"}};
  text_request what(http::verb::get, "/", 11);
  what.set(http::field::host, "localhost:8080");
  std::string carried;
  auto const client = [&](text_request const& sent) -> cs::result<http::response<http::string_body>> {
    carried = std::string(sent[http::field::authorization]);
    return http::response<http::string_body>(http::status::unauthorized, 11);
  };
  auto const got = cs::send(auth, what, client);
  BOOST_TEST(carried == "Bearer t1");
  BOOST_REQUIRE(!got.has_value());
  BOOST_TEST(name(got.error().code()) == "rejected");
  BOOST_TEST(what.count(http::field::authorization) == 0u);
}

BOOST_AUTO_TEST_CASE(a_url_that_a_stranger_chose_leads_no_further_in_than_he_is) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  auto const port = ":" + std::to_string(s.port());
  struct row {
    std::string named_by, host;
    bool taken;
  };
  for (row const& r :
       {row{"https://203.0.113.1", "127.0.0.1", false}, row{"https://203.0.113.1", "localhost", false},
        row{"http://10.0.0.1", "acme.localhost", false}, row{"https://203.0.113.1", "10.0.0.1", false},
        row{"https://203.0.113.1", "[::ffff:10.0.0.1]", false},
        row{"https://203.0.113.1", "169.254.169.254", false}, row{"nobody", "127.0.0.1", false},
        row{"http://127.0.0.1:1", "127.0.0.1", true}, row{"http://localhost", "127.0.0.1", true},
        row{"", "127.0.0.1", true}}) {
    BOOST_TEST_CONTEXT(r.named_by << " names " << r.host) {
      cs::request what("GET", "http://" + r.host + port + "/");
      what.named_by = cs::secret(r.named_by);
      auto const before = s.connections();
      auto const got = cs::beast_transport()(what);
      BOOST_TEST(got.has_value() == r.taken);
      BOOST_TEST(s.connections() - before == (r.taken ? 1 : 0));
      if (!got) BOOST_TEST(name(got.error().code()) == "insecure", got.error().message());
      if (!got)
        BOOST_TEST(got.error().message().ends_with(": the name leads to an address within a network, and the "
                                                   "server that named it is not there; nothing was sent"),
                   got.error().message());
    }
  }
}

// A judge hears what a name resolves to, and of who named it the same.
BOOST_AUTO_TEST_CASE(a_destination_takes_what_is_no_further_in) {
  using cs::host_reach;
  cs::request what("GET", "https://id.example/");
  BOOST_TEST(!cs::detail::destination(what).judged());
  what.named_by = cs::secret("https://mcp.example");
  cs::detail::destination to(what);
  BOOST_TEST(to.judged());
  BOOST_TEST(!to.takes(host_reach::network));
  BOOST_TEST(to.refused());
  BOOST_TEST(!to.widen(host_reach::unclear));
  BOOST_TEST(!to.widen(host_reach::everywhere));
  BOOST_TEST(to.widen(host_reach::network));
  BOOST_TEST(!to.refused());
  BOOST_TEST(to.takes(host_reach::network));
  BOOST_TEST(!to.takes(host_reach::link));
  BOOST_TEST(!to.takes(host_reach::unclear));
  BOOST_TEST(!to.refused());  // one of its addresses will do
}

BOOST_AUTO_TEST_SUITE_END()
