#pragma once
// Everything that comes from outside: clocks, entropy, environment, files, processes, and where traces go. The core
// calls through this table and nothing else, so that a test needs no sleep and no machine.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace countersign::inline v0 {

/// One step of a flow, for `--debug`. No text in it is a secret; views are valid during the call only.
struct trace_event {
  std::string_view step;     ///< "acquire", "send", "answer", "renewed", "refused", …
  std::string_view subject;  ///< which policy, header name, or method and origin
  std::string_view detail;   ///< a reason or a number in words
};

/// A program to run, for sources that ask one. `argv[0]` is looked up in PATH; no shell is involved.
struct command {
  std::span<std::string_view const> argv = {};
  /// "NAME=value" each. They are the whole environment of the child.
  std::span<std::string_view const> environment = {};
  std::string_view folder = {};               ///< working directory; empty: the caller's
  duration timeout = seconds(10);             ///< then the whole process group is killed
  std::size_t max_output = 256 * 1024;        ///< bytes of standard output; one more is an error
};

/// What a program said: its exit status (128 + n where signal n ended it) and its standard output.
struct command_output {
  int status = 0;
  secret out = {};
};

/// What is known of a regular file without reading it.
struct file_state {
  /// Another number once the file at the path is another one or was written to; links are followed. Made of device,
  /// inode, size and times, so a change within one tick of the file system's clock that keeps the size may be missed.
  std::uint64_t version = 0;
  bool others_read = false;   ///< everyone on the machine may read it; its group alone does not count
  bool others_write = false;  ///< its group or everyone may write to it, or neither this user nor root owns it
};

struct private_files;  // core/private_files.hpp

/// The outside world as a table of functions. Copied freely; `self` must outlive every copy's use. Each function must
/// be callable from several threads at once. `os/system.hpp` has the real one; tests fill their own.
struct context {
  void* self = nullptr;
  clocks (*read_clocks)(void* self) noexcept = nullptr;
  /// Wall time for the hot path: may lag by up to `coarse_lag`.
  wall_time (*read_coarse)(void* self) noexcept = nullptr;
  /// Fills with bytes that nobody can predict; false if there are none to be had.
  bool (*read_entropy)(void* self, void* to, std::size_t size) noexcept = nullptr;
  /// errc::not_mine if the variable is not set. An empty value is a value.
  result<secret> (*read_variable)(void* self, std::string_view name) noexcept = nullptr;
  /// Every variable as "NAME=value", each ended by a zero byte. May be null: then they can't be listed.
  result<secret> (*read_environment)(void* self) noexcept = nullptr;
  /// errc::not_mine if there is no such file; errc::too_large beyond `limit` bytes; errc::fatal if it can't be read,
  /// transient if it may be later (too many open files, an I/O error).
  result<secret> (*read_file)(void* self, std::string_view path, std::size_t limit) noexcept = nullptr;
  /// errc::not_mine if there is no such file; fatal if it is no regular file; transient as above. Takes no memory.
  result<file_state> (*read_file_state)(void* self, std::string_view path) noexcept = nullptr;
  /// Blocks up to the command's timeout: call it from a `work` step only.
  result<command_output> (*run_command)(void* self, command const& what) noexcept = nullptr;
  /// May be null: nobody listens.
  void (*write_trace)(void* self, trace_event const& event) noexcept = nullptr;
  /// For stores. May be null: then nothing is kept in files. Must outlive every copy's use.
  private_files const* files = nullptr;

  /// A second, and the tick by which the system's coarse clock is late itself.
  static constexpr duration coarse_lag = milliseconds(1010);

  [[nodiscard]] clocks now() const noexcept { return read_clocks(self); }
  [[nodiscard]] wall_time coarse_now() const noexcept { return read_coarse(self); }
  [[nodiscard]] result<secret> variable(std::string_view name) const noexcept { return read_variable(self, name); }
  [[nodiscard]] result<secret> environment() const noexcept {
    if (read_environment != nullptr) return read_environment(self);
    return error{errc::fatal, "environment: this context can't list its variables"};
  }
  [[nodiscard]] result<secret> file(std::string_view path, std::size_t limit) const noexcept { return read_file(self, path, limit); }
  [[nodiscard]] result<file_state> state_of_file(std::string_view path) const noexcept { return read_file_state(self, path); }
  [[nodiscard]] result<command_output> run(command const& what) const noexcept { return run_command(self, what); }
  [[nodiscard]] result<void> entropy(void* to, std::size_t size) const noexcept {
    if (read_entropy(self, to, size)) return {};
    return error{errc::fatal, "entropy: the system gave no random bytes"};
  }
  void trace(trace_event const& event) const noexcept {
    if (write_trace != nullptr) write_trace(self, event);
  }
};

/// Random bytes from elsewhere than the context: an authenticator's own, which are drawn by the hundred.
struct entropy_supply {
  void* self = nullptr;
  bool (*read)(void* self, void* to, std::size_t size) noexcept = nullptr;
};

/// What a formatter may know of the moment it writes in: the time and fresh randomness, nothing else of the outside.
class moment {
public:
  explicit moment(context const& outside) noexcept : outside_(&outside) {}
  /// With random bytes from there.
  moment(context const& outside, entropy_supply entropy) noexcept : outside_(&outside), entropy_(entropy) {}
  [[nodiscard]] wall_time now() const noexcept { return outside_->now().wall; }
  /// The same, cheaper, and late by up to `context::coarse_lag`.
  [[nodiscard]] wall_time coarse_now() const noexcept { return outside_->coarse_now(); }
  [[nodiscard]] result<void> entropy(void* to, std::size_t size) const noexcept {
    if (entropy_.read != nullptr && entropy_.read(entropy_.self, to, size)) return {};
    return outside_->entropy(to, size);
  }

private:
  context const* outside_;
  entropy_supply entropy_ = {};
};

}  // namespace countersign::inline v0
