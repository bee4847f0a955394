#include <countersign/os/process.hpp>

#include "os/forked.hpp"
#include "os/scratch.hpp"

#include <countersign/os/clock.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <thread>
#include <vector>

using namespace countersign;
using namespace std::literals;

namespace {

// A shell line with the caller's PATH; `$0` is "sh", `$1` the first of `more`.
result<command_output> shell(std::string_view line, duration timeout = seconds(20),
                             std::size_t max_output = 1 << 20, std::string_view more = "") {
  std::string_view const argv[] = {"sh", "-c", line, "sh", more};
  std::string_view const environment[] = {"PATH=/usr/bin:/bin"};
  return os::run_command(
      {.argv = argv, .environment = environment, .timeout = timeout, .max_output = max_output});
}

std::string said(std::string_view line) {
  auto got = shell(line);
  BOOST_REQUIRE_MESSAGE(got, got.error().message());
  BOOST_TEST(got->status == 0);
  return std::string(got->out.reveal());
}

result<command_output> run(std::vector<std::string_view> const& argv) {
  return os::run_command({.argv = argv});
}

// Neither a zombie nor a child that still runs.
bool has_children() {
  siginfo_t found = {};
  return ::waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// A process that is nobody's child may stay a zombie where process 1 is a bare program.
bool is_alive(std::string const& number) {
  std::ifstream in("/proc/" + number + "/stat");
  std::string all{std::istreambuf_iterator<char>(in), {}};
  auto const name_end = all.rfind(") ");
  return name_end != std::string::npos && all[name_end + 2] != 'Z' && all[name_end + 2] != 'X';
}
bool dies(std::string const& number) {
  auto const until = os::read_clocks().boot + seconds(5);
  while (is_alive(number) && os::read_clocks().boot < until) std::this_thread::yield();
  return !is_alive(number);
}

// How long it took, in ms, and that it left nothing behind.
struct stopwatch {
  std::ptrdiff_t descriptors = count_descriptors();
  boot_time start = os::read_clocks().boot;

  std::int64_t ms() const { return os::read_clocks().boot.ms - start.ms; }
  ~stopwatch() {
    BOOST_TEST(!has_children());
    BOOST_TEST(count_descriptors() == descriptors);
  }
};

void ends_in_time(std::string_view line, std::string_view more = "") {
  stopwatch const watch;
  auto const got = shell(line, milliseconds(200), 1 << 20, more);
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == errc::transient));
  BOOST_TEST(got.error().message() == "program sh: not done after 200 ms, so it was ended");
  BOOST_TEST(watch.ms() >= 200);
  BOOST_TEST(watch.ms() <= 700);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(os_process)

BOOST_AUTO_TEST_CASE(the_output_and_the_status_are_kept) {
  stopwatch const watch;
  auto const got = shell("printf 'a\\000b\\n'; exit 7");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->out.reveal() == "a\0b\n"sv);
  BOOST_TEST(got->status == 7);
}

BOOST_AUTO_TEST_CASE(a_signal_counts_as_128_and_its_number) {
  BOOST_TEST(shell("kill -TERM $$").value().status == 128 + SIGTERM);
  BOOST_TEST(shell("echo partial; kill -KILL $$").value().status == 128 + SIGKILL);
}

BOOST_AUTO_TEST_CASE(arguments_arrive_as_they_are) {
  auto const got = run({"printf", "%s|", "a b", "", "$HOME", "`id`", "\"'\\", "*", "\n", "\xff"});
  BOOST_TEST(got.value().out.reveal() == "a b||$HOME|`id`|\"'\\|*|\n|\xff|");
}

BOOST_AUTO_TEST_CASE(the_environment_is_what_the_command_says_and_nothing_else) {
  ::setenv("COUNTERSIGN_TEST", "not for children", 1);
  std::string_view const argv[] = {"env"};
  BOOST_TEST(os::run_command({.argv = argv}).value().out.reveal() == "");
  std::string_view const environment[] = {"A=1", "EMPTY=", "B=x=y z", "A2=\xff\n"};
  BOOST_TEST(os::run_command({.argv = argv, .environment = environment}).value().out.reveal() ==
             "A=1\nEMPTY=\nB=x=y z\nA2=\xff\n\n");
  ::unsetenv("COUNTERSIGN_TEST");
}

