#include <countersign/core/head.hpp>

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <string_view>
#include <type_traits>

using namespace countersign;

namespace foreign {

struct response {
  short code = 200;
  std::multimap<std::string, std::string> headers;
};
struct response_view {
  response const& of;
  short status() const { return of.code; }
  void fields(auto&& each) const {
    for (auto const& [name, value] : of.headers) each(std::string_view(name), std::string_view(value));
  }
};
struct silent {
  int status() const { return 200; }
};

}  // namespace foreign

template <>
struct countersign::response_traits<foreign::response> {
  static foreign::response_view view(foreign::response const& r) { return {r}; }
};

static_assert(response_view<response> && response_view<response_head> &&
              response_view<foreign::response_view>);
static_assert(foreign_response<foreign::response> && !response_view<foreign::response>);
static_assert(any_response<foreign::response> && any_response<response> && !any_response<foreign::silent>);
static_assert(std::is_trivially_copyable_v<response_head> && sizeof(response_head) <= 3 * sizeof(void*));
static_assert(std::is_convertible_v<response const&, response_head> &&
              !std::is_convertible_v<int, response_head>);

BOOST_AUTO_TEST_SUITE(core_head)

BOOST_AUTO_TEST_CASE(it_shows_status_and_fields_of_any_response) {
  response answer(401);
  answer.headers.append("WWW-Authenticate", "Bearer").append("www-authenticate", "Basic").append("Empty", "");
  response_head const head = answer;
  BOOST_TEST(head.status() == 401);
  BOOST_TEST(head.get("Www-Authenticate").value() == "Bearer");
  BOOST_TEST(head.get("empty").value() == "");
  BOOST_TEST(!head.get("Date").has_value());
  std::string seen;
  head.fields([&](std::string_view name, std::string_view value) {
    seen.append(name).append("=").append(value).append(";");
  });
  BOOST_TEST(seen == "WWW-Authenticate=Bearer;www-authenticate=Basic;Empty=;");
  auto const copy = head;
  BOOST_TEST(copy.get("empty").has_value());
}

BOOST_AUTO_TEST_CASE(a_head_alone_has_no_fields) {
  response_head const head(503);
  BOOST_TEST(head.status() == 503);
  BOOST_TEST(!head.get("Retry-After").has_value());
}

BOOST_AUTO_TEST_CASE(a_function_object_is_called_as_it_is) {
  response answer(200);
  answer.headers.append("A", "1").append("B", "2");
  response_head const head = answer;
  struct count {
    int calls = 0;
    void operator()(std::string_view, std::string_view) { ++calls; }
  } counter;
  head.fields(counter);
  BOOST_TEST(counter.calls == 2);
  void (*pointer)(std::string_view, std::string_view) = [](std::string_view, std::string_view) {};
  head.fields(pointer);
}

BOOST_AUTO_TEST_CASE(a_foreign_response_is_viewed_through_its_traits) {
  foreign::response const answer{403, {{"A", "1"}}};
  auto const view = response_traits<foreign::response>::view(answer);
  response_head const head = view;
  BOOST_TEST(head.status() == 403);
  BOOST_TEST(head.get("a").value() == "1");
  BOOST_TEST(detail::head_of(answer).status() == 403);
}

BOOST_AUTO_TEST_SUITE_END()
