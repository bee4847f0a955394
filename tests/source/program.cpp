#include <countersign/source/program.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <countersign/os/clock.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <concepts>
#include <stdlib.h>
#include <string>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

// A secret is no argument: everybody may read those.
static_assert(!std::constructible_from<cs::program, char const*, cs::secret>);
static_assert(!std::constructible_from<cs::program>);

namespace {

cs::result<cs::command_output> prints(std::string_view text, int status = 0) {
  cs::command_output said;
  said.status = status;
  said.out = cs::secret(text);
  return said;
}

// What the program was run with; its environment sorted.
fake::ran run_of(cs::program const& what, fake::world& w) {
  w.programs = [](cs::command const&) { return prints("x"); };
  auto const got = what.output(w.context());
  BOOST_REQUIRE_MESSAGE(got, got.error().message());
  auto ran = w.runs().back();
  std::sort(ran.environment.begin(), ran.environment.end());
  return ran;
}
std::string environment_of(cs::program const& what, fake::world& w) {
  std::string all;
  for (auto const& each : run_of(what, w).environment) all += each + '|';
  return all;
}

std::string said(cs::program const& what) {
  auto const got = what.output(cs::system_context);
  return got ? std::string(got->reveal()) : std::string(got.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_program)

BOOST_AUTO_TEST_CASE(arguments_are_what_was_given_in_code_and_at_run_time) {
  fake::world w;
  cs::program asked{"get-token", "--audience"s, "a b"sv};
  BOOST_TEST(run_of(asked, w).argv == (std::vector{"get-token"s, "--audience"s, "a b"s}));
  for (auto const each : {"", "$HOME", "x\n"}) asked.argument(each);
  BOOST_TEST(run_of(asked, w).argv ==
             (std::vector{"get-token"s, "--audience"s, "a b"s, ""s, "$HOME"s, "x\n"s}));
}

BOOST_AUTO_TEST_CASE(a_line_is_for_the_shell_and_arguments_reach_it_apart) {
  fake::world w;
  BOOST_TEST(run_of(cs::program::shell("get | tail -1"), w).argv ==
             (std::vector{"/bin/sh"s, "-c"s, "get | tail -1"s, "sh"s}));
  BOOST_TEST(said(cs::program::shell("printf '%s,' \"$#\" \"$@\"").argument("a b").argument("$(id)")) ==
             "2,a b,$(id),");
}

BOOST_AUTO_TEST_CASE(each_setting_arrives) {
  fake::world w;
  auto const plain = run_of(cs::program{"p"}, w);
  BOOST_TEST((plain.timeout == cs::command().timeout && plain.max_output == cs::command().max_output));
  BOOST_TEST(plain.folder == "");
  auto const set = run_of(cs::program{"p"}.timeout(cs::seconds(3)).max_output(17).folder("/f"), w);
  BOOST_TEST((set.timeout == cs::seconds(3)));
  BOOST_TEST(set.max_output == 17u);
  BOOST_TEST(set.folder == "/f");
}

BOOST_AUTO_TEST_CASE(the_environment_is_the_list_and_no_more) {
  fake::world w;
  for (auto const name : cs::passed_variables) w.variables[std::string(name)] = "v";
  w.variables["API_TOKEN"] = w.variables["LD_PRELOAD"] = w.variables["COUNTERSIGN_KEY"] = "no";
  std::vector<std::string> all;
  for (auto const name : cs::passed_variables) all.push_back(std::string(name) + "=v");
  std::sort(all.begin(), all.end());
  BOOST_TEST(run_of(cs::program{"p"}, w).environment == all);
}

BOOST_AUTO_TEST_CASE(what_is_not_set_is_not_passed_and_what_is_empty_is) {
  fake::world w;
  w.variables = {{"PATH", ""}, {"OTHER", "no"}};
  BOOST_TEST(environment_of(cs::program{"p"}, w) == "PATH=|");
}

BOOST_AUTO_TEST_CASE(more_is_passed_by_name_once) {
  fake::world w;
  w.variables = {{"PATH", "/bin"}, {"AWS_PROFILE", "dev"}, {"path", "other"}, {"API_TOKEN", "no"}};
  BOOST_TEST(
      environment_of(
          cs::program{"p"}.pass("AWS_PROFILE").pass("AWS_PROFILE").pass("PATH").pass("UNSET").pass("path"),
          w) == "AWS_PROFILE=dev|PATH=/bin|path=other|");
}

BOOST_AUTO_TEST_CASE(what_is_set_wins_and_of_two_the_later) {
  fake::world w;
  w.variables = {{"PATH", "/bin"}, {"A", "theirs"}};
  cs::program asked{"p"};
  asked.pass("A").set("A", "1").set("B", cs::secret("s3cret")).set("A", "2").set("a", "3").set("PATH", "");
  BOOST_TEST(environment_of(asked, w) == "A=2|B=s3cret|PATH=|a=3|");
  asked.pass_everything();
  BOOST_TEST(environment_of(asked, w) == "A=2|B=s3cret|PATH=|a=3|");
}

BOOST_AUTO_TEST_CASE(everything_is_all_but_the_keys_of_the_store) {
  fake::world w;
  w.variables = {{"A", "x=y\n"},
                 {"PATH", "/bin"},
                 {"EMPTY", ""},
                 {"COUNTERSIGN_KEY", "no"},
                 {"countersign_key", "no"},
                 {"COUNTERSIGN_KEY_FILE", "no"},
                 {"COUNTERSIGN_KEYS", "1"}};
  BOOST_TEST(environment_of(cs::program{"p"}.pass_everything(), w) ==
             "A=x=y\n|COUNTERSIGN_KEYS=1|EMPTY=|PATH=/bin|");
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_no_variable_is_left_out) {
  fake::world w;
  w.programs = [](cs::command const& what) {
    BOOST_TEST(what.environment.size() == 1u);
    BOOST_TEST(what.environment[0] == "A=1");
    return prints("x");
  };
  auto outside = w.context();
  outside.read_environment = [](void*) noexcept -> cs::result<cs::secret> {
    return cs::secret("junk\0=x\0\0A=1"sv);
  };
  BOOST_TEST(cs::program{"p"}.pass_everything().output(outside).has_value());
}

BOOST_AUTO_TEST_CASE(names_that_no_variable_may_have_are_refused_and_nothing_runs) {
  fake::world w;
  auto const refused = [&](cs::program const& what, std::string_view why) {
    auto const got = what.output(w.context());
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error() == cs::error(cs::errc::bad_input, "program p: ", why)));
  };
  for (auto const name : {""sv, "A=B"sv, "=A"sv, "A\0B"sv}) {
    auto const why = "a variable's name can't be empty, nor hold '=' or a zero byte";
    refused(cs::program{"p"}.set(name, "canary"), why);
    refused(cs::program{"p"}.pass(name), why);
  }
  for (auto const& [name, why] :
       {std::pair("COUNTERSIGN_KEY", "COUNTERSIGN_KEY is given to no program"),
        std::pair("Countersign_Key_File", "Countersign_Key_File is given to no program")}) {
    refused(cs::program{"p"}.set(name, "canary"), why);
    refused(cs::program{"p"}.pass(name).pass_everything(), why);
  }
  BOOST_TEST(w.runs().empty());
}

