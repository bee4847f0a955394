// The refresh protocol among processes: one store in files, and a server on loopback that revokes all tokens
// once a refresh token comes twice. COUNTERSIGN_EPOCHS is how long it goes on (200: as long as is promised).
#include <countersign/oauth/stored_refresh.hpp>

#include <countersign/drive/run.hpp>
#include <countersign/store/file_store.hpp>

#include "fake/server.hpp"
#include "oauth/stored_login.hpp"
#include "os/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <thread>

namespace {

// What a process is told: the token of that number was refused, or is about to end. And what it says: the
// number of the token that it got, and how long that took.
struct order {
  std::uint16_t port;
  int number, patience_ms;
  bool refused;
};
struct outcome {
  int number;  // 0: sign in; -1: try later; -2: anything else
  int waited_ms;
};

// A POST over a connection of its own.
struct loopback {
  std::uint16_t port;
  cs::result<cs::response> operator()(cs::request const& what) const {
    int const to = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(to, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      ::close(to);
      return cs::error{errc::not_sent, "loopback: no connection"};
    }
    auto const head = "POST " + std::string(what.target()) +
                      " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Process: " + std::to_string(::getpid()) +
                      "\r\nContent-Length: " + std::to_string(what.body.size()) + "\r\n\r\n";
    auto const all = head + std::string(what.body.reveal());
    std::string said;
    bool const sent = ::send(to, all.data(), all.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(all.size());
    for (char room[4096]; sent && said.find('}') == said.npos;) {
      auto const n = ::recv(to, room, sizeof room, 0);
      if (n <= 0) break;
      said.append(room, static_cast<std::size_t>(n));
    }
    ::close(to);
    auto const body = said.find("\r\n\r\n");
    if (body == said.npos || said.find('}') == said.npos)
      return cs::error{errc::unanswered, "loopback: no answer"};
    return cs::response(std::atoi(said.c_str() + sizeof "HTTP/1.1"), cs::secret(said.substr(body + 4)));
  }
};

outcome renew(cs::file_store& store, order const& told) {
  auto const& outside = cs::system_context;
  auto const before = outside.now().boot;
  oauth::refresh_wish wish;
  wish.refused = told.refused;
  wish.patience = cs::milliseconds(told.patience_ms);
  wish.early = told.refused ? cs::duration() : cs::seconds(7200);
  wish.seen_token = cs::refresh_mark("a-" + std::to_string(told.number));
  auto const got = cs::run(oauth::stored_refresh(store, here, std::move(wish), {}, outside, outside.now()),
                           loopback{told.port}, cs::nobody(), outside);
  int const waited = static_cast<int>(outside.now().boot.ms - before.ms);
  if (got) return {std::atoi(std::string(got->access_token.reveal().substr(2)).c_str()), waited};
  bool const sign_in = code(got) == errc::needs_person, later = code(got) == errc::transient;
  return {sign_in ? 0 : later ? -1 : -2, waited};
}

// Forked while this process has one thread; each with threads of its own.
class processes {
public:
  processes(int count, std::string const& folder, int threads) : threads_(static_cast<std::size_t>(threads)) {
    for (int i = 0; i < count; ++i) {
      int pair[2];
      BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
      auto const child = ::fork();
      if (child == 0) {
        for (auto const& each : all_) ::close(each.line);
        ::close(pair[0]);
        serve(pair[1], folder);
      }
      ::close(pair[1]);
      all_.push_back({child, pair[0]});
    }
  }
  ~processes() {
    for (std::size_t i = 0; i < all_.size(); ++i) end(i);
  }
  void tell(std::size_t which, order const& what) const {
    BOOST_REQUIRE(::send(all_[which].line, &what, sizeof what, MSG_NOSIGNAL) ==
                  static_cast<ssize_t>(sizeof what));
  }
  // One per thread; none of a process that died.
  std::vector<outcome> hear(std::size_t which) const {
    std::vector<outcome> said(threads_);
    auto const size = threads_ * sizeof(outcome);
    if (::recv(all_[which].line, said.data(), size, MSG_WAITALL) != static_cast<ssize_t>(size)) said.clear();
    return said;
  }
  bool is(std::size_t which, pid_t id) const { return all_[which].id == id; }
  void signal(std::size_t which, int number) const { ::kill(all_[which].id, number); }
  void end(std::size_t which) {
    auto& one = all_[which];
    if (one.id == 0) return;
    ::kill(one.id, SIGKILL);
    ::waitpid(one.id, nullptr, 0);
    ::close(one.line);
    one.id = 0;
  }

private:
  struct process {
    pid_t id;
    int line;
  };
  [[noreturn]] void serve(int line, std::string const& folder) const {
    cs::file_store store(folder);
    for (order told; ::recv(line, &told, sizeof told, MSG_WAITALL) == static_cast<ssize_t>(sizeof told);) {
      std::vector<outcome> said(threads_);
      std::vector<std::thread> others;
      for (std::size_t t = 1; t < threads_; ++t)
        others.emplace_back([&, t] { said[t] = renew(store, told); });
      said[0] = renew(store, told);
      for (auto& each : others) each.join();
      auto const size = threads_ * sizeof(outcome);
      if (::send(line, said.data(), size, MSG_NOSIGNAL) != static_cast<ssize_t>(size)) break;
    }
    ::_exit(0);
  }
  std::vector<process> all_;
  std::size_t threads_;
};

// A server that may be held in the middle of an answer.
struct authorization_server {
  fake::token_family family;
  cs::duration latency;
  std::mutex lock;
  std::condition_variable changed;
  int arrived = 0, answered = 0;
  pid_t asks = 0;
  bool held = false;
  fake::server http;

