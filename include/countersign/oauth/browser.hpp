#pragma once
// Sending a person to a page. Its URL is a stranger's: a program is started with it as one argument, or not
// at all, and no shell ever sees it.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/os/start_detached.hpp>
#include <countersign/os/url_opener.hpp>
#include <countersign/source/program.hpp>
#include <countersign/text/url.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// What a browser needs beyond `passed_variables`, where it is set: the way to a screen and to a browser that
/// runs already.
inline constexpr std::string_view browser_variables[] = {
    "BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "DESKTOP_SESSION",
    "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "XDG_SESSION_ID", "XDG_SESSION_DESKTOP", "XDG_DATA_DIRS",
    "XDG_CONFIG_DIRS", "KDE_FULL_SESSION", "KDE_SESSION_VERSION", "GNOME_DESKTOP_SESSION_ID",
    "WSL_DISTRO_NAME", "WSL_INTEROP", "VSCODE_IPC_HOOK_CLI",
    // Windows
    "ProgramFiles", "ProgramFiles(x86)", "ProgramData", "PUBLIC", "windir"};

/// Starts a program and does not wait for it, as `os::start_detached` does.
using program_starter = result<void> (*)(command const&) noexcept;

/// Whether a URL may be shown to a person: http or https, printable ASCII, no user in front of the host.
/// errc::bad_input; the error repeats nothing of it.
[[nodiscard]] inline result<void> check_page(std::string_view url) {
  auto const parts = parse_url(url);
  if (!parts) return parts.error().within("oauth: page to open: ");
  if (!equal_without_case(parts->scheme, "https") && !equal_without_case(parts->scheme, "http"))
    return error{errc::bad_input, "oauth: page to open: no http or https URL"};
  if (parts->has_userinfo)
    return error{errc::bad_input, "oauth: page to open: its URL names a user in front of the host"};
  for (char const c : url)
    if (c <= 0x20 || c > 0x7e)
      return error{errc::bad_input, "oauth: page to open: its URL holds bytes beyond printable ASCII"};
  return {};
}

namespace detail {
// The opener may be a script: what any shell heeds goes to none, though a URL may hold it. '&' and '%' are in
// every one, so they pass.
[[nodiscard]] constexpr bool is_openable(std::string_view url) noexcept {
  bool ok = true;
  for (char const c : url)
    ok = ok && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                std::string_view("-._~:/?#[]@+,=&%").find(c) != std::string_view::npos);
  return ok;
}
}  // namespace detail

/// Starts `$BROWSER URL` if that variable is set: its value is the name of one program, never a line with
/// arguments; else the system's opener. The program gets `passed_variables` and `browser_variables` of the
/// context, no terminal and no descriptor; it is not waited for, so nobody knows whether a page came up.
/// errc::bad_input for a URL that is opened by nobody, else the starter's error.
[[nodiscard]] inline result<void> open_browser(std::string_view url, context const& outside,
                                               program_starter start = os::start_detached) {
  if (auto ok = check_page(url); !ok) return ok;
  if (!detail::is_openable(url))
    return error{errc::bad_input, "oauth: the page's URL holds characters that are given to no program"};
  constexpr auto most = std::size(passed_variables) + std::size(browser_variables);
  secret kept[most];
  std::string_view environment[most];
  std::size_t set = 0;
  bool memory = true;
  auto const pass = [&](std::string_view name) {
    auto const value = outside.variable(name);
    if (!value) return;
    kept[set] = secret(name, "=", value->reveal());
    memory = memory && kept[set].ok();
    environment[set] = kept[set].reveal();
    ++set;
  };
  for (auto const name : passed_variables) pass(name);
  for (auto const name : browser_variables) pass(name);
  auto const chosen = outside.variable("BROWSER");
  if (!memory || (!chosen && chosen.error().code() == errc::no_memory))
    return error{errc::no_memory, "oauth: out of memory"};

  std::string_view argv[std::size(os::url_opener) + 1];
  std::size_t arguments = 0;
  if (chosen && !chosen->empty()) argv[arguments++] = chosen->reveal();
  else
    for (auto const each : os::url_opener) argv[arguments++] = each;
  outside.trace({"browser", argv[0], ""});
  argv[arguments++] = url;
  return start({.argv = {argv, arguments}, .environment = {environment, set}});
}

}  // namespace countersign::inline v0::oauth
