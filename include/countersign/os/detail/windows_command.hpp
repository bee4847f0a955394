#pragma once
// A command as CreateProcessW wants it. Compiled, not verified on a Windows machine.

#include <countersign/core/context.hpp>
#include <countersign/core/field.hpp>
#include <countersign/os/detail/windows.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace countersign::inline v0::os::detail {

/// One line that CommandLineToArgvW and the C runtime take apart into the same arguments: backslashes count
/// only in front of a quote, so those are doubled there and the quote escaped.
inline secret command_line(std::span<std::string_view const> argv) noexcept {
  secret line;
  for (auto const argument : argv) {
    if (!line.empty()) line.push_back(' ');
    line.push_back('"');
    std::size_t backslashes = 0;
    for (char const c : argument) {
      for (; c == '"' && backslashes > 0; --backslashes) line.push_back('\\');
      if (c == '"') line.push_back('\\');
      backslashes = c == '\\' ? backslashes + 1 : 0;
      line.push_back(c);
    }
    for (; backslashes > 0; --backslashes) line.push_back('\\');
    line.push_back('"');
  }
  return line;
}

/// "NAME=value" each with a zero behind it, and one more at the end, which wide_text adds.
inline secret environment_block(std::span<std::string_view const> environment) noexcept {
  constexpr std::string_view zero("\0", 1);
  secret block;
  for (auto const each : environment) block.append(each).append(zero);
  if (environment.empty()) block.append(zero);
  return block;
}

/// cmd.exe takes a batch file's arguments apart by rules of its own, which no quoting satisfies
/// (CVE-2024-24576).
inline bool is_batch_file(std::string_view path) noexcept {
  while (!path.empty() && (path.back() == ' ' || path.back() == '.')) path.remove_suffix(1);
  if (path.size() < 4) return false;
  auto const ending = path.substr(path.size() - 4);
  return equal_without_case(ending, ".bat") || equal_without_case(ending, ".cmd");
}

/// The whole path of a program, in UTF-16. A bare name is looked for in PATH, never in the current folder as
/// CreateProcessW would. Empty if it is not there.
inline secret find_program(std::string_view program) noexcept {
  secret path, found;
  wide_text name(program);
  auto const wide = [](secret& s) { return static_cast<wchar_t*>(static_cast<void*>(s.data())); };
  bool const bare = program.find_first_of("/\\:") == std::string_view::npos;
  auto const room = bare ? GetEnvironmentVariableW(L"PATH", nullptr, 0) : 0;
  if (bare) {
    if (room == 0 || !path.resize(room * sizeof(wchar_t))) return {};
    auto const got = GetEnvironmentVariableW(L"PATH", wide(path), room);
    if (got == 0 || got >= room) return {};
  }
  constexpr DWORD most = 32768;
  if (!name.ok() || !found.resize(most * sizeof(wchar_t))) return {};
  auto const size = bare ? SearchPathW(wide(path), name.data(), L".exe", most, wide(found), nullptr)
                         : GetFullPathNameW(name.data(), most, wide(found), nullptr);
  if (size == 0 || size >= most) return {};
  return found;
}

}  // namespace countersign::inline v0::os::detail