  explicit authorization_server(cs::duration late)
      : latency(late), http([this](fake::received const& what) {
          {
            std::unique_lock hold(lock);
            ++arrived;
            asks = std::stoi(what.fields.at("x-process"));
            changed.notify_all();
            if (latency.ms > 0)
              changed.wait_for(hold, std::chrono::milliseconds(latency.ms), [] { return false; });
            changed.wait(hold, [this] { return !held; });
          }
          auto bytes = fake::server::as_bytes(family.answer(what.body));
          std::lock_guard const guard(lock);
          ++answered;
          changed.notify_all();
          return bytes;
        }) {}
  ~authorization_server() { go(); }
  void hold() {
    std::lock_guard const guard(lock);
    held = true;
  }
  void go() {
    std::lock_guard const guard(lock);
    held = false;
    changed.notify_all();
  }
  bool has_arrived(int count) {
    std::unique_lock guard(lock);
    return changed.wait_for(guard, std::chrono::seconds(20), [&] { return arrived >= count; });
  }
  int arrivals() {
    std::lock_guard const guard(lock);
    return arrived;
  }
  pid_t asker() {
    std::lock_guard const guard(lock);
    return asks;
  }
  bool has_answered_all() {
    std::unique_lock guard(lock);
    return changed.wait_for(guard, std::chrono::seconds(20), [&] { return answered == arrived; });
  }
};

struct place : scratch {
  place()
      : scratch(::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm"
                                                       : std::filesystem::temp_directory_path()) {}
  std::string logins = path("logins");
  cs::file_store store = cs::file_store(logins);

