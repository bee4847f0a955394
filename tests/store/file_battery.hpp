#pragma once
// What the stores in files must do besides: bad disks, bad files, other processes.

#include "fake/heap.hpp"
#include "fake/system_calls.hpp"
#include "os/forked.hpp"
#include "os/scratch.hpp"
#include "store/battery.hpp"

#include <countersign/os/system.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace {

using namespace std::literals;

inline cs::context with_faults() {
  auto outside = cs::system_context;
  outside.files = &fake::faulty_files;
  return outside;
}

// These tests save tens of thousands of times, and what a process leaves when it is killed is the same on
// every disk: in memory where there is such a disk.
inline std::filesystem::path quick_disk() {
  std::filesystem::path const memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK | X_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

// A folder with a store in it; `Make(folder, context)` opens it.
template <class Make>
struct kept : scratch {
  Make make;
  std::string inside = path("logins");

  explicit kept(Make how) : scratch(quick_disk()), make(std::move(how)) {}
  auto open(cs::context const& outside = cs::system_context) const { return make(inside, outside); }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    if (std::filesystem::exists(inside))
      for (auto const& each : std::filesystem::directory_iterator(inside))
        all.push_back(each.path().filename().string());
    std::sort(all.begin(), all.end());
    return all;
  }
  std::size_t count(std::string_view ending) const {
    auto const all = names();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](auto const& n) { return n.find(ending) != n.npos; }));
  }
  std::string file() const {
    for (auto const& each : names())
      if (each.ends_with(".login")) return "logins/" + each;
    return "none";
  }
  void put(std::string_view content) const {
    std::ofstream(path(file()), std::ios::binary | std::ios::trunc) << content;
  }
};

inline long cycles_from(char const* variable, long otherwise) {
  auto const* const said = std::getenv(variable);
  return said != nullptr ? std::atol(said) : otherwise;
}

// A record of about 2 KiB.
inline cs::login two_kib() {
  auto record = full_login();
  record.access_token = cs::secret(std::string(1200, 'a'));
  return record;
}

/// Each change of a file is noticed; what is damaged is kept beside. Some may look like another version,
/// which is kept.
template <class Make>
void notices_each_change(Make make, std::size_t most_kept_back) {
  kept const place(make);
  auto const store = place.open();
  BOOST_REQUIRE(store.compare_and_swap(here, 0, two_kib()).value());
  auto const name = place.path(place.file());
  auto const good = place.read(place.file());
  BOOST_TEST(good.size() > 2000u);
  std::size_t kept_back = 0, set_aside = 0;
  auto const noticed = [&](std::string const& bad) {
    place.scratch::write(name.substr(place.folder.string().size() + 1), bad);
    auto const got = store.load(here);
    if (got) return false;
    if (got.error().message().find("canary") != std::string_view::npos) return false;
    if (got.error().code() == cs::errc::fatal) {  // says: another version or key; not touched
      ++kept_back;
      return std::filesystem::exists(name) &&
             place.scratch::read(name.substr(place.folder.string().size() + 1)) == bad;
    }
    if (got.error().code() != cs::errc::bad_input || std::filesystem::exists(name)) return false;
    ++set_aside;
    auto const aside = name + ".corrupt-1";
    bool const whole = std::filesystem::file_size(aside) == bad.size();
    std::filesystem::remove(aside);
    if (store.load(here) || store.load(here).error().code() != cs::errc::not_mine) return false;
    place.scratch::write(name.substr(place.folder.string().size() + 1), good);
    ::chmod(name.c_str(), 0600);
    return whole;
  };
  std::size_t missed = 0;
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    auto bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    missed += !noticed(bad);
  }
  BOOST_TEST(missed == 0u, "flipped bits: " << missed << " of " << 8 * good.size());
  for (std::size_t size = 0; size < good.size(); ++size) missed += !noticed(good.substr(0, size));
  missed += !noticed(good + "x");
  missed += !noticed(good + good);
  missed += !noticed(std::string(good.size(), '\0'));
  BOOST_TEST(missed == 0u, "cut short: " << missed);
  BOOST_TEST(set_aside > 8 * good.size());
  BOOST_TEST(kept_back <= most_kept_back);
  BOOST_TEST_MESSAGE(set_aside << " set aside, " << kept_back << " told as of another version");
  place.put(good);
  BOOST_TEST(bool(store.load(here)));
}

