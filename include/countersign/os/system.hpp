#pragma once
// The real outside world.

#include <countersign/core/context.hpp>
#include <countersign/os/clock.hpp>
#include <countersign/os/entropy.hpp>
#include <countersign/os/environment.hpp>
#include <countersign/os/file.hpp>
#include <countersign/os/file_state.hpp>
#include <countersign/os/private_files.hpp>
#include <countersign/os/process.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

namespace os::detail {
// Functions, not lambdas: every translation unit has the same ones.
inline clocks system_clocks(void*) noexcept { return read_clocks(); }
inline wall_time system_coarse(void*) noexcept { return read_coarse_clock(); }
inline bool system_entropy(void*, void* to, std::size_t size) noexcept { return read_entropy(to, size); }
inline result<secret> system_variable(void*, std::string_view name) noexcept { return read_variable(name); }
inline result<secret> system_environment(void*) noexcept { return read_environment(); }
inline result<secret> system_file(void*, std::string_view path, std::size_t limit) noexcept {
  return read_file(path, limit);
}
inline result<file_state> system_file_state(void*, std::string_view path) noexcept {
  return read_file_state(path);
}
inline result<command_output> system_command(void*, command const& what) noexcept {
  return run_command(what);
}
}  // namespace os::detail

/// The system that this process runs on. Nobody hears its traces; copy it and set `write_trace` to listen.
inline constexpr context system_context = {
    .self = nullptr,
    .read_clocks = os::detail::system_clocks,
    .read_coarse = os::detail::system_coarse,
    .read_entropy = os::detail::system_entropy,
    .read_variable = os::detail::system_variable,
    .read_environment = os::detail::system_environment,
    .read_file = os::detail::system_file,
    .read_file_state = os::detail::system_file_state,
    .run_command = os::detail::system_command,
    .write_trace = nullptr,
    .files = &os::system_files,
};

}  // namespace countersign::inline v0
