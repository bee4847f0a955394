#include <countersign/os/file_state.hpp>

#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <sys/stat.h>
#include <sys/time.h>

using namespace countersign;
using namespace std::literals;

namespace {

errc code_of(std::string_view path) {
  auto const got = os::read_file_state(path);
  return got ? errc::none : got.error().code();
}
std::uint64_t version_of(std::string const& path) { return os::read_file_state(path).value().version; }

// Writes the file's time, so that no test depends on the clock's ticks.
void date(std::string const& path, long seconds, long microseconds = 0) {
  timeval const both[] = {{seconds, microseconds}, {seconds, microseconds}};
  BOOST_REQUIRE(::utimes(path.c_str(), both) == 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(os_file_state)

BOOST_AUTO_TEST_CASE(a_version_stays_while_the_file_does) {
  scratch const here;
  auto const path = here.write("f", "content");
  auto const before = version_of(path);
  BOOST_TEST(here.read("f") == "content");
  BOOST_TEST(version_of(path) == before);
}

BOOST_AUTO_TEST_CASE(each_change_gives_another_version) {
  scratch const here;
  auto const path = here.write("f", "content");
  date(path, 1'000'000'000);
  std::set<std::uint64_t> seen = {version_of(path)};
  here.write("f", "longer content");
  date(path, 1'000'000'000);
  BOOST_TEST(seen.insert(version_of(path)).second, "size");
  date(path, 1'000'000'001);
  BOOST_TEST(seen.insert(version_of(path)).second, "seconds");
  date(path, 1'000'000'001, 1);
  BOOST_TEST(seen.insert(version_of(path)).second, "less than a second");
  here.write("other", "longer content");
  date(here.path("other"), 1'000'000'001, 1);
  std::filesystem::rename(here.path("other"), path);
  BOOST_TEST(seen.insert(version_of(path)).second, "another file of the same size and time");
}

// Kubernetes: token -> ..data/token, ..data -> a folder with a date; an update renames a new link over ..data.
BOOST_AUTO_TEST_CASE(a_link_swapped_on_the_way_gives_another_version) {
  scratch const here;
  for (auto const* folder : {"..one", "..two"}) {
    std::filesystem::create_directory(here.path(folder));
    date(here.write(folder + "/token"s, "secret"), 1'000'000'000);
  }
  std::filesystem::create_symlink("..one", here.path("..data"));
  std::filesystem::create_symlink("..data/token", here.path("token"));
  auto const before = version_of(here.path("token"));
  BOOST_TEST(before == version_of(here.path("..one/token")));
  std::filesystem::create_symlink("..two", here.path("..data_tmp"));
  std::filesystem::rename(here.path("..data_tmp"), here.path("..data"));
  BOOST_TEST(version_of(here.path("token")) != before);
}

BOOST_AUTO_TEST_CASE(who_else_may_touch_it_is_told) {
  scratch const here;
  auto const path = here.write("f", "content");
  struct {
    mode_t mode;
    bool read, write;
  } const rows[] = {{0600, false, false}, {0400, false, false}, {0640, false, false}, {0700, false, false},
                    {0604, true, false},  {0644, true, false},  {0444, true, false},  {0620, false, true},
                    {0602, false, true},  {0660, false, true},  {0666, true, true},   {0000, false, false}};
  for (auto const& row : rows) {
    BOOST_REQUIRE(::chmod(path.c_str(), row.mode) == 0);
    auto const got = os::read_file_state(path).value();
    BOOST_TEST(got.others_read == row.read, row.mode);
    BOOST_TEST(got.others_write == row.write, row.mode);
  }
}

BOOST_AUTO_TEST_CASE(an_owner_other_than_this_user_and_root_may_write) {
  if (::geteuid() != 0) return;
  scratch const here;
  auto const path = here.write("f", "content");
  BOOST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
  BOOST_TEST(in_child([&] { return become_nobody() && !os::read_file_state(path).value().others_write; }));
  BOOST_REQUIRE(::chown(path.c_str(), 12345, 12345) == 0);
  BOOST_TEST(os::read_file_state(path).value().others_write);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_has_no_state) {
  scratch const here;
  here.write("f", "");
  std::filesystem::create_symlink("nowhere", here.path("dangling"));
  std::filesystem::create_symlink("loop", here.path("loop"));
  BOOST_REQUIRE(::mkfifo(here.path("fifo").c_str(), 0600) == 0);
  for (auto const* name : {"none", "no/folder", "f/below", "dangling"})
    BOOST_TEST((code_of(here.path(name)) == errc::not_mine), name);
  for (auto const& path : {here.path("fifo"), here.path("loop"), here.folder.string(), "/dev/null"s})
    BOOST_TEST((code_of(path) == errc::fatal), path);
  BOOST_TEST(os::read_file_state(here.path("none")).error().message() ==
             "file " + here.path("none") + ": there is none");
}

BOOST_AUTO_TEST_CASE(a_path_that_no_file_can_have_is_refused) {
  scratch const here;
  auto const path = here.write("f", "content");
  BOOST_TEST((code_of("") == errc::bad_input));
  BOOST_TEST((code_of(path + "\0x"s) == errc::bad_input));
  BOOST_TEST((code_of("/" + std::string(4094, 'x')) == errc::fatal));
  BOOST_TEST((code_of("/" + std::string(4095, 'x')) == errc::fatal));
  std::string slashes(4095 - path.size(), '/');
  BOOST_TEST((code_of(slashes + path) == errc::none));
  BOOST_TEST((code_of('/' + slashes + path) == errc::fatal));
}

BOOST_AUTO_TEST_CASE(a_path_need_not_end_in_a_zero) {
  scratch const here;
  auto const longer = here.write("f", "content") + "more";
  BOOST_TEST((code_of(std::string_view(longer).substr(0, longer.size() - 4)) == errc::none));
}

BOOST_AUTO_TEST_SUITE_END()
