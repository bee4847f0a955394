#include <countersign/core/nested_steps.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

using namespace countersign;
using namespace std::string_view_literals;

namespace {

clocks const noon = {{43'200'000}, {1000}};

// Ends with the status of an answer, or with what was told it.
class probe : public steps<probe, int> {
public:
  explicit probe(std::string_view path, bool once = false) : once_(once) {
    send(request("GET", secret("https://example.com", path).reveal()), &probe::answered);
  }
  [[nodiscard]] bool commits() const noexcept { return once_; }

private:
  void answered() {
    if (answer() == nullptr) return give_up(error{errc::unanswered, "probe"});
    finish(answer()->status());
  }
  bool once_;
};
// Goes through the other wants; may be done before it begins.
class stroll : public steps<stroll, std::string> {
public:
  explicit stroll(bool short_one) {
    if (short_one) finish("at once");
    else work(&stroll::dig, &stroll::dug);
  }

private:
  void dig() { path_ += "dig "; }
  void dug() {
    path_ += std::to_string(now().boot.ms) + " ";
    wait(now().boot + seconds(5), &stroll::waited);
  }
  void waited() {
    question what;
    what.user_code = secret("ABCD");
    ask(std::move(what), &stroll::told);
  }
  void told() { finish(path_ + std::string(said().reveal())); }
  std::string path_;
};

class journey : public nested_steps<journey, std::string, probe, stroll> {
public:
  explicit journey(bool short_stroll = false) : short_(short_stroll) {
    begin_at(noon);
    run(probe("/1"), &journey::probed);
  }

private:
  void probed() {
    auto got = outcome_of<probe>();
    if (!got) return give_up(got.error());
    text_ += std::to_string(*got) + " at " + std::to_string(now().wall.ms) + ", ";
    run(stroll(short_), &journey::strolled);
  }
  void strolled() {
    text_ += *outcome_of<stroll>() + ", ";
    send(request("GET", "https://example.com/own"), &journey::answered);
  }
  void answered() {
    text_ += "own, ";
    run(probe("/2", true), &journey::probed_again);
  }
  void probed_again() {
    text_ += std::to_string(*outcome_of<probe>());
    finish(text_);
  }
  bool short_;
  std::string text_;
};
static_assert(exchange<probe> && exchange<stroll> && exchange<journey>);
static_assert(std::is_nothrow_move_constructible_v<journey>);

response answer(int status) { return response(status); }

}  // namespace

BOOST_AUTO_TEST_CASE(parts_run_one_after_the_other_and_their_wants_are_the_whole_ones) {
  journey one;
  BOOST_REQUIRE((one.wants() == want::send));
  BOOST_TEST(one.pending().target() == "/1"sv);
  BOOST_TEST(!one.commits());
  one.supply(answer(201), noon);
  BOOST_REQUIRE((one.wants() == want::work));
  one.perform();
  one.resume({{7}, {8}});
  BOOST_REQUIRE((one.wants() == want::wait));
  BOOST_TEST(one.until().ms == 5008);
  auto moved = std::move(one);  // in the middle of a part
  moved.resume(noon);
  BOOST_REQUIRE((moved.wants() == want::person));
  BOOST_TEST(moved.asks().user_code.reveal() == "ABCD"sv);
  moved.arrive("thanks", noon);
  BOOST_REQUIRE((moved.wants() == want::send));
  BOOST_TEST(moved.pending().target() == "/own"sv);
  moved.supply(answer(200), noon);
  BOOST_REQUIRE((moved.wants() == want::send));
  BOOST_TEST(moved.pending().target() == "/2"sv);
  BOOST_TEST(moved.commits());
  moved.supply(answer(204), noon);
  BOOST_REQUIRE((moved.wants() == want::done));
  BOOST_TEST(*std::move(moved).outcome() == "201 at 43200000, dig 8 thanks, own, 204");
}

BOOST_AUTO_TEST_CASE(a_part_that_is_done_before_it_begins_is_passed) {
  journey one(true);
  one.supply(answer(200), noon);
  BOOST_REQUIRE((one.wants() == want::send));
  BOOST_TEST(one.pending().target() == "/own"sv);
}

BOOST_AUTO_TEST_CASE(a_part_hears_of_what_was_lost) {
  journey one;
  one.fail(lost::unanswered, noon);
  BOOST_REQUIRE((one.wants() == want::done));
  BOOST_TEST((std::move(one).outcome().error().code() == errc::unanswered));
}

BOOST_AUTO_TEST_CASE(events_that_no_part_wants_change_nothing) {
  journey one;
  one.perform();
  one.resume(noon);
  one.arrive("hello", noon);
  BOOST_REQUIRE((one.wants() == want::send));
  BOOST_TEST(one.pending().target() == "/1"sv);
  one.supply(answer(200), noon);
  one.supply(answer(500), noon);  // wanted by nobody: a stroll works now
  BOOST_TEST((one.wants() == want::work));
}

BOOST_AUTO_TEST_CASE(dropped_in_the_middle_its_outcome_says_so) {
  journey one;
  BOOST_TEST((std::move(one).outcome().error().code() == errc::abandoned));
}
