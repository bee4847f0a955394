#pragma once
// Lines of scripts and sources that write a credential where logs are kept.

#include <countersign/mcp/secret_names.hpp>
#include <countersign/inspect/detail/text_secrets.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// The first `$NAME` or `${NAME…}` whose value would show and whose name says that it is a credential;
/// empty if there is none. `${#NAME}` and `${NAME:+…}` show nothing of it.
[[nodiscard]] constexpr std::string_view secret_variable_in(std::string_view text) noexcept {
  bool single = false, twice = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
      continue;
    }
    if (text[at] == '"' && !single) twice = !twice;
    if (text[at] == '\'' && !twice) single = !single;
    if (text[at] != '$' || single) continue;
    bool const brace = tail(text, at + 1).starts_with('{');
    auto const begin = at + (brace ? 2 : 1);
    auto end = begin;
    while (end < text.size() && (is_alphanumeric(text[end]) || text[end] == '_')) ++end;
    auto const name = text.substr(begin, end - begin);
    auto const behind = tail(text, end);
    if (brace && (behind.starts_with(":+") || behind.starts_with('+'))) continue;
    if (names_secret(name)) return name;
  }
  return {};
}

/// A shell command within a line, and where its output goes.
struct shell_command {
  std::string_view text = {};
  bool piped = false, to_file = false, to_stderr = false;
};
[[nodiscard]] constexpr shell_command command_at(std::string_view line, std::size_t at) noexcept {
  shell_command made;
  bool single = false, twice = false;
  auto end = at;
  for (; end < line.size(); ++end) {
    char const c = line[end];
    if (c == '\\') {
      ++end;
      continue;
    }
    if (c == '\'' && !twice) single = !single;
    if (c == '"' && !single) twice = !twice;
    if (single || twice) continue;
    auto const rest = tail(line, end);
    if (c == ';' || c == ')' || rest.starts_with("&&") || rest.starts_with("||")) break;
    if (c == '|') {
      made.piped = true;
      break;
    }
    if (c != '>') continue;
    if (rest.starts_with(">&2") || rest.starts_with("> /dev/stderr") || rest.starts_with(">/dev/stderr"))
      made.to_stderr = true;
    else made.to_file = true;
  }
  made.text = line.substr(at, (end < line.size() ? end : line.size()) - at);
  return made;
}

/// `echo "$TOKEN"` and its like: the variable's name, else empty. What a headers helper prints (JSON), what
/// goes down a pipe, into a file or into a variable is no log.
[[nodiscard]] constexpr std::string_view logged_variable(std::string_view line) noexcept {
  for (std::string_view const word : {"echo", "printf", "logger"}) {
    for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
      auto const behind = at + word.size();
      if ((at > 0 && (is_word_byte(line[at - 1]) || line[at - 1] == '/')) || behind >= line.size() ||
          line[behind] != ' ')
        continue;
      auto const command = command_at(line, at);
      auto const name = secret_variable_in(command.text);
      if (name.empty()) continue;
      bool const json = command.text.find("{\"") != line.npos || command.text.find("{\\\"") != line.npos;
      bool const plain = word == "printf" &&
                         (command.text.find(" '%s' ") != line.npos || command.text.find(" %s ") != line.npos);
      bool const captured = at > 0 && (line[at - 1] == '(' || line[at - 1] == '`');
      if (word == "logger" || command.to_stderr) return name;
      if (!command.piped && !command.to_file && !json && !plain && !captured) return name;
    }
  }
  return {};
}

/// `set -x`, `set -eux`, `set -o xtrace`, `#!/bin/bash -x`: where it stands; npos if it does not.
[[nodiscard]] constexpr std::size_t tracing_at(std::string_view line) noexcept {
  auto const begin = skip_blanks(line, 0);
  auto const text = tail(line, begin);
  if (text.starts_with("set -o xtrace")) return begin;
  bool const shebang = text.starts_with("#!") && text.find("sh -") != text.npos;
  if (!shebang && !text.starts_with("set -")) return line.npos;
  auto const dash = text.find(" -");
  for (auto at = dash + 2; at < text.size() && is_letter(text[at]); ++at)
    if (text[at] == 'x') return begin;
  return line.npos;
}

/// console.log(process.env.API_TOKEN), print(os.environ["API_TOKEN"]), log.info(req.headers.authorization):
/// where the call stands; npos if there is none.
[[nodiscard]] constexpr std::size_t logging_call_at(std::string_view line) noexcept {
  auto const text = tail(line, skip_blanks(line, 0));
  for (std::string_view const comment : {"//", "#", "*", "--"})
    if (text.starts_with(comment)) return line.npos;
  for (std::string_view const call : {"console.", "print(", "println", "logger.", "logging.", "log."}) {
    auto const at = line.find(call);
    if (at == line.npos || (at > 0 && is_alphanumeric(line[at - 1]))) continue;
    auto const rest = tail(line, at);
    for (std::string_view const source :
         {"process.env.", "process.env[", "os.environ[", "os.environ.get(", "getenv("}) {
      auto const found = rest.find(source);
      if (found == rest.npos) continue;
      auto begin = found + source.size();
      while (begin < rest.size() && is_quote(rest[begin])) ++begin;
      if (names_secret(rest.substr(begin, word_end(rest, begin) - begin))) return at;
    }
    for (std::string_view const source :
         {"headers.authorization", "headers['authorization'", "headers[\"authorization\""})
      if (find_without_case(rest, source) != rest.npos) return at;
  }
  return line.npos;
}

}  // namespace countersign::inline v0::mcp::detail
