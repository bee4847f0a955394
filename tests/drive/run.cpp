#include <countersign/drive/run.hpp>

#include "fake/context.hpp"

#include <countersign/core/steps.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using cs::errc;

namespace {

// A little sign-in: asks a person, then a server, after some work and a wait.
class sign_in : public cs::steps<sign_in, std::string> {
public:
  sign_in() { work(&sign_in::dig, &sign_in::dug); }

private:
  void dig() { said_so_far_ = "dug "; }
  void dug() { wait(now().boot, &sign_in::waited); }
  void waited() { ask({}, &sign_in::told); }
  void told() {
    if (said().empty()) return give_up(cs::error{errc::needs_person, "somebody must sign in"});
    said_so_far_ += said().reveal();
    send(cs::request("GET", "https://id.example/"), &sign_in::answered);
  }
  void answered() {
    if (answer() == nullptr)
      return give_up(cs::error{how_lost() == cs::lost::not_sent ? errc::not_sent : errc::unanswered, "lost"});
    finish(said_so_far_ + " " + std::to_string(answer()->status()));
  }
  std::string said_so_far_;
};

auto const somebody = [](cs::question const&) { return cs::result<cs::secret>(cs::secret("yes")); };
auto const answers = [](cs::request const&) { return cs::result<cs::response>(cs::response(204)); };

}  // namespace

BOOST_AUTO_TEST_SUITE(drive_run)

BOOST_AUTO_TEST_CASE(every_want_is_met_and_the_outcome_given) {
  fake::world world;
  auto const got = cs::run(sign_in(), answers, somebody, world.context());
  BOOST_REQUIRE(got);
  BOOST_TEST(*got == "dug yes 204");
}

BOOST_AUTO_TEST_CASE(without_anybody_to_ask_the_reason_is_told) {
  fake::world world;
  auto const alone = cs::run(sign_in(), answers, cs::nobody(), world.context());
  BOOST_TEST((alone.error().code() == errc::needs_person));
  BOOST_TEST(alone.error().message().find("this program can't ask") != std::string_view::npos);
  auto const left = cs::run(
      sign_in(), answers,
      [](cs::question const&) { return cs::result<cs::secret>(cs::error{errc::transient, "nobody came back in 180 s"}); },
      world.context());
  BOOST_TEST(left.error().message() == "nobody came back in 180 s");
}

BOOST_AUTO_TEST_CASE(what_a_transport_knows_of_a_lost_request_is_passed_on) {
  fake::world world;
  for (auto const code : {errc::not_sent, errc::unanswered}) {
    auto const broken = [&](cs::request const&) { return cs::result<cs::response>(cs::error{code, "cut"}); };
    BOOST_TEST((cs::run(sign_in(), broken, somebody, world.context()).error().code() == code));
  }
}

BOOST_AUTO_TEST_CASE(what_a_transport_says_of_a_lost_request_is_told) {
  using cs::detail::how_lost;
  BOOST_TEST((how_lost(cs::error{errc::not_sent}) == cs::lost::not_sent));
  BOOST_TEST((how_lost(cs::error{errc::bad_field}) == cs::lost::not_sent));
  BOOST_TEST((how_lost(cs::error{errc::insecure}) == cs::lost::refused));
  BOOST_TEST((how_lost(cs::error{errc::too_large}) == cs::lost::unanswered));
}

BOOST_AUTO_TEST_SUITE_END()
