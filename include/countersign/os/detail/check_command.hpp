#pragma once
// What no system can run.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>

#include <string_view>

namespace countersign::inline v0::os::detail {

/// How long a killed program is waited for, and how long others may go on writing for one that has ended.
inline constexpr duration grace = milliseconds(250);

/// @return errc::bad_input; the environment's values are secrets, so only its names are told
inline result<void> check_command(command const& what) noexcept {
  auto const has_zero = [](std::string_view bytes) { return bytes.find('\0') != std::string_view::npos; };
  if (what.argv.empty() || what.argv[0].empty())
    return error{errc::bad_input, "command: it names no program"};
  auto const program = what.argv[0];
  for (auto const argument : what.argv)
    if (has_zero(argument))
      return error{errc::bad_input, "program ", program, ": an argument holds a zero byte"};
  if (has_zero(what.folder))
    return error{errc::bad_input, "program ", program, ": its folder's name holds a zero byte"};
  for (auto const variable : what.environment) {
    auto const name = variable.substr(0, variable.find('='));
    if (name.empty() || name.size() == variable.size())
      return error{errc::bad_input, "program ", program, ": an entry of its environment is not NAME=value"};
    if (has_zero(variable))
      return error{errc::bad_input, "program ", program, ": its variable ", name, " holds a zero byte"};
  }
  return {};
}

inline error not_in_time(command const& what) noexcept {
  return error(errc::transient, "program ", what.argv[0], ": not done after ", what.timeout.ms,
               " ms, so it was ended");
}
inline error said_too_much(command const& what) noexcept {
  return error(errc::too_large, "program ", what.argv[0], ": it wrote more than ", what.max_output,
               " bytes, so it was ended");
}
inline error no_memory_for(command const& what) noexcept {
  return error(errc::no_memory, "program ", what.argv[0], ": out of memory");
}

}  // namespace countersign::inline v0::os::detail
