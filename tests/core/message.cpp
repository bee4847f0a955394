// RFC 3986 §3, RFC 9112 §3.2.1
#include <countersign/core/message.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using namespace countersign;
using namespace std::literals;

static_assert(any_request<request> && foreign_request<request> && request_view<request> &&
              header_sink<request>);
static_assert(body_view<request_traits<request>::view_type> && !body_view<request>);
static_assert(response_view<response>);
static_assert(std::is_nothrow_move_constructible_v<request> && std::is_copy_constructible_v<request>);
static_assert(std::is_nothrow_move_constructible_v<response> && std::is_nothrow_move_assignable_v<response>);

BOOST_AUTO_TEST_SUITE(core_message)

BOOST_AUTO_TEST_CASE(a_url_is_cut_into_origin_and_target) {
  struct row {
    std::string_view url, origin, target;
  };
  for (auto const& [url, origin, target] : {
           row{"https://example.com/a/b?c=d&e", "https://example.com", "/a/b?c=d&e"},
           row{"https://example.com", "https://example.com", "/"},
           row{"https://example.com/", "https://example.com", "/"},
           row{"https://example.com?x", "https://example.com", "?x"},
           row{"https://example.com#part", "https://example.com", "/"},
           row{"https://example.com/a#part?no", "https://example.com", "/a"},
           row{"https://example.com/a?q#part", "https://example.com", "/a?q"},
           row{"http://[::1]:8080/x", "http://[::1]:8080", "/x"},
           row{"https://user:word@example.com:1/x", "https://user:word@example.com:1", "/x"},
           row{"https://example.com//double//", "https://example.com", "//double//"},
           row{"https://example.com/x?to=https://other.example/", "https://example.com",
               "/x?to=https://other.example/"},
           row{"https://", "https://", "/"},
           row{"no url at all", "no url at all", "/"},
           row{"", "", "/"},
       }) {
    request const r("GET", url);
    BOOST_TEST(r.url() == url);
    BOOST_TEST(r.origin() == origin);
    BOOST_TEST(r.target() == target);
    auto const view = view_of(r);
    BOOST_TEST(view.url() == url);
    BOOST_TEST(view.origin() == origin);
    BOOST_TEST(view.target() == target);
  }
}

BOOST_AUTO_TEST_CASE(a_request_owns_what_it_was_made_of) {
  request r;
  {
    std::string method = "POST", url = "https://example.com/a-path-that-is-long-enough-for-the-heap";
    r = request(method, url, secret("body"));
    method = url = "gone";
  }
  BOOST_TEST(r.method() == "POST");
  BOOST_TEST(r.target() == "/a-path-that-is-long-enough-for-the-heap");
  BOOST_TEST(r.body.reveal() == "body");
  BOOST_TEST(r.ok());
}

BOOST_AUTO_TEST_CASE(setting_a_field_replaces_all_of_its_name) {
  request r("GET", "https://example.com/");
  BOOST_TEST(r.set("A", "1"));
  BOOST_TEST(r("B", "2"));
  BOOST_TEST(r("a", "3"));
  std::string lines;
  r.fields([&](std::string_view name, std::string_view value) { lines.append(name).append(value); });
  BOOST_TEST(lines == "B2a3");
  BOOST_TEST(r.get("A").value() == "3");
  BOOST_TEST(!r.get("C").has_value());
  auto& sink = sink_of(r);
  BOOST_TEST((&sink == &r));
}

BOOST_AUTO_TEST_CASE(its_view_shows_the_body_and_whether_it_can_be_sent_again) {
  request r("PUT", "https://example.com/", secret("content"));
  BOOST_TEST(view_of(r).body().value() == "content");
  BOOST_TEST(view_of(r).method() == "PUT");
  BOOST_TEST(detail::is_replayable(view_of(r)));
  r.may_replay = false;
  BOOST_TEST(!view_of(r).replayable());
  BOOST_TEST(!detail::is_replayable(view_of(r)));
}

BOOST_AUTO_TEST_CASE(a_copy_is_whole_and_apart) {
  request r("GET", "https://example.com/", secret("body"));
  r.set("A", "1");
  auto copy = r;
  copy.set("A", "2");
  BOOST_TEST(r.get("A").value() == "1");
  BOOST_TEST(copy.get("A").value() == "2");
  BOOST_TEST(copy.body.reveal() == "body");
  auto const moved = std::move(copy);
  BOOST_TEST(moved.url() == "https://example.com/");
}

BOOST_AUTO_TEST_CASE(an_answer_has_status_fields_and_body) {
  BOOST_TEST(response().status() == 0);
  response r(401, secret("no"));
  r.headers.append("WWW-Authenticate", "Bearer").append("WWW-Authenticate", "Basic");
  BOOST_TEST(r.status() == 401);
  BOOST_TEST(r.body.reveal() == "no");
  int seen = 0;
  r.fields([&](std::string_view name, std::string_view) { seen += name == "WWW-Authenticate"; });
  BOOST_TEST(seen == 2);
  BOOST_TEST(r.ok());
}

BOOST_AUTO_TEST_CASE(no_part_may_lack_memory) {
  if (!fake::heap::is_ours) return;
  for (long successes = 0; successes < 3; ++successes) {
    bool ok = true;
    {
      secret body("body");
      fake::heap::exhausted const soon(successes);
      request r("GET", "https://example.com/", std::move(body));
      r.set("A", "1");
      ok = r.ok();
    }
    BOOST_TEST(!ok, successes);
  }
  request r("GET", "https://example.com/");
  response answer;
  {
    fake::heap::exhausted const none;
    r.body.append("x");
    answer.headers.append("A", "1");
  }
  BOOST_TEST(!r.ok());
  BOOST_TEST(!answer.ok());
  answer = response();
  BOOST_TEST(answer.ok());
}

BOOST_AUTO_TEST_CASE(nothing_of_them_stays_in_freed_memory) {
  constexpr auto canary = "message-canary-0b3d"sv;
  fake::heap::watch const watch(canary);
  {
    request r("GET", std::string("https://example.com/?key=").append(canary), secret(canary));
    r.set("Authorization", canary);
    r.set("Authorization", "other");
    auto const copy = r;
    response answer(200, secret(canary));
    answer.headers.append("Set-Cookie", canary);
    answer = response(200);
  }
  // The string that the test itself made.
  if (fake::heap::is_watching) BOOST_TEST(watch.found() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
