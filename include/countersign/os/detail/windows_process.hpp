#pragma once
// Processes by CreateProcessW in a job object. Compiled, not verified on a Windows machine.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/clock.hpp>
#include <countersign/os/detail/check_command.hpp>
#include <countersign/os/detail/windows.hpp>
#include <countersign/os/detail/windows_command.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::os::detail {

struct started_process {
  handle process, job, output;
};

/// Names the only handles that a child inherits.
class inherited_handles {
public:
  inherited_handles(HANDLE* handles, std::size_t count) noexcept {
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    if (!room_.resize(size) || !InitializeProcThreadAttributeList(list(), 1, 0, &size)) return;
    made_ = true;
    ok_ = UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles,
                                    count * sizeof(HANDLE), nullptr, nullptr) != 0;
  }
  inherited_handles(inherited_handles const&) = delete;
  inherited_handles& operator=(inherited_handles const&) = delete;
  ~inherited_handles() {
    if (made_) DeleteProcThreadAttributeList(list());
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST list() noexcept {
    return static_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(static_cast<void*>(room_.data()));
  }

private:
  secret room_;
  bool made_ = false, ok_ = false;
};

inline result<started_process> start(command const& what) noexcept {
  auto const program = what.argv[0];
  auto const failed = [&](std::string_view step) {
    return error{errc::fatal, "program ", program, ": ", step, " failed, Windows error ", GetLastError()};
  };
  auto found = find_program(program);
  if (found.empty())
    return error{errc::fatal, "program ", program, ": not found in PATH; install it, or give its whole path"};
  if (is_batch_file(program))
    return error{errc::fatal, "program ", program,
                 ": a batch file can't be given arguments safely; name a program"};

  auto const line = command_line(what.argv), block = environment_block(what.environment);
  wide_text wide_line(line.reveal()), wide_block(block.reveal()), wide_folder(what.folder);
  if (!line.ok() || !block.ok()) return no_memory_for(what);
  if (!wide_line.ok() || !wide_block.ok() || !wide_folder.ok())
    return error{errc::bad_input, "program ", program,
                 ": an argument, its folder or its environment is not UTF-8"};

  SECURITY_ATTRIBUTES inheritable{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
  HANDLE read_end = nullptr, write_end = nullptr;
  if (!CreatePipe(&read_end, &write_end, &inheritable, 0)) return failed("CreatePipe");
  handle output(read_end);
  handle const input(write_end);
  SetHandleInformation(read_end, HANDLE_FLAG_INHERIT, 0);
  handle const nothing(CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                   &inheritable, OPEN_EXISTING, 0, nullptr));
  if (!nothing) return failed("opening NUL");
  HANDLE said_aside = nullptr;
  auto const ours = GetStdHandle(STD_ERROR_HANDLE);
  if (ours != nullptr && ours != INVALID_HANDLE_VALUE)
    DuplicateHandle(GetCurrentProcess(), ours, GetCurrentProcess(), &said_aside, 0, TRUE,
                    DUPLICATE_SAME_ACCESS);
  handle const aside(said_aside);

  STARTUPINFOEXW how = {};
  how.StartupInfo.cb = sizeof how;
  how.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  how.StartupInfo.hStdInput = nothing.get();
  how.StartupInfo.hStdOutput = input.get();
  how.StartupInfo.hStdError = aside ? aside.get() : nothing.get();
  HANDLE given[] = {nothing.get(), input.get(), aside.get()};
  inherited_handles only(given, aside ? 3 : 2);
  if (!only.ok()) return failed("naming the handles");
  how.lpAttributeList = only.list();

  handle job(CreateJobObjectW(nullptr, nullptr));
  if (!job) return failed("CreateJobObject");
  PROCESS_INFORMATION made = {};
  auto* const path = static_cast<wchar_t*>(static_cast<void*>(found.data()));
  constexpr DWORD flags =
      CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT;
  if (!CreateProcessW(path, wide_line.data(), nullptr, nullptr, TRUE, flags, wide_block.data(),
                      what.folder.empty() ? nullptr : wide_folder.data(), &how.StartupInfo, &made))
    return failed("CreateProcess");
  handle process(made.hProcess);
  handle const thread(made.hThread);
  if (!AssignProcessToJobObject(job.get(), process.get())) {
    auto const why = failed("AssignProcessToJobObject");
    TerminateProcess(process.get(), 1);
    return why;
  }
  ResumeThread(thread.get());
  return started_process{std::move(process), std::move(job), std::move(output)};
}

/// Ends all of them, and waits for the first for a while.
inline error end(started_process& runs, error const& why) noexcept {
  TerminateJobObject(runs.job.get(), 1);
  WaitForSingleObject(runs.process.get(), static_cast<DWORD>(grace.ms));
  return why;
}

/// How much can be read at once. False at the end, or where it was closed before.
inline bool peek(handle const& pipe, DWORD& waiting) noexcept {
  return pipe && PeekNamedPipe(pipe.get(), nullptr, 0, nullptr, &waiting, nullptr) != 0;
}

inline result<command_output> run(command const& what) noexcept {
  constexpr std::int64_t first_nap = 1, longest_nap = 20;

  if (auto ok = check_command(what); !ok) return ok.error();
  auto const boot = [] { return read_clocks().boot; };
  auto const deadline = boot() + what.timeout;
  auto started = start(what);
  if (!started) return started.error();

  command_output said;
  auto patience = deadline;
  auto pause = first_nap;
  bool ended = false;
  for (;;) {
    DWORD waiting = 0;
    if (!peek(started->output, waiting)) {
      started->output.close();
    } else if (waiting > 0) {
      char piece[8192];
      DWORD got = 0;
      if (!ReadFile(started->output.get(), piece, sizeof piece, &got, nullptr)) got = 0;
      bool const fits = got <= what.max_output - said.out.size();
      if (fits) said.out.append({piece, got});
      wipe(piece, got);
      if (!fits) return end(*started, said_too_much(what));
      if (!said.out.ok()) return end(*started, no_memory_for(what));
    }
    auto const now = boot();
    if (!ended && WaitForSingleObject(started->process.get(), 0) == WAIT_OBJECT_0) {
      ended = true;
      if (now + grace < patience) patience = now + grace;
    }
    if (ended && !started->output) break;
    if (now >= patience) {
      if (ended) break;
      return end(*started, not_in_time(what));
    }
    if (waiting > 0) continue;
    // An anonymous pipe can't be waited for.
    if (ended) Sleep(static_cast<DWORD>(first_nap));
    else WaitForSingleObject(started->process.get(), static_cast<DWORD>(pause));
    if (pause < longest_nap) pause *= 2;
  }
  DWORD status = 0;
  GetExitCodeProcess(started->process.get(), &status);
  said.status = static_cast<int>(status);
  return said;
}

}  // namespace countersign::inline v0::os::detail
