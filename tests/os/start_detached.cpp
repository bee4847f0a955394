#include <countersign/os/start_detached.hpp>

#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <countersign/os/clock.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fcntl.h>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace countersign;

namespace {

// A script in a folder that is first in PATH. It tells what it was given in the file "said".
struct program_in_path : scratch {
  std::string before = ::getenv("PATH");
  explicit program_in_path(std::string_view name, std::string_view script) {
    auto const file = write(name, script);
    ::chmod(file.c_str(), 0755);
    ::setenv("PATH", (folder.string() + ":" + before).c_str(), 1);
  }
  ~program_in_path() { ::setenv("PATH", before.c_str(), 1); }

  std::string says() const {
    for (auto const until = os::read_clocks().boot + seconds(10); os::read_clocks().boot < until;) {
      if (std::filesystem::exists(path("said"))) return read("said");
      std::this_thread::yield();
    }
    return "(nothing)";
  }
};

result<void> start(std::vector<std::string_view> const& argv,
                   std::vector<std::string_view> const& environment = {}) {
  return os::start_detached({.argv = argv, .environment = environment});
}

// The script's last line: the file appears whole.
constexpr std::string_view tell = "mv \"${0%/*}/part\" \"${0%/*}/said\"\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(os_start_detached)

BOOST_AUTO_TEST_CASE(arguments_and_environment_are_what_the_command_says) {
  program_in_path const p("opener",
                          "#!/bin/sh\n{ /usr/bin/printf '%s|' \"$@\"; /usr/bin/env; } >\"${0%/*}/part\"\n"
                          "/bin/" +
                              std::string(tell));
  ::setenv("COUNTERSIGN_KEY", "not for children", 1);
  BOOST_TEST(start({"opener", "a b", "", "$(id)", "`id`", "--x"}, {"ONE=1"}).has_value());
  ::unsetenv("COUNTERSIGN_KEY");
  auto const said = p.says();
  BOOST_TEST(said.starts_with("a b||$(id)|`id`|--x|"));
  BOOST_TEST(said.find("ONE=1\n") != std::string::npos);
  BOOST_TEST(said.find("COUNTERSIGN") == std::string::npos);
  BOOST_TEST(said.find("HOME") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_has_no_descriptor_of_ours) {
  scratch const here;
  int const low = ::open(here.write("secret", "s").c_str(), O_RDONLY);  // without O_CLOEXEC
  int const high = ::fcntl(low, F_DUPFD, 50);
  auto const file = here.path("said");
  BOOST_TEST(start({"find", "/proc/self/fd", "-type", "l", "-fprintf", file, "%l\n"}).has_value());
  std::string said;  // what find itself has open, and the three
  for (auto const until = os::read_clocks().boot + seconds(10);
       !said.ends_with('\n') && os::read_clocks().boot < until;)
    said = std::filesystem::exists(file) ? here.read("said") : "";
  ::close(low);
  ::close(high);
  BOOST_TEST(said.starts_with("/dev/null\n/dev/null\n/dev/null\n"));
  BOOST_TEST(said.find("secret") == std::string::npos);
  BOOST_TEST(said.find("pipe:") == std::string::npos);
  BOOST_TEST(said.find("socket:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_has_a_session_of_its_own_and_is_not_waited_for) {
  program_in_path const p("opener",
                          "#!/bin/sh\nread -r stat </proc/$$/stat; echo \"$stat\" >\"${0%/*}/part\"\n" +
                              std::string(tell) + "exec sleep 2\n");
  auto const begun = os::read_clocks().boot;
  BOOST_TEST(start({"opener"}, {"PATH=/usr/bin:/bin"}).has_value());
  BOOST_TEST(os::read_clocks().boot.ms - begun.ms < 1500);
  auto const said = p.says();
  std::istringstream fields(said.substr(said.rfind(") ") + 4));  // parent, group, session
  int parent = 0, group = 0, session = 0;
  fields >> parent >> group >> session;
  BOOST_TEST(group == session);
  BOOST_TEST(session > 0);
  BOOST_TEST(session != ::getsid(0));
}

BOOST_AUTO_TEST_CASE(it_is_no_child_of_ours) {
  program_in_path const p("opener",
                          "#!/bin/sh\necho here >\"${0%/*}/part\"\n" + std::string(tell) + "exec sleep 1\n");
  BOOST_TEST(start({"opener"}, {"PATH=/usr/bin:/bin"}).has_value());
  BOOST_TEST(p.says() == "here\n");
  siginfo_t found = {};
  BOOST_TEST(::waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) != 0);  // ECHILD: there is none
}

BOOST_AUTO_TEST_CASE(it_ignores_and_blocks_no_signal) {
  program_in_path const p("opener",
                          "#!/bin/sh\nwhile read -r line; do case $line in Sig*) echo \"$line\" ;; esac; "
                          "done </proc/$$/status >\"${0%/*}/part\"\n" +
                              std::string(tell));
  BOOST_TEST(in_child([] {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t some;
    ::sigemptyset(&some);
    ::sigaddset(&some, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &some, nullptr);
    if (!start({"opener"}, {"PATH=/usr/bin:/bin"})) return false;
    sigset_t after;  // ours is as it was
    ::pthread_sigmask(SIG_BLOCK, nullptr, &after);
    return ::sigismember(&after, SIGTERM) == 1 && ::sigismember(&after, SIGINT) == 0;
  }));
  auto const said = p.says();
  BOOST_TEST(said.find("SigIgn:\t0000000000000000") != std::string::npos);
  BOOST_TEST(said.find("SigBlk:\t0000000000000000") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_run_is_told) {
  auto const descriptors = count_descriptors();
  auto const none = start({"countersign-no-such-program", "x"});
  BOOST_REQUIRE(!none);
  BOOST_TEST((none.error().code() == errc::fatal));
  BOOST_TEST(none.error().message() ==
             "program countersign-no-such-program: not found in PATH; install it, or give its whole path");
  BOOST_TEST(start({"/no/such/program"}).error().message() ==
             "program /no/such/program: No such file or directory");
  // A file that names no interpreter is run by shells alone.
  program_in_path const p("bare", "echo here >\"${0%/*}/said\"\n");
  BOOST_TEST(start({"bare"}).error().message() == "program bare: Exec format error");
  BOOST_TEST(!std::filesystem::exists(p.path("said")));
  BOOST_TEST((start({}).error().code() == errc::bad_input));
  BOOST_TEST((start({std::string_view("a\0b", 3)}).error().code() == errc::bad_input));
  BOOST_TEST(count_descriptors() == descriptors);
}

BOOST_AUTO_TEST_CASE(nothing_is_looked_up_in_the_current_folder) {
  program_in_path const p("opener", "#!/bin/sh\necho here >\"${0%/*}/said\"\n");
  auto const here = std::filesystem::current_path();
  std::filesystem::current_path(p.folder);
  ::setenv("PATH", ":.:/usr/bin:", 1);
  BOOST_TEST((start({"opener"}).error().code() == errc::fatal));
  std::filesystem::current_path(here);
}

BOOST_AUTO_TEST_CASE(a_process_that_has_closed_its_standard_descriptors_can_start_one) {
  program_in_path const p("opener", "#!/bin/sh\nls -v /proc/$$/fd >\"${0%/*}/part\"\n" + std::string(tell));
  BOOST_TEST(in_child([] {
    for (int n = 0; n < 3; ++n) ::close(n);
    return start({"opener"}, {"PATH=/usr/bin:/bin"}).has_value() && !start({"/no/such/program"}).has_value();
  }));
  BOOST_TEST(p.says().starts_with("0\n1\n2\n"));
}

BOOST_AUTO_TEST_SUITE_END()
