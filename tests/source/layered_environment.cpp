#include <countersign/source/layered_environment.hpp>

#include "fake/context.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>

namespace cs = countersign;
using namespace std::literals;

// Contexts point to it.
static_assert(!std::is_copy_constructible_v<cs::layered_environment> &&
              !std::is_move_constructible_v<cs::layered_environment>);

namespace {

std::string value_of(cs::context const& outside, std::string_view name) {
  auto const got = outside.variable(name);
  return got ? std::string(got->reveal()) : "(" + std::string(cs::name(got.error().code())) + ")";
}
std::string lines(cs::context const& outside) {
  std::string all(outside.environment().value().reveal());
  for (auto& c : all)
    if (c == '\0') c = '|';
  return all;
}

struct two_sides {
  fake::world w;
  two_sides() {
    w.variables = {{"BOTH", "outer"}, {"OUTER", "1"}, {"SET", ""}};
    w.files["a.env"] = "BOTH=file\nINNER=2\nSET=full\nSEEN=$BOTH-$INNER-$SET\n";
    w.files["b.env"] = "INNER=3\nMORE=$INNER$OUTER$SEEN\n";
    w.files["bad.env"] = "INNER=4\nBAD=$(x)\n";
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(source_layered_environment, two_sides)

BOOST_AUTO_TEST_CASE(the_environment_wins_unless_told_otherwise) {
  cs::layered_environment under(w.context()), over(w.context(), cs::dotenv_order::file_first);
  BOOST_REQUIRE((under.load("a.env") && over.load("a.env")));
  struct {
    std::string_view name, under, over;
  } const rows[] = {{"BOTH", "outer", "file"},
                    {"OUTER", "1", "1"},
                    {"INNER", "2", "2"},
                    {"SET", "", "full"},
                    {"SEEN", "outer-2-", "file-2-full"},
                    {"NONE", "(not_mine)", "(not_mine)"}};
  for (auto const& row : rows) {
    BOOST_TEST(value_of(under.outside(), row.name) == row.under, row.name);
    BOOST_TEST(value_of(over.outside(), row.name) == row.over, row.name);
  }
  BOOST_TEST(under.files().find("BOTH").value() == "file");
}

BOOST_AUTO_TEST_CASE(a_later_file_wins_and_sees_the_earlier) {
  cs::layered_environment layers(w.context());
  BOOST_REQUIRE((layers.load("a.env") && layers.load("b.env")));
  BOOST_TEST(value_of(layers.outside(), "INNER") == "3");
  BOOST_TEST(value_of(layers.outside(), "MORE") == "31outer-2-");
}

BOOST_AUTO_TEST_CASE(all_variables_are_listed_once) {
  cs::layered_environment under(w.context()), over(w.context(), cs::dotenv_order::file_first);
  BOOST_REQUIRE((under.load("a.env") && over.load("a.env")));
  BOOST_TEST(lines(under.outside()) == "BOTH=outer|OUTER=1|SET=|INNER=2|SEEN=outer-2-|");
  BOOST_TEST(lines(over.outside()) == "OUTER=1|BOTH=file|INNER=2|SET=full|SEEN=file-2-full|");
  auto mute = w.context();
  mute.read_environment = nullptr;
  cs::layered_environment const unlisted(mute);
  BOOST_TEST((unlisted.outside().read_environment == nullptr));
  BOOST_TEST(unlisted.outside().environment().error().message() ==
             "environment: this context can't list its variables");
}

BOOST_AUTO_TEST_CASE(a_file_that_fails_changes_nothing) {
  cs::layered_environment layers(w.context());
  BOOST_REQUIRE(layers.load("a.env"));
  auto const bad = layers.load("bad.env");
  BOOST_REQUIRE(!bad);
  BOOST_TEST(bad.error().message().starts_with("dotenv bad.env, line 2: no commands are run here"));
  auto const none = layers.load("none.env");
  BOOST_TEST((none.error() == cs::error(cs::errc::not_mine, "dotenv none.env: there is no such file")));
  w.unreadable = {"shut.env"};
  BOOST_TEST(
      (layers.load("shut.env").error() == cs::error(cs::errc::fatal, "file shut.env: Permission denied")));
  w.files["huge.env"] = std::string(cs::dotenv_limits::size + 1, '#');
  BOOST_TEST((layers.load("huge.env").error().code() == cs::errc::too_large));
  BOOST_TEST(value_of(layers.outside(), "INNER") == "2");
}

BOOST_AUTO_TEST_CASE(a_failing_lookup_is_not_taken_for_an_unset_variable) {
  auto outside = w.context();
  outside.read_variable = [](void*, std::string_view) noexcept -> cs::result<cs::secret> {
    return cs::error(cs::errc::no_memory, "variable: out of memory");
  };
  cs::layered_environment layers(outside);
  w.files["plain.env"] = "INNER=2\n";
  BOOST_REQUIRE(layers.load("plain.env"));
  BOOST_TEST(value_of(layers.outside(), "INNER") == "(no_memory)");
}

BOOST_AUTO_TEST_CASE(everything_else_passes_through) {
  w.entropy = "abcd";
  w.files["/f"] = "content";
  w.coarse_behind = cs::seconds(1);
  w.programs = [](cs::command const&) -> cs::result<cs::command_output> {
    return cs::command_output{3, cs::secret("said")};
  };
  cs::layered_environment const layers(w.context());
  auto const outside = layers.outside();
  BOOST_TEST((outside.now().wall == w.now().wall));
  BOOST_TEST((outside.coarse_now() == w.now().wall - cs::seconds(1)));
  char bytes[4];
  BOOST_TEST(outside.entropy(bytes, 4).has_value());
  BOOST_TEST(std::string_view(bytes, 4) == "abcd");
  BOOST_TEST(outside.file("/f", 7).value().reveal() == "content");
  BOOST_TEST((outside.file("/f", 6).error().code() == cs::errc::too_large));
  BOOST_TEST(outside.state_of_file("/f").value().version == w.context().state_of_file("/f").value().version);
  BOOST_TEST(outside.run({}).value().status == 3);
  outside.trace({"send", "x", "y"});
  BOOST_TEST(w.trace_text() == "send x y\n");
  auto deaf = w.context();
  deaf.write_trace = nullptr;
  cs::layered_environment const silent(deaf);
  BOOST_TEST((silent.outside().write_trace == nullptr));
}

BOOST_AUTO_TEST_CASE(an_authenticator_reads_through_it) {
  cs::layered_environment layers(w.context());
  BOOST_REQUIRE(layers.load("a.env"));
  cs::authenticator api{cs::env{"INNER"}, cs::bearer{}, cs::only{"https://api.example"}, layers.outside()};
  cs::request get("GET", "https://api.example/");
  BOOST_REQUIRE(api.authorize(get));
  BOOST_TEST(get.get("Authorization").value() == "Bearer 2");
}

BOOST_AUTO_TEST_SUITE_END()
