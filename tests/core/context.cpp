#include <countersign/core/context.hpp>

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using namespace countersign;

static_assert(std::is_trivially_copyable_v<context>);
static_assert(context::coarse_lag > seconds(1) && context::coarse_lag < seconds(2));

BOOST_AUTO_TEST_SUITE(core_context)

BOOST_AUTO_TEST_CASE(each_call_reaches_the_table) {
  fake::world w;
  w.variables["NAME"] = "value";
  w.files["/etc/token"] = "12345";
  w.entropy = "abcd";
  w.coarse_behind = seconds(1);
  w.programs = [](command const& what) -> result<command_output> {
    command_output said;
    said.status = 3;
    said.out = secret(what.argv[1]);
    return said;
  };
  auto const outside = w.context();

  BOOST_TEST((outside.now().wall == w.now().wall));
  BOOST_TEST((outside.now().boot == w.now().boot));
  BOOST_TEST((outside.coarse_now() == w.now().wall - seconds(1)));
  BOOST_TEST(outside.variable("NAME").value().reveal() == "value");
  BOOST_TEST((outside.variable("OTHER").error().code() == errc::not_mine));
  BOOST_TEST(outside.environment().value().reveal() == std::string_view("NAME=value\0", 11));
  BOOST_TEST(outside.file("/etc/token", 5).value().reveal() == "12345");
  BOOST_TEST((outside.file("/etc/token", 4).error().code() == errc::too_large));
  BOOST_TEST((outside.file("/etc/other", 5).error().code() == errc::not_mine));
  auto const state = outside.state_of_file("/etc/token").value();
  BOOST_TEST((!state.others_read && !state.others_write));
  w.others_read = {"/etc/token"};
  w.files["/etc/token"] = "12346";
  BOOST_TEST(outside.state_of_file("/etc/token").value().others_read);
  BOOST_TEST(outside.state_of_file("/etc/token").value().version != state.version);
  BOOST_TEST((outside.state_of_file("/etc/other").error().code() == errc::not_mine));
  char bytes[4];
  BOOST_TEST(outside.entropy(bytes, 4).has_value());
  BOOST_TEST(std::string_view(bytes, 4) == "abcd");

  std::string_view const argv[] = {"helper", "argument"}, environment[] = {"A=1"};
  auto const ran = outside.run({.argv = argv, .environment = environment, .folder = "/x"});
  BOOST_TEST(ran.value().status == 3);
  BOOST_TEST(ran.value().out.reveal() == "argument");
  BOOST_TEST(w.runs()[0].environment[0] == "A=1");
  BOOST_TEST(w.runs()[0].folder == "/x");
  BOOST_TEST((w.runs()[0].timeout == seconds(10)));
  BOOST_TEST(w.runs()[0].max_output == 256u * 1024u);
}

BOOST_AUTO_TEST_CASE(a_table_that_can_not_list_its_variables_says_so) {
  fake::world w;
  auto outside = w.context();
  outside.read_environment = nullptr;
  BOOST_TEST((outside.environment().error() ==
              error(errc::fatal, "environment: this context can't list its variables")));
}

BOOST_AUTO_TEST_CASE(no_entropy_is_an_error_with_a_text) {
  fake::world w;
  w.entropy_fails = true;
  char byte;
  auto const ok = w.context().entropy(&byte, 1);
  BOOST_TEST((ok.error().code() == errc::fatal));
  BOOST_TEST(ok.error().message() == "entropy: the system gave no random bytes");
}

BOOST_AUTO_TEST_CASE(traces_are_heard_where_somebody_listens) {
  fake::world w;
  auto outside = w.context();
  outside.trace({"send", "POST https://example.com", "first"});
  BOOST_TEST(w.trace_text() == "send POST https://example.com first\n");
  outside.write_trace = nullptr;
  outside.trace({"send", "", ""});
  BOOST_TEST(w.traces().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_moment_knows_the_time_and_gives_entropy) {
  fake::world w;
  w.entropy = "xy";
  auto const outside = w.context();
  moment const when(outside);
  w.advance(seconds(5));
  BOOST_TEST((when.now() == w.now().wall));
  char bytes[2];
  BOOST_TEST(when.entropy(bytes, 2).has_value());
  BOOST_TEST(std::string_view(bytes, 2) == "xy");
  w.entropy_fails = true;
  BOOST_TEST(!when.entropy(bytes, 2).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
