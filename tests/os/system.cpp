#include <countersign/os/system.hpp>

#include "os/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <stdlib.h>
#include <string>

namespace cs = countersign;

// Known at compile time: no static initialiser, and usable before main().
constexpr cs::context at_compile_time = cs::system_context;
static_assert(at_compile_time.self == nullptr && at_compile_time.write_trace == nullptr);

BOOST_AUTO_TEST_SUITE(os_system)

BOOST_AUTO_TEST_CASE(each_function_reaches_the_system) {
  auto const now = cs::system_context.now();
  BOOST_TEST(now.wall.ms > 1'600'000'000'000);
  BOOST_TEST(now.boot.ms > 0);
  BOOST_TEST(cs::system_context.coarse_now().ms > 1'600'000'000'000);

  char bytes[16] = {};
  BOOST_TEST(cs::system_context.entropy(bytes, sizeof bytes).has_value());
  BOOST_TEST(std::string(bytes, sizeof bytes) != std::string(sizeof bytes, '\0'));

  ::setenv("COUNTERSIGN_TEST", "v", 1);
  BOOST_TEST(cs::system_context.variable("COUNTERSIGN_TEST").value().reveal() == "v");
  auto const all = cs::system_context.environment().value();
  BOOST_TEST(all.reveal().find(std::string_view("COUNTERSIGN_TEST=v\0", 19)) != std::string_view::npos);
  ::unsetenv("COUNTERSIGN_TEST");

  scratch const here;
  BOOST_TEST(cs::system_context.file(here.write("f", "content"), 7).value().reveal() == "content");
  BOOST_TEST(cs::system_context.state_of_file(here.path("f")).has_value());
  BOOST_TEST((cs::system_context.state_of_file(here.path("g")).error().code() == cs::errc::not_mine));

  std::string_view const argv[] = {"echo", "hello"};
  BOOST_TEST(cs::system_context.run({.argv = argv}).value().out.reveal() == "hello\n");
}

BOOST_AUTO_TEST_CASE(nobody_need_listen_to_traces) {
  cs::system_context.trace({"step", "subject", "detail"});

  static int heard = 0;
  auto loud = cs::system_context;
  loud.write_trace = [](void*, cs::trace_event const&) noexcept { ++heard; };
  loud.trace({"step", "subject", "detail"});
  BOOST_TEST(heard == 1);
}

BOOST_AUTO_TEST_SUITE_END()
