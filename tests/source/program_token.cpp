#include <countersign/source/program_token.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/sources.hpp"
#include "os/scratch.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/os/system.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/source/chain.hpp>
#include <countersign/source/env.hpp>

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::remote_source<cs::program_token> && cs::is_renewable<cs::program_token> &&
              cs::is_offline<cs::program_token>);
static_assert(cs::remote_source<cs::chain<cs::env, cs::program_token>>);

namespace {

constexpr cs::wall_time now{1'000'000'000'000};

cs::result<cs::issued<cs::secret>> read(std::string_view printed) {
  return cs::read_printed_token(cs::secret(printed), now);
}
std::string token_of(std::string_view printed) {
  auto const got = read(printed);
  return got ? std::string(got->credential.reveal()) : "error: " + std::string(got.error().message());
}
std::int64_t expiry_of(std::string_view members) {
  auto const got = read(R"({"token":"t",)" + std::string(members) + "}");
  BOOST_REQUIRE_MESSAGE(got, got.error().message());
  return got->expires.ms;
}

cs::result<cs::issued<cs::secret>> ask(cs::program_token const& source, cs::context const& outside) {
  cs::memory_of<cs::program_token> memory;
  return fake::ask(source, outside, memory);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_program_token)

BOOST_AUTO_TEST_CASE(a_line_is_the_token_without_its_end) {
  for (auto const& [printed, token] : {std::pair("t0ken"sv, "t0ken"sv),
                                       {"t0ken\n", "t0ken"},
                                       {"t0ken\r\n", "t0ken"},
                                       {"a b", "a b"},
                                       {"[1]", "[1]"},
                                       {"\"quoted\"", "\"quoted\""},
                                       {"\xc2\xa3\xff\n", "\xc2\xa3\xff"}})
    BOOST_TEST(token_of(printed) == token);
  BOOST_TEST((read("t0ken")->expires == cs::never_expires));
}

BOOST_AUTO_TEST_CASE(what_no_header_can_hold_is_refused_and_not_shown) {
  constexpr auto why = "its token holds a line end or another control byte, or begins or ends with a blank; "
                       "print the token alone, on one line"sv;
  for (auto const printed : {"canary\n\n"sv, "canary\ncanary\n"sv, " canary"sv, "canary \n"sv, "canary\r"sv,
                             "can\tary\x01"sv, "can\0ary"sv, "\ncanary"sv, R"({"token":"can\nary"})"sv}) {
    auto const got = read(printed);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error() == cs::error(cs::errc::bad_field, why)), got.error().message());
  }
  for (int byte = 0; byte < 256; ++byte) {
    auto const c = static_cast<char>(byte);
    bool const allowed = (byte >= 0x20 && byte != 0x7f) || c == '\t';
    BOOST_TEST(read("a"s + c + "b").has_value() == allowed, byte);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_no_token) {
  for (auto const printed : {""sv, "\n"sv, "\r\n"sv, " \t\n"sv})
    BOOST_TEST((read(printed).error() == cs::error(cs::errc::bad_input, "it printed nothing")));
  BOOST_TEST(token_of(R"({"token":""})") == "error: its token is empty");
}

BOOST_AUTO_TEST_CASE(an_object_names_the_token) {
  BOOST_TEST(token_of(R"({"token":"t\u0030ken"})") == "t0ken");
  BOOST_TEST(token_of("\n {\"access_token\": \"t\", \"token_type\": \"bearer\", \"other\": [1]}\n") == "t");
  BOOST_TEST(token_of(R"({"token":"t","token_type":null,"expires_in":null,"expires_at":null})") == "t");
  struct {
    std::string_view printed;
    cs::errc code;
    std::string_view why;
  } const table[] = {
      {"{}", cs::errc::bad_input, "its output is JSON without a member token or access_token"},
      {R"({"token":"canary","access_token":"canary"})", cs::errc::bad_input,
       "its output holds both token and access_token; one is wanted"},
      {R"({"token":7})", cs::errc::bad_input,
       "JSON line 1, column 10: expected a string as token, found a number"},
      {"{\n\"access_token\":null}", cs::errc::bad_input,
       "JSON line 2, column 16: expected a string as access_token, found null"},
      {R"({"token":"canary","token_type":"DPoP"})", cs::errc::fatal,
       "its token_type is not Bearer, and another type is not written by showing the token alone"},
      {R"({"token":"canary","token_type":7})", cs::errc::fatal,
       "its token_type is not Bearer, and another type is not written by showing the token alone"}};
  for (auto const& [printed, code, why] : table) {
    auto const got = read(printed);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error() == cs::error(code, why)), got.error().message());
  }
}