BOOST_AUTO_TEST_CASE(it_runs_in_the_folder_it_is_given) {
  scratch const here;
  std::string_view const argv[] = {"/bin/pwd", "-P"};
  auto const folder = std::filesystem::canonical(here.folder).string();
  BOOST_TEST(os::run_command({.argv = argv, .folder = folder}).value().out.reveal() == folder + "\n");
  BOOST_TEST(os::run_command({.argv = argv}).value().out.reveal() ==
             std::filesystem::canonical(std::filesystem::current_path()).string() + "\n");
}

BOOST_AUTO_TEST_CASE(a_program_with_a_slash_is_taken_from_the_folder) {
  scratch const here;
  ::chmod(here.write("helper", "#!/bin/sh\necho here\n").c_str(), 0755);
  std::string_view const argv[] = {"./helper"};
  BOOST_TEST(os::run_command({.argv = argv, .folder = here.folder.native()}).value().out.reveal() ==
             "here\n");
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_none_is_named) {
  stopwatch const watch;
  scratch const here;
  std::string_view const argv[] = {"pwd"};
  for (auto const& [folder, why] : {std::pair(here.path("none"), "No such file or directory"),
                                    std::pair(here.write("f", ""), "Not a directory")}) {
    auto const got = os::run_command({.argv = argv, .folder = folder});
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::fatal));
    BOOST_TEST(got.error().message() == "program pwd: its folder " + folder + ": " + why);
  }
}

BOOST_AUTO_TEST_CASE(nothing_stands_on_its_standard_input) {
  BOOST_TEST(said("cat; readlink /proc/$$/fd/0") == "/dev/null\n");
}

// `-e` on the shell's own descriptors opens none, as listing the folder would.
constexpr auto list_descriptors =
    "n=0; while [ $n -lt 300 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done; :";

BOOST_AUTO_TEST_CASE(the_child_has_descriptors_0_1_and_2_only) {
  int const inheritable = ::dup2(STDERR_FILENO, 200);
  BOOST_REQUIRE(inheritable == 200);
  BOOST_TEST(said(list_descriptors) == "0\n1\n2\n");
  ::close(inheritable);
}

BOOST_AUTO_TEST_CASE(so_it_has_where_the_system_can_not_close_all_others) {
  int const inheritable = ::dup2(STDERR_FILENO, 200);
  os::detail::descriptor output, input;
  BOOST_REQUIRE(os::detail::open_pipe(output, input));
  {
    os::detail::spawn_plan plan;
    plan.give(input.get(), STDOUT_FILENO);
    plan.close_open_ones();
    plan.start_afresh();
    std::string_view const words[] = {"sh", "-c", list_descriptors};
    os::detail::c_strings argv(words), environment({});
    pid_t number = 0;
    BOOST_REQUIRE(plan.run(number, argv.data(), environment.data()) == 0);
    int status = -1;
    BOOST_TEST(os::detail::child(number).reap(status));
    BOOST_TEST(status == 0);
  }
  secret seen;
  BOOST_REQUIRE((os::detail::take(output.get(), seen, 100) == os::detail::took::bytes));
  BOOST_TEST(seen.reveal() == "0\n1\n2\n");
  ::close(inheritable);
}

BOOST_AUTO_TEST_CASE(a_parent_without_standard_descriptors_runs_it_all_the_same) {
  BOOST_TEST(in_child([] {
    for (int n = 0; n < 3; ++n) ::close(n);
    auto const line = std::string(list_descriptors) + "; echo complaint >&2";
    std::string_view const argv[] = {"sh", "-c", line};
    std::string_view const environment[] = {"PATH=/usr/bin:/bin"};
    auto const got = os::run_command({.argv = argv, .environment = environment, .folder = "/"});
    return got && got->out.reveal() == "0\n1\n2\n" && ::fcntl(0, F_GETFD) < 0 && ::fcntl(2, F_GETFD) < 0;
  }));
}

BOOST_AUTO_TEST_CASE(its_complaints_go_where_ours_go) {
  scratch const here;
  auto const path = here.path("complaints");
  BOOST_TEST(in_child([&] {
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    // Also where the parent's own would not be inherited.
    if (::dup3(file, STDERR_FILENO, O_CLOEXEC) < 0) return false;
    auto const got = shell("echo heard; echo complaint >&2");
    return got && got->out.reveal() == "heard\n";
  }));
  BOOST_TEST(here.read("complaints") == "complaint\n");
}

