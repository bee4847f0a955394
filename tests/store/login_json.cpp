#include <countersign/store/login_json.hpp>

#include "store/battery.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace countersign;

namespace {

std::string written(login const& from) {
  secret out;
  BOOST_REQUIRE(bool(write_login(from, out)));
  return std::string(out.reveal());
}
errc told(std::string_view text) {
  auto const got = read_login(secret(text));
  return got ? errc::none : got.error().code();
}

}  // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(errc)

BOOST_AUTO_TEST_SUITE(store_login_json)

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
  auto record = full_login();
  record.generation = 7;
  record.profile = "work";
  record.server = "https://mcp.example.com";
  auto const text = written(record);
  auto const back = read_login(secret(text)).value();
  BOOST_TEST(same(back, record));
  BOOST_TEST(back.generation == 7u);
  BOOST_TEST((back.profile == record.profile && back.server == record.server));
  BOOST_TEST(written(back) == text);
}

BOOST_AUTO_TEST_CASE(what_is_empty_is_left_out) {
  login record;
  record.generation = 1;
  BOOST_TEST(written(record) == R"({"version":1,"generation":1})");
  auto const back = read_login(secret(R"({"version":1,"generation":1})")).value();
  BOOST_TEST(same(back, login()));
  BOOST_TEST((back.expires == never_expires));
}

BOOST_AUTO_TEST_CASE(another_version_is_told_from_damage) {
  BOOST_TEST(told(R"({"version":2,"what":["ever"]})") == errc::fatal);
  BOOST_TEST(told(R"({"version":0,"generation":1})") == errc::fatal);
  BOOST_TEST(told(R"({"version":"1","generation":1})") == errc::bad_input);
  BOOST_TEST(told(R"({"generation":1})") == errc::bad_input);
  BOOST_TEST(told("[]") == errc::bad_input);
  BOOST_TEST(told("") == errc::bad_input);
}

BOOST_AUTO_TEST_CASE(nothing_but_a_login_is_read) {
  for (auto const* more :
       {R"("a":1)", R"("issuer":1)", R"("issuer":"")", R"("issuer":null)", R"("expires_ms":"1")",
        R"("expires_ms":1.5)", R"("expires_ms":1e400)", R"("redirect_port":1)", R"("issuer":"a","issuer":"a")", R"("generation":2)", R"("issuer":"\u0000")"})
    BOOST_TEST(told(std::string(R"({"version":1,"generation":1,)") + more + "}") == errc::bad_input, more);
  for (auto const* generation : {"0", "-1", "1.5", "\"1\"", "9223372036854775808"})
    BOOST_TEST(told(std::string(R"({"version":1,"generation":)") + generation + "}") == errc::bad_input,
               generation);
  BOOST_TEST(told(R"({"version":1,"generation":1,"expires_ms":1})") == errc::none);
  BOOST_TEST(told(R"({"version":1,"generation":1} x)") == errc::bad_input);
}

BOOST_AUTO_TEST_CASE(a_record_of_the_largest_size_is_kept_and_one_byte_more_is_not) {
  login record;
  record.generation = 1;
  record.access_token = secret("t");
  auto const rest = written(record).size() - 1;
  record.access_token = secret(std::string(max_login_size - rest, 't'));
  auto const text = written(record);
  BOOST_TEST(text.size() == max_login_size);
  BOOST_TEST(told(text) == errc::none);
  record.access_token.append("t");
  secret out;
  auto const wrote = write_login(record, out);
  BOOST_TEST((!wrote && wrote.error().code() == errc::too_large));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_refused) {
  login record;
  record.issuer = "\xff";
  secret out;
  auto const wrote = write_login(record, out);
  BOOST_TEST((!wrote && wrote.error().code() == errc::bad_input));
}

BOOST_AUTO_TEST_CASE(no_message_holds_a_piece_of_the_record) {
  auto record = full_login();
  record.generation = 1;
  auto const text = written(record);
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto broken = text;
    broken[at] = static_cast<char>(broken[at] ^ 0x20);
    auto const got = read_login(secret(broken));
    if (!got) BOOST_TEST(got.error().message().find("canary") == std::string_view::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
