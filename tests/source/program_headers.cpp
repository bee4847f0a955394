#include <countersign/source/program_headers.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/sources.hpp"
#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <cctype>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <string>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::remote_source<cs::program_headers> && cs::is_renewable<cs::program_headers> &&
              cs::is_offline<cs::program_headers>);

namespace {

cs::result<cs::header_list> read(std::string_view printed) {
  return cs::read_printed_headers(cs::secret(printed));
}
std::string lines_of(cs::result<cs::header_list> const& got) {
  if (!got) return "error: " + std::string(got.error().message());
  std::string all;
  got->each([&](std::string_view name, std::string_view value) {
    all += std::string(name) + ": " + std::string(value) + "|";
  });
  return all;
}
std::string escaped(int byte) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(byte));
  return text;
}

cs::result<cs::issued<cs::header_list>> ask(cs::program_headers const& source, cs::context const& outside) {
  cs::memory_of<cs::program_headers> memory;
  return fake::ask(source, outside, memory);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_program_headers)

BOOST_AUTO_TEST_CASE(an_object_of_strings_becomes_headers_in_its_order) {
  BOOST_TEST(lines_of(read(R"({"X-B":"2", "Authorization":"Bearer t","X-A":""})")) ==
             "X-B: 2|Authorization: Bearer t|X-A: |");
  BOOST_TEST(lines_of(read("\n{\"X-A\": \"caf\\u00e9\"}\n")) == "X-A: caf\xc3\xa9|");
  BOOST_TEST(lines_of(read("{}")) == "");
}

BOOST_AUTO_TEST_CASE(every_byte_passes_or_is_refused_as_the_rfc_has_it) {
  for (int byte = 0; byte < 0x80; ++byte) {
    auto const c = static_cast<char>(byte);
    bool const in_value = byte == '\t' || (byte >= 0x20 && byte != 0x7f),
               in_name = std::isalnum(byte) || "!#$%&'*+-.^_`|~"s.find(c) != std::string::npos;
    BOOST_TEST(read("{\"X-A\":\"a" + escaped(byte) + "b\"}").has_value() == in_value, byte);
    BOOST_TEST(read("{\"X" + escaped(byte) + "A\":\"v\"}").has_value() == in_name, byte);
  }
  BOOST_TEST(read("{\"X-A\":\"\xc2\x80\"}").has_value());
  BOOST_TEST(!read("{\"X-\xc3\xa9\":\"v\"}").has_value());
}

BOOST_AUTO_TEST_CASE(failures_tell_the_place_and_the_headers_name_alone) {
  struct {
    std::string_view printed;
    cs::errc code;
    std::string_view why;
  } const table[] = {
      {"", cs::errc::bad_input, "it printed nothing; {} is for no header"},
      {" \n", cs::errc::bad_input, "it printed nothing; {} is for no header"},
      {"canary", cs::errc::bad_input, "its output: JSON line 1, column 1: expected a value"},
      {"[\"canary\"]", cs::errc::bad_input,
       "JSON line 1, column 1: expected an object of headers, found an array"},
      {"{\n\"X-A\": 12345678}", cs::errc::bad_input,
       "X-A: JSON line 2, column 8: expected a string, found a number"},
      {R"({"X-A":["canary"]})", cs::errc::bad_input,
       "X-A: JSON line 1, column 8: expected a string, found an array"},
      {R"({"X-A":null})", cs::errc::bad_input, "X-A: JSON line 1, column 8: expected a string, found null"},
      {R"({"X-A":"canary\r\nX-B: 1"})", cs::errc::bad_field,
       "X-A: the value holds a line end or another control byte, or begins or ends with a blank"},
      {R"({"X-A":"canary "})", cs::errc::bad_field,
       "X-A: the value holds a line end or another control byte, or begins or ends with a blank"},
      {"{\"X-A\":\"v\",\n \"X canary\":\"v\"}", cs::errc::bad_field,
       "line 2, column 2 of its output: a header's name is 1 to 256 letters, digits and !#$%&'*+-.^_`|~"},
      {R"({"":"v"})", cs::errc::bad_field,
       "line 1, column 2 of its output: a header's name is 1 to 256 letters, digits and !#$%&'*+-.^_`|~"},
      {R"({"X-A":"canary","x-a":"canary"})", cs::errc::bad_input,
       "x-a: it stands twice; names are compared without case"}};
  for (auto const& [printed, code, why] : table) {
    auto const got = read(printed);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error() == cs::error(code, why)), got.error().message());
  }
  auto const same = read(R"({"X-A":"canary","X-A":"canary"})");
  BOOST_REQUIRE(!same);
  BOOST_TEST((same.error().code() == cs::errc::bad_input));
  BOOST_TEST(same.error().message().find("canary") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(each_limit_is_the_last_size_that_is_taken) {
  auto const one = [](std::size_t name, std::size_t value) {
    return read("{\"" + std::string(name, 'n') + "\":\"" + std::string(value, 'v') + "\"}");
  };
  BOOST_TEST(one(cs::max_field_name, cs::max_field_value).has_value());
  BOOST_TEST((one(cs::max_field_name + 1, 1).error().code() == cs::errc::bad_field));
  BOOST_TEST((one(1, cs::max_field_value + 1).error() ==
              cs::error(cs::errc::too_large, "n: the value is longer than 131072 bytes")));
  auto const many = [](std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) text += (i ? ",\"X-" : "\"X-") + std::to_string(i) + "\":\"v\"";
    return read(text + "}");
  };
  BOOST_TEST(many(cs::max_printed_headers).value().count() == cs::max_printed_headers);
  BOOST_TEST((many(cs::max_printed_headers + 1).error() ==
              cs::error(cs::errc::too_large, "it printed more than 64 headers")));
}

