#include "bridge_events.hpp"

#include <charconv>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {
// Longer ones are not sent back: a header must hold them.
constexpr std::size_t max_event_id = 1024;
constexpr int longest_retry = 3'600'000;
}  // namespace

void event_splitter::restart() {
  line_ = cs::secret();
  event_ = {};
  any_ = after_return_ = false;
  first_ = true;
  id_ = last_id_;
}

std::optional<server_event> event_splitter::end_line() {
  auto const text = std::exchange(line_, cs::secret());
  auto line = text.reveal();
  if (std::exchange(first_, false) && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (line.empty()) {
    last_id_ = id_;  // also of an event without data: it says where to go on
    auto whole = std::exchange(event_, {});
    if (!std::exchange(any_, false) || whole.data.empty()) return std::nullopt;
    return whole;
  }
  auto const colon = line.find(':');
  auto const field = line.substr(0, colon);
  auto value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (std::exchange(any_, true)) event_.data.push_back('\n');
    event_.data.append(value);
  } else if (field == "event") {
    event_.name = value;
  } else if (field == "id" && value.size() <= max_event_id && value.find('\0') == value.npos) {
    id_ = value;
  } else if (field == "retry") {
    int read = 0;
    auto const got = std::from_chars(value.data(), value.data() + value.size(), read);
    if (got.ec == std::errc() && got.ptr == value.data() + value.size() && read >= 0 && read <= longest_retry)
      retry_ = read;
  }
  return std::nullopt;
}

}  // namespace program