BOOST_AUTO_TEST_CASE(no_signal_is_ignored_or_blocked_in_it) {
  BOOST_TEST(in_child([] {
    for (int const each : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) std::signal(each, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, nullptr);
    // Bit n - 1 is signal n. glibc's posix_spawn ignores 32 and 33, which are its own.
    std::string_view const argv[] = {"sed", "-n", "s/^SigBlk:.//p; s/^SigIgn:.*\\(........\\)$/\\1/p",
                                     "/proc/self/status"};
    auto const got = os::run_command({.argv = argv});
    return got && (got->out.reveal() == "0000000000000000\n80000000\n" ||
                   got->out.reveal() == "0000000000000000\n00000000\n");
  }));
}

BOOST_AUTO_TEST_CASE(it_leads_a_process_group_of_its_own) {
  BOOST_TEST(
      said("read -r pid name state parent group rest </proc/$$/stat; [ $pid = $group ] && echo leads") ==
      "leads\n");
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_is_named) {
  stopwatch const watch;
  auto const bare = run({"countersign-no-such-program", "an argument that may be secret"});
  BOOST_REQUIRE(!bare);
  BOOST_TEST((bare.error().code() == errc::fatal));
  BOOST_TEST(bare.error().message() ==
             "program countersign-no-such-program: not found in PATH; install it, or give its whole path");
  auto const whole = run({"/no/such/program"});
  BOOST_REQUIRE(!whole);
  BOOST_TEST((whole.error().code() == errc::fatal));
  BOOST_TEST(whole.error().message() == "program /no/such/program: No such file or directory");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_run_is_told_and_no_shell_tries) {
  stopwatch const watch;
  scratch const here;
  auto const plain = here.write("plain", "echo a shell ran me\n");
  BOOST_TEST(run({plain}).error().message() == "program " + plain + ": Permission denied");
  ::chmod(plain.c_str(), 0755);
  BOOST_TEST(run({plain}).error().message() == "program " + plain + ": Exec format error");
  BOOST_TEST((run({plain}).error().code() == errc::fatal));
}

BOOST_AUTO_TEST_CASE(a_command_that_no_system_can_run_is_refused) {
  auto const refused = [](command const& what, std::string_view why) {
    auto const got = os::run_command(what);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::bad_input));
    BOOST_TEST(got.error().message() == why);
  };
  refused({}, "command: it names no program");
  std::string_view const empty[] = {""}, zero[] = {"echo", "a\0b"sv}, zero_name[] = {"ec\0ho"sv},
                         good[] = {"echo"};
  refused({.argv = empty}, "command: it names no program");
  refused({.argv = zero}, "program echo: an argument holds a zero byte");
  refused({.argv = zero_name}, "program ec?ho: an argument holds a zero byte");
  refused({.argv = good, .folder = "a\0b"sv}, "program echo: its folder's name holds a zero byte");
  // The values are secrets, and so may be what stands in place of a name.
  for (auto const entry : {"canary"sv, "=canary"sv, ""sv}) {
    std::string_view const environment[] = {"A=1", entry};
    refused({.argv = good, .environment = environment},
            "program echo: an entry of its environment is not NAME=value");
  }
  std::string_view const environment[] = {"A=can\0ary"sv};
  refused({.argv = good, .environment = environment}, "program echo: its variable A holds a zero byte");
}

BOOST_AUTO_TEST_CASE(the_limit_is_the_last_size_that_is_kept) {
  stopwatch const watch;
  for (std::size_t const size : {0u, 1u, 8192u, 70'000u}) {
    auto const line = "head -c " + std::to_string(size) + " /dev/zero";
    auto const kept = shell(line, seconds(20), size);
    BOOST_TEST(kept.value().out.size() == size);
    BOOST_TEST(kept->out.capacity() <= size);  // no room that could not be used
    if (size == 0) continue;
    auto const got = shell(line, seconds(20), size - 1);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == errc::too_large));
    BOOST_TEST(got.error().message() ==
               "program sh: it wrote more than " + std::to_string(size - 1) + " bytes, so it was ended");
  }
}

BOOST_AUTO_TEST_CASE(a_flood_ends_at_the_limit) {
  stopwatch const watch;
  BOOST_TEST((shell("head -c 10485760 /dev/zero", seconds(20)).error().code() == errc::too_large));
  BOOST_TEST((shell("exec yes", seconds(20)).error().code() == errc::too_large));
  BOOST_TEST(watch.ms() < 5000);
}

