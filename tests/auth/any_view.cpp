#include <countersign/auth/any_view.hpp>

#include <countersign/core/draft.hpp>
#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::request_view<cs::any_view> && cs::body_view<cs::any_view> && cs::header_sink<cs::any_sink>);
// Borrowed: two words each, copied as bytes.
static_assert(sizeof(cs::any_view) == 2 * sizeof(void*) && std::is_trivially_copyable_v<cs::any_view>);
static_assert(sizeof(cs::any_sink) == 2 * sizeof(void*) && std::is_trivially_copyable_v<cs::any_sink>);
static_assert(!std::convertible_to<cs::request const&, cs::any_view> &&
              !std::convertible_to<cs::request&, cs::any_sink>);

namespace {

// No more than a view must have.
struct small {
  std::string_view method() const { return "PUT"; }
  std::string_view origin() const { return "https://api.example"; }
  std::string_view target() const { return "/a?b"; }
  void fields(auto&& each) const {
    each(std::string_view("A"), std::string_view("1"));
    each(std::string_view("B"), std::string_view("2"));
    each(std::string_view("A"), std::string_view("3"));
  }
};
struct large : small {
  std::string where = "https://api.example/a?b";
  std::string const& url() const { return where; }
  std::optional<std::string_view> body() const { return "content"; }
  bool replayable() const { return false; }
};
struct streamed : small {
  std::optional<std::string_view> body() const { return std::nullopt; }
};

std::string all(auto const& view) {
  std::string text;
  view.fields([&](std::string_view name, std::string_view value) {
    text.append(name).append("=").append(value).append(";");
  });
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_any_view)

BOOST_AUTO_TEST_CASE(it_shows_what_the_view_shows) {
  large const shown;
  cs::any_view const view(shown);
  BOOST_TEST(view.method() == "PUT");
  BOOST_TEST(view.origin() == "https://api.example");
  BOOST_TEST(view.target() == "/a?b");
  BOOST_TEST(view.url() == "https://api.example/a?b");
  BOOST_TEST(view.body().value() == "content");
  BOOST_TEST(!view.replayable());
  BOOST_TEST(all(view) == "A=1;B=2;A=3;");
}

BOOST_AUTO_TEST_CASE(what_a_view_does_not_say_is_as_it_is_without_erasure) {
  small const shown;
  cs::any_view const view(shown);
  BOOST_TEST(view.url() == "https://api.example");
  BOOST_TEST(!view.body().has_value());
  BOOST_TEST(view.replayable());
  streamed const stream;
  BOOST_TEST(!cs::any_view(stream).body().has_value());
}

BOOST_AUTO_TEST_CASE(the_toolkits_own_request_is_shown_with_its_body) {
  cs::request request("POST", "https://api.example/x#y", cs::secret("content"));
  request.set("Accept", "*/*");
  request.may_replay = false;
  auto const shown = cs::view_of(request);
  cs::any_view const view(shown);
  BOOST_TEST(view.url() == "https://api.example/x#y");
  BOOST_TEST(view.target() == "/x");
  BOOST_TEST(view.body().value() == "content");
  BOOST_TEST(!view.replayable());
  BOOST_TEST(all(view) == "Accept=*/*;");
}

BOOST_AUTO_TEST_CASE(any_callable_hears_the_fields) {
  small const shown;
  cs::any_view const view(shown);
  int count = 0;
  auto counting = [&count](std::string_view, std::string_view) { ++count; };
  auto const same = counting;
  view.fields(counting);
  view.fields(same);
  struct {
    int heard = 0;
    void operator()(std::string_view, std::string_view) { ++heard; }
  } keeps;
  view.fields(keeps);
  BOOST_TEST(count == 6);
  BOOST_TEST(keeps.heard == 3);
}

BOOST_AUTO_TEST_CASE(an_erased_view_is_not_erased_twice) {
  large const shown;
  cs::any_view const view(shown);
  cs::any_view const copy(view);
  BOOST_TEST(copy.method() == "PUT");
  // It goes under an overlay like any other.
  cs::draft draft;
  draft.set("B", "9");
  BOOST_TEST(all(cs::overlay<cs::any_view>(copy, draft)) == "A=1;A=3;B=9;");
}

BOOST_AUTO_TEST_CASE(a_sink_is_called_and_its_answer_passed_on) {
  std::string got;
  bool room = true;
  auto put = [&](std::string_view name, std::string_view value) {
    return got.append(name).append("=").append(value), room;
  };
  cs::any_sink const sink(put);
  BOOST_TEST(sink("A", "1"));
  room = false;
  BOOST_TEST(!sink("B", "2"));
  auto const constant = put;
  BOOST_TEST(!cs::any_sink(constant)("C", "3"));
  BOOST_TEST(got == "A=1B=2C=3");
  cs::request request("GET", "https://api.example/");
  BOOST_TEST(cs::any_sink(request)("X", "1"));
  BOOST_TEST(request.get("X").value() == "1");
}

BOOST_AUTO_TEST_SUITE_END()
