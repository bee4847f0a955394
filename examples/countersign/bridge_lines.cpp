#include "bridge_lines.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {
constexpr int look_up_after = 200;  // milliseconds
}

std::optional<line_reader::got> line_reader::take_line(cs::secret& line) {
  auto const* const start = piece_ + from_;
  auto const* const end = static_cast<char const*>(std::memchr(start, '\n', until_ - from_));
  auto const size = end == nullptr ? until_ - from_ : static_cast<std::size_t>(end - start);
  dropped_ = dropped_ || line_.size() + size > max_message;
  if (dropped_) line_ = cs::secret();
  else line_.append({start, size});
  from_ = end == nullptr ? until_ : from_ + size + 1;
  if (end == nullptr) return std::nullopt;
  line = std::exchange(line_, cs::secret());
  return std::exchange(dropped_, false) || !line.ok() ? got::too_long : got::line;
}

void line_reader::fill() {
  pollfd one{descriptor_, POLLIN, 0};
  if (::poll(&one, 1, look_up_after) <= 0) return;
  auto const size = ::read(descriptor_, piece_, sizeof piece_);
  if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
  ended_ = size <= 0;
  from_ = 0;
  until_ = ended_ ? 0 : static_cast<std::size_t>(size);
}

void line_writer::operator()(std::string_view line) {
  std::lock_guard const guard(lock_);
  char end = '\n';
  iovec parts[] = {{const_cast<char*>(line.data()), line.size()}, {&end, 1}};
  for (auto* part = parts; part != parts + 2 && !broken_;) {
    auto const written = ::writev(STDOUT_FILENO, part, static_cast<int>(parts + 2 - part));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {  // a pipe that somebody else made non-blocking
      pollfd one{STDOUT_FILENO, POLLOUT, 0};
      ::poll(&one, 1, look_up_after);
      continue;
    }
    if (written <= 0) return broken_.store(true);
    auto left = static_cast<std::size_t>(written);
    for (; part != parts + 2 && left >= part->iov_len; ++part) left -= part->iov_len;
    if (part == parts + 2) return;
    part->iov_base = static_cast<char*>(part->iov_base) + left;
    part->iov_len -= left;
  }
}

}  // namespace program
