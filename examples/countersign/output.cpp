#include "output.hpp"

#include "options.hpp"

#include <countersign/core/field.hpp>
#include <countersign/os/system.hpp>

#include <cerrno>
#include <unistd.h>

namespace cs = countersign;

namespace program {

namespace {

// Not by stdio, whose buffers would keep what was written.
bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void trace(void*, cs::trace_event const& event) noexcept {
  say(std::string(event.step) + " " + std::string(event.subject) + " " + std::string(event.detail));
}

}  // namespace

int print(std::string_view result) {
  if (write_all(STDOUT_FILENO, result)) return done;
  say("the result can't be written to standard output");
  return failed;
}

std::string shown(std::string_view text) {
  std::string clean(text);
  for (char& c : clean)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return clean;
}

void say(std::string_view line) { write_all(STDERR_FILENO, "countersign: " + shown(line) + "\n"); }

int report(cs::error const& why) {
  say(why.message());
  return why.code() == cs::errc::needs_person ? sign_in_needed : failed;
}

cs::context outside(bool debug) {
  cs::context made = cs::system_context;
  if (debug) made.write_trace = trace;
  return made;
}

std::string redacted(std::string_view name, std::string_view value) {
  bool const has_scheme =
      cs::equal_without_case(name, "Authorization") || cs::equal_without_case(name, "Proxy-Authorization");
  auto const blank = value.find(' ');
  if (has_scheme && blank != std::string_view::npos) return std::string(value.substr(0, blank)) + " ***";
  return "***";
}

}  // namespace program
