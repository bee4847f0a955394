#include "archetypes/header_sink.hpp"

#include <boost/test/unit_test.hpp>

using namespace countersign;
using archetypes::their_request, archetypes::their_sink;

static_assert(header_sink<their_sink> && foreign_request<their_request> && any_request<their_request>);

namespace {

struct without_call : their_sink {
  void operator()() const = delete;
};
struct without_answer : their_sink {
  void operator()(std::string_view, std::string_view) const {}
};
struct of_one_text : their_sink {
  bool operator()(std::string_view) const { return true; }
};

}  // namespace

static_assert(!header_sink<without_call> && !header_sink<without_answer> && !header_sink<of_one_text>);

BOOST_AUTO_TEST_SUITE(archetype_header_sink)

BOOST_AUTO_TEST_CASE(it_replaces_every_field_of_the_name) {
  their_request request;
  request.headers = {{"A", "1"}, {"b", "2"}, {"a", "3"}};
  BOOST_TEST(sink_of(request)("A", "4"));
  BOOST_REQUIRE(request.headers.size() == 2u);
  BOOST_TEST(request.headers[0].second == "2");
  BOOST_TEST(request.headers[1].second == "4");
  BOOST_TEST(view_of(request).method() == "GET");
}

BOOST_AUTO_TEST_SUITE_END()
