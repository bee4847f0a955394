#pragma once
// A program to ask for a credential: what is run, and in which surroundings.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/source/detail/text_list.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// The variables that every program is given, where they are set: what finds programs, folders, languages,
/// certificates and the way out of a network, and no credential of ours.
inline constexpr std::string_view passed_variables[] = {
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
    "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "http_proxy",
    "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR",
    // Without these few programs start on Windows.
    "SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERNAME", "USERPROFILE", "APPDATA",
    "LOCALAPPDATA"};

/// The keys of the toolkit's own store. No program is given them, whatever else it is given.
inline constexpr std::string_view withheld_variables[] = {"COUNTERSIGN_KEY", "COUNTERSIGN_KEY_FILE"};

/// Whether it is one of them, in any case, as Windows compares names.
[[nodiscard]] constexpr bool is_withheld(std::string_view name) noexcept {
  for (auto const each : withheld_variables)
    if (equal_without_case(each, name)) return true;
  return false;
}

namespace detail {
constexpr bool is_passed(std::string_view name) noexcept {
  for (auto const each : passed_variables)
    if (each == name) return true;
  return false;
}
}  // namespace detail

/// `program{"get-token", "--audience", "api"}`: the first is looked up in PATH, and no shell is involved.
/// It sees descriptors 0, 1 and 2, nothing on its standard input, `passed_variables` and what is added
/// here; its standard error is the caller's. Everybody on the machine can read arguments while it runs: a
/// secret goes into its environment, by `set`. Safe to run from several threads at once.
class program {
public:
  template <std::convertible_to<std::string_view> Name, std::convertible_to<std::string_view>... Arguments>
  explicit program(Name const& name, Arguments const&... arguments) noexcept {
    argv_.append(name);
    (argv_.append(arguments), ...);
  }
  /// A line for /bin/sh (not verified on Windows), with whatever it may do: never make it of strings that
  /// somebody else wrote. `argument` adds $1, $2, …, which is the safe way to hand one in.
  [[nodiscard]] static program shell(std::string_view line) noexcept {
    return program("/bin/sh", "-c", line, "sh");
  }

  /// One more argument, as it is. For argv that is known at run time only.
  program& argument(std::string_view one) noexcept { return argv_.append(one), *this; }
  /// How long it may take; then it and its process group are killed. 10 seconds unless it is said.
  program& timeout(duration most) noexcept { return timeout_ = most, *this; }
  /// How many bytes it may print; one more is an error. `command::max_output` unless it is said.
  program& max_output(std::size_t bytes) noexcept { return max_output_ = bytes, *this; }
  /// Where it runs. The caller's folder unless it is said.
  program& folder(std::string_view path) noexcept { return folder_ = owned_text(path), *this; }

  /// Sets a variable for it, whatever the caller's environment says. Of two with one name the later counts.
  program& set(std::string_view name, std::string_view value) noexcept {
    return set_.append(name, value), *this;
  }
  program& set(std::string_view name, secret const& value) noexcept {
    lost_ = lost_ || !value.ok();
    return set(name, value.reveal());
  }
  /// Gives it one more variable of the caller's, if that is set.
  program& pass(std::string_view name) noexcept {
    if (!detail::is_passed(name) && !passed_.contains(name)) passed_.append(name);
    return *this;
  }
  /// Gives it all variables of the caller's, but for `withheld_variables`.
  program& pass_everything() noexcept { return everything_ = true, *this; }

  /// How messages call it: which entry of which config it stands in, for one.
  program& called(std::string_view what) noexcept { return called_ = owned_text(what), *this; }

  /// For messages; never an argument, nor a shell's line.
  [[nodiscard]] std::string_view name() const noexcept {
    std::string_view first;
    bool found = false;
    argv_.each([&](std::string_view each) { first = detail::exchanged(found, true) ? first : each; });
    return first.substr(0, max_shown);
  }
  /// An error about it.
  [[nodiscard]] error wrong(errc code, error_piece const& a, error_piece const& b = {}, error_piece const& c = {},
                            error_piece const& d = {}) const noexcept {
    return about(error(code, "program ", name(), ": ", a, b, c, d));
  }