BOOST_AUTO_TEST_CASE(an_object_that_is_cut_short_is_told_by_its_place) {
  constexpr auto whole = R"({"token":"canary-canary","expires_in":3600})"sv;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    auto const got = read(whole.substr(0, size));
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == cs::errc::bad_input));
    BOOST_TEST(got.error().message().starts_with("its output: JSON line 1, column "));
    BOOST_TEST(got.error().message().find("canary") == std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_expiry_is_read_in_each_way_it_is_written) {
  BOOST_TEST(expiry_of(R"("expires_in":3600)") == now.ms + 3'600'000);
  BOOST_TEST(expiry_of(R"("expires_in":"3600")") == now.ms + 3'600'000);
  BOOST_TEST(expiry_of(R"("expires_in":3600.9)") == now.ms + 3'600'000);
  BOOST_TEST(expiry_of(R"("expires_in":36e2)") == now.ms + 3'600'000);
  BOOST_TEST(expiry_of(R"("expires_in":-1)") == now.ms);
  BOOST_TEST(expiry_of(R"("expires_in":-1.5)") == now.ms);
  BOOST_TEST(expiry_of(R"("expires_at":1000000060)") == now.ms + 60'000);
  BOOST_TEST(expiry_of(R"("expires_at":1000000060.123456)") == now.ms + 60'000);
  BOOST_TEST(expiry_of(R"("expires_at":"1000000060")") == now.ms + 60'000);
  BOOST_TEST(expiry_of(R"("expires_at":"2001-09-09T03:47:40.5+02:00")") == now.ms + 60'500);
  // The earlier of two.
  BOOST_TEST(expiry_of(R"("expires_at":1000000060,"expires_in":30)") == now.ms + 30'000);
  BOOST_TEST(expiry_of(R"("expires_at":1000000060,"expires_in":90)") == now.ms + 60'000);
  BOOST_TEST(expiry_of(R"("expires_in":253402300799)") == now.ms + 253'402'300'799'000);
  BOOST_TEST(expiry_of(R"("expires_at":253402300799)") == 253'402'300'799'000);
}

BOOST_AUTO_TEST_CASE(an_expiry_that_is_none_is_refused) {
  for (auto const value :
       {"true", "\"\"", "\"abc\"", "\"3600 \"", "\"-1\"", "\"1.5\"", "[3600]", "{}", "1e400", "12.3e0",
        "253402300800", "\"253402300800\"", "253402300800.5", "1000000060123000", "99999999999999999999999",
        "\"99999999999999999999999\"", "9223372036854775808"})
    for (auto const name : {"expires_in", "expires_at"}) {
      auto const got = read(R"({"token":"canary",")"s + name + "\":" + value + "}");
      BOOST_REQUIRE_MESSAGE(!got, value);
      BOOST_TEST((got.error().code() == cs::errc::bad_input));
      auto const text = got.error().message();
      BOOST_TEST(text.starts_with("JSON line 1, column "), text);
      BOOST_TEST(text.find(name) != std::string_view::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(a_token_has_the_length_of_a_header_at_most) {
  BOOST_TEST(read(std::string(cs::max_field_value, 'x')).has_value());
  BOOST_TEST((read(std::string(cs::max_field_value + 1, 'x')).error() ==
              cs::error(cs::errc::too_large, "its token is longer than 131072 bytes")));
}

BOOST_AUTO_TEST_CASE(memory_that_ends_while_it_is_read_is_told) {
  if (!fake::heap::is_ours) return;
  std::string many = "\"many\":[0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  auto const text = R"({"token":"t",)" + many + "]}";
  auto const ask = [&](cs::secret printed) { return cs::read_printed_token(std::move(printed), now); };
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

BOOST_AUTO_TEST_CASE(the_program_runs_in_a_work_step_and_not_before) {
  fake::world w;
  std::string prints = "one\n";
  w.programs = [&](cs::command const&) -> cs::result<cs::command_output> {
    cs::command_output said;
    said.out = cs::secret(prints);
    return said;
  };
  cs::program_token const source{cs::program{"get-token"}};
  auto asked = source.acquire({}, w.context());
  BOOST_TEST((asked.wants() == cs::want::work));
  BOOST_TEST(w.runs().empty());
  auto const outside = w.context();
  auto again = source.acquire({.reason = cs::why::refused}, outside);
  again.perform();
  BOOST_TEST(w.runs().size() == 1u);
  BOOST_TEST((again.wants() == cs::want::work));
  again.resume(w.now());
  BOOST_TEST((again.wants() == cs::want::done));
  BOOST_TEST(std::move(again).outcome().value().credential.reveal() == "one");
  prints = "two\n";
  BOOST_TEST(ask(source, outside).value().credential.reveal() == "two");
}

BOOST_AUTO_TEST_CASE(good_for_counts_from_the_end_of_the_run_where_nothing_else_is_said) {
  fake::world w;
  std::string prints = "t";
  w.programs = [&](cs::command const&) -> cs::result<cs::command_output> {
    w.advance(cs::seconds(5));
    cs::command_output said;
    said.out = cs::secret(prints);
    return said;
  };
  auto const expiry = [&, outside = w.context()](cs::program_token const& source) {
    auto asked = source.acquire({}, outside);
    asked.perform();
    asked.resume(w.now());
    return std::move(asked).outcome().value().expires;
  };
  cs::program_token const source{.runs = cs::program{"p"}, .good_for = cs::seconds(300)};
  auto expires = expiry(source);
  BOOST_TEST((expires == w.now().wall + cs::seconds(300)));
  prints = R"({"token":"t","expires_in":10})";
  expires = expiry(source);
  BOOST_TEST((expires == w.now().wall + cs::seconds(10)));
  prints = "t";
  BOOST_TEST((expiry({cs::program{"p"}}) == cs::never_expires));
}

BOOST_AUTO_TEST_CASE(failures_name_the_program_and_hold_nothing_that_it_printed) {
  fake::world w;
  std::string prints;
  w.programs = [&](cs::command const&) -> cs::result<cs::command_output> {
    cs::command_output said;
    said.out = cs::secret(prints);
    return said;
  };
  cs::program_token const source{cs::program{"p"}.called("here")};
  auto const why = [&](std::string_view text) {
    prints = text;
    auto const got = ask(source, w.context());
    return got ? std::string("no failure") : std::string(got.error().message());
  };
  BOOST_TEST(why("") == "here: program p: it printed nothing");
  BOOST_TEST(why("{\"token\" canary}") ==
             "here: program p: its output: JSON line 1, column 10: expected ':' after a name");
  BOOST_TEST(why(R"({"token":"canary","expires_in":0})") ==
             "here: program p: what it printed has expired already; look at its cache, and at the clock");
  prints = R"({"token":"canary","expires_in":0})";
  BOOST_TEST((ask(source, w.context()).error().code() == cs::errc::transient));
}

BOOST_AUTO_TEST_CASE(it_is_run_once_until_its_token_is_due_or_refused) {
  fake::world w;
  int runs = 0;
  w.programs = [&](cs::command const&) -> cs::result<cs::command_output> {
    cs::command_output said;
    said.out = cs::secret("{\"token\":\"t" + std::to_string(++runs) + "\",\"expires_in\":3600}");
    return said;
  };
  cs::authenticator api{cs::program_token{cs::program{"get-token"}}, cs::bearer{}, cs::renewal{},
                        cs::only{"https://api.example"}, w.context()};
  std::string accepted = "Bearer t1";
  auto const status = [&] {
    auto const http = [&](cs::request const& what) -> cs::result<cs::response> {
      return cs::response(what.get("Authorization") == accepted ? 200 : 401);
    };
    return cs::send(api, cs::request("GET", "https://api.example/"), http).value().status();
  };
  BOOST_TEST(status() == 200);
  BOOST_TEST(status() == 200);
  BOOST_TEST(runs == 1);
  accepted = "Bearer t2";
  BOOST_TEST(status() == 200);
  BOOST_TEST(runs == 2);
  w.advance(cs::seconds(3600));
  accepted = "Bearer t3";
  BOOST_TEST(status() == 200);
  BOOST_TEST(runs == 3);
}

// -- real processes

BOOST_AUTO_TEST_CASE(a_real_program_is_asked_each_time) {
  scratch const here;
  auto const counter = here.write("counter", "0");
  cs::program_token const source{cs::program::shell("n=$(cat \"$1\"); n=$((n + 1)); printf %s $n >\"$1\"; "
                                                    "printf '{\"token\": \"t%s\", \"expires_in\": 60}\\n' $n")
                                     .argument(counter)};
  BOOST_TEST(ask(source, cs::system_context).value().credential.reveal() == "t1");
  auto const before = cs::system_context.now().wall;
  auto const got = ask(source, cs::system_context);
  BOOST_TEST(got.value().credential.reveal() == "t2");
  BOOST_TEST((got->expires >= before + cs::seconds(60)));
  BOOST_TEST((got->expires <= cs::system_context.now().wall + cs::seconds(60)));
}

BOOST_AUTO_TEST_CASE(half_an_answer_with_status_0_is_no_answer) {
  auto const got = ask({cs::program{"printf", "{\"token\": \"canary"}}, cs::system_context);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == cs::errc::bad_input));
  BOOST_TEST(got.error().message().starts_with("program printf: its output: JSON line 1, column "));
}

BOOST_AUTO_TEST_SUITE_END()
