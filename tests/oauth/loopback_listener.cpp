#include <countersign/oauth/loopback_listener.hpp>

#include "fake/context.hpp"
#include "os/knock.hpp"
#include "os/scratch.hpp"

#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace countersign;
using oauth::loopback_listener;

static_assert(std::is_nothrow_move_constructible_v<loopback_listener>);
static_assert(!std::is_copy_constructible_v<loopback_listener>);

namespace {

constexpr std::string_view state = "c3RhdGUtb2YtMjU2LWJpdHMtYXMtYmFzZTY0dXJsLi4";
std::string const page = "https://id.example/authorize?response_type=code&state=" + std::string(state);

loopback_listener listening(oauth::loopback_address const& at = {}) {
  auto made = loopback_listener::open(at);
  BOOST_REQUIRE_MESSAGE(made, made.error().message());
  return std::move(*made);
}

// A browser's request for a target, with what else it says.
std::string get(std::string_view target, std::string_view host, std::string_view more = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n" +
         std::string(more) + "\r\n";
}
std::string host_of(loopback_listener const& at) { return "127.0.0.1:" + std::to_string(at.port()); }
std::string genuine(loopback_listener const& at, std::string_view more = "") {
  return get("/callback?code=good&state=" + std::string(state), host_of(at), more);
}

// Rounds until `done()`, or until the redirect is there.
template <class Done>
std::string serve(loopback_listener& at, context const& outside, Done&& done) {
  for (int round = 0; round < 200; ++round) {
    auto came = at.serve(state, outside);
    BOOST_REQUIRE_MESSAGE(came, came.error().message());
    if (!came->empty()) return std::string(came->reveal());
    if (done()) return "";
  }
  BOOST_FAIL("nothing happened");
  return "";
}
std::string serve(loopback_listener& at, context const& outside = system_context) {
  return serve(at, outside, [] { return false; });
}

// The status and the whole answer to a request that is not the redirect waited for.
std::string answer(loopback_listener& at, std::string_view request) {
  knock one(at.port(), request);
  auto const came = serve(at, system_context, [&] { return one.heard_something(); });
  BOOST_TEST(came == "", "taken for the redirect: " << request);
  return one.hears();
}
std::string status(loopback_listener& at, std::string_view request) {
  return answer(at, request).substr(9, 3);
}

void still_waits(loopback_listener& at) {
  knock browser(at.port(), genuine(at));
  BOOST_TEST(serve(at) == std::string(at.redirect_uri()) + "?code=good&state=" + std::string(state));
  BOOST_TEST(browser.hears().starts_with("HTTP/1.1 200 OK\r\n"));
}

// More descriptors than a shell gives, while it lives.
struct many_descriptors {
  rlimit before = {};
  many_descriptors() {
    BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit more = before;
    if (more.rlim_cur < 4096) more.rlim_cur = more.rlim_max < 4096 ? more.rlim_max : 4096;
    BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &more) == 0);
  }
  ~many_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_loopback_listener)

