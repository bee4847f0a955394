#pragma once
// Standard input and output of the bridge: JSON-RPC messages, one on each line.

#include "bridge_message.hpp"

#include <countersign/core/secret.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <string_view>

namespace program {

/// Reads lines of up to `max_message` bytes; a longer one is dropped as it comes. One thread at a time.
class line_reader {
public:
  enum class got { line, too_long, end, interrupted };

  /// @param descriptor borrowed
  explicit line_reader(int descriptor) : descriptor_(descriptor) {}

  /// Waits. Without a line end, what stands at the end is no line: whoever wrote it was cut short.
  /// @param interrupted asked a few times a second
  template <class Interrupted>
  got next(countersign::secret& line, Interrupted&& interrupted) {
    for (;;) {
      if (auto const found = take_line(line)) return *found;
      if (ended_) return got::end;
      if (interrupted()) return got::interrupted;
      fill();
    }
  }

private:
  std::optional<got> take_line(countersign::secret& line);
  void fill();

  int descriptor_;
  countersign::secret line_;  // what there is of the next one
  char piece_[65536];
  std::size_t from_ = 0, until_ = 0;  // of the piece, not looked at yet
  bool dropped_ = false, ended_ = false;
};

/// Writes lines that stay whole, whoever writes at the same time.
class line_writer {
public:
  void operator()(std::string_view line);
  /// Nobody reads any more.
  [[nodiscard]] bool broken() const { return broken_; }

private:
  std::mutex lock_;
  std::atomic<bool> broken_ = false;
};

}  // namespace program