  void keep(int number, std::uint16_t port) {
    auto const found = store.load(here);
    auto record = first_login(cs::system_context.now().wall + cs::seconds(3600));
    record.token_endpoint = "http://127.0.0.1:" + std::to_string(port) + "/token";
    record.access_token = cs::secret("a-", std::to_string(number));
    record.refresh_token = cs::secret("r-", std::to_string(number));
    BOOST_REQUIRE(store.compare_and_swap(here, found ? found->generation : 0, record).value());
  }
};

int epochs(int otherwise) {
  auto const* const said = std::getenv("COUNTERSIGN_EPOCHS");
  return said != nullptr ? std::atoi(said) : otherwise;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_stored_refresh_processes)

BOOST_AUTO_TEST_CASE(eight_processes_send_one_request_an_epoch_and_nobody_fails) {
  bool const whole = std::getenv("COUNTERSIGN_EPOCHS") != nullptr;
  int const count = 8, threads = whole ? 8 : 2, rounds = epochs(12);
  place here_is;
  processes all(count, here_is.logins, threads);
  authorization_server server(cs::milliseconds(whole ? 300 : 20));
  here_is.keep(1, server.http.port());
  std::vector<int> waits;
  int good = 0;
  for (int number = 1; number <= rounds; ++number) {
    for (std::size_t i = 0; i < count; ++i) all.tell(i, {server.http.port(), number, 30'000, true});
    for (std::size_t i = 0; i < count; ++i)
      for (auto const& each : all.hear(i)) {
        good += each.number == number + 1;
        waits.push_back(each.waited_ms);
      }
    BOOST_TEST(server.family.posts() == number);
  }
  BOOST_TEST(server.family.reused() == 0);
  BOOST_TEST(good == count * threads * rounds);
  std::sort(waits.begin(), waits.end());
  auto const p99 = waits[waits.size() * 99 / 100];
  BOOST_TEST_MESSAGE(rounds << " epochs, " << server.family.posts() << " POSTs, " << server.family.reused()
                            << " reuses, " << good << " of " << waits.size() << " valid tokens, p99 wait "
                            << p99 << " ms of which the server's " << server.latency.ms);
  if (whole) BOOST_TEST(p99 <= server.latency.ms + 250);
}

BOOST_AUTO_TEST_CASE(whoever_is_killed_takes_nothing_along_but_an_answer) {
  int const rounds = epochs(12);
  std::size_t const count = 8;
  place here_is;
  // The dead are replaced by those who wait behind.
  processes all(static_cast<int>(count) + rounds, here_is.logins, 1);
  authorization_server server(cs::milliseconds(10));
  int number = 1, lost = 0, renewed = 0;
  here_is.keep(number, server.http.port());
  std::vector<std::size_t> living;
  for (std::size_t i = 0; i < count; ++i) living.push_back(i);
  std::uint64_t seed = 20;
  for (int round = 0; round < rounds; ++round) {
    auto const asked = server.arrivals();
    for (auto const i : living) all.tell(i, {server.http.port(), number, 30'000, true});
    // Every other time one is killed: whoever asks the server, or anybody at any time.
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    auto victim = static_cast<std::size_t>(seed >> 33) % count;
    if (round % 4 == 0) {
      BOOST_REQUIRE(server.has_arrived(asked + 1));
      for (std::size_t i = 0; i < count; ++i)
        if (all.is(living[i], server.asker())) victim = i;
    }
    if (round % 4 == 2) ::usleep(static_cast<useconds_t>(seed >> 40) % 40'000);
    if (round % 2 == 0) {
      all.end(living[victim]);
      living[victim] = count + static_cast<std::size_t>(round);
    } else {
      BOOST_TEST(all.hear(living[victim]).size() == 1u);
    }
    int newest = -3;
    for (std::size_t i = 0; i < count; ++i) {
      if (i == victim) continue;
      auto const said = all.hear(living[i]);
      BOOST_REQUIRE(said.size() == 1u);
      BOOST_TEST((said[0].number == number + 1 || said[0].number == 0),
                 said[0].number << " after " << number);
      BOOST_TEST((newest == -3 || newest == said[0].number));
      newest = said[0].number;
    }
    BOOST_TEST(bool(here_is.store.try_lock(here)));
    BOOST_REQUIRE(server.has_answered_all());
    BOOST_TEST(server.family.reused() == 0);
    if (newest > 0) {
      number = newest, ++renewed;
      continue;
    }
    BOOST_TEST(round % 2 == 0);  // else nobody may have to sign in
    BOOST_TEST(here_is.store.load(here).value().is_pending());
    number = server.family.sign_in();
    here_is.keep(number, server.http.port());
    ++lost;
  }
  BOOST_TEST(renewed > 0);
  BOOST_TEST(lost > 0);
  BOOST_TEST_MESSAGE(rounds << " epochs, every other with a kill: " << renewed << " renewed, " << lost
                            << " answers lost with their process, " << server.family.reused() << " reuses");
}

BOOST_AUTO_TEST_CASE(the_lock_of_the_dead_is_free_at_once) {
  place here_is;
  processes all(4, here_is.logins, 1);
  authorization_server server({});
  server.hold();
  std::int64_t best = 1000;  // of three: who runs when is the machine's affair
  for (std::size_t i = 0; i < 3; ++i) {
    here_is.keep(1, server.http.port());
    all.tell(i, {server.http.port(), 1, 30'000, true});
    BOOST_REQUIRE(server.has_arrived(static_cast<int>(i) + 1));
    BOOST_TEST((code(here_is.store.try_lock(here)) == errc::locked));
    auto const before = cs::system_context.now().boot;
    all.end(i);
    BOOST_TEST(bool(here_is.store.try_lock(here)));
    best = std::min(best, cs::system_context.now().boot.ms - before.ms);
  }
  BOOST_TEST(best < 50);
  // What was sent is not sent again.
  all.tell(3, {server.http.port(), 1, 30'000, true});
  auto const said = all.hear(3);
  BOOST_REQUIRE(said.size() == 1u);
  BOOST_TEST(said[0].number == 0);
  server.go();
  BOOST_TEST(server.arrivals() == 3);
}

BOOST_AUTO_TEST_CASE(a_stopped_holder_is_waited_for_as_long_as_patience_lasts) {
  place here_is;
  processes all(3, here_is.logins, 1);
  authorization_server server({});
  here_is.keep(1, server.http.port());
  server.hold();
  all.tell(0, {server.http.port(), 1, 30'000, true});
  BOOST_REQUIRE(server.has_arrived(1));
  all.signal(0, SIGSTOP);
  server.go();
  all.tell(1, {server.http.port(), 1, 300, true});
  all.tell(2, {server.http.port(), 1, 10'000, false});
  auto const refused = all.hear(1), early = all.hear(2);
  BOOST_REQUIRE((refused.size() == 1u && early.size() == 1u));
  BOOST_TEST(refused[0].number == -1);
  BOOST_TEST(refused[0].waited_ms >= 300);
  BOOST_TEST(refused[0].waited_ms < 5000);
  BOOST_TEST(early[0].number == 1);  // its token is good, so it waits for nobody
  BOOST_TEST(early[0].waited_ms < 5000);
  all.signal(0, SIGCONT);
  auto const late = all.hear(0);
  BOOST_REQUIRE(late.size() == 1u);
  BOOST_TEST(late[0].number == 2);
  BOOST_TEST(server.family.reused() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