template <class Make>
void takes_no_memory_for_a_huge_file(Make make) {
  kept const place(make);
  auto const store = place.open();
  BOOST_REQUIRE(store.compare_and_swap(here, 0, full_login()).value());
  std::filesystem::resize_file(place.path(place.file()), 100'000'000);
  BOOST_TEST((code(store.load(here)) == cs::errc::bad_input));
  BOOST_TEST(place.count(".corrupt-1") == 1u);
  BOOST_TEST((code(store.load(here)) == cs::errc::not_mine));
}

/// A write over a damaged record keeps it and begins anew.
template <class Make>
void replaces_what_is_damaged(Make make) {
  kept const place(make);
  auto const store = place.open();
  for (int i = 1; i <= 3; ++i) {
    BOOST_REQUIRE(store.compare_and_swap(here, 0, full_login()).value());
    place.put("damaged " + std::to_string(i));
    BOOST_TEST(!store.compare_and_swap(here, 1, full_login()).value());
  }
  BOOST_TEST(place.count(".corrupt-") == 3u);
}

template <class Make>
void fails_well_at_each_call(Make make) {
  auto const fresh = [] {
    auto record = full_login();
    record.access_token = cs::secret(std::string(900, 'n'));
    return record;
  }();
  for (int const number : {ENOSPC, EDQUOT, EIO, EROFS, EACCES, EMFILE, EINTR})
    for (int calls = 0;; ++calls) {
      kept const place(make);
      BOOST_REQUIRE(place.open().compare_and_swap(here, 0, full_login()).value());
      auto wrote = cs::result<bool>(false);
      std::string call;
      {
        fake::fault const at(calls, number);
        wrote = place.open(with_faults()).compare_and_swap(here, 1, fresh);
        if (!at.happened()) break;
        call = at.call();
      }
      BOOST_TEST_CONTEXT("errno " << number << " at call " << calls << ", " << call) {
        auto const left = place.open().load(here).value();
        if (wrote) {
          BOOST_TEST(wrote.value());
          BOOST_TEST(
              (number == EINTR || call == "flock"));  // when it unlocks: closing frees the lock as well
          BOOST_TEST(same(left, fresh));
        } else {
          bool const may_pass = number == ENOSPC || number == EDQUOT || number == EIO || number == EMFILE;
          BOOST_TEST((wrote.error().code() == (may_pass ? cs::errc::transient : cs::errc::fatal)));
          BOOST_TEST(wrote.error().message().find("canary") == std::string_view::npos);
          BOOST_TEST((same(left, full_login()) || (same(left, fresh) && call == "fsync")));
        }
        BOOST_TEST(place.count(".corrupt") == 0u);
        BOOST_TEST(place.open().compare_and_swap(here, left.generation, fresh).value());
      }
    }
}

template <class Make>
void survives_a_crash_at_each_call(Make make) {
  for (bool const torn : {false, true})
    for (int calls = 0;; ++calls) {
      kept const place(make);
      BOOST_REQUIRE(place.open().compare_and_swap(here, 0, login_of("old")).value());
      {
        fake::fault const at(calls, EIO, true, torn);
        static_cast<void>(place.open(with_faults()).compare_and_swap(here, 1, login_of("new")));
        if (!at.happened()) break;
      }
      auto const left = place.open().load(here).value();
      auto const token = left.access_token.reveal();
      BOOST_TEST((token == "old" || token == "new"), "crash at call " << calls);
      BOOST_TEST(place.open().compare_and_swap(here, left.generation, login_of("newest")).value());
      BOOST_TEST(place.count(".corrupt") == 0u);
    }
}

/// kill -9 at random in a save: COUNTERSIGN_KILLS is how often.
template <class Make>
void survives_kills(Make make) {
  kept const place(make);
  auto const store = place.open();
  BOOST_REQUIRE(store.compare_and_swap(here, 0, login_of("0")).value());
  auto const cycles = cycles_from("COUNTERSIGN_KILLS", 300);
  std::uint64_t seed = 20, last = 1;
  long bad = 0, moved = 0;
  for (long i = 0; i < cycles; ++i) {
    auto const child = ::fork();
    if (child == 0) {
      for (;;) {
        auto const now = store.load(here);
        if (!now || !store.compare_and_swap(here, now->generation, login_of(std::to_string(now->generation))))
          ::_exit(1);
      }
    }
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    ::usleep(static_cast<useconds_t>(seed >> 33) % 3000);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    auto const left = store.load(here);
    if (!WIFSIGNALED(status) || !left || left->generation < last ||
        left->access_token.reveal() != (left->generation == 1 ? "0" : std::to_string(left->generation - 1))) {
      ++bad;
      continue;
    }
    moved += left->generation != last;
    last = left->generation;
  }
  BOOST_TEST(bad == 0);
  BOOST_TEST(moved > cycles / 10);
  BOOST_TEST(place.count(".corrupt") == 0u);
  BOOST_TEST(bool(store.try_lock(here)));
  BOOST_TEST_MESSAGE(cycles << " kills, " << last << " saves");
}