// A kept output of the default size and its half while it grows, and no more.
BOOST_AUTO_TEST_CASE(ten_megabytes_cost_less_than_one) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
  constexpr std::int64_t most = 16 * 1024;  // where a sanitizer keeps freed blocks
#else
  constexpr std::int64_t most = 1024;
#endif
  BOOST_TEST(in_child([] {
    auto const peak = [] {
      std::ifstream in("/proc/self/status");
      std::string word;
      std::int64_t kib = 0;
      while (in >> word && word != "VmHWM:") {
      }
      in >> kib;
      return kib;
    };
    if (!run({"true"})) return false;
    // 5: the peak is what is there now.
    std::ofstream("/proc/self/clear_refs") << "5";
    auto const before = peak();
    std::string_view const argv[] = {"head", "-c", "10485760", "/dev/zero"};
    auto const got = os::run_command({.argv = argv});
    return !got && got.error().code() == errc::too_large && before > 0 && peak() - before < most;
  }));
}

BOOST_AUTO_TEST_CASE(ten_megabytes_of_complaints_are_not_ours_to_keep) {
  BOOST_TEST(in_child([] {
    int const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (::dup2(nowhere, STDERR_FILENO) < 0) return false;
    auto const got = shell("head -c 10485760 /dev/zero >&2; echo said");
    return got && got->out.reveal() == "said\n";
  }));
}

BOOST_AUTO_TEST_CASE(a_flood_below_the_limit_ends_in_time) {
  stopwatch const watch;
  auto const got = shell("while :; do echo x; done", milliseconds(200), std::size_t{1} << 40);
  BOOST_TEST((got.error().code() == errc::transient));
  BOOST_TEST(watch.ms() <= 700);
}

BOOST_AUTO_TEST_CASE(a_program_that_hangs_is_ended_in_time) { ends_in_time("exec sleep 60"); }

BOOST_AUTO_TEST_CASE(so_is_one_that_ignores_sigterm) {
  ends_in_time("trap '' TERM HUP INT; while :; do sleep 60; done");
}

BOOST_AUTO_TEST_CASE(so_is_one_that_stopped_itself) { ends_in_time("kill -STOP $$"); }

BOOST_AUTO_TEST_CASE(so_is_one_that_closed_its_output_and_runs_on) {
  ends_in_time("exec >&-; exec sleep 60");
}

BOOST_AUTO_TEST_CASE(its_children_end_with_it) {
  scratch const here;
  ends_in_time("sleep 60 & echo $! >\"$1\"; sleep 60", here.path("number"));
  auto number = here.read("number");
  number.erase(number.find_last_not_of('\n') + 1);
  BOOST_TEST(dies(number), number);
}

BOOST_AUTO_TEST_CASE(no_time_at_all_is_soon_over) {
  stopwatch const watch;
  for (auto const timeout :
       {duration(), milliseconds(-5), duration(std::numeric_limits<std::int64_t>::min())})
    BOOST_TEST((shell("exec sleep 60", timeout).error().code() == errc::transient));
  BOOST_TEST(watch.ms() < 1500);
}

BOOST_AUTO_TEST_CASE(time_without_end_does_not_overflow) {
  BOOST_TEST(shell("echo x", duration(std::numeric_limits<std::int64_t>::max())).value().out.reveal() ==
             "x\n");
}

BOOST_AUTO_TEST_CASE(a_closed_output_is_not_the_end) {
  BOOST_TEST(shell("echo said; exec >&-; sleep 0.1; exit 3").value().status == 3);
}

// A helper may leave a daemon behind: it is not waited for, and not killed.
BOOST_AUTO_TEST_CASE(a_grandchild_that_holds_the_output_is_not_waited_for) {
  stopwatch const watch;
  auto const got = shell("sleep 60 & echo $!", seconds(20));
  BOOST_REQUIRE(got);
  BOOST_TEST(got->status == 0);
  BOOST_TEST(watch.ms() >= os::detail::grace.ms);
  BOOST_TEST(watch.ms() <= os::detail::grace.ms + 500);
  std::string const number(got->out.reveal().substr(0, got->out.size() - 1));
  BOOST_TEST(is_alive(number));
  ::kill(std::stoi(number), SIGKILL);
}

BOOST_AUTO_TEST_CASE(what_a_grandchild_says_within_the_grace_is_kept) {
  auto const got = shell("(sleep 0.05; echo late) & echo early");
  BOOST_TEST(got.value().out.reveal() == "early\nlate\n");
}

