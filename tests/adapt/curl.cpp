#include <countersign/adapt/curl.hpp>

#include "fake/server.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <stdlib.h>

namespace cs = countersign;

namespace {

std::string answer(std::string_view bytes) { return std::string(bytes); }

cs::result<cs::response> get(fake::server& s, cs::curl_options options = {}) {
  cs::curl_transport http(std::move(options));
  return http(cs::request("GET", s.url("/")));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(adapt_curl)

BOOST_AUTO_TEST_CASE(a_request_is_sent_as_it_is_and_nothing_is_added_but_what_http_needs) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::curl_transport http;
  cs::request what("POST", s.url("/a/../b//c%2F?q=1+2#fragment"), cs::secret("{\"x\":1}"));
  what.set("Content-Type", "application/json");
  what.set("X-Empty", "");
  what.set("X-Two", "two  words");
  auto const got = http(what);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->status() == 200);
  BOOST_TEST(got->body.reveal() == "ok");
  auto const seen = s.requests().at(0);
  BOOST_TEST(seen.head ==
             "POST /a/../b//c%2F?q=1+2 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(s.port()) +
                 "\r\nAccept-Encoding: identity\r\nContent-Type: application/json\r\nX-Empty:\r\nX-Two: two  "
                 "words\r\nContent-Length: 7\r\n\r\n");
  BOOST_TEST(seen.body == "{\"x\":1}");
}

