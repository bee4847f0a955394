#pragma once
// Lines that somebody types or pastes while something else is waited for.

#include <countersign/core/secret.hpp>
#include <countersign/os/loopback_socket.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace countersign::inline v0::os {

/// Reads a descriptor (0 is standard input) when it is ready. What stands behind the end of a line is left
/// for others to read. The descriptor is borrowed. On Windows nothing is read: a console can't be waited for
/// together with sockets (not verified).
class line_input {
public:
  /// The longest line, in bytes; a longer one is dropped whole.
  static constexpr std::size_t max_line = std::size_t{16} * 1024;
  enum class got : std::uint8_t { line, nothing_yet, too_long, end };

  /// @param descriptor below 0: there is none
#if defined(_WIN32)
  explicit line_input(int) noexcept {}
#else
  explicit line_input(int descriptor) noexcept : descriptor_(descriptor) {}
#endif

  /// Whether more may come.
  [[nodiscard]] bool open() const noexcept { return descriptor_ >= 0; }
#if defined(_WIN32)
  [[nodiscard]] poll_entry reading() const noexcept { return {detail::no_socket, POLLIN, 0}; }
  got take() noexcept { return got::end; }
#else
  [[nodiscard]] poll_entry reading() const noexcept { return {descriptor_, POLLIN, 0}; }

  /// Takes what is there, up to the end of one line. After `line`, `line()` has it without its end, until the
  /// next call. At the end of the input, what stands behind the last line's end is a line too.
  got take() noexcept {
    if (whole_) restart();
    auto one = reading();
    for (std::size_t taken = 0; taken < max_line; ++taken) {  // then others get their turn
      if (!open() || !wait_ready(&one, 1, 0) || one.revents == 0) break;
      char byte = 0;
      auto const size = ::read(descriptor_, &byte, 1);
      if (size < 0 && detail::is_not_yet(errno)) return got::nothing_yet;
      if (size <= 0) {
        descriptor_ = -1;
        return line_.empty() && !dropped_ ? got::end : ended();
      }
      if (byte == '\n') return ended();
      if (line_.size() == max_line || !line_.ok()) dropped_ = true;
      else line_.push_back(byte);
    }
    return open() ? got::nothing_yet : got::end;
  }
#endif
  [[nodiscard]] std::string_view line() const noexcept { return line_.reveal(); }

private:
  void restart() noexcept {
    line_.clear();
    whole_ = dropped_ = false;
  }
  got ended() noexcept {
    whole_ = true;
    bool const lost = dropped_ || !line_.ok();
    return lost ? got::too_long : got::line;
  }

  int descriptor_ = -1;
  secret line_;  // a redirect holds a code
  bool whole_ = false, dropped_ = false;
};

}  // namespace countersign::inline v0::os