  /// Runs it to its end and gives what it printed: for a source of one's own, in a `work` step. Errors
  /// tell status or signal and never a byte of the output. A status other than 0 is errc::transient,
  /// because the network may be back later or somebody sign in; but 126 and 127 are errc::fatal, with
  /// which a shell says that there is no such program.
  [[nodiscard]] result<secret> output(context const& outside) const {
    if (!argv_.ok() || !passed_.ok() || !set_.ok() || !folder_.ok() || !called_.ok() || lost_)
      return no_memory();
    detail::text_list variables;
    if (auto ok = fill(variables, outside); !ok) return ok.error();
    detail::text_views const argv(argv_), environment(variables);
    if (!variables.ok() || !argv.ok() || !environment.ok()) return no_memory();
    outside.trace({"run", called_.empty() ? name() : called_.view(), ""});
    auto ran = outside.run({.argv = argv.all(),
                            .environment = environment.all(),
                            .folder = folder_,
                            .timeout = timeout_,
                            .max_output = max_output_});
    if (!ran) return about(ran.error());
    auto const status = ran->status;
    if (status == 126 || status == 127)
      return wrong(errc::fatal, "exit status ", status, ": something it names can't be ",
                   status == 127 ? "found" : "run");
    if (status > 128) return wrong(errc::transient, "ended by signal ", status - 128);
    if (status != 0)
      return wrong(errc::transient, "exit status ", status, "; its standard error may say why");
    return std::move(ran->out);
  }

private:
  static constexpr std::size_t max_shown = 100;  // bytes, so that the message has room for what happened

  [[nodiscard]] error about(error const& why) const noexcept {
    return called_.empty() ? why : why.within(called_.view().substr(0, max_shown), ": ");
  }
  [[nodiscard]] error no_memory() const noexcept { return wrong(errc::no_memory, "out of memory"); }

  [[nodiscard]] result<void> check(std::string_view variable) const {
    constexpr std::string_view never("=\0", std::size_t{2});
    if (variable.empty() || variable.find_first_of(never) != std::string_view::npos)
      return wrong(errc::bad_input, "a variable's name can't be empty, nor hold '=' or a zero byte");
    if (is_withheld(variable)) return wrong(errc::bad_input, variable, " is given to no program");
    return {};
  }
  [[nodiscard]] bool is_set(std::string_view variable) const noexcept {
    bool found = false;
    set_.each([&](std::string_view name, std::string_view) { found = found || name == variable; });
    return found;
  }

  // The whole environment, each variable once.
  [[nodiscard]] result<void> fill(detail::text_list& to, context const& outside) const {
    result<void> ok;
    passed_.each([&](std::string_view name) { ok = ok ? check(name) : ok; });
    set_.each([&](std::string_view name, std::string_view) { ok = ok ? check(name) : ok; });
    if (!ok) return ok;
    if (everything_) {
      ok = pass_all(to, outside);
    } else {
      for (auto const name : passed_variables) ok = ok ? pass_one(to, name, outside) : ok;
      passed_.each([&](std::string_view name) { ok = ok ? pass_one(to, name, outside) : ok; });
    }
    std::size_t at = 0;
    set_.each([&](std::string_view name, std::string_view value) {
      std::size_t other = 0, last = 0;
      set_.each(
          [&](std::string_view same, std::string_view) { last = same == name ? other : last, ++other; });
      if (at++ == last) to.append(name, "=", value);
    });
    return ok;
  }
  [[nodiscard]] result<void> pass_one(detail::text_list& to, std::string_view name,
                                      context const& outside) const {
    if (is_set(name)) return {};
    auto const value = outside.variable(name);
    if (value) to.append(name, "=", value->reveal());
    else if (value.error().code() != errc::not_mine) return about(value.error());
    return {};
  }
  [[nodiscard]] result<void> pass_all(detail::text_list& to, context const& outside) const {
    auto const all = outside.environment();
    if (!all) return about(all.error());
    for (auto rest = all->reveal(); !rest.empty();) {
      auto const entry = rest.substr(0, rest.find('\0'));
      rest.remove_prefix(entry.size() < rest.size() ? entry.size() + 1 : entry.size());
      auto const name = entry.substr(0, entry.find('='));
      // An entry without '=' is no variable; some parents leave such a thing behind.
      if (!name.empty() && name.size() < entry.size() && !is_withheld(name) && !is_set(name))
        to.append(entry);
    }
    return {};
  }

  detail::text_list argv_, passed_;
  fields set_;
  owned_text folder_, called_;
  duration timeout_ = command().timeout;
  std::size_t max_output_ = command().max_output;
  bool everything_ = false;
  bool lost_ = false;  // a value that was given had found no memory
};

}  // namespace countersign::inline v0