BOOST_AUTO_TEST_CASE(memory_that_ends_while_it_is_read_is_told) {
  if (!fake::heap::is_ours) return;
  std::string text = "{\"X\":\"v\"";
  for (int i = 0; i < 40; ++i) text += ",\"X-" + std::to_string(i) + "\":\"v\"";
  text += "}";
  auto const ask = [&](cs::secret printed) { return cs::read_printed_headers(std::move(printed)); };
  cs::secret plain(text);
  fake::heap::counter const heap;
  BOOST_TEST(ask(std::move(plain)).has_value());
  auto const blocks = heap.count();
  BOOST_TEST(blocks > 1);
  for (long block = 0; block < blocks; ++block) {
    cs::secret printed(text);
    auto const got = [&] {
      fake::heap::refused_once const refused(block);
      return ask(std::move(printed));
    }();
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_CASE(a_real_program_is_asked_and_its_headers_are_used_for_a_while) {
  cs::program_headers const source{.runs = cs::program{"printf", R"({"X-Key": "%s"})", "k"},
                                   .good_for = cs::seconds(60)};
  auto const before = cs::system_context.now().wall;
  auto const got = ask(source, cs::system_context);
  BOOST_TEST(got.value().credential.get("x-key").value() == "k");
  BOOST_TEST((got->expires >= before + cs::seconds(60)));
  BOOST_TEST((ask({source.runs}, cs::system_context).value().expires == cs::never_expires));
}

// What a real program may do instead of answering: each ends in time, as an error, and tells nothing it printed.
BOOST_AUTO_TEST_CASE(every_fault_of_a_real_program_ends_in_time_and_is_told) {
  constexpr auto good = "{\"X-Key\": \"canary\"}"sv;
  struct {
    std::string_view line, why;
  } const table[] = {
      {"exec sleep 60", "not done after 200 ms, so it was ended"},
      {"trap '' TERM HUP INT; while :; do sleep 60; done", "not done after 200 ms, so it was ended"},
      {"printf %s \"$1\"; exec >&-; exec sleep 60", "not done after 200 ms, so it was ended"},
      {"sleep 60 & sleep 60 & wait", "not done after 200 ms, so it was ended"},
      {"printf %s \"$1\"; kill -STOP $$", "not done after 200 ms, so it was ended"},
      {"head -c 10485760 /dev/zero", "it wrote more than 262144 bytes, so it was ended"},
      {"exec yes canary", "it wrote more than 262144 bytes, so it was ended"},
      {"head -c 10485760 /dev/zero >&2", "it printed nothing; {} is for no header"},
      {"printf '{\"X-Key\": \"can'", "its output: JSON line 1, column 11: "},
      {"printf %s \"$1\"; printf x", "its output: JSON line 1, column 20: "},
      {"printf %s \"$1\"; exit 3", "exit status 3; its standard error may say why"},
      {"printf %s \"$1\"; kill -KILL $$", "ended by signal 9"},
      {"cat", "it printed nothing; {} is for no header"},
      {"", "it printed nothing; {} is for no header"},
      {"printf '{\"X-Key\": 1}'", "X-Key: JSON line 1, column 11: expected a string, found a number"},
      {"printf '{\"X-Key\": \"canary\\\\r\\\\nX: y\"}'", "X-Key: the value holds a line end"}};
  BOOST_TEST(in_child([&] {
    int const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (::dup2(nowhere, STDERR_FILENO) < 0) return false;
    bool good_ones = true;
    auto const before = count_descriptors();
    for (auto const& [line, why] : table) {
      auto const start = cs::system_context.now().boot;
      auto const got =
          ask({cs::program::shell(line).argument(good).timeout(cs::milliseconds(200))}, cs::system_context);
      auto const took = cs::system_context.now().boot.ms - start.ms;
      bool const as_told = !got &&
                           got.error().message().starts_with("program /bin/sh: " + std::string(why)) &&
                           got.error().message().find("canary") == std::string_view::npos && took <= 700;
      if (!as_told)
        std::cout << line << ": " << (got ? "accepted" : got.error().message()) << ", " << took << " ms"
                  << std::endl;
      good_ones = good_ones && as_told;
    }
    siginfo_t found = {};
    bool const alone = ::waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) != 0;
    return good_ones && alone && count_descriptors() == before;
  }));
}

// A helper may leave a daemon behind that holds its output: what it said until then counts.
BOOST_AUTO_TEST_CASE(a_grandchild_that_holds_the_output_does_not_hold_the_answer) {
  scratch const here;
  auto const start = cs::system_context.now().boot;
  auto const got = ask({cs::program::shell("sleep 60 & echo $! >\"$1\"; echo '{\"X-Key\": \"k\"}'")
                            .argument(here.path("number"))},
                       cs::system_context);
  BOOST_TEST(got.value().credential.get("X-Key").value() == "k");
  BOOST_TEST(cs::system_context.now().boot.ms - start.ms <= 750);
  ::kill(std::stoi(here.read("number")), SIGKILL);
}

BOOST_AUTO_TEST_CASE(a_real_program_that_prints_nonsense_is_named) {
  auto const got = ask({cs::program{"echo", "canary"}}, cs::system_context);
  BOOST_REQUIRE(!got);
  BOOST_TEST(
      (got.error() == cs::error(cs::errc::bad_input, "program echo: its output: JSON line 1, column 1: "
                                                     "expected a value")));
}

BOOST_AUTO_TEST_SUITE_END()
