#include "event_log.hpp"

#include <countersign/core/secret.hpp>
#include <countersign/text/json_writer.hpp>

namespace provider {

void event_log::add(std::string_view name, pairs const& details) {
  auto const since = std::chrono::steady_clock::now() - started_;
  countersign::secret text;
  countersign::json_writer out(text);
  out.open_object()
      .member("ms", std::chrono::duration_cast<std::chrono::milliseconds>(since).count())
      .member("event", name);
  ++counts_[std::string(name)];
  for (auto const& [key, value] : details) {
    if (value.empty()) continue;
    out.member(key, std::string_view(value));
    // What is one of a few; the rest would only fill the table.
    if (key == "grant" || key == "status" || key == "error" || key == "path" || key == "hint")
      ++counts_[std::string(name) + " " + value];
  }
  out.close();
  // Names and paths come from strangers: what is not UTF-8 can't be written.
  lines_.push_back(out.finish() ? std::string(text.reveal()) : json_object({{"event", std::string(name)}}));
  if (listener_) listener_(lines_.back());
}

int event_log::count(std::string const& what) const {
  auto const found = counts_.find(what);
  return found == counts_.end() ? 0 : found->second;
}

void event_log::clear() {
  lines_.clear();
  counts_.clear();
}

}  // namespace provider
