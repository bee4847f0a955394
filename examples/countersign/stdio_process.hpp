#pragma once
// A child process that is spoken with in lines, over its standard input and output.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/mcp/child_command.hpp>

#include <string_view>
#include <sys/types.h>
#include <utility>

namespace program {

/// Sees fds 0, 1 and 2 alone, shares our stderr, and has the environment that the command names. When this ends, the child's input ends; if it is still there a second later, it is killed.
class stdio_process {
public:
  static countersign::result<stdio_process> start(countersign::mcp::child_command const& what);
  stdio_process(stdio_process&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), to_(std::exchange(other.to_, -1)),
        from_(std::exchange(other.from_, -1)), heard_(std::move(other.heard_)) {}
  stdio_process& operator=(stdio_process&&) = delete;
  ~stdio_process();

  /// Writes the line and its end. A child that does not read for `patience` is an error.
  countersign::result<void> write(std::string_view line, countersign::duration patience);
  /// The next line, without its end.
  countersign::result<countersign::secret> read(countersign::duration patience);

private:
  stdio_process(pid_t pid, int to, int from) : pid_(pid), to_(to), from_(from) {}

  pid_t pid_;
  int to_, from_;
  countersign::secret heard_;
};

}  // namespace program