BOOST_AUTO_TEST_CASE(a_grandchild_that_never_stops_talking_is_left_alone) {
  stopwatch const watch;
  auto const got = shell("(while :; do echo x || exit; done) & exit 5", seconds(20), std::size_t{1} << 40);
  BOOST_TEST(got.value().status == 5);
  BOOST_TEST(watch.ms() <= os::detail::grace.ms + 500);
}

BOOST_AUTO_TEST_CASE(the_grace_does_not_extend_the_timeout) {
  stopwatch const watch;
  auto const got = shell("sleep 60 & echo $!", milliseconds(100));
  BOOST_REQUIRE(got);
  BOOST_TEST(watch.ms() < os::detail::grace.ms);
  ::kill(std::stoi(std::string(got->out.reveal())), SIGKILL);
}

BOOST_AUTO_TEST_CASE(fifty_run_at_once) {
  stopwatch const watch;
  std::vector<std::string> heard(50);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < heard.size(); ++i)
    threads.emplace_back([&heard, i] {
      auto const line = "echo " + std::to_string(i);
      if (auto const got = shell(line)) heard[i] = got->out.reveal();
    });
  for (auto& each : threads) each.join();
  for (std::size_t i = 0; i < heard.size(); ++i) BOOST_TEST(heard[i] == std::to_string(i) + "\n");
}

BOOST_AUTO_TEST_CASE(fifty_that_hang_end_at_once) {
  stopwatch const watch;
  int ended[50] = {};
  std::vector<std::thread> threads;
  for (auto& each : ended)
    threads.emplace_back([&each] {
      auto const got = shell("exec sleep 60", milliseconds(200));
      each = !got && got.error().code() == errc::transient;
    });
  for (auto& each : threads) each.join();
  for (auto const each : ended) BOOST_TEST(each == 1);
  BOOST_TEST(watch.ms() < 5000);
}

BOOST_AUTO_TEST_CASE(nothing_is_left_after_ten_thousand) {
  stopwatch const watch;
  int done[8] = {};
  std::vector<std::thread> threads;
  for (auto& each : done)
    threads.emplace_back([&each] {
      while (each < 1250 && run({"true"})) ++each;
    });
  for (auto& each : threads) each.join();
  for (auto const each : done) BOOST_TEST(each == 1250);
}

BOOST_AUTO_TEST_CASE(a_status_that_somebody_else_took_is_told) {
  BOOST_TEST(in_child([] {
    std::signal(SIGCHLD, SIG_IGN);
    auto const before = os::read_clocks().boot.ms;
    auto const got = shell("echo x");
    return !got && got.error().code() == errc::fatal &&
           got.error().message().find("SIGCHLD is ignored") != std::string_view::npos &&
           os::read_clocks().boot.ms - before < 1000;
  }));
}

BOOST_AUTO_TEST_CASE(no_descriptor_to_be_had_may_pass) {
  BOOST_TEST(in_child([] {
    rlimit const few = {4, 4};
    ::setrlimit(RLIMIT_NOFILE, &few);
    auto const got = run({"true"});
    return !got && got.error().code() == errc::transient &&
           got.error().message() == "program true: Too many open files";
  }));
}

// sudo and the like: what runs as root can't be killed by a user, and must not be waited for either.
BOOST_AUTO_TEST_CASE(a_program_that_became_another_user_is_left_in_time) {
  scratch const here;
  struct statvfs place;
  BOOST_REQUIRE(::statvfs(here.folder.c_str(), &place) == 0);
  if (::geteuid() != 0 || (place.f_flag & ST_NOSUID) != 0 || ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 0)
    return;
  auto const setpriv = here.path("setpriv");
  std::filesystem::copy_file("/usr/bin/setpriv", setpriv);
  ::chmod(setpriv.c_str(), 04755);
  BOOST_TEST(in_child([&] {
    if (!become_nobody()) return false;
    std::string_view const argv[] = {setpriv, "--reuid=0", "sleep", "2"};
    auto const before = os::read_clocks().boot.ms;
    auto const got = os::run_command({.argv = argv, .timeout = milliseconds(200)});
    auto const took = os::read_clocks().boot.ms - before;
    return !got && got.error().code() == errc::transient && took >= 200 + os::detail::grace.ms && took <= 700;
  }));
}

BOOST_AUTO_TEST_SUITE_END()
