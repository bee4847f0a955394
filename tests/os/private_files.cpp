#include <countersign/os/private_files.hpp>

#include "fake/system_calls.hpp"
#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <thread>

using namespace countersign;
using namespace std::literals;

BOOST_TEST_DONT_PRINT_LOG_VALUE(errc)

namespace {

auto const& files = os::system_files;

// A folder with mode 0700 and what is done in it by the system's own calls.
struct place : scratch {
  std::string inside = path("store");
  place() {
    BOOST_REQUIRE(bool(replace("old")));
    BOOST_REQUIRE(bool(load()));
  }
  result<void> replace(std::string_view content, private_files const& by = files) const {
    return by.replace(by.self, inside, "f", content);
  }
  result<secret> load(std::size_t limit = 10'000, private_files const& by = files) const {
    return by.read(by.self, inside, "f", limit);
  }
  std::string content() const {
    auto const got = load();
    return got ? std::string(got->reveal()) : "error: " + std::string(got.error().message());
  }
  errc told() const {
    auto const got = load();
    return got ? errc::none : got.error().code();
  }
  std::string file() const { return inside + "/f"; }
  bool exists(std::string const& name) const { return std::filesystem::exists(inside + "/" + name); }
};

mode_t mode_of(std::string const& path) {
  struct stat found;
  BOOST_REQUIRE(::lstat(path.c_str(), &found) == 0);
  return found.st_mode & 07777;
}

errc code(result<void> const& got) { return got ? errc::none : got.error().code(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(os_private_files)

BOOST_AUTO_TEST_CASE(what_was_written_last_is_read) {
  place const here;
  BOOST_TEST(here.content() == "old");
  BOOST_TEST(bool(here.replace(std::string(5000, 'x'))));
  BOOST_TEST(here.content() == std::string(5000, 'x'));
  BOOST_TEST(bool(here.replace("")));
  BOOST_TEST(here.content().empty());
  BOOST_TEST(!here.exists("f.new"));
}

BOOST_AUTO_TEST_CASE(folder_and_file_are_the_owners_alone_whatever_the_umask_is) {
  for (mode_t const mask : {0u, 022u, 077u}) {
    auto const before = ::umask(mask);
    place const here;
    auto const deep = here.path("a/b/c");
    auto const ok = files.replace(files.self, deep, "f", "x");
    ::umask(before);
    BOOST_TEST(bool(ok));
    for (auto const* folder : {"a", "a/b", "a/b/c", "store"}) BOOST_TEST(mode_of(here.path(folder)) == 0700u);
    BOOST_TEST(mode_of(here.file()) == 0600u);
  }
  place const here;
  auto const before = ::umask(0777);
  auto const ok = here.replace("new");
  auto const lock = files.lock(files.self, here.inside, "l", duration());
  ::umask(before);
  BOOST_TEST((ok && lock));
  BOOST_TEST(mode_of(here.file()) == 0600u);
  BOOST_TEST(mode_of(here.inside + "/l") == 0600u);
  files.unlock(files.self, *lock);
}

BOOST_AUTO_TEST_CASE(a_limit_holds_to_the_byte) {
  place const here;
  BOOST_TEST(here.load(3).value().reveal() == "old");
  BOOST_TEST(here.load(2).error().code() == errc::too_large);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_told) {
  place const here;
  BOOST_TEST(files.read(files.self, here.inside, "g", 10).error().code() == errc::not_mine);
  BOOST_TEST(files.read(files.self, here.path("none"), "g", 10).error().code() == errc::not_mine);
  BOOST_TEST(!std::filesystem::exists(here.path("none")));
  for (auto const name : {""sv, "."sv, ".."sv, "a/b"sv, "../f"sv, "a\0b"sv})
    BOOST_TEST(files.read(files.self, here.inside, name, 10).error().code() == errc::bad_input);
  BOOST_TEST(files.read(files.self, here.inside, std::string(255, 'n'), 10).error().code() == errc::not_mine);
  BOOST_TEST(files.read(files.self, here.inside, std::string(256, 'n'), 10).error().code() ==
             errc::bad_input);
  BOOST_TEST(files.read(files.self, "", "f", 10).error().code() == errc::bad_input);
}

BOOST_AUTO_TEST_CASE(what_others_may_touch_is_refused) {
  auto const refused = [](auto change) {
    place const here;
    change(here);
    BOOST_TEST(here.told() == errc::insecure);
  };
  refused([](place const& p) { ::chmod(p.file().c_str(), 0644); });
  refused([](place const& p) { ::chmod(p.file().c_str(), 0620); });
  refused([](place const& p) { ::chmod(p.inside.c_str(), 0755); });
  refused([](place const& p) { ::chmod(p.inside.c_str(), 0710); });
  refused([](place const& p) { std::filesystem::create_hard_link(p.file(), p.inside + "/g"); });
  refused([](place const& p) {
    std::filesystem::rename(p.file(), p.inside + "/g");
    std::filesystem::create_symlink("g", p.file());
  });
  refused([](place const& p) {
    std::filesystem::remove(p.file());
    BOOST_REQUIRE(::mkfifo(p.file().c_str(), 0600) == 0);
  });
  refused([](place const& p) {
    std::filesystem::remove(p.file());
    BOOST_REQUIRE(::mkdir(p.file().c_str(), 0700) == 0);
  });
  refused([](place const& p) {
    std::filesystem::rename(p.inside, p.path("elsewhere"));
    std::filesystem::create_symlink("elsewhere", p.inside);
  });
  if (::geteuid() != 0) return;
  refused([](place const& p) { BOOST_REQUIRE(::chown(p.file().c_str(), 65534, 65534) == 0); });
  refused([](place const& p) { BOOST_REQUIRE(::chown(p.inside.c_str(), 65534, 65534) == 0); });
}

// A link in the way of a write is not followed: what it points to stays as it was.
BOOST_AUTO_TEST_CASE(a_write_goes_nowhere_else) {
  place const here;
  auto const victim = here.write("victim", "mine");
  BOOST_REQUIRE(::chmod(victim.c_str(), 0600) == 0);
  std::filesystem::create_symlink(victim, here.inside + "/f.new");
  BOOST_TEST(bool(here.replace("new")));
  BOOST_TEST(here.content() == "new");
  BOOST_TEST(here.read("victim") == "mine");
  std::filesystem::remove(here.file());
  std::filesystem::create_symlink(victim, here.file());
  BOOST_TEST(bool(here.replace("newer")));
  BOOST_TEST(here.content() == "newer");
  BOOST_TEST(here.read("victim") == "mine");
  std::filesystem::create_symlink(victim, here.inside + "/l");
  BOOST_TEST(files.lock(files.self, here.inside, "l", duration()).error().code() == errc::insecure);
}

BOOST_AUTO_TEST_CASE(a_user_without_rights_is_told) {
  place const here;
  if (::geteuid() != 0) return;
  BOOST_REQUIRE(::chmod(here.folder.c_str(), 0755) == 0);
  BOOST_TEST(in_child([&] {
    if (!become_nobody()) return false;
    auto const read = here.told();  // root's folder
    auto const wrote = code(here.replace("x"));
    auto const made = code(files.replace(files.self, here.path("other"), "f", "x"));
    return read == errc::fatal && wrote == errc::fatal && made == errc::fatal;
  }));
  BOOST_REQUIRE(::chmod(here.folder.c_str(), 0777) == 0);
  BOOST_TEST(in_child([&] {
    auto const theirs = here.path("theirs");
    return become_nobody() && files.replace(files.self, theirs, "f", "x") &&
           files.read(files.self, theirs, "f", 9) && mode_of(theirs) == 0700u;
  }));
}

BOOST_AUTO_TEST_CASE(the_disk_has_the_bytes_before_the_name_points_to_them) {
  place const here;
  fake::fault const none(-1, 0);
  BOOST_TEST(bool(here.replace("new", fake::faulty_files)));
  std::vector<std::string> const order = {"open",  "fstat", "openat",   "fchmod",
                                          "write", "fsync", "renameat", "fsync"};
  BOOST_TEST(fake::system_calls::plan().said == order, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failure_at_any_call_leaves_the_old_file) {
  for (int const number : {ENOSPC, EDQUOT, EIO, EROFS, EACCES, EMFILE, EINTR})
    for (int calls = 0;; ++calls) {
      place const here;
      std::string const text(700, 'n');
      auto wrote = result<void>();
      std::string call;
      {
        fake::fault const at(calls, number);
        wrote = here.replace(text, fake::faulty_files);
        if (!at.happened()) break;
        call = at.call();
      }
      BOOST_TEST_CONTEXT("errno " << number << " at call " << calls << ", " << call) {
        bool const again = number == EINTR && call != "fstat" && call != "fchmod" && call != "renameat";
        BOOST_TEST(bool(wrote) == again);
        if (wrote) {
          BOOST_TEST(here.content() == text);
        } else {
          bool const may_pass = number == ENOSPC || number == EDQUOT || number == EIO || number == EMFILE;
          BOOST_TEST(wrote.error().code() == (may_pass ? errc::transient : errc::fatal));
          auto const left = here.content();  // once the name points to it, only power could take it away
          BOOST_TEST((left == "old" || (left == text && call == "fsync")));
          BOOST_TEST(!here.exists("f.new"));
        }
        BOOST_TEST(bool(here.replace("newest")));
        BOOST_TEST(here.content() == "newest");
      }
    }
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_call_leaves_the_old_file_or_the_new_one) {
  for (bool const torn : {false, true}) {
    bool seen_old = false, seen_new = false;
    for (int calls = 0;; ++calls) {
      place const here;
      std::string const text(700, 'n');
      {
        fake::fault const at(calls, EIO, true, torn);
        auto const wrote = here.replace(text, fake::faulty_files);
        if (!at.happened()) break;
        BOOST_TEST(!wrote);
      }
      auto const left = here.content();
      BOOST_TEST((left == "old" || left == text), "crash at call " << calls << " leaves " << left);
      (left == "old" ? seen_old : seen_new) = true;
      BOOST_TEST(bool(here.replace("newest")));
      BOOST_TEST(here.content() == "newest");
    }
    BOOST_TEST((seen_old && seen_new));
  }
}

BOOST_AUTO_TEST_CASE(a_failure_while_reading_is_told_and_passes) {
  for (int const number : {EIO, EACCES, EMFILE, EINTR})
    for (int calls = 0;; ++calls) {
      place const here;
      BOOST_REQUIRE(bool(here.replace(std::string(250, 'x'))));
      fake::fault const at(calls, number);
      auto const got = here.load(1000, fake::faulty_files);
      if (!at.happened()) {
        BOOST_TEST(calls == 7);  // open, fstat, openat, fstat, and three pieces
        break;
      }
      if (got) BOOST_TEST((number == EINTR && got->reveal() == std::string(250, 'x')));
      else
        BOOST_TEST(got.error().code() == (number == EIO || number == EMFILE ? errc::transient : errc::fatal));
    }
}

BOOST_AUTO_TEST_CASE(what_is_set_aside_takes_nobodys_place) {
  place const here;
  for (auto const* name : {"f.corrupt-1", "f.corrupt-2", "f.corrupt-3"}) {
    BOOST_TEST(bool(here.replace(name)));
    BOOST_TEST(bool(files.set_aside(files.self, here.inside, "f")));
    BOOST_TEST(here.told() == errc::not_mine);
    BOOST_TEST(here.read("store/"s + name) == name);
  }
  BOOST_TEST(here.read("store/f.corrupt-1") == "f.corrupt-1");
}

BOOST_AUTO_TEST_CASE(one_holds_a_lock_at_a_time) {
  place const here;
  auto const lock = [&](duration patience = {}) {
    return files.lock(files.self, here.inside, "l", patience);
  };
  auto const first = lock();
  BOOST_TEST_REQUIRE(bool(first));
  BOOST_TEST(lock().error().code() == errc::locked);
  BOOST_TEST(lock(milliseconds(5)).error().code() == errc::locked);
  BOOST_TEST(bool(
      files.lock(files.self, here.inside, "m", {})));  // another lock is free; it stays with this process
  BOOST_TEST(in_child([&] { return !lock() && here.load(); }));
  std::thread other([&, held = *first] { files.unlock(files.self, held); });
  auto const second = lock(seconds(10));
  other.join();
  BOOST_TEST_REQUIRE(bool(second));
  files.unlock(files.self, *second);
  BOOST_TEST(here.exists("l"));
}

// A forked child has the descriptor too: what the holder frees is free.
BOOST_AUTO_TEST_CASE(a_lock_is_freed_though_a_child_was_forked_meanwhile) {
  place const here;
  auto const first = files.lock(files.self, here.inside, "l", {});
  int pipe[2];
  BOOST_REQUIRE(::pipe(pipe) == 0);
  auto const child = ::fork();
  if (child == 0) {
    char byte;
    ::close(pipe[1]);
    ::_exit(::read(pipe[0], &byte, 1) == 0 ? 0 : 1);
  }
  files.unlock(files.self, *first);
  auto const second = files.lock(files.self, here.inside, "l", {});
  BOOST_TEST(bool(second));
  files.unlock(files.self, *second);
  ::close(pipe[1]);
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
}

BOOST_AUTO_TEST_CASE(a_lock_ends_with_its_process) {
  place const here;
  int pipe[2];
  BOOST_REQUIRE(::pipe(pipe) == 0);
  auto const child = ::fork();
  if (child == 0) {
    bool const held = bool(files.lock(files.self, here.inside, "l", {}));
    ::write(pipe[1], held ? "y" : "n", 1) == 1 ? ::pause() : 0;
    ::_exit(0);
  }
  char byte = 'n';
  BOOST_TEST(::read(pipe[0], &byte, 1) == 1);
  BOOST_TEST(byte == 'y');
  BOOST_TEST(files.lock(files.self, here.inside, "l", {}).error().code() == errc::locked);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  auto const ours = files.lock(files.self, here.inside, "l", {});
  BOOST_TEST(bool(ours));
  files.unlock(files.self, *ours);
  ::close(pipe[0]), ::close(pipe[1]);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_open) {
  place const here;
  auto const before = count_descriptors();
  static_cast<void>(here.replace("x"));
  static_cast<void>(here.load(0));
  static_cast<void>(here.load());
  static_cast<void>(files.set_aside(files.self, here.inside, "f"));
  auto const lock = files.lock(files.self, here.inside, "l", {});
  static_cast<void>(files.lock(files.self, here.inside, "l", {}));
  files.unlock(files.self, *lock);
  BOOST_TEST(count_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()
