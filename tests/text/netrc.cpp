#include <countersign/text/netrc.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

namespace {

cs::result<cs::netrc_file> parsed(std::string_view text) {
  return cs::netrc_file::parse(cs::secret(text), "home/.netrc");
}
std::string shown(std::optional<std::string_view> part) { return part ? std::string(*part) : "-"; }
std::string shown(cs::netrc_entry const& one) {
  return shown(one.machine) + ' ' + shown(one.login) + ' ' + shown(one.password) + ' ' + shown(one.account) +
         '@' + std::to_string(one.line);
}
// All entries, or the message.
std::string reading(std::string_view text) {
  auto const got = parsed(text);
  if (!got) return std::string(got.error().message());
  std::string all;
  for (std::size_t i = 0; i < got->size(); ++i) all += shown(got->at(i)) + '|';
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_netrc)

BOOST_AUTO_TEST_CASE(entries_are_read_as_curl_reads_them) {
  struct {
    std::string_view text, entries;
  } const rows[] = {
      {"", ""},
      {"\n \t\n", ""},
      {"# nothing\n", ""},
      {"machine a login b password c\n", "a b c -@1|"},
      {"machine a login b password c", "a b c -@1|"},
      {"machine\n\ta\n\tlogin\nb\npassword c\n", "a b c -@1|"},
      {"\nmachine a\n  password c\n  login b\n  account d\n", "a b c d@2|"},
      {"machine a\r\nlogin b\r\npassword c\r\n", "a b c -@1|"},
      {"\xef\xbb\xbfmachine a login b password c", "a b c -@1|"},
      {"MACHINE a LOGIN b Password c", "a b c -@1|"},
      {"machine a login b password c machine d login e password f\n", "a b c -@1|d e f -@1|"},
      {"machine a login b password c\ndefault login d password e\n", "a b c -@1|- d e -@2|"},
      {"machine a login b\nmachine c\n", "a b - -@1|c - - -@2|"},
      {"default\n", "- - - -@1|"},
      {"# first\nmachine a # second\n# machine x\nlogin b password c # third", "a b c -@2|"},
      {"machine a login b#c password c#d\n", "a b#c c#d -@1|"},
      {"machine a login \"b\" password \"c d\"\n", "a b c d -@1|"},
      {"machine a login \"\" password \"\"\n", "a   -@1|"},
      {"machine a login b password \"\\\"\\\\ \\x#\"\n", "a b \"\\ x# -@1|"},
      {"machine a login b password \"x\\ty\"\n", "a b x\ty -@1|"},
      {"machine a login b password \"x\\ny\\rz\"\n", "a b x\ny\rz -@1|"},
      {"machine a login b\\c password c\"d\"\\\n", "a b\\c c\"d\"\\ -@1|"},
      {"machine \"a\" login \"password\" password login\n", "a password login -@1|"},
      {"machine a login b password c,d\n", "a b c,d -@1|"},
      {"machine a login \xc3\xa4 password \xff\n", "a \xc3\xa4 \xff -@1|"},
      {"macdef init\nmachine x login y password z\n\nmachine a login b password c\n", "a b c -@4|"},
      {"machine a login b password c\nmacdef init\ncd /x\nbin\n\nmachine d\n", "a b c -@1|d - - -@6|"},
      {"macdef init\r\nmachine x\r\n\r\nmachine a\r\n", "a - - -@4|"},
      {"machine a\nmacdef m\nto the end", "a - - -@1|"},
      {"macdef m\n\nmachine a", "a - - -@3|"},
  };
  for (auto const& row : rows) BOOST_TEST(reading(row.text) == row.entries);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_told_with_its_line) {
  constexpr auto
      keyword =
          "one of machine, default, login, password, account, macdef belongs here; put a value that holds "
          "blanks in double quotes",
      binary = "a control byte; the file is binary, or UTF-16: save it as UTF-8";
  struct {
    std::string_view text, where, what;
  } const rows[] = {
      {"machine a\nlogin b\nS3cret\n", "3", keyword},
      {"S3cret", "1", keyword},
      {"machine a password c S3cret\n", "1", keyword},
      {"machine a port 80\n", "1", keyword},
      {"\"machine\" a\n", "1", keyword},
      {"machine", "1", "nothing behind machine"},
      {"machine a\nlogin", "2", "nothing behind login"},
      {"machine a login b\npassword\n\n", "2", "nothing behind password"},
      {"machine a account \n", "1", "nothing behind account"},
      {"macdef\n", "1", "nothing behind macdef"},
      {"\nlogin b password c\n", "2", "login belongs behind a machine or default"},
      {"password c\n", "1", "password belongs behind a machine or default"},
      {"account c\n", "1", "account belongs behind a machine or default"},
      {"machine a\nmacdef m\nx\n\nlogin b\n", "5", "login belongs behind a machine or default"},
      {"machine a login b\nlogin c\n", "2", "a second login in one entry"},
      {"machine a\npassword b\npassword c\n", "3", "a second password in one entry"},
      {"machine a account b account c\n", "1", "a second account in one entry"},
      {"default login a password b\nmachine c login d password e\n", "2",
       "an entry behind default, which must be the last"},
      {"default login a password b\n\ndefault\n", "3", "an entry behind default, which must be the last"},
      {"machine a login b\n\n password #c\n", "3", "a value that begins with '#'; put it in double quotes"},
      {"machine\n# a\nb\n", "2", "a value that begins with '#'; put it in double quotes"},
      {"machine a\npassword \"c\nlogin b\n", "2", "the \" that opens here is not closed in its line"},
      {"machine a password \"c", "1", "the \" that opens here is not closed in its line"},
      {"machine a password \"c\\\"", "1", "the \" that opens here is not closed in its line"},
      {"machine a password \"c\\", "1", "the \" that opens here is not closed in its line"},
      {"machine a password \"c\\\n\"", "1", "the \" that opens here is not closed in its line"},
      {"machine a\npassword \"c\"d\n", "2",
       "text right behind a closing \"; put all of the word into the quotes, a \" in it as \\\""},
      {"machine a\n\0"sv, "2", binary},
      {"machine a\x1b", "1", binary},
      {"machine a\rlogin b", "1", binary},
      {"machine a\n\npassword b\x7f", "3", binary},
  };
  for (auto const& row : rows) {
    auto const got = parsed(row.text);
    BOOST_REQUIRE_MESSAGE(!got, row.text << " gives " << reading(row.text));
    BOOST_TEST((got.error().code() == cs::errc::bad_input));
    BOOST_TEST(got.error().message() ==
               "netrc home/.netrc, line " + std::string(row.where) + ": " + std::string(row.what));
  }
}

BOOST_AUTO_TEST_CASE(the_first_entry_of_a_machine_is_found_or_else_the_default) {
  auto const file = parsed("machine a.example login one password 1\nmachine A.Example login two password 2\n"
                           "machine b.example password 3\ndefault login anonymous password 4\n");
  BOOST_REQUIRE(file);
  auto const line = [&](std::string_view machine, std::string_view login = {}) {
    auto const found = file->find(machine, login);
    return found ? found->line : 0;
  };
  BOOST_TEST(line("a.example") == 1u);
  BOOST_TEST(line("A.EXAMPLE") == 1u);
  BOOST_TEST(line("a.example", "two") == 2u);
  BOOST_TEST(line("a.example", "three") == 0u);
  BOOST_TEST(line("a.example", "TWO") == 0u);
  BOOST_TEST(line("a.example", "anonymous") == 4u);
  BOOST_TEST(line("b.example") == 3u);
  BOOST_TEST(line("c.example") == 4u);
  BOOST_TEST(line("a.example.evil") == 4u);
  BOOST_TEST(parsed("machine a\n")->find("b").has_value() == false);
}

BOOST_AUTO_TEST_CASE(entries_stay_valid_when_the_file_is_moved) {
  auto file = *parsed("machine a login one password 1\n");
  auto const found = file.find("a");
  auto const moved = std::move(file);
  BOOST_TEST(*found->login == "one");
  BOOST_TEST((moved.find("a")->password->data() == found->password->data()));
}

BOOST_AUTO_TEST_CASE(each_limit_is_the_last_that_is_read) {
  using limits = cs::netrc_limits;
  BOOST_TEST(reading("#" + std::string(limits::size - 1, 'x')) == "");
  BOOST_TEST(reading("#" + std::string(limits::size, 'x')) == "netrc home/.netrc: longer than 262144 bytes");
  std::string const word(limits::token, 'x');
  BOOST_TEST(reading("machine a password " + word) == "a - " + word + " -@1|");
  BOOST_TEST(reading("machine a password \"" + word + "\"") == "a - " + word + " -@1|");
  for (auto const& text :
       {"machine a password " + word + "x", "machine a password \"" + word + "x\"", "machine x" + word})
    BOOST_TEST(reading(text) == "netrc home/.netrc, line 1: a word longer than 4096 bytes");
  BOOST_TEST((parsed("machine x" + word).error().code() == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(each_allocation_that_fails_is_told) {
  cs::secret copy("machine a login b password c\n");
  bool told = false;
  {
    fake::heap::exhausted const none;
    auto const got = cs::netrc_file::parse(std::move(copy), "f");
    told = !got && got.error().code() == cs::errc::no_memory;
  }
  BOOST_TEST((told || !fake::heap::is_ours));
}

BOOST_AUTO_TEST_SUITE_END()
