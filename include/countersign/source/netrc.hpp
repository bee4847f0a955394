#pragma once
// A login from a netrc file.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/source/detail/secret_file.hpp>
#include <countersign/text/netrc.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Yields the login of a machine: its first entry, or else `default`. The file is the one given, else what the variable
/// NETRC names, else `.netrc` in HOME (`_netrc`, as older programs on Windows have it, is not looked for).
///
/// No file, no entry, or one without login or password: errc::not_mine. A file that every user may read, or another may
/// change, is errc::insecure unless `.shared()` was said. A mistake in it is errc::bad_input with its line. The file is
/// read each time it is asked; `version` tells when that is worth it.
class netrc {
public:
  using credential = basic_login;
  static constexpr bool renewable = true;

  explicit netrc(owned_text machine) noexcept : machine_(std::move(machine)) {}

  [[nodiscard]] netrc file(owned_text path) const& noexcept { return netrc(*this).file(std::move(path)); }
  [[nodiscard]] netrc file(owned_text path) && noexcept {
    path_ = std::move(path);
    given_ = true;
    return std::move(*this);
  }
  /// Of several entries, the one with this login.
  [[nodiscard]] netrc login(owned_text user) const& noexcept { return netrc(*this).login(std::move(user)); }
  [[nodiscard]] netrc login(owned_text user) && noexcept {
    login_ = std::move(user);
    return std::move(*this);
  }
  /// Other users may read the file, or change it.
  [[nodiscard]] netrc shared() const& noexcept { return netrc(*this).shared(); }
  [[nodiscard]] netrc shared() && noexcept {
    shared_ = true;
    return std::move(*this);
  }
  [[nodiscard]] std::string_view machine() const noexcept { return machine_; }

  [[nodiscard]] result<basic_login> acquire(occasion const&, context const& outside) const {
    if (!machine_.ok() || !path_.ok() || !login_.ok()) return error(errc::no_memory, "netrc: out of memory");
    auto const path = where(outside);
    if (!path) return path.error();
    auto text = detail::read_secret_file(
        *path, {.policy = "netrc", .limit = netrc_limits::size, .shared = shared_}, outside);
    if (!text) return text.error();
    auto const file = netrc_file::parse(std::move(*text), *path);
    if (!file) return file.error();
    auto const found = file->find(machine_, login_);
    auto const shown = detail::end_of_path(*path);
    if (!found)
      return error(errc::not_mine, "netrc: ", shown, " has no entry for ", machine_.view(),
                   login_.empty() ? "" : " with login ", login_.view(), "; add: machine ", machine_.view(),
                   " login … password …");
    if (!found->login || !found->password)
      return error(errc::not_mine, "netrc: ", shown, ", line ", found->line, ": the entry has no ",
                   found->login ? "password" : "login", "; add it");
    basic_login made{secret(*found->login), secret(*found->password)};
    if (!made.user.ok() || !made.password.ok()) return error(errc::no_memory, "netrc: out of memory");
    return made;
  }

  /// Changes when asking again may give something else. Reads the environment unless a file was given.
  [[nodiscard]] std::uint64_t version(context const& outside) const noexcept {
    if (given_) return detail::version_of_file(path_, outside);
    auto const path = where(outside);
    return path ? detail::version_of_file(*path, outside) : static_cast<std::uint64_t>(path.error().code());
  }

private:
  [[nodiscard]] result<owned_text> where(context const& outside) const noexcept {
    if (given_) return path_;
    auto const named = outside.variable("NETRC");
    if (!named && named.error().code() != errc::not_mine) return named.error();
    if (named && !named->empty()) return checked(owned_text(named->reveal()));
    auto home = outside.variable("HOME");
    if (!home && home.error().code() != errc::not_mine) return home.error();
    if (!home || home->empty())
      return error(errc::not_mine,
                   "netrc: neither NETRC nor HOME is set, so there is no file; say .file(path)");
    home->append("/.netrc");
    if (!home->ok()) return error(errc::no_memory, "netrc: out of memory");
    return checked(owned_text(home->reveal()));
  }
  static result<owned_text> checked(owned_text path) noexcept {
    if (!path.ok()) return error(errc::no_memory, "netrc: out of memory");
    return path;
  }

  owned_text machine_, path_, login_;
  bool given_ = false, shared_ = false;
};

}  // namespace countersign::inline v0
