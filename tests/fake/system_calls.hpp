#pragma once
// System calls of private files that fail, or stop for ever, at a chosen step.

#include <countersign/os/private_files.hpp>

#include <cerrno>
#include <string>
#include <vector>

namespace fake {

/// Each thread has a script of its own.
struct system_calls : countersign::os::detail::posix_calls {
  using real = countersign::os::detail::posix_calls;

  struct script {
    int left = -1;       // calls that are made before the fault; negative: there is none
    int number = 0;      // errno of that call
    bool crash = false;  // it and all after it do nothing: the process is gone
    bool torn = false;   // a write that crashes has written half
    bool dead = false;
    std::vector<std::string> said;  // the names of the calls that were made
    std::string failed;             // the name of the one that was not
  };
  static script& plan() {
    thread_local script each;
    return each;
  }

  static int open(char const* path, int flags) noexcept {
    return step("open", [&] { return real::open(path, flags); });
  }
  static int openat(int folder, char const* name, int flags, mode_t mode) noexcept {
    return step("openat", [&] { return real::openat(folder, name, flags, mode); });
  }
  static int fstat(int file, struct stat* to) noexcept {
    return step("fstat", [&] { return real::fstat(file, to); });
  }
  static int fchmod(int file, mode_t mode) noexcept {
    return step("fchmod", [&] { return real::fchmod(file, mode); });
  }
  static int mkdir(char const* path, mode_t mode) noexcept {
    return step("mkdir", [&] { return real::mkdir(path, mode); });
  }
  static ssize_t read(int file, void* to, std::size_t size) noexcept {
    // In small pieces, as a system may.
    return step("read", [&] { return real::read(file, to, size < 100 ? size : 100); });
  }
  static ssize_t write(int file, void const* from, std::size_t size) noexcept {
    bool const tears = plan().torn && plan().crash && plan().left == 0;
    auto const put = step("write", [&] { return real::write(file, from, size < 300 ? size : 300); });
    if (put < 0 && tears) static_cast<void>(real::write(file, from, size / 2 < 150 ? size / 2 : 150));
    return put;
  }
  static int fsync(int file) noexcept {
    return step("fsync", [&] { return real::fsync(file); });
  }
  static int renameat(int folder, char const* from, char const* to) noexcept {
    return step("renameat", [&] { return real::renameat(folder, from, to); });
  }
  static int unlinkat(int folder, char const* name) noexcept {
    return step("unlinkat", [&] { return real::unlinkat(folder, name); });
  }
  static int flock(int file, int what) noexcept {
    return step("flock", [&] { return real::flock(file, what); });
  }

private:
  template <class Call>
  static auto step(char const* name, Call call) noexcept -> decltype(call()) {
    auto& s = plan();
    if (s.left == 0 && !s.dead) {
      s.failed = name;
      s.left = -1;
      s.dead = s.crash;
      errno = s.number;
      return -1;
    }
    if (s.dead) {
      errno = EIO;
      return -1;
    }
    if (s.left > 0) --s.left;
    s.said.push_back(name);
    return call();
  }
};

/// Private files by these calls.
inline countersign::private_files const& faulty_files =
    countersign::os::detail::private_files_by<system_calls>;

/// As long as it lives, this thread's call after `calls` others fails with that number, or ends it all.
class fault {
public:
  fault(int calls, int number, bool crash = false, bool torn = false) {
    system_calls::plan() = {};
    system_calls::plan().left = calls;
    system_calls::plan().number = number;
    system_calls::plan().crash = crash;
    system_calls::plan().torn = torn;
  }
  ~fault() { system_calls::plan() = {}; }
  fault(fault const&) = delete;
  fault& operator=(fault const&) = delete;
  /// Whether it came to that.
  [[nodiscard]] bool happened() const { return !system_calls::plan().failed.empty(); }
  [[nodiscard]] std::string call() const { return system_calls::plan().failed; }
};

}  // namespace fake
