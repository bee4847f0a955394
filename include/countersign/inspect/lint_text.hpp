#pragma once
// What should not stand in a README, a script or a source file: credentials, plain http that carries
// one, lines that log one.

#include <countersign/core/error.hpp>
#include <countersign/inspect/detail/script_logs.hpp>
#include <countersign/inspect/detail/secret_shapes.hpp>
#include <countersign/inspect/detail/text_secrets.hpp>
#include <countersign/inspect/detail/url_secrets.hpp>
#include <countersign/inspect/finding.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0::mcp {

/// What a text is for, which decides what is odd in it.
enum class text_kind : std::uint8_t {
  documentation,  ///< README, guides
  script,         ///< run by a shell
  settings,       ///< `.env.example`, Dockerfile, YAML
  source,         ///< anything else
  test,           ///< lies in a folder of tests: made-up credentials are its matter
};

/// By the file's name, and where that says nothing by its first line (`#!/bin/sh`).
[[nodiscard]] constexpr text_kind kind_of_text(std::string_view path, std::string_view text) noexcept {
  constexpr std::string_view folders[] = {"test",     "tests",    "__tests__", "spec",
                                          "testdata", "fixtures", "vectors"};
  for (auto rest = path; rest.find_first_of("/\\") != rest.npos;) {
    auto const end = rest.find_first_of("/\\");
    if (detail::is_one_of(rest.substr(0, end), folders)) return text_kind::test;
    rest.remove_prefix(end + 1);
  }
  auto const name = detail::tail(path, path.find_last_of("/\\") + 1);
  for (std::string_view const end : {".md", ".markdown", ".rst", ".adoc", ".txt", ".html"})
    if (detail::ends_without_case(name, end)) return text_kind::documentation;
  for (std::string_view const end : {".sh", ".bash", ".zsh", ".ksh", ".fish", ".bats"})
    if (detail::ends_without_case(name, end)) return text_kind::script;
  for (std::string_view const end : {".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".properties"})
    if (detail::ends_without_case(name, end)) return text_kind::settings;
  if (name.starts_with(".env") || name.starts_with("Dockerfile") || name.ends_with(".env"))
    return text_kind::settings;
  if (name.starts_with("README")) return text_kind::documentation;
  auto const first = text.substr(0, text.find('\n'));
  bool const shell = first.starts_with("#!") && (first.find("sh ") != first.npos || first.ends_with("sh"));
  return shell ? text_kind::script : text_kind::source;
}

namespace detail {

template <class Tell>
class text_lint {
public:
  text_lint(std::string_view text, text_kind kind, Tell& tell) noexcept
      : text_(text), kind_(kind), tell_(&tell) {}

  void run() {
    for (std::size_t at = 0; at < text_.size();) {
      auto const end = text_.find('\n', at);
      line(at, text_.substr(at, end == text_.npos ? end : end - at));
      if (end == text_.npos) break;
      at = end + 1;
      ++number_;
    }
    end_of_statement();
    if (tracing_.line != 0 && has_secrets_)
      say(tracing_, rule::logs_secret, severity::warning,
          "the shell prints each command, with the credentials in it",
          "leave -x out, or write `set +x` before the lines that handle them");
  }

private:
  struct place {
    std::uint32_t line = 0, column = 0;
  };

  void line(std::size_t begin, std::string_view text) {
    reported_ = begin;
    for (auto at = begin; at < begin + text.size();) {
      auto const shape = find_shape(text_, at, begin + text.size());
      if (!shape) break;
      // Published test vectors are JWTs and keys; no tests need a token that an issuer gave.
      bool const made_up =
          kind_ == text_kind::test && (shape.kind == kind_jwt || shape.kind == kind_private_key);
      if (!made_up) secret(shape.begin, shape.size(), shape.kind, begin);
      at = shape.end;
    }
    // What is longer is no text that a person wrote.
    if (text.size() > max_line || kind_ == text_kind::test) return;
    each_text_credential(text, kind_ == text_kind::source,
                         [&](std::string_view value, std::string_view what) {
                           auto const at = begin + static_cast<std::size_t>(value.data() - text.data());
                           if (at >= reported_) secret(at, value.size(), what, begin);
                         });
    if (kind_ == text_kind::source) {
      if (auto const call = logging_call_at(text); call != text.npos)
        say(here(call), rule::logs_secret, severity::warning, "it logs a credential",
            "log its name, or nothing");
      return;
    }
    statement(text);
    if (!text.ends_with('\\')) end_of_statement();
  }

  // A command may go on behind a backslash: what it sends and where to may stand on two lines.
  void statement(std::string_view text) {
    for (std::string_view const word : {"authorization", "bearer ", "-key:", "-token:"})
      carries_ = carries_ || find_without_case(text, word) != text.npos;
    if (auto const at = insecure_url_in(text); at != text.npos && insecure_.line == 0) {
      insecure_ = here(at);
      // A config that is shown: what is sent there stands on another line.
      carries_ = carries_ || (at > 0 && name_before(text, text.rfind(':', at)) == "url");
    }
    if (kind_ != text_kind::script) return;
    if (tail(text, skip_blanks(text, 0)).starts_with('#') && !text.starts_with("#!")) return;
    has_secrets_ = has_secrets_ || !secret_variable_in(text).empty();
    if (auto const at = tracing_at(text); at != text.npos && tracing_.line == 0) tracing_ = here(at);
    if (auto const name = logged_variable(text); !name.empty())
      say(here(static_cast<std::size_t>(name.data() - text.data())), rule::logs_secret, severity::warning,
          "it prints a credential, and what is printed is kept in logs",
          "say whether it is set: ${NAME:+set}");
    for (std::string_view const flag : {" -v ", " --verbose ", " --trace "})
      if (auto const at = text.find("curl "); at != text.npos && text.find(flag, at) != text.npos)
        verbose_ = here(at);
  }
  void end_of_statement() {
    if (carries_ && insecure_.line != 0)
      say(insecure_, rule::insecure_url, severity::warning,
          "a credential goes to a plain http or ws address beyond this machine", "write https:// or wss://");
    if (carries_ && verbose_.line != 0)
      say(verbose_, rule::logs_secret, severity::warning,
          "curl -v prints the headers, with the credential in them", "leave -v out, or keep it out of logs");
    insecure_ = verbose_ = {};
    carries_ = false;
  }

  [[nodiscard]] place here(std::size_t in_line) const noexcept {
    return {number_, static_cast<std::uint32_t>(in_line + 1)};
  }
  void secret(std::size_t at, std::size_t size, std::string_view kind, std::size_t line_begin) {
    reported_ = at + size;
    bool const documentation = kind_ == text_kind::documentation;
    finding made;
    made.rule = documentation ? rule::secret_in_documentation : rule::secret_in_file;
    made.level = severity::error;
    made.line = number_;
    made.column = static_cast<std::uint32_t>(at - line_begin + 1);
    made.message = error(errc::bad_input, kind, " of ", size, " bytes stands in the file");
    made.fix = error(errc::bad_input, documentation ? "write \"your-token-here\"" : "read it from a variable",
                     "; where it was real, revoke it: git keeps what was committed");
    (*tell_)(made);
  }
  void say(place at, std::string_view what, severity level, std::string_view message, std::string_view fix) {
    (*tell_)(finding{what, level, at.line, at.column, error(errc::bad_input, message),
                     error(errc::bad_input, fix)});
  }

  static constexpr std::size_t max_line = 4096;

  std::string_view text_;
  text_kind kind_;
  Tell* tell_;
  std::uint32_t number_ = 1;
  std::size_t reported_ = 0;  // up to where something of this line was told already
  place insecure_ = {}, verbose_ = {}, tracing_ = {};
  bool carries_ = false, has_secrets_ = false;
};

}  // namespace detail

/// Calls `tell(finding)` for each finding in a text that is no config. Nothing outside is looked at.
template <std::invocable<finding const&> Tell>
void lint_text(std::string_view text, text_kind kind, Tell&& tell) {
  detail::text_lint<std::remove_reference_t<Tell>>(text, kind, tell).run();
}

}  // namespace countersign::inline v0::mcp
