#pragma once
// The system calls behind private files, by name: a test puts others in their place that fail, or stop, at
// each step.

#include <countersign/os/clock.hpp>

#include <cstddef>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace countersign::inline v0::os::detail {

/// Each is the call of POSIX of that name: -1 with errno where it fails.
struct posix_calls {
  static int open(char const* path, int flags) noexcept { return ::open(path, flags); }
  static int openat(int folder, char const* name, int flags, mode_t mode) noexcept {
    return ::openat(folder, name, flags, mode);
  }
  static int fstat(int file, struct stat* to) noexcept { return ::fstat(file, to); }
  static int fchmod(int file, mode_t mode) noexcept { return ::fchmod(file, mode); }
  static int mkdir(char const* path, mode_t mode) noexcept { return ::mkdir(path, mode); }
  static ssize_t read(int file, void* to, std::size_t size) noexcept { return ::read(file, to, size); }
  static ssize_t write(int file, void const* from, std::size_t size) noexcept {
    return ::write(file, from, size);
  }
  static int fsync(int file) noexcept { return ::fsync(file); }
  static int renameat(int folder, char const* from, char const* to) noexcept {
    return ::renameat(folder, from, folder, to);
  }
  static int unlinkat(int folder, char const* name) noexcept { return ::unlinkat(folder, name, 0); }
  static int flock(int file, int what) noexcept { return ::flock(file, what); }
  static uid_t user() noexcept { return ::geteuid(); }
  static void pause(int milliseconds) noexcept { ::poll(nullptr, 0, milliseconds); }
  static boot_time now() noexcept { return read_clocks().boot; }
};

}  // namespace countersign::inline v0::os::detail