BOOST_AUTO_TEST_CASE(methods_and_bodies) {
  fake::server s(
      [](fake::received const& r) { return fake::server::plain(200, r.method == "HEAD" ? "" : "ok"); });
  cs::curl_transport http;
  struct row {
    std::string_view method, body;
    bool length;
  };
  for (row const& r :
       {row{"GET", "", false}, row{"HEAD", "", false}, row{"DELETE", "", false}, row{"OPTIONS", "", false},
        row{"POST", "", true}, row{"PUT", "", true}, row{"PATCH", "x", true}, row{"DELETE", "x", true},
        row{"GET", "x", true}, row{"PURGE", "", false}}) {
    BOOST_TEST_CONTEXT(r.method << " with " << r.body.size() << " bytes") {
      auto const got = http(cs::request(r.method, s.url("/"), cs::secret(r.body)));
      BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
      auto const seen = s.requests().back();
      BOOST_TEST(seen.method == r.method);
      BOOST_TEST(seen.body == r.body);
      BOOST_TEST(seen.fields.contains("content-length") == r.length);
      BOOST_TEST(!seen.fields.contains("expect"));
      BOOST_TEST(!seen.fields.contains("content-type"));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_large_body_is_sent_without_waiting_for_a_100) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  auto const got =
      cs::curl_transport()(cs::request("POST", s.url("/"), cs::secret(std::string(3'000'000, 'x'))));
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(s.requests().at(0).body.size() == 3'000'000u);
}

BOOST_AUTO_TEST_CASE(no_redirect_is_followed) {
  fake::server s([](fake::received const&) {
    return answer("HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->status() == 307);
  BOOST_TEST(got->headers.get("Location").value() == "/elsewhere");
  BOOST_TEST(s.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_head_is_that_of_the_final_response) {
  fake::server s([](fake::received const&) {
    return answer("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late:  padded "
                  "\t\r\nContent-Length: 0\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->status() == 200);
  BOOST_TEST(!got->headers.get("X-Early").has_value());
  BOOST_TEST(got->headers.get("x-late").value() == "padded");
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_joined_and_no_content_coding_is_undone) {
  fake::server s([](fake::received const&) {
    return answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: "
                  "gzip\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->body.reveal() == "abcde");
}

BOOST_AUTO_TEST_CASE(a_body_of_the_limit_is_taken_and_one_byte_more_is_not) {
  for (bool chunked : {false, true}) {
    fake::server s([&](fake::received const& r) {
      std::string const body(r.target == "/n" ? 1000 : 1001, 'x');
      if (!chunked) return fake::server::plain(200, body);
      return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
             std::string(r.target == "/n" ? "3e8" : "3e9") + "\r\n" + body + "\r\n0\r\n\r\n";
    });
    cs::curl_transport http({.max_body = 1000});
    BOOST_TEST(http(cs::request("GET", s.url("/n")))->body.size() == 1000u);
    auto const refused = http(cs::request("GET", s.url("/m")));
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == "too_large");
  }
}

BOOST_AUTO_TEST_CASE(header_lines_of_the_limit_are_taken_and_one_byte_more_is_not) {
  std::size_t extra = 0;
  fake::server s([&](fake::received const&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: " + std::string(100 + extra, 'x') + "\r\n\r\n";
  });
  auto const size = std::string_view("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: \r\n\r\n").size() + 100;
  BOOST_TEST(get(s, {.max_headers = size}).has_value());
  extra = 1;
  auto const refused = get(s, {.max_headers = size});
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(name(refused.error().code()) == "too_large");
}

BOOST_AUTO_TEST_CASE(headers_without_end_are_cut_off) {
  fake::server s([](fake::received const&) {
    std::string bytes = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 100'000; ++i) bytes += "X-" + std::to_string(i) + ": y\r\n";
    return bytes;
  });
  auto const refused = get(s);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(name(refused.error().code()) == "too_large");
}

BOOST_AUTO_TEST_CASE(a_server_that_hangs_up_or_answers_nonsense_is_unanswered) {
  for (std::string_view bytes :
       {"", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhalf",
        "220 mail.example ESMTP\r\n", "\x16\x03\x01\x02", "HTTP/1.1 2x0 OK\r\n\r\n"}) {
    fake::server s([&](fake::received const&) { return answer(bytes); });
    auto const lost = get(s);
    BOOST_REQUIRE(!lost.has_value());
    BOOST_TEST(name(lost.error().code()) == "unanswered", lost.error().message());
  }
}

BOOST_AUTO_TEST_CASE(what_never_left_is_not_sent) {
  std::uint16_t closed = 0;
  {
    closed = fake::server([](fake::received const&) { return std::string(); }).port();
  }
  auto const url = "http://127.0.0.1:" + std::to_string(closed) + "/x?token=canary";
  auto const lost = cs::curl_transport()(cs::request("GET", url));
  BOOST_REQUIRE(!lost.has_value());
  BOOST_TEST(name(lost.error().code()) == "not_sent");
  BOOST_TEST(lost.error().message().find("http://127.0.0.1:" + std::to_string(closed)) !=
             std::string_view::npos);
  BOOST_TEST(lost.error().message().find("canary") == std::string_view::npos);

  fake::server plain([](fake::received const&) { return fake::server::plain(200, ""); });
  auto const tls =
      cs::curl_transport()(cs::request("GET", "https://127.0.0.1:" + std::to_string(plain.port()) + "/"));
  BOOST_REQUIRE(!tls.has_value());
  BOOST_TEST(name(tls.error().code()) == "not_sent");
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

BOOST_AUTO_TEST_CASE(connections_are_kept_for_whatever_comes_next) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::curl_transport http;
  for (std::string_view method : {"GET", "POST", "PATCH", "GET", "POST"})
    BOOST_TEST(http(cs::request(method, s.url("/"), cs::secret(method == "GET" ? "" : "body"))).has_value());
  BOOST_TEST(s.requests().size() == 5u);
  BOOST_TEST(s.connections() == 1);
}

// A kept connection dies under the second request: libcurl would send any again, whether or not the first
// was acted upon.
BOOST_AUTO_TEST_CASE(what_may_do_harm_twice_is_not_sent_twice_where_a_kept_connection_dies) {
  struct row {
    std::string_view method, body;
    std::size_t times;
  };
  for (row const& r : {row{"POST", "refresh_token=once", 1}, row{"POST", "", 1}, row{"PATCH", "x", 1},
                       row{"PATCH", "", 1}, row{"PURGE", "", 1}, row{"GET", "", 2}}) {
    BOOST_TEST_CONTEXT(r.method << " with " << r.body.size() << " bytes") {
      fake::server s([&](fake::received const& q) {
        return q.target == "/first" ? fake::server::plain(200, "ok") : std::string();
      });
      cs::curl_transport http;
      BOOST_TEST(http(cs::request("GET", s.url("/first"))).has_value());
      auto const lost = http(cs::request(r.method, s.url("/second"), cs::secret(r.body)));
      BOOST_REQUIRE(!lost.has_value());
      BOOST_TEST(name(lost.error().code()) == "unanswered");
      BOOST_TEST(s.requests().size() == 1 + r.times);
    }
  }
}

// SECURITY: a redirect hands a credential to another server (CVE-2018-1000007 and its like). None is
// followed, so none does.
BOOST_AUTO_TEST_CASE(no_redirect_takes_a_credential_along) {
  fake::server elsewhere([](fake::received const&) { return fake::server::plain(200, "stolen"); });
  auto const port = std::to_string(elsewhere.port());
  for (int status : {300, 301, 302, 303, 305, 307, 308})
    for (std::string const& location :
         {elsewhere.url("/"), "//127.0.0.1:" + port, "http://localhost:" + port + "/",
          "HTTP://user@127.0.0.1:" + port, std::string("/same")}) {
      fake::server s([&](fake::received const&) {
        return "HTTP/1.1 " + std::to_string(status) + " Go\r\nLocation: " + location +
               "\r\nRefresh: 0;url=" + location + "\r\nContent-Length: 0\r\n\r\n";
      });
      cs::request what("POST", s.url("/"), cs::secret("body"));
      what.set("Authorization", "Bearer canary");
      auto const got = cs::curl_transport()(what);
      BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
      BOOST_TEST(got->status() == status);
      BOOST_TEST(s.requests().size() == 1u);
    }
  BOOST_TEST(elsewhere.connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_proxy_of_the_environment_sees_nothing_that_stays_on_this_machine) {
  fake::server proxy([](fake::received const&) { return fake::server::plain(200, "proxy"); });
  fake::server s([](fake::received const&) { return fake::server::plain(200, "direct"); });
  for (char const* variable : {"http_proxy", "ALL_PROXY"}) {
    ::setenv(variable, proxy.origin().c_str(), 1);
    auto const by_address = get(s);
    auto const by_name =
        cs::curl_transport()(cs::request("GET", "http://localhost:" + std::to_string(s.port()) + "/"));
    auto const told = get(s, {.proxy = proxy.origin()});
    ::unsetenv(variable);
    BOOST_TEST(by_address->body.reveal() == "direct");
    BOOST_TEST(by_name->body.reveal() == "direct");
    BOOST_TEST(told->body.reveal() == "proxy");  // who names one means it
  }
}

BOOST_AUTO_TEST_CASE(no_header_of_the_request_says_where_it_ends) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  for (auto [name, value] : {std::pair("Content-Length", "4"), std::pair("content-length", "10"),
                             std::pair("Transfer-Encoding", "chunked")}) {
    cs::request what("POST", s.url("/"), cs::secret("bodyGET /smuggled HTTP/1.1\r\n\r\n"));
    what.set(name, value);
    auto const refused = cs::curl_transport()(what);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(cs::name(refused.error().code()) == "bad_field");
  }
  BOOST_TEST(s.connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_folded_field_is_joined_and_what_is_no_field_is_left_out) {  // RFC 9112 §5.2, §5.1
  fake::server s([](fake::received const&) {
    return answer("HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer a=\"b\",\r\n  uri=\"https://x\"\r\n\tc=d\r\nX "
                  "y: z\r\nX-Last: 1\r\nContent-Length: 0\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->headers.get("WWW-Authenticate").value() == "Bearer a=\"b\", uri=\"https://x\" c=d");
  BOOST_TEST(got->headers.get("X-Last").value() == "1");
  BOOST_TEST(got->headers.count() == 3u);
}

BOOST_AUTO_TEST_CASE(a_trailer_is_no_header) {  // RFC 9110 §6.5.1
  fake::server s([](fake::received const&) {
    return answer("HTTP/1.1 200 OK\r\nX-Head: 1\r\nTransfer-Encoding: "
                  "chunked\r\n\r\n2\r\nok\r\n0\r\nWWW-Authenticate: Bearer\r\nX-Head: 2\r\n\r\n");
  });
  auto const got = get(s);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(!got->headers.get("WWW-Authenticate").has_value());
  BOOST_TEST(got->headers.get("X-Head").value() == "1");
  BOOST_TEST(got->body.reveal() == "ok");
}

BOOST_AUTO_TEST_CASE(interim_responses_without_end_are_cut_off) {
  fake::server s([](fake::received const&) {
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) bytes += "HTTP/1.1 103 Early Hints\r\n\r\n";
    return bytes;
  });
  auto const refused = get(s);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(name(refused.error().code()) == "too_large");
}

BOOST_AUTO_TEST_CASE(a_url_that_libcurl_would_send_otherwise_than_it_is_written_is_refused) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  auto const port = std::to_string(s.port());
  for (std::string const& url :
       {"http://user:passw0rd@127.0.0.1:" + port + "/", "http://user@127.0.0.1:" + port + "/",
        s.url("/\xc3\xb6"), s.url("/?\xc3\xb6"), s.url("/a b"), s.url("/\\")}) {
    auto const refused = cs::curl_transport()(cs::request("GET", url));
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == "bad_input", url);
    BOOST_TEST(refused.error().message().find("passw0rd") == std::string_view::npos);
  }
  BOOST_TEST(name(cs::curl_transport()(cs::request("HEAD", s.url("/"), cs::secret("x"))).error().code()) ==
             "bad_input");
  BOOST_TEST(s.connections() == 0);
}

BOOST_AUTO_TEST_CASE(no_cookie_is_kept) {
  fake::server s([](fake::received const&) {
    return answer("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
  });
  cs::curl_transport http;
  for (int i = 0; i < 2; ++i) BOOST_TEST(http(cs::request("GET", s.url("/"))).has_value());
  BOOST_TEST(!s.requests().at(1).fields.contains("cookie"));
}

BOOST_AUTO_TEST_CASE(other_schemes_and_bad_urls_are_refused_before_anything_is_sent) {
  for (std::string_view url : {"ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1", "", "http://",
                               "http://127.0.0.1:99999/", "http://a b/", "http://127.0.0.1\r\nX: y/"}) {
    auto const refused = cs::curl_transport()(cs::request("GET", url));
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == "bad_input", url);
  }
  auto const ws = cs::curl_transport()(cs::request("GET", "ws://127.0.0.1/"));
  BOOST_TEST(!ws.has_value());
}

BOOST_AUTO_TEST_CASE(bytes_that_no_header_may_hold_are_refused_never_stripped) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  for (std::string_view value :
       {std::string_view("a\r\nX-Evil: 1"), std::string_view("a\nb"), std::string_view("a\0b", 3),
        std::string_view(" a"), std::string_view("a\x7f")}) {
    cs::request what("GET", s.url("/"));
    what.set("X-Value", value);
    auto const refused = cs::curl_transport()(what);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(name(refused.error().code()) == "bad_field");
  }
  cs::request what("GET /evil HTTP/1.1\r\nX: y\r\n\r\nGET", s.url("/"));
  BOOST_TEST(name(cs::curl_transport()(what).error().code()) == "bad_input");
  BOOST_TEST(s.requests().empty());
}

BOOST_AUTO_TEST_CASE(an_own_easy_handle_gets_its_headers_by_the_sink) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  cs::authenticator auth{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{s.origin()}};
  cs::curl_headers headers;
  BOOST_REQUIRE(headers("Authorization", "Bearer stale"));
  BOOST_REQUIRE(headers("X-Mine", "1"));
  auto const url = s.url("/mine");
  BOOST_REQUIRE(
      auth.authorize(cs::curl_call{.verb = "GET", .address = url, .headers = &headers}, headers).has_value());

  CURL* const handle = curl_easy_init();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(
      handle, CURLOPT_WRITEFUNCTION, +[](char*, std::size_t, std::size_t n, void*) { return n; });
  BOOST_TEST(curl_easy_perform(handle) == CURLE_OK);
  curl_easy_cleanup(handle);
  auto const seen = s.requests().at(0);
  BOOST_TEST(seen.fields.at("authorization") == "Bearer t0ken");
  BOOST_TEST(seen.fields.at("x-mine") == "1");
  BOOST_TEST(seen.head.find("stale") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_name_is_resolved_as_it_was_told) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  auto const port = std::to_string(s.port());
  cs::curl_transport http({.resolve = "acme.localhost:" + port + ":127.0.0.1"});
  auto const got = http(cs::request("GET", "http://acme.localhost:" + port + "/"));
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(s.requests().at(0).fields.at("host") == "acme.localhost:" + port);
}

// The name is a stranger's; what it resolves to is this machine, a network, or a cloud's metadata.
BOOST_AUTO_TEST_CASE(a_name_that_a_stranger_chose_leads_no_further_in_than_he_is) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "secret"); });
  auto const port = std::to_string(s.port());
  for (std::string const address :
       {"127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]",
        "192.168.1.1", "100.64.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "0.0.0.0"}) {
    BOOST_TEST_CONTEXT(address) {
      cs::curl_transport http({.resolve = "id.example:" + port + ":" + address});
      cs::request what("GET", "http://id.example:" + port + "/?canary=1");
      what.named_by = cs::secret("https://203.0.113.1");
      auto const got = http(what);
      BOOST_REQUIRE(!got.has_value());
      BOOST_TEST(name(got.error().code()) == "insecure", got.error().message());
      BOOST_TEST(got.error().message() == "curl: GET http://id.example:" + port +
                                              ": the name leads to an address within a network, and the "
                                              "server that named it is not there; nothing was sent");
    }
  }
  BOOST_TEST(s.connections() == 0);
}

BOOST_AUTO_TEST_CASE(who_is_within_a_network_names_what_is_there) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  auto const port = std::to_string(s.port());
  struct row {
    std::string named_by, resolve;
    bool taken;
  };
  for (row const& r : {row{"http://127.0.0.1:1", "id.example:" + port + ":127.0.0.1", true},
                       row{"http://localhost:1", "id.example:" + port + ":127.0.0.1", true},
                       row{"http://10.0.0.1", "id.example:" + port + ":127.0.0.1", false},
                       // Its name does not say where it is; what that resolves to does.
                       row{"https://mcp.example:" + port, "*:" + port + ":127.0.0.1", true},
                       row{"https://203.0.113.1", "*:" + port + ":127.0.0.1", false},
                       row{"nobody", "*:" + port + ":127.0.0.1", false},
                       row{"", "id.example:" + port + ":127.0.0.1", true}}) {
    BOOST_TEST_CONTEXT(r.named_by) {
      cs::curl_transport http({.resolve = r.resolve});
      cs::request what("POST", "http://id.example:" + port + "/", cs::secret("body"));
      what.named_by = cs::secret(r.named_by);
      auto const before = s.connections();
      auto const got = http(what);
      BOOST_TEST(got.has_value() == r.taken, (got ? std::string_view() : got.error().message()));
      BOOST_TEST(s.connections() - before == (r.taken ? 1 : 0));
      if (r.taken) BOOST_TEST(s.requests().back().body == "body");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_kept_connection_is_judged_like_a_new_one) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "ok"); });
  auto const port = std::to_string(s.port());
  cs::curl_transport http({.resolve = "id.example:" + port + ":127.0.0.1"});
  cs::request what("GET", "http://id.example:" + port + "/");
  BOOST_TEST(http(what).has_value());  // the user's own
  what.named_by = cs::secret("https://203.0.113.1");
  auto const got = http(what);
  BOOST_REQUIRE(!got.has_value());
  BOOST_TEST(name(got.error().code()) == "insecure");
  BOOST_TEST(s.requests().size() == 1u);
  what.named_by = {};
  BOOST_TEST(http(what).has_value());
}

// A proxy is where the environment says, and resolves the names itself; only what goes past it is judged here.
BOOST_AUTO_TEST_CASE(the_address_of_a_proxy_is_not_judged) {
  fake::server proxy([](fake::received const& r) {
    return r.method == "CONNECT" ? answer("HTTP/1.1 200 OK\r\n\r\n") : fake::server::plain(403, "");
  });
  cs::curl_transport http({.proxy = proxy.origin()});
  cs::request what("GET", "https://id.example/");
  what.named_by = cs::secret("https://203.0.113.1");
  auto const got = http(what);
  BOOST_REQUIRE(!got.has_value());  // it speaks no TLS
  BOOST_TEST(name(got.error().code()) != "insecure");
  BOOST_TEST(proxy.requests().at(0).method == "CONNECT");
}

BOOST_AUTO_TEST_CASE(a_mebibyte_is_the_most_that_is_taken_where_nothing_else_is_said) {
  std::size_t extra = 0;
  fake::server s([&](fake::received const&) {
    std::string all = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n";
    for (int chunk = 0; chunk < 16; ++chunk) all += "10000\r\n" + std::string(1 << 16, 'x') + "\r\n";
    if (extra > 0) all += "1\r\nx\r\n";
    return all + "0\r\n\r\n";
  });
  auto const whole = get(s);
  BOOST_REQUIRE_MESSAGE(whole.has_value(), whole.error().message());
  BOOST_TEST(whole->body.size() == std::size_t{1} << 20);
  BOOST_TEST(s.requests().at(0).fields.at("accept-encoding") == "identity");
  extra = 1;
  auto const refused = get(s);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(name(refused.error().code()) == "too_large");
}

namespace {

struct listener final : cs::curl_listener {
  bool takes(cs::response_head const& head) noexcept override {
    ++heads;
    status = head.status();
    type = std::string(head.get("Content-Type").value_or(""));
    return wants;
  }
  bool hear(std::string_view piece) noexcept override {
    heard += piece.size();
    return heard <= most;
  }
  bool goes_on() noexcept override { return patient; }

  bool wants = true, patient = true;
  std::size_t most = std::size_t{1} << 30, heard = 0;
  int heads = 0, status = 0;
  std::string type;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_listener_hears_a_body_of_any_size_and_the_response_has_none) {
  fake::server s([](fake::received const&) {
    return "HTTP/1.1 103 Hints\r\nContent-Type: a/b\r\n\r\nHTTP/1.1 201 Made\r\nContent-Type: "
           "text/x\r\nContent-Length: 3000000\r\n\r\n" +
           std::string(3000000, 'x');
  });
  cs::curl_transport http;
  listener by;
  auto const got = http(cs::request("GET", s.url("/")), &by);
  BOOST_REQUIRE_MESSAGE(got.has_value(), got.error().message());
  BOOST_TEST(got->status() == 201);
  BOOST_TEST(got->body.empty());
  BOOST_TEST(by.heads == 1);
  BOOST_TEST(by.status == 201);
  BOOST_TEST(by.type == "text/x");
  BOOST_TEST(by.heard == 3000000u);
}

BOOST_AUTO_TEST_CASE(what_a_listener_does_not_take_is_put_together_as_ever) {
  fake::server s([](fake::received const&) { return fake::server::plain(401, "no"); });
  cs::curl_transport http;
  listener by;
  by.wants = false;
  auto const got = http(cs::request("GET", s.url("/")), &by);
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->status() == 401);
  BOOST_TEST(got->body.reveal() == "no");
  BOOST_TEST(by.heard == 0u);
}

BOOST_AUTO_TEST_CASE(a_listener_ends_what_it_has_heard_enough_of) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, "much"); });
  cs::curl_transport http;
  listener sated, gone;
  sated.most = 3;
  auto const first = http(cs::request("GET", s.url("/")), &sated);
  BOOST_REQUIRE(!first.has_value());
  BOOST_TEST(name(first.error().code()) == "abandoned");
  gone.patient = false;
  auto const second = http(cs::request("GET", s.url("/")), &gone);
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST(name(second.error().code()) == "abandoned");
  BOOST_TEST(gone.heads == 0);
  BOOST_TEST(http(cs::request("GET", s.url("/"))).has_value());  // nothing of them stays
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_there_is_named_and_nothing_is_sent) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  cs::curl_options how;
  how.certificate = "/none/such.pem";
  cs::curl_transport http(std::move(how));
  auto const got = http(cs::request("GET", "https" + s.url("/").substr(4)));
  BOOST_REQUIRE(!got.has_value());
  BOOST_TEST(name(got.error().code()) == "not_sent");
  BOOST_TEST(got.error().message().find("/none/such.pem") != std::string_view::npos, got.error().message());
}

