#pragma once
// Environment variables.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <stdlib.h>
#include <string_view>
#include <utility>

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#elif defined(__APPLE__)
#include <crt_externs.h>
#else
extern "C" char** environ;  // POSIX has it in no header
#endif

namespace countersign::inline v0::os {

namespace detail {
#if defined(_WIN32)
inline result<secret> value_of(std::string_view name) noexcept {
  wide_text wide(name);
  if (!wide.ok()) return error{errc::bad_input, "variable ", name, ": the name is not UTF-8"};
  secret units;
  for (DWORD room = 256;;) {
    if (!units.resize(room * sizeof(wchar_t)))
      return error{errc::no_memory, "variable ", name, ": out of memory"};
    auto* const value = static_cast<wchar_t*>(static_cast<void*>(units.data()));
    SetLastError(ERROR_SUCCESS);
    auto const got = GetEnvironmentVariableW(wide.data(), value, room);
    if (got == 0 && GetLastError() == ERROR_ENVVAR_NOT_FOUND)
      return error{errc::not_mine, "variable ", name, " is not set"};
    if (got == 0) return secret();
    if (got >= room) {
      room = got;  // what it takes, the final zero included
      continue;
    }
    secret utf8;
    auto const size =
        WideCharToMultiByte(CP_UTF8, 0, value, static_cast<int>(got), nullptr, 0, nullptr, nullptr);
    if (size <= 0 || !utf8.resize(static_cast<std::size_t>(size)))
      return error{errc::no_memory, "variable ", name, ": out of memory"};
    WideCharToMultiByte(CP_UTF8, 0, value, static_cast<int>(got), utf8.data(), size, nullptr, nullptr);
    return utf8;
  }
}
inline result<secret> all_variables() noexcept {
  auto* const block = GetEnvironmentStringsW();
  if (block == nullptr) return error{errc::no_memory, "environment: out of memory"};
  secret all;
  for (auto const* at = block; *at != 0;) {
    auto const units = static_cast<int>(std::wstring_view(at).size());
    auto const size = WideCharToMultiByte(CP_UTF8, 0, at, units, nullptr, 0, nullptr, nullptr);
    auto const before = all.size();
    // "=C:=C:\\folder" is a drive's current folder, no variable.
    if (*at != L'=' && size > 0 && all.resize(before + static_cast<std::size_t>(size) + 1))
      WideCharToMultiByte(CP_UTF8, 0, at, units, all.data() + before, size, nullptr, nullptr);
    at += units + 1;
  }
  FreeEnvironmentStringsW(block);
  if (!all.ok()) return error{errc::no_memory, "environment: out of memory"};
  return all;
}
#else
inline result<secret> value_of(std::string_view name) noexcept {
  secret const terminated(name, countersign::detail::text_at("\0", 1));
  if (!terminated.ok()) return error{errc::no_memory, "variable ", name, ": out of memory"};
  auto const* const value = ::getenv(terminated.reveal().data());
  if (value == nullptr) return error{errc::not_mine, "variable ", name, " is not set"};
  secret copy{std::string_view(value)};
  if (!copy.ok()) return error{errc::no_memory, "variable ", name, ": out of memory"};
  return copy;
}
inline result<secret> all_variables() noexcept {
#if defined(__APPLE__)
  char** each = *_NSGetEnviron();
#else
  char** each = environ;
#endif
  secret all;
  for (; each != nullptr && *each != nullptr; ++each) all.append(*each).push_back('\0');
  if (!all.ok()) return error{errc::no_memory, "environment: out of memory"};
  return all;
}
#endif
}  // namespace detail

/// The variable's value, empty where it is set to nothing. errc::not_mine if it is not set, errc::bad_input
/// for a name that no variable can have. As with getenv, no other thread may change the environment
/// meanwhile.
inline result<secret> read_variable(std::string_view name) noexcept {
  constexpr std::string_view forbidden("=\0", std::size_t{2});
  if (name.empty()) return error{errc::bad_input, "variable: the name is empty"};
  if (name.find_first_of(forbidden) != std::string_view::npos)
    return error{errc::bad_input, "variable ", name, ": a name can't hold '=' or a zero byte"};
  return detail::value_of(name);
}

/// All variables, "NAME=value" each with a zero byte behind it. The same holds for other threads.
inline result<secret> read_environment() noexcept { return detail::all_variables(); }

}  // namespace countersign::inline v0::os