BOOST_AUTO_TEST_CASE(the_redirect_is_given_whole_and_the_browser_gets_a_page) {
  auto at = listening();
  BOOST_TEST(at.redirect_uri() == "http://127.0.0.1:" + std::to_string(at.port()) + "/callback");
  knock browser(at.port(), genuine(at, "User-Agent: x\r\nAccept: text/html\r\nCookie: a=\xc3\xa4\r\n"));
  auto const came = at.wait(page, no_deadline, system_context);
  BOOST_REQUIRE(came);
  BOOST_TEST(came->reveal() == std::string(at.redirect_uri()) + "?code=good&state=" + std::string(state));
  auto const said = browser.hears();
  BOOST_TEST(said.starts_with("HTTP/1.1 200 OK\r\n"));
  BOOST_TEST(said.find("You can close this window") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_request_may_come_in_pieces) {
  auto at = listening();
  for (std::size_t cut = 1; cut < 6; ++cut) {
    auto const request = genuine(at);
    knock browser(at.port(), request.substr(0, request.size() - cut));
    for (int i = 0; i < 2; ++i) BOOST_REQUIRE(at.serve(state, system_context).value().empty());
    browser.say(request.substr(request.size() - cut));
    BOOST_TEST(serve(at) != "");
    at = listening();
  }
  // byte by byte
  knock browser(at.port());
  auto const slowly = genuine(at);
  for (std::size_t i = 0; i + 1 < slowly.size(); ++i) {
    browser.say(slowly.substr(i, 1));
    BOOST_REQUIRE(at.serve(state, system_context).value().empty());
  }
  browser.say("\n");
  BOOST_TEST(serve(at) != "");
}

BOOST_AUTO_TEST_CASE(an_error_from_the_server_comes_back_like_a_code) {
  auto at = listening();
  knock browser(at.port(), get("/callback?error=access_denied&state=" + std::string(state), host_of(at)));
  BOOST_TEST(serve(at).ends_with("/callback?error=access_denied&state=" + std::string(state)));
  BOOST_TEST(browser.hears().starts_with("HTTP/1.1 200 OK\r\n"));
}

BOOST_AUTO_TEST_CASE(localhost_listens_on_both_addresses) {
  auto at = listening({.host = "localhost"});
  auto const host = "localhost:" + std::to_string(at.port());
  BOOST_TEST(at.redirect_uri() == "http://" + host + "/callback");
  BOOST_TEST(status(at, get("/callback?state=" + std::string(state), host_of(at))) == "403");
  knock browser(at.port(), over::ipv6);
  BOOST_REQUIRE(browser.connected());
  browser.say(get("/callback?code=six&state=" + std::string(state), host));
  BOOST_TEST(serve(at) == "http://" + host + "/callback?code=six&state=" + std::string(state));

  auto again = listening({.host = "localhost"});
  knock other(again.port(), get("/callback?code=four&state=" + std::string(state),
                                "localhost:" + std::to_string(again.port())));
  BOOST_TEST(serve(again).find("code=four") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_is_listened_to_where_it_is_asked_for) {
  auto at = listening({.host = "[::1]"});
  auto const host = "[::1]:" + std::to_string(at.port());
  knock browser(at.port(), over::ipv6);
  browser.say(get("/callback?code=six&state=" + std::string(state), host));
  BOOST_TEST(serve(at) == "http://" + host + "/callback?code=six&state=" + std::string(state));
  BOOST_TEST(!knock(at.port()).connected());
}

BOOST_AUTO_TEST_CASE(other_hosts_are_no_place_to_listen) {
  for (auto const host : {"0.0.0.0", "127.0.0.2", "example.com", "::1", "LOCALHOST", ""})
    BOOST_TEST((loopback_listener::open({.host = host}).error().code() == errc::bad_input));
  for (auto const path :
       {"", "callback", "//callback", "/a?b", "/a#b", "/a b", "/a\r\nX: y", "/\xc3\xa4", "/%zz"})
    BOOST_TEST((loopback_listener::open({.path = path}).error().code() == errc::bad_input), path);
}

BOOST_AUTO_TEST_CASE(a_port_is_bound_before_its_address_is_known_and_kept) {
  auto at = listening();
  auto const port = at.port();
  BOOST_TEST((loopback_listener::open({.port = port}).error().code() == errc::fatal));
  auto moved = std::move(at);
  BOOST_TEST((loopback_listener::open({.port = port}).error().code() == errc::fatal));
  still_waits(moved);
  BOOST_TEST((loopback_listener::open({.port = port}).error().code() == errc::fatal));
  { auto const gone = std::move(moved); }
  auto again = listening({.port = port});
  BOOST_TEST(again.port() == port);
  still_waits(again);
}

BOOST_AUTO_TEST_CASE(a_random_path_is_the_only_one_that_is_served) {
  fake::world w;
  auto const path = oauth::make_callback_path(w.context()).value();
  BOOST_TEST(path.view().size() == 44u);
  BOOST_TEST((oauth::make_callback_path(w.context()).value() != path));
  auto at = listening({.path = path});
  BOOST_TEST(status(at, genuine(at)) == "404");
  knock browser(at.port(), get(std::string(path) + "?code=good&state=" + std::string(state), host_of(at)));
  BOOST_TEST(serve(at) == std::string(at.redirect_uri()) + "?code=good&state=" + std::string(state));
  w.entropy_fails = true;
  BOOST_TEST(!oauth::make_callback_path(w.context()));
}

BOOST_AUTO_TEST_CASE(an_address_that_was_registered_is_listened_to_again) {
  auto first = listening({.host = "localhost", .path = "/kept"});
  auto const registered = std::string(first.redirect_uri());
  { auto const gone = std::move(first); }
  auto const at = oauth::address_of_redirect(registered);
  BOOST_REQUIRE(at);
  BOOST_TEST(listening(*at).redirect_uri() == registered);
  for (auto const bad : {"https://127.0.0.1:1/c", "http://127.0.0.1/c", "http://u@127.0.0.1:1/c",
                         "http://127.0.0.1:1/c?x", "http://127.0.0.1:1/c#", "127.0.0.1:1", ""})
    BOOST_TEST((oauth::address_of_redirect(bad).error().code() == errc::bad_input), bad);
}

// -- what is not the redirect

BOOST_AUTO_TEST_CASE(forged_hosts_and_origins_are_refused_and_the_flow_lives_on) {
  auto at = listening();
  auto const port = std::to_string(at.port());
  std::vector<std::string> const hosts = {"evil.example",
                                          "evil.example:" + port,
                                          "127.0.0.1",
                                          "127.0.0.1:1",
                                          "127.0.0.1:" + port + "0",
                                          "127.0.0.1:" + port + ".",
                                          "127.0.0.1.:" + port,
                                          "localhost:" + port,
                                          "LOCALHOST:" + port,
                                          "[::1]:" + port,
                                          "0.0.0.0:" + port,
                                          "127.1:" + port,
                                          "2130706433:" + port,
                                          "0x7f.1:" + port,
                                          "127.0.0.1.evil.example:" + port,
                                          "evil.example@127.0.0.1:" + port,
                                          "user@127.0.0.1:" + port,
                                          "127.0.0.1:" + port + ", evil.example",
                                          "127.0.0.1:" + port + " evil.example",
                                          "",
                                          "*",
                                          "127.0.0.1:0" + port,
                                          "[::ffff:127.0.0.1]:" + port,
                                          "127.0.0.1:" + port + "/",
                                          "http://127.0.0.1:" + port};
  std::vector<std::string> const origins = {"https://evil.example",
                                            "http://evil.example:" + port,
                                            "null",
                                            "http://127.0.0.1:" + port,
                                            "http://127.0.0.1",
                                            "http://localhost:" + port,
                                            "",
                                            "file://",
                                            "https://id.example",
                                            "http://[::1]:" + port,
                                            "*",
                                            "chrome-extension://x",
                                            "https://a.example https://b.example",
                                            "about:blank",
                                            "data:",
                                            "blob:x",
                                            "http://0.0.0.0:" + port,
                                            "ws://127.0.0.1:" + port,
                                            "HTTP://127.0.0.1:" + port,
                                            "moz-extension://x",
                                            "https://127.0.0.1:" + port,
                                            "undefined"};
  auto const target = "/callback?code=good&state=" + std::string(state);
  for (auto const& host : hosts) BOOST_TEST(status(at, get(target, host)) == "403", host);
  for (auto const& origin : origins)
    BOOST_TEST(status(at, genuine(at, "Origin: " + origin + "\r\n")) == "403", origin);
  BOOST_TEST(status(at, genuine(at, "oRIGIN: null\r\n")) == "403");
  BOOST_TEST(status(at, genuine(at, "host: " + host_of(at) + "\r\n")) == "403");
  BOOST_TEST(status(at, genuine(at, "Host: evil.example\r\n")) == "403");
  BOOST_TEST(status(at, "GET " + target + " HTTP/1.1\r\n\r\n") == "403");
  BOOST_TEST(status(at, "GET " + target + " HTTP/1.0\r\n\r\n") == "403");
  BOOST_TEST(hosts.size() + origins.size() + 5 >= 50u);
  still_waits(at);
}

BOOST_AUTO_TEST_CASE(a_thousand_forged_redirects_do_not_end_the_wait) {
  auto at = listening();
  for (int n = 0; n < 1000; ++n) {
    auto wrong = std::string(state);
    wrong[static_cast<std::size_t>(n) % wrong.size()] ^= 1;
    std::string const queries[] = {"code=bad&state=" + wrong,
                                   "error=access_denied&state=" + wrong,
                                   "code=bad",
                                   "error=access_denied",
                                   "state=",
                                   "code=bad&state=" + std::string(state).substr(1),
                                   "code=bad&state=" + std::string(state) + "x",
                                   "state=" + std::string(state) + "&code=bad&state=" + std::string(state)};
    auto const got = status(
        at, get("/callback?" + queries[static_cast<std::size_t>(n) % std::size(queries)], host_of(at)));
    if (got != "400") BOOST_FAIL("answered with " << got);
  }
  still_waits(at);
}

BOOST_AUTO_TEST_CASE(a_state_is_good_for_one_redirect) {
  auto at = listening();
  knock first(at.port(), genuine(at)), second(at.port(), genuine(at));
  BOOST_TEST(serve(at) != "");
  BOOST_TEST((at.serve(state, system_context).error().code() == errc::bad_input));
  constexpr std::string_view next = "YW5vdGhlci1zdGF0ZS1vZi0yNTYtYml0cy1pbi1iYXM";
  BOOST_TEST(at.serve(next, system_context).value().empty());
  BOOST_TEST((at.serve("short", system_context).error().code() == errc::bad_input));
}

BOOST_AUTO_TEST_CASE(other_requests_are_answered_and_forgotten) {
  auto at = listening();
  auto const host = host_of(at);
  auto const good = "/callback?code=good&state=" + std::string(state);
  for (auto const target : {"/", "/favicon.ico", "/callback/", "/Callback", "/callback%20", "/%63allback",
                            "/callbackx", "/x/../callback"})
    BOOST_TEST(status(at, get(std::string(target) + "?code=good&state=" + std::string(state), host)) == "404",
               target);
  for (auto const method : {"POST", "HEAD", "PUT", "OPTIONS", "get", "GETT"})
    BOOST_TEST(answer(at, std::string(method) + get(good, host).substr(3))
                   .starts_with("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n"));
  std::vector<std::string> const malformed = {
      "GET http://" + host + good + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
      "GET " + good + "\r\nHost: " + host + "\r\n\r\n",
      "GET " + good + " HTTP/2.0\r\nHost: " + host + "\r\n\r\n",
      "GET  " + good + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
      "GET " + good + " x HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
      "GET " + good + "\xc3\xa4 HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
      "GET " + good + " HTTP/1.1\r\n Host: " + host + "\r\n\r\n",
      "GET " + good + " HTTP/1.1\r\nHost : " + host + "\r\n\r\n",
      "GET " + good + " HTTP/1.1\nHost: " + host + "\n\r\n\r\n",
      "GET " + good + " HTTP/1.1\r\nHost: " + host + "\r\nno colon\r\n\r\n",
      "GET " + good + " HTTP/1.1\r\nHost: " + host + "\r\nX: a\rb\r\n\r\n",
      std::string("GET /\0 HTTP/1.1\r\n\r\n", 19),
      "\r\n\r\n",
      " \r\n\r\n",
      "GET\r\n\r\n",
      "GET HTTP/1.1\r\n\r\n",
      "\x16\x03\x01\x02\r\n\r\n"};
  for (auto const& request : malformed) BOOST_TEST(status(at, request) == "400", request);
  BOOST_TEST(status(at, get("/callback", host)) == "400");
  BOOST_TEST(status(at, get("/callback?", host)) == "400");
  still_waits(at);
}

BOOST_AUTO_TEST_CASE(a_request_may_be_8_kib_and_no_more) {
  auto at = listening();
  auto const filled = [&](std::size_t size) {
    auto const bare = genuine(at, "X: \r\n").size();
    return genuine(at, "X: " + std::string(size - bare, 'x') + "\r\n");
  };
  BOOST_TEST(filled(loopback_listener::max_request + 1).size() == 8193u);
  BOOST_TEST(status(at, filled(loopback_listener::max_request + 1)) == "431");
  BOOST_TEST(status(at, std::string(100000, 'a')) == "431");
  knock browser(at.port(), filled(loopback_listener::max_request));
  BOOST_TEST(serve(at) != "");
  BOOST_TEST(browser.hears().starts_with("HTTP/1.1 200 OK\r\n"));
}

BOOST_AUTO_TEST_CASE(the_page_is_the_same_bytes_whatever_was_asked) {
  std::set<std::string> taken, refused;
  for (auto const query :
       {"code=good", "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E",
        "code=<script>alert(1)</script>", "x=\"><img%20src=x%20onerror=alert(1)>", "code="}) {
    auto at = listening();
    refused.insert(answer(at, get("/callback?" + std::string(query), host_of(at))));
    knock browser(at.port(),
                  get("/callback?" + std::string(query) + "&state=" + std::string(state), host_of(at)));
    BOOST_TEST(serve(at) != "");
    taken.insert(browser.hears());
  }
  BOOST_TEST(taken.size() == 1u);
  BOOST_TEST(refused.size() == 1u);
  auto at = listening();
  refused.insert(answer(at, get("/<script>", host_of(at))));
  refused.insert(answer(at, get("/", "<script>")));
  for (auto const& each : {*taken.begin(), *refused.begin(), *refused.rbegin()}) {
    BOOST_TEST(each.find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
    BOOST_TEST(each.find("\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n") !=
               std::string::npos);
    BOOST_TEST(each.find("\r\nReferrer-Policy: no-referrer\r\n") != std::string::npos);
    BOOST_TEST(each.find("\r\nContent-Type: text/html; charset=utf-8\r\n") != std::string::npos);
    BOOST_TEST(each.find("script") == std::string::npos);
    auto const body = each.substr(each.find("\r\n\r\n") + 4);
    BOOST_TEST(each.find("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n") != std::string::npos,
               body.size());
  }
}

// -- who keeps others waiting

BOOST_AUTO_TEST_CASE(slow_and_silent_connections_keep_nobody_waiting) {
  many_descriptors const enough;
  fake::world w;
  auto const outside = w.context();
  auto at = listening();
  std::vector<knock> idle, slow;
  auto const slowly = genuine(at);
  for (int n = 0; n < 200; ++n) {
    idle.emplace_back(at.port());
    slow.emplace_back(at.port(), slowly.substr(0, 1));
  }
  auto const round = [&](int n) {
    for (int i = 0; i < n; ++i) BOOST_REQUIRE(at.serve(state, outside).value().empty());
  };
  round(8);
  for (std::size_t second = 1; second < 10; ++second) {
    w.advance(seconds(1));
    for (auto& each : slow) each.say(slowly.substr(second, 1));
    round(2);
  }
  BOOST_TEST(!idle.front().heard_something());
  BOOST_TEST(!slow.back().heard_something());
  auto const begun = os::read_clocks().boot;
  knock browser(at.port(), genuine(at));
  BOOST_TEST(serve(at, outside) != "");
  BOOST_TEST(os::read_clocks().boot.ms - begun.ms < 1000);
  BOOST_TEST(browser.hears().starts_with("HTTP/1.1 200 OK\r\n"));
}

BOOST_AUTO_TEST_CASE(a_connection_is_heard_for_10_seconds) {
  fake::world w;
  auto at = listening();
  auto const nothing = [&] { BOOST_REQUIRE(at.serve(state, w.context()).value().empty()); };
  knock silent(at.port()), slow(at.port(), "GET");
  auto const before = count_descriptors();
  nothing(), nothing();
  BOOST_TEST(count_descriptors() == before + 2);
  w.advance(loopback_listener::patience);
  w.advance(milliseconds(-1));
  slow.say(" ");
  nothing();
  BOOST_TEST(count_descriptors() == before + 2);
  BOOST_TEST(!slow.heard_something());
  BOOST_TEST(!silent.heard_something());
  w.advance(milliseconds(1));
  slow.say("/");
  nothing();
  BOOST_TEST(count_descriptors() == before);
  BOOST_TEST(silent.hears() == "");
}

BOOST_AUTO_TEST_CASE(one_more_than_can_be_heard_costs_the_oldest_its_place) {
  many_descriptors const enough;
  auto at = listening();
  std::vector<knock> all;
  for (std::size_t n = 0; n < loopback_listener::max_connections; ++n) all.emplace_back(at.port());
  for (int i = 0; i < 12; ++i) BOOST_REQUIRE(at.serve(state, system_context).value().empty());
  BOOST_TEST(!all[0].heard_something());
  all.emplace_back(at.port());
  for (int i = 0; i < 2; ++i) BOOST_REQUIRE(at.serve(state, system_context).value().empty());
  BOOST_TEST(all[0].heard_something());
  BOOST_TEST(!all[1].heard_something());
  still_waits(at);
}

BOOST_AUTO_TEST_CASE(without_a_descriptor_to_spare_the_oldest_makes_room) {
  auto at = listening();
  std::vector<knock> all;
  for (int n = 0; n < 5; ++n) all.emplace_back(at.port());
  for (int i = 0; i < 2; ++i) BOOST_REQUIRE(at.serve(state, system_context).value().empty());
  knock browser(at.port(), genuine(at));
  rlimit before = {};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  auto none = before;
  int const lowest = ::dup(0);  // the lowest that is free
  ::close(lowest);
  none.rlim_cur = static_cast<rlim_t>(lowest);
  // poll() refuses more entries than the limit: a few are far below it.
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  auto came = at.serve(state, system_context);
  for (int i = 0; i < 5 && came && came->empty(); ++i) came = at.serve(state, system_context);
  ::setrlimit(RLIMIT_NOFILE, &before);
  BOOST_TEST(came.value().empty() == false);
  BOOST_TEST(all[0].heard_something());
}

BOOST_AUTO_TEST_CASE(whoever_talks_on_behind_an_answer_is_cut_off) {
  auto at = listening();
  knock talker(at.port(), get("/", host_of(at)));
  serve(at, system_context, [&] { return talker.heard_something(); });
  auto const before = count_descriptors();
  std::string const more(4096, 'x');
  for (int i = 0; i < 40 && talker.say(more); ++i)
    BOOST_REQUIRE(at.serve(state, system_context).value().empty());
  BOOST_TEST(count_descriptors() == before - 1);
  still_waits(at);
}

// -- the wait

BOOST_AUTO_TEST_CASE(waiting_ends_at_its_time_and_frees_the_port) {
  fake::world w;
  w.tick = seconds(60);
  std::uint16_t port = 0;
  {
    auto at = listening();
    port = at.port();
    auto const got = at.wait(page, w.now().boot + seconds(180), w.context());
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::needs_person));
  }
  BOOST_TEST(listening({.port = port}).port() == port);
}

BOOST_AUTO_TEST_CASE(a_page_without_a_state_is_not_waited_for) {
  auto at = listening();
  for (auto const url :
       {"https://id.example/authorize", "https://id.example/authorize?state=short",
        "https://id.example/authorize?state=c3RhdGUtb2YtMjU2LWJpdHM&state=c3RhdGUtb2YtMjU2LWJpdHM"})
    BOOST_TEST((at.wait(url, no_deadline, system_context).error().code() == errc::bad_input), url);
  BOOST_TEST(oauth::state_of_page(page).value().reveal() == state);
}

BOOST_AUTO_TEST_CASE(something_else_may_end_a_nap) {
  auto at = listening();
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  os::poll_entry also = {ends[0], POLLIN, 0};
  BOOST_TEST(at.serve(state, system_context, &also).value().empty());
  BOOST_TEST(also.revents == 0);
  BOOST_REQUIRE(::write(ends[1], "x", 1) == 1);
  BOOST_TEST(at.serve(state, system_context, &also).value().empty());
  BOOST_TEST(also.revents == POLLIN);
  ::close(ends[0]);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_SUITE_END()
