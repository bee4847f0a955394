#pragma once
// A desktop's session for tests: a message bus of its own, and gnome-keyring on it, with folders of their own.

#include "fake/context.hpp"
#include "os/scratch.hpp"

#include <countersign/core/private_files.hpp>
#include <countersign/os/private_files.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

/// A child process with a pipe to its standard input, or from its standard output. It ends with this object.
class child {
public:
  child() = default;
  child(std::vector<std::string> argv, std::vector<std::string> const& environment, bool speaks) {
    int ends[2];
    BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    number_ = ::fork();
    if (number_ == 0) {
      ::dup2(ends[speaks ? 1 : 0], speaks ? 1 : 0);
      // Daemons complain of limits that a container sets.
      if (int const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) ::dup2(nowhere, 2);
      std::vector<char*> words, variables;
      for (auto& word : argv) words.push_back(word.data());
      for (auto const& variable : environment) variables.push_back(const_cast<char*>(variable.c_str()));
      words.push_back(nullptr), variables.push_back(nullptr);
      ::execvpe(words[0], words.data(), variables.data());
      ::_exit(127);
    }
    ::close(ends[speaks ? 1 : 0]);
    pipe_ = ends[speaks ? 0 : 1];
  }
  child(child&& other) noexcept { swap(other); }
  child& operator=(child&& other) noexcept {
    swap(other);
    return *this;
  }
  ~child() {
    if (pipe_ >= 0) ::close(pipe_);
    if (number_ <= 0) return;
    ::kill(number_, SIGCONT);
    ::kill(number_, SIGTERM);
    ended();
  }

  void signal(int which) const { ::kill(number_, which); }
  void type(std::string_view text) {
    BOOST_REQUIRE(::write(pipe_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(pipe_);
    pipe_ = -1;
  }
  std::string line() const {
    std::string text;
    for (char c; ::read(pipe_, &c, 1) == 1 && c != '\n';) text += c;
    return text;
  }
  /// Its exit status, when it has ended.
  int ended() {
    int status = -1;
    if (number_ > 0) ::waitpid(number_, &status, 0);
    number_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

private:
  void swap(child& other) noexcept {
    std::swap(number_, other.number_);
    std::swap(pipe_, other.pipe_);
  }
  pid_t number_ = 0;
  int pipe_ = -1;
};

/// A bus that starts nobody by itself. `context()` is a world in which this is the session.
class session : public scratch {
public:
  session() {
    for (auto const* name : {"home", "run"}) std::filesystem::create_directory(path(name));
    std::filesystem::permissions(path("run"), std::filesystem::perms(0700));
    auto const config =
        write("bus.conf",
              "<busconfig><type>session</type><listen>unix:path=" + path("run/bus") +
                  "</listen><policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>"
                  "<allow eavesdrop=\"true\"/>"
                  "<allow own=\"*\"/></policy></busconfig>");
    bus_ =
        child({"dbus-daemon", "--nofork", "--print-address", "--config-file=" + config}, environment(), true);
    BOOST_REQUIRE_MESSAGE(bus_.line().starts_with("unix:path="), "dbus-daemon is needed (package dbus)");
    around_.variables["XDG_RUNTIME_DIR"] = path("run");
  }

  /// @param password that unlocks it, or makes it with the first call; empty: it stays locked
  void start_keyring(std::string const& password) {
    std::vector<std::string> argv{"gnome-keyring-daemon", "--foreground", "--components=secrets"};
    if (!password.empty()) argv.push_back("--unlock");
    keyring_ = child(std::move(argv), environment(), false);
    keyring_.type(password);
  }
  void stop_keyring() { keyring_ = child(); }
  child& keyring() { return keyring_; }

  std::vector<std::string> environment() const {
    return {"PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=" + path("home"), "XDG_RUNTIME_DIR=" + path("run"),
            "DBUS_SESSION_BUS_ADDRESS=unix:path=" + path("run/bus")};
  }
  std::string store() const { return path("store"); }
  fake::world& around() { return around_; }

  /// The real disk, clocks and entropy, and this session's variables.
  countersign::context context() {
    auto made = around_.context();
    made.files = &countersign::os::system_files;
    made.self = &around_;
    made.read_entropy = [](void*, void* to, std::size_t size) noexcept {
      return countersign::system_context.read_entropy(countersign::system_context.self, to, size);
    };
    return made;
  }

private:
  fake::world around_;
  child bus_, keyring_;
};

}  // namespace
