#include <countersign/format/signed_message.hpp>

#include "fake/arrived.hpp"

#include <countersign/core/draft.hpp>
#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

std::string fields(cs::detail::field_walk const& of) {
  std::string all;
  of.each([&](std::string_view name, std::string_view value) {
    all.append(name).append("=").append(value).append(";");
  });
  return all;
}
template <class M>
concept lends = requires(M&& message) {
  cs::signed_request(static_cast<M&&>(message));
};

static_assert(lends<cs::request&> && lends<cs::request const&> && !lends<cs::request>);
static_assert(lends<fake::arrived const&> && !lends<cs::response&>);

}  // namespace

BOOST_AUTO_TEST_SUITE(signed_message)

BOOST_AUTO_TEST_CASE(the_toolkits_own_messages_are_shown_as_they_are) {
  cs::request request("PUT", "https://a/b?c", cs::secret("body"));
  request.set("X", "1");
  auto const seen = cs::signed_request(request);
  BOOST_TEST(seen.method == "PUT");
  BOOST_TEST(seen.origin == "https://a");
  BOOST_TEST(seen.target == "/b?c");
  BOOST_TEST(seen.status == 0);
  BOOST_TEST((seen.body == "body"));
  BOOST_TEST(fields(seen.fields) == "X=1;");
  BOOST_TEST(fields(seen.trailers) == "");

  cs::response answer(204);
  answer.headers.append("Y", "2");
  auto const answered = cs::signed_response(answer, answer.body.reveal(), &seen);
  BOOST_TEST(answered.status == 204);
  BOOST_TEST(fields(answered.fields) == "Y=2;");
  BOOST_TEST(answered.request == &seen);
}

BOOST_AUTO_TEST_CASE(trailers_are_shown_where_a_view_has_them) {
  auto one = fake::read_message("GET / HTTP/1.1\nHost: a\n\n");
  one.last_lines = {{"T", "3"}};
  one.shows_body = false;
  auto const seen = cs::signed_request(one);
  BOOST_TEST(fields(seen.fields) == "Host=a;");
  BOOST_TEST(fields(seen.trailers) == "T=3;");
  BOOST_TEST(!seen.body.has_value());
}

BOOST_AUTO_TEST_CASE(an_overlay_shows_what_was_composed) {
  cs::request request("GET", "https://a/");
  request.set("X", "1");
  cs::draft composed;
  composed.set("x", "2");
  auto const view = cs::view_of(request);
  cs::overlay const both(view, composed);
  BOOST_TEST(fields(cs::signed_request(both).fields) == "x=2;");
}

BOOST_AUTO_TEST_SUITE_END()
