#include <countersign/os/file.hpp>

#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <countersign/os/clock.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace countersign;
using namespace std::literals;

namespace {

constexpr std::size_t roomy = 1 << 20;

errc code_of(std::string_view path, std::size_t limit = roomy) {
  auto const got = os::read_file(path, limit);
  return got ? errc::none : got.error().code();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(os_file)

BOOST_AUTO_TEST_CASE(a_file_is_read_byte_for_byte) {
  scratch const here;
  for (auto const& content : {std::string(), std::string("x"), std::string("a\0b\n\xff", 5),
                              std::string(8191, 'a'), std::string(8192, 'b'), std::string(100'001, 'c')}) {
    auto const got = os::read_file(here.write("f", content), roomy);
    BOOST_REQUIRE(got);
    BOOST_TEST(got->reveal() == content);
  }
}

BOOST_AUTO_TEST_CASE(the_limit_is_the_last_size_that_is_read) {
  scratch const here;
  for (std::size_t const size : {0u, 1u, 8191u, 8192u, 8193u, 20'000u}) {
    auto const path = here.write("f", std::string(size, 'x'));
    BOOST_TEST((code_of(path, size) == errc::none));
    if (size > 0) BOOST_TEST((code_of(path, size - 1) == errc::too_large));
  }
  auto const got = os::read_file(here.write("f", "12345"), 4);
  BOOST_TEST(got.error().message() == "file " + here.path("f") + ": longer than 4 bytes");
}

// Files of /proc say that they are empty, so that what is read has to count.
BOOST_AUTO_TEST_CASE(the_limit_holds_where_the_file_hides_its_size) {
  struct stat said;
  BOOST_REQUIRE(::stat("/proc/self/status", &said) == 0 && said.st_size == 0);
  auto const whole = os::read_file("/proc/self/status", roomy);
  BOOST_REQUIRE(whole);
  BOOST_TEST(whole->reveal().starts_with("Name:"));
  BOOST_TEST((code_of("/proc/self/status", 10) == errc::too_large));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_not_mine) {
  scratch const here;
  here.write("f", "");
  std::filesystem::create_symlink("nowhere", here.path("dangling"));
  for (auto const* name : {"none", "no/folder", "f/below", "dangling"})
    BOOST_TEST((code_of(here.path(name)) == errc::not_mine), name);
  BOOST_TEST(os::read_file(here.path("none"), roomy).error().message() ==
             "file " + here.path("none") + ": there is none");
}

BOOST_AUTO_TEST_CASE(a_link_to_a_file_is_followed) {
  scratch const here;
  here.write("f", "content");
  std::filesystem::create_symlink("f", here.path("link"));
  BOOST_TEST(os::read_file(here.path("link"), roomy).value().reveal() == "content");
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_refused_at_once) {
  scratch const here;
  BOOST_REQUIRE(::mkfifo(here.path("fifo").c_str(), 0600) == 0);
  auto const before = os::read_clocks().boot.ms;
  for (auto const& path :
       {here.path("fifo"), here.folder.string(), std::string("/dev/zero"), std::string("/dev/null")}) {
    auto const got = os::read_file(path, roomy);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::fatal));
    BOOST_TEST(got.error().message().find("not a regular file") != std::string_view::npos);
    BOOST_TEST(got.error().message().find(path) != std::string_view::npos);
  }
  BOOST_TEST(os::read_clocks().boot.ms - before < 1000);
}

BOOST_AUTO_TEST_CASE(an_unreadable_file_is_fatal_and_says_why) {
  scratch const here;
  auto const path = here.write("f", "content");
  BOOST_REQUIRE(::chmod(path.c_str(), 0) == 0);
  auto const refused = [&] {
    auto const got = os::read_file(path, roomy);
    return !got && got.error().code() == errc::fatal &&
           got.error().message() == "file " + path + ": Permission denied";
  };
  BOOST_TEST(in_child([&] { return (::geteuid() != 0 || become_nobody()) && refused(); }));
}

BOOST_AUTO_TEST_CASE(a_path_that_no_file_can_have_is_refused) {
  scratch const here;
  here.write("f", "content");
  BOOST_TEST((code_of("") == errc::bad_input));
  BOOST_TEST((code_of(here.path("f") + "\0x"s) == errc::bad_input));
  BOOST_TEST((code_of("\0"sv) == errc::bad_input));
  BOOST_TEST((code_of(std::string(10'000, 'x')) == errc::fatal));
}

BOOST_AUTO_TEST_CASE(a_path_need_not_end_in_a_zero) {
  scratch const here;
  auto const longer = here.write("f", "content") + "more";
  BOOST_TEST(os::read_file(std::string_view(longer).substr(0, longer.size() - 4), roomy).value().size() ==
             7u);
}

BOOST_AUTO_TEST_CASE(no_descriptor_to_be_had_may_pass) {
  scratch const here;
  auto const path = here.write("f", "content");
  BOOST_TEST(in_child([&] {
    rlimit const none = {3, 3};
    return ::setrlimit(RLIMIT_NOFILE, &none) == 0 && code_of(path) == errc::transient;
  }));
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_open) {
  scratch const here;
  auto const path = here.write("f", "content");
  auto const before = count_descriptors();
  for (int i = 0; i < 10; ++i)
    for (auto const& each : {path, here.path("none"), here.folder.string()})
      for (std::size_t const limit : {roomy, std::size_t{1}}) static_cast<void>(os::read_file(each, limit));
  BOOST_TEST(count_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()