BOOST_AUTO_TEST_CASE(what_a_variable_can_not_say_is_passed_on) {
  fake::world w;
  auto outside = w.context();
  outside.read_variable = [](void*, std::string_view) noexcept -> cs::result<cs::secret> {
    return cs::error(cs::errc::no_memory, "variable: out of memory");
  };
  BOOST_TEST((cs::program{"p"}.output(outside).error() ==
              cs::error(cs::errc::no_memory, "variable: out of memory")));
  outside.read_environment = nullptr;
  BOOST_TEST((cs::program{"p"}.called("helper").pass_everything().output(outside).error() ==
              cs::error(cs::errc::fatal, "helper: environment: this context can't list its variables")));
}

BOOST_AUTO_TEST_CASE(a_status_or_signal_is_told_and_never_the_output) {
  fake::world w;
  struct {
    int status;
    cs::errc code;
    std::string_view why;
  } const table[] = {{1, cs::errc::transient, "program p: exit status 1; its standard error may say why"},
                     {125, cs::errc::transient, "program p: exit status 125; its standard error may say why"},
                     {126, cs::errc::fatal, "program p: exit status 126: something it names can't be run"},
                     {127, cs::errc::fatal, "program p: exit status 127: something it names can't be found"},
                     {128, cs::errc::transient, "program p: exit status 128; its standard error may say why"},
                     {137, cs::errc::transient, "program p: ended by signal 9"}};
  for (auto const& [status, code, why] : table) {
    w.programs = [status = status](cs::command const&) { return prints("canary", status); };
    auto const got = cs::program{"p"}.output(w.context());
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error() == cs::error(code, why)), got.error().message());
  }
}

BOOST_AUTO_TEST_CASE(messages_name_the_place_it_stands_in_and_no_argument) {
  fake::world w;
  w.programs = [](cs::command const&) { return prints("canary", 1); };
  auto const got = cs::program::shell("canary").called("server \"x\": headersHelper").output(w.context());
  BOOST_TEST(got.error().message() == "server \"x\": headersHelper: program /bin/sh: exit status 1; its "
                                      "standard error may say why");
  auto const long_one = cs::program{std::string(300, 'p')}.called(std::string(300, 'c'));
  BOOST_TEST(long_one.wrong(cs::errc::fatal, "why").message() ==
             std::string(100, 'c') + ": program " + std::string(100, 'p') + ": why");
  BOOST_TEST(w.trace_text() == "run server \"x\": headersHelper \n");
}

BOOST_AUTO_TEST_CASE(it_owns_what_it_was_given) {
  fake::world w;
  cs::program asked{"p"};
  {
    std::string name = "NAME", value = "value", argument = "argument", folder = "/folder";
    asked.argument(argument).set(name, value).folder(folder).pass(name);
    for (auto* each : {&name, &value, &argument, &folder}) each->assign(each->size(), '!');
  }
  auto const copy = asked;
  asked = cs::program{"other"};
  auto const ran = run_of(copy, w);
  BOOST_TEST(ran.argv[1] == "argument");
  BOOST_TEST(ran.folder == "/folder");
  BOOST_TEST(ran.environment == std::vector{"NAME=value"s});
}

