#include "archetypes/call_exchange.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace countersign;
using archetypes::patient_call;

static_assert(call_exchange<patient_call> && exchange<patient_call>);

namespace {

struct without_write : patient_call {
  void write() = delete;
};
struct without_heard : patient_call {
  void heard() = delete;
};
struct silent : patient_call {
  void write(header_sink auto&&) {}
};

}  // namespace

static_assert(!call_exchange<without_write> && !call_exchange<without_heard> && !call_exchange<silent>);

BOOST_AUTO_TEST_SUITE(archetype_call_exchange)

BOOST_AUTO_TEST_CASE(each_attempt_starts_from_the_users_request) {
  request const users("GET", "https://example.com/");
  patient_call talk;
  for (auto const* number : {"1", "2"}) {
    BOOST_REQUIRE((talk.wants() == want::call));
    auto attempt = users;
    BOOST_TEST(talk.write(attempt).has_value());
    BOOST_TEST(attempt.get("X-Attempt").value() == number);
    talk.heard(response_head(*number == '1' ? 503 : 200), {});
  }
  BOOST_REQUIRE((talk.wants() == want::done));
  talk.heard(response_head(500), {});
  BOOST_TEST(std::move(talk).outcome().value() == 200);
}

BOOST_AUTO_TEST_CASE(it_tries_three_times_at_most) {
  patient_call talk;
  for (int i = 0; i < 3; ++i) talk.heard(response_head(503), {});
  BOOST_REQUIRE((talk.wants() == want::done));
  BOOST_TEST(std::move(talk).outcome().value() == 503);
  patient_call lost_one;
  lost_one.fail(lost::not_sent, {});
  BOOST_TEST((std::move(lost_one).outcome().error().code() == errc::not_sent));
}

BOOST_AUTO_TEST_CASE(a_sink_without_memory_is_told_of) {
  patient_call talk;
  auto const ok = talk.write([](std::string_view, std::string_view) { return false; });
  BOOST_TEST((ok.error().code() == errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