// RFC 8705: one that is not there is named by who would show it.
BOOST_AUTO_TEST_CASE(a_certificate_is_shown_to_its_server_and_where_a_request_says_so) {
  fake::server s([](fake::received const&) { return fake::server::plain(200, ""); });
  auto const url = "https" + s.url("/a?b").substr(4), origin = url.substr(0, url.find("/a"));
  struct {
    std::string certificate_for;
    bool said, shown;
  } const rows[] = {
      {"", false, true},
      {"", true, true},
      {origin, false, true},
      {origin + "/other/path", false, true},
      {"https://127.0.0.1:1", false, false},
      {"https://127.0.0.1:1", true, true},
      {"http" + origin.substr(5), false, false},
      {"https://localhost" + origin.substr(origin.rfind(':')), false, false},
      {"no URL", false, false},
      {"no URL", true, true},
  };
  for (auto const& row : rows) {
    cs::curl_options how;
    how.certificate = "/none/such.pem";
    how.certificate_for = row.certificate_for;
    cs::curl_transport http(std::move(how));
    for (int turn = 0; turn < 2; ++turn) {  // with a handle that has been used
      cs::request what("GET", url);
      what.with_certificate = row.said;
      auto const got = http(what);
      BOOST_REQUIRE(!got.has_value());
      BOOST_TEST((got.error().message().find("/none/such.pem") != std::string_view::npos) == row.shown,
                 row.certificate_for << ": " << got.error().message());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