// -- real processes

// CVE-2020-5260: a line end within a value must not become an entry of its own.
BOOST_AUTO_TEST_CASE(each_byte_of_a_value_arrives_and_a_zero_byte_is_refused) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  for (auto const& value : {all, "a\r\nB=injected\n"s, "\n"s, ""s, "$(id)`id`\"'"s}) {
    BOOST_TEST(said(cs::program::shell("printf %s \"$A\"").set("A", cs::secret(value))) == value);
    BOOST_TEST(said(cs::program::shell("printf %s \"${B-none}\"").set("A", value)) == "none");
  }
  auto const got = cs::program{"true"}.set("A", "can\0ary"sv).output(cs::system_context);
  BOOST_TEST(
      (got.error() == cs::error(cs::errc::bad_input, "program true: its variable A holds a zero byte")));
}

BOOST_AUTO_TEST_CASE(a_real_program_has_exactly_the_variables_of_the_list) {
  BOOST_TEST(in_child([] {
    ::clearenv();
    ::setenv("PATH", "/usr/bin:/bin", 1);
    ::setenv("LANG", "C", 1);
    ::setenv("API_TOKEN", "no", 1);
    ::setenv("COUNTERSIGN_KEY", "no", 1);
    return said(cs::program{"env"}.set("B", "2")) == "PATH=/usr/bin:/bin\nLANG=C\nB=2\n" &&
           said(cs::program{"env"}.pass_everything()) == "PATH=/usr/bin:/bin\nLANG=C\nAPI_TOKEN=no\n";
  }));
}

BOOST_AUTO_TEST_CASE(it_runs_in_its_folder) {
  scratch const here;
  auto const folder = std::filesystem::canonical(here.folder).string();
  BOOST_TEST(said(cs::program{"/bin/pwd", "-P"}.folder(folder)) == folder + "\n");
}

BOOST_AUTO_TEST_CASE(failures_of_real_programs_are_told_by_name) {
  BOOST_TEST(said(cs::program{"countersign-no-such-program"}) ==
             "program countersign-no-such-program: not found in PATH; install it, or give its whole path");
  BOOST_TEST(said(cs::program::shell("countersign-no-such-program 2>&-")) ==
             "program /bin/sh: exit status 127: something it names can't be found");
  BOOST_TEST(said(cs::program::shell("echo canary; kill -TERM $$")) == "program /bin/sh: ended by signal 15");
  BOOST_TEST(said(cs::program::shell("echo canary; exit 3")) ==
             "program /bin/sh: exit status 3; its standard error may say why");
  BOOST_TEST(said(cs::program{"sleep", "60"}.timeout(cs::milliseconds(50))) ==
             "program sleep: not done after 50 ms, so it was ended");
  BOOST_TEST(said(cs::program{"printf", "12345"}.max_output(5)) == "12345");
  BOOST_TEST(said(cs::program{"printf", "12345"}.max_output(4)) ==
             "program printf: it wrote more than 4 bytes, so it was ended");
}

BOOST_AUTO_TEST_CASE(wherever_memory_ends_it_is_told_and_nothing_is_left_out) {
  if (!fake::heap::is_ours) return;
  ::setenv("COUNTERSIGN_TEST", "passed", 1);
  auto const ask = [] {
    auto what = cs::program::shell("printf %s \"$1$A$COUNTERSIGN_TEST$(pwd)\"").argument("one");
    what.set("A", cs::secret("two")).pass("COUNTERSIGN_TEST").folder("/").called("here");
    auto copy = what;
    if (auto got = copy.output(cs::system_context); !got) return got;
    return what.pass_everything().output(cs::system_context);
  };
  fake::heap::counter const heap;
  BOOST_TEST(ask().value().reveal() == "onetwopassed/");
  auto const blocks = heap.count();
  BOOST_TEST(blocks > 20);
  for (long block = 0; block < blocks; ++block) {
    auto const got = [&] {
      fake::heap::refused_once const refused(block);
      return ask();
    }();
    BOOST_TEST_CONTEXT("block " << block) {
      BOOST_REQUIRE(!got);
      BOOST_TEST((got.error().code() == cs::errc::no_memory), got.error().message());
    }
  }
  ::unsetenv("COUNTERSIGN_TEST");
}

BOOST_AUTO_TEST_CASE(neither_its_variables_nor_its_output_stay_in_freed_memory) {
  constexpr auto canary = "c4nary-0f-a-pr0gram"sv;
  fake::heap::watch const watch(canary);
  {
    cs::secret const value(canary);
    auto what = cs::program::shell("printf '%s%s' \"$A\" \"$A\"").set("A", value);
    auto const copy = what;
    BOOST_TEST(copy.output(cs::system_context).value().size() == 2 * canary.size());
    BOOST_TEST(!what.max_output(20).output(cs::system_context));
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
