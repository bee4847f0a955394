#pragma once
// CreateProcessW without anything that ties the two together. Compiled, not verified on a Windows machine.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/detail/check_command.hpp>
#include <countersign/os/detail/windows.hpp>
#include <countersign/os/detail/windows_command.hpp>

namespace countersign::inline v0::os::detail {

inline result<void> run_detached(command const& what) noexcept {
  if (auto ok = check_command(what); !ok) return ok;
  auto const program = what.argv[0];
  auto found = find_program(program);
  if (found.empty())
    return error{errc::fatal, "program ", program, ": not found in PATH; install it, or give its whole path"};
  if (is_batch_file(program))
    return error{errc::fatal, "program ", program,
                 ": a batch file can't be given arguments safely; name a program"};
  auto const line = command_line(what.argv), block = environment_block(what.environment);
  wide_text wide_line(line.reveal()), wide_block(block.reveal());
  if (!line.ok() || !block.ok()) return no_memory_for(what);
  if (!wide_line.ok() || !wide_block.ok())
    return error{errc::bad_input, "program ", program, ": an argument or its environment is not UTF-8"};
  STARTUPINFOW how = {};
  how.cb = sizeof how;
  PROCESS_INFORMATION made = {};
  auto* const path = static_cast<wchar_t*>(static_cast<void*>(found.data()));
  constexpr DWORD flags = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | CREATE_UNICODE_ENVIRONMENT;
  if (!CreateProcessW(path, wide_line.data(), nullptr, nullptr, FALSE, flags, wide_block.data(), nullptr,
                      &how, &made))
    return error{errc::fatal, "program ", program, ": CreateProcess failed, Windows error ", GetLastError()};
  handle const process(made.hProcess), thread(made.hThread);
  return {};
}

}  // namespace countersign::inline v0::os::detail