/// Eight processes count together and miss nothing.
template <class Make>
void counts_with_other_processes(Make make, int writes) {
  kept const place(make);
  BOOST_REQUIRE(place.open().compare_and_swap(here, 0, login_of("0")).value());
  std::vector<pid_t> children;
  for (int c = 0; c < 8; ++c) {
    auto const child = ::fork();
    if (child == 0) {
      auto const store = place.open();
      for (int done = 0; done < writes;) {
        auto const now = store.load(here);
        if (!now) ::_exit(1);
        auto const swapped =
            store.compare_and_swap(here, now->generation, login_of(std::to_string(now->generation)));
        if (!swapped) ::_exit(2);
        done += *swapped;
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (auto const child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  }
  BOOST_TEST(place.open().load(here).value().generation == 1u + 8u * static_cast<unsigned>(writes));
}

/// A holder that is stopped: the others learn it at once, and may still read.
template <class Make>
void is_read_while_the_holder_is_stopped(Make make) {
  kept const place(make);
  auto const store = place.open();
  BOOST_REQUIRE(store.compare_and_swap(here, 0, login_of("valid")).value());
  int pipe[2];
  BOOST_REQUIRE(::pipe(pipe) == 0);
  auto const child = ::fork();
  if (child == 0) {
    auto const lock = store.try_lock(here);
    if (lock && ::write(pipe[1], "y", 1) == 1)
      for (;;) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  BOOST_TEST(::read(pipe[0], &byte, 1) == 1);
  ::kill(child, SIGSTOP);
  auto const before = cs::system_context.now().boot;
  auto const locked = store.try_lock(here);
  BOOST_TEST((code(locked) == cs::errc::locked));
  BOOST_TEST(store.load(here).value().access_token.reveal() == "valid");
  BOOST_TEST((cs::system_context.now().boot.ms - before.ms < 1000));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  BOOST_TEST(bool(store.try_lock(here)));
  ::close(pipe[0]), ::close(pipe[1]);
}

/// A lock that was forked is its parent's: the child frees nothing.
template <class Make>
void keeps_its_lock_across_a_fork(Make make) {
  kept const place(make);
  auto const store = place.open();
  auto lock = store.try_lock(here);
  BOOST_TEST_REQUIRE(bool(lock));
  BOOST_TEST(in_child([&] {
    lock->release();
    return code(store.try_lock(here)) == cs::errc::locked;
  }));
  BOOST_TEST((code(store.try_lock(here)) == cs::errc::locked));
}

// Somebody writes a good record between the first look at a damaged one and the lock.
struct mended {
  std::string inside;
  cs::context outside = cs::system_context;
  cs::private_files table = cs::os::system_files;
  std::string good, name;

  explicit mended(std::string where) : inside(std::move(where)) {
    table.self = this;
    table.read = [](void*, std::string_view folder, std::string_view file, std::size_t limit) noexcept {
      return cs::os::system_files.read(nullptr, folder, file, limit);
    };
    table.lock = [](void* self, std::string_view folder, std::string_view file,
                    cs::duration patience) noexcept {
      auto& m = *static_cast<mended*>(self);
      std::ofstream(m.inside + "/" + m.name, std::ios::binary | std::ios::trunc) << m.good;
      return cs::os::system_files.lock(nullptr, folder, file, patience);
    };
    outside.files = &table;
  }
};
template <class Make>
void looks_twice_before_it_sets_aside(Make make) {
  kept const place(make);
  BOOST_REQUIRE(place.open().compare_and_swap(here, 0, full_login()).value());
  mended other(place.inside);
  other.good = place.read(place.file());
  other.name = place.file().substr("logins/"sv.size());
  place.put("damaged");
  BOOST_TEST(same(place.open(other.outside).load(here).value(), full_login()));
  BOOST_TEST(place.count(".corrupt") == 0u);
}

/// Who swaps links and folders underfoot wins nothing: nothing outside is written to.
template <class Make>
void writes_nowhere_else(Make make) {
  kept const place(make);
  auto const store = place.open();
  BOOST_REQUIRE(store.compare_and_swap(here, 0, login_of("0")).value());
  auto const victim = place.write("victim", "mine");
  ::chmod(victim.c_str(), 0600);
  std::filesystem::create_directory(place.path("outside"));
  ::chmod(place.path("outside").c_str(), 0755);
  auto const name = place.path(place.file());
  auto const turns = cycles_from("COUNTERSIGN_SWAPS", 3000);
  long written = 0, refused = 0;
  bool stop = false;
  std::thread swapper([&] {
    auto const aside = place.path("logins.aside");
    for (unsigned i = 0; !__atomic_load_n(&stop, __ATOMIC_RELAXED); ++i) {
      for (auto const* end : {"", ".new"}) {
        ::unlink((name + end).c_str());
        for (unsigned pause = i % 64; pause > 0; --pause) std::this_thread::yield();
        static_cast<void>(::symlink(victim.c_str(), (name + end).c_str()) == 0);
      }
      if (i % 3 != 0 || ::rename(place.inside.c_str(), aside.c_str()) != 0) continue;
      static_cast<void>(::symlink("outside", place.inside.c_str()) == 0);
      std::this_thread::yield();
      ::unlink(place.inside.c_str());
      ::rename(aside.c_str(), place.inside.c_str());
    }
  });
  // Goes on until both have happened: who runs when is the machine's affair.
  for (long i = 0; i < turns || ((written == 0 || refused == 0) && i < 1000 * turns); ++i) {
    auto const now = store.load(here);
    auto const swapped = store.compare_and_swap(here, now ? now->generation : 0, login_of("x"));
    ++(swapped && *swapped ? written : refused);
  }
  __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
  swapper.join();
  BOOST_TEST((written > 0 && refused > 0));
  BOOST_TEST_MESSAGE(written << " written, " << refused << " refused");
  BOOST_TEST(place.read("victim") == "mine");
  BOOST_TEST(std::filesystem::is_empty(place.path("outside")));
  struct stat found;
  BOOST_TEST(::stat(victim.c_str(), &found) == 0);
  BOOST_TEST(found.st_nlink == 1u);
}

/// No block that is freed holds a token, whatever the record was read from or written through.
template <class Make>
void leaves_nothing_in_freed_memory(Make make) {
  if (!fake::heap::is_watching) return;
  constexpr auto canary = "c4nary-t0ken-0f-the-st0re"sv;
  kept const place(make);
  bool good = false;
  long found = -1;
  {
    fake::heap::watch const watch(canary);
    {
      auto const store = place.open();
      auto record = login_of(canary);
      bool const kept = *store.compare_and_swap(here, 0, record);
      auto const loaded = store.load(here);
      good = kept && loaded && loaded->access_token.reveal() == canary && *store.remove(here, 1);
    }
    found = watch.found();
  }
  BOOST_TEST(good);
  BOOST_TEST(found == 0);
}

/// Each allocation that fails is an error, and the stored record stays.
template <class Make>
void says_where_memory_ends(Make make) {
  if (!fake::heap::is_ours) return;
  kept const place(make);
  auto const store = place.open();
  BOOST_REQUIRE(store.compare_and_swap(here, 0, full_login()).value());
  std::uint64_t generation = 1;
  auto const fresh = full_login();
  bool failed = true;
  long blocks = 0;
  for (; failed && blocks < 500; ++blocks) {
    auto const got = [&] {
      fake::heap::refused_once const refused(blocks);
      return store.compare_and_swap(here, generation, fresh);
    }();
    failed = !got;
    if (got) BOOST_TEST(*got);
    else BOOST_TEST((got.error().code() == cs::errc::no_memory), blocks << ": " << got.error().message());
    generation += got && *got;
    auto const left = store.load(here);
    BOOST_TEST((left && same(*left, full_login()) && left->generation == generation));
  }
  BOOST_TEST(!failed);
  BOOST_TEST(blocks > 20);
  failed = true;
  for (blocks = 0; failed && blocks < 500; ++blocks) {
    auto const got = [&] {
      fake::heap::refused_once const refused(blocks);
      return store.load(here);
    }();
    failed = !got;
    if (got) BOOST_TEST(same(*got, full_login()));
    else BOOST_TEST((got.error().code() == cs::errc::no_memory), blocks << ": " << got.error().message());
  }
  BOOST_TEST(!failed);
  BOOST_TEST(place.count(".corrupt") == 0u);
}

}  // namespace
