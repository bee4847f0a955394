#pragma once
// The right side of an assignment, as bash reads it.

#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

constexpr bool begins_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool continues_name(char c) noexcept { return begins_name(c) || (c >= '0' && c <= '9'); }
/// How many bytes of the front are a variable's name.
constexpr std::size_t size_of_name(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && (size == 0 ? begins_name(text[0]) : continues_name(text[size]))) ++size;
  return size;
}

/// The text of a file, and how far it was read. No message shows any of it but names that were assigned to: where a
/// line is malformed, all of it may be a secret.
struct dotenv_text {
  std::string_view path, rest;
  std::size_t line = 1;

  [[nodiscard]] bool ended() const noexcept { return rest.empty(); }
  /// The byte `ahead` of the next; 0 behind the end, which no file holds.
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return ahead < rest.size() ? rest[ahead] : '\0';
  }
  void skip(std::size_t size = 1) noexcept {
    for (char const c : rest.substr(0, size)) line += c == '\n';
    rest.remove_prefix(size);
  }
  void skip_blanks() noexcept {
    while (peek() == ' ' || peek() == '\t') skip();
  }

  [[nodiscard]] error mistake(std::size_t where, error_piece const& a, error_piece const& b = {},
                              error_piece const& c = {}) const noexcept {
    return error(errc::bad_input, "dotenv ", end_of_path(path), ", line ", where, ": ", a, b, c);
  }
  [[nodiscard]] error excess(std::size_t where, error_piece const& a, error_piece const& b = {},
                             error_piece const& c = {}) const noexcept {
    return error(errc::too_large, "dotenv ", end_of_path(path), ", line ", where, ": ", a, b, c);
  }
};

/// How deep `${A:-${B:-…}}` may go, and how long one value may be.
inline constexpr std::size_t max_dotenv_depth = 16;
inline constexpr std::size_t max_dotenv_value_size = std::size_t{64} * 1024;
inline constexpr std::size_t max_dotenv_name_size = 256;

/// Where the values of references come from.
struct dotenv_lookup {
  void* self;
  /// errc::not_mine: unset, which counts as empty.
  result<secret> (*call)(void* self, std::string_view name);
};

/// Reads one value from where `text` stands up to the blank or line break behind it.
class dotenv_word {
public:
  /// @param exported `export` stands before it: then bash expands braces as well
  dotenv_word(dotenv_text& text, dotenv_lookup lookup, bool exported) noexcept
      : text_(text), lookup_(lookup), exported_(exported) {}

  result<void> read(secret& out) { return unquoted(out, wanted::yes, end_of::word); }

private:
  // Whether what is read is part of the value; the default of a variable that is set is not.
  enum class wanted : bool { no, yes };
  // Where unquoted text ends: at a blank, or at the '}' of a `${NAME:-`.
  enum class end_of : bool { word, braces };

  result<void> unquoted(secret& out, wanted keep, end_of what) {
    bool const in_braces = what == end_of::braces;
    for (char before = ':'; !text_.ended();) {
      char const c = text_.peek();
      if (in_braces ? c == '}' : c == ' ' || c == '\t' || c == '\n') return {};
      bool const joined = c == '\\' && text_.peek(1) == '\n';  // the two lines are one
      result<void> ok;
      if (c == '\'') ok = single_quoted(out, keep);
      else if (c == '"') ok = double_quoted(out, keep);
      else if (c == '$') ok = reference(out, keep, false);
      else if (c == '\\') ok = escape(out, keep);
      else if (auto const why = objection(c, before, in_braces); !why.empty())
        return text_.mistake(text_.line, why);
      else ok = take(out, keep);
      if (!ok) return ok;
      if (!joined) before = c;
    }
    return {};
  }

  // Why bash would do something else with an unquoted byte than take it.
  [[nodiscard]] std::string_view objection(char c, char before, bool in_braces) const noexcept {
    if (c == '`') return no_commands;
    if (c == '\r') return "a carriage return in the line; put the value in quotes";
    if (c == '~' && before == ':')
      return "a shell would make a folder of this '~'; write $HOME, or put the value in quotes";
    if (c == '{' && exported_ && !in_braces)
      return "behind export, a shell would expand this '{'; put the value in quotes";
    if ((c == '<' || c == '>') && text_.peek(1) == '(') return no_commands;
    if (!in_braces && std::string_view(";&|<>()").find(c) != std::string_view::npos)
      return "one of ; & | < > ( ) stands in the value; put the value in quotes";
    return {};
  }
  static constexpr std::string_view no_commands =
      "no commands are run here; write what it prints, or put it in single quotes if it is meant literally";

  result<void> single_quoted(secret& out, wanted keep) {
    auto const began = text_.line;
    text_.skip();
    auto const size = text_.rest.find('\'');
    if (size == std::string_view::npos) return text_.mistake(began, "the ' that opens here is never closed");
    auto const ok = add(out, keep, text_.rest.substr(0, size));
    text_.skip(size + 1);
    return ok;
  }

  result<void> double_quoted(secret& out, wanted keep) {
    auto const began = text_.line;
    text_.skip();
    while (!text_.ended()) {
      if (text_.peek() == '"') return text_.skip(), result<void>();
      if (auto ok = quoted_piece(out, keep, false); !ok) return ok;
    }
    return text_.mistake(began, "the \" that opens here is never closed");
  }

  // One byte, escape or reference inside double quotes.
  result<void> quoted_piece(secret& out, wanted keep, bool in_braces) {
    char const c = text_.peek(), next = text_.peek(1);
    if (c == '$') return reference(out, keep, true);
    if (c == '`') return text_.mistake(text_.line, no_commands);
    if (c == '\\' && (next == '$' || next == '`' || next == '"' || next == '\\' || next == '\n' ||
                      (in_braces && next == '}')))
      return escape(out, keep);
    return take(out, keep);
  }

  // A backslash and what it protects; before a line break both go.
  result<void> escape(secret& out, wanted keep) {
    if (text_.rest.size() == 1) return text_.mistake(text_.line, "a \\ ends the file; write \\\\ for one");
    text_.skip();
    if (text_.peek() == '\n') return text_.skip(), result<void>();
    return take(out, keep);
  }

  result<void> reference(secret& out, wanted keep, bool quoted) {
    char const next = text_.peek(1);
    if (next == '(' || next == '[') return text_.mistake(text_.line, no_commands);
    if (!quoted && (next == '\'' || next == '"'))
      return text_.mistake(text_.line,
                           "$'…' and $\"…\" are not read; use plain quotes, which may span lines");
    auto const size = size_of_name(text_.rest.substr(1));
    if (next == '{') return braced(out, keep, quoted);
    if ((next >= '0' && next <= '9') ||
        (next != '\0' && std::string_view("@*#?-$!").find(next) != std::string_view::npos) ||
        text_.rest.substr(1, size) == "_")
      return text_.mistake(text_.line,
                           "this $ means something to a shell only (like $1, $$, $_); put the value in "
                           "single quotes, or write \\$");
    // A shell joins the lines first, and reads the name on.
    if (auto const behind = text_.rest.substr(size + 1);
        behind.starts_with("\\\n") && (size == 0 || (behind.size() > 2 && continues_name(behind[2]))))
      return text_.mistake(text_.line, "a line ends in \\ inside a $NAME; write ${NAME}");
    if (size == 0) return take(out, keep);
    auto const name = text_.rest.substr(1, size);
    text_.skip(size + 1);
    auto const value = value_of(name, keep);
    return value ? add(out, keep, value->reveal()) : value.error();
  }

  result<void> braced(secret& out, wanted keep, bool quoted) {
    auto const began = text_.line;
    text_.skip(2);
    auto const name = text_.rest.substr(0, size_of_name(text_.rest));
    text_.skip(name.size());
    bool const has_default = text_.peek() == ':' && text_.peek(1) == '-';
    if (text_.ended()) return text_.mistake(began, "the ${ that opens here is never closed");
    if (name.empty() || name == "_" || (text_.peek() != '}' && !has_default))
      return text_.mistake(text_.line, "of ${…}, only ${NAME} and ${NAME:-default} are read");
    auto const value = value_of(name, keep);
    if (!value) return value.error();
    if (auto ok = add(out, keep, value->reveal()); !ok) return ok;
    if (has_default) {
      if (depth_ == max_dotenv_depth)
        return text_.excess(text_.line, "${…:-${…}} nested more than ", max_dotenv_depth, " deep");
      text_.skip(2);
      ++depth_;
      auto const fill = keep == wanted::yes && value->empty() ? wanted::yes : wanted::no;
      auto const ok = quoted ? quoted_default(out, fill) : unquoted(out, fill, end_of::braces);
      --depth_;
      if (!ok) return ok;
      if (text_.ended()) return text_.mistake(began, "the ${ that opens here is never closed");
    }
    text_.skip();
    return {};
  }

  result<void> quoted_default(secret& out, wanted keep) {
    while (!text_.ended() && text_.peek() != '}') {
      if (text_.peek() == '"' || text_.peek() == '\'')
        return text_.mistake(text_.line,
                             "a quote inside ${…:-…} inside quotes; put the quotes inside the braces");
      if (auto ok = quoted_piece(out, keep, true); !ok) return ok;
    }
    return {};
  }

  result<secret> value_of(std::string_view name, wanted keep) const {
    if (name.size() > max_dotenv_name_size)
      return text_.excess(text_.line, "a name longer than ", max_dotenv_name_size, " bytes");
    if (keep == wanted::no) return secret();
    auto value = lookup_.call(lookup_.self, name);
    if (!value && value.error().code() == errc::not_mine) return secret();
    if (!value) return value.error().within("dotenv ", end_of_path(text_.path), ", line ", text_.line, ": ");
    if (!value->ok()) return error(errc::no_memory, "dotenv: out of memory");
    return value;
  }

  result<void> take(secret& out, wanted keep) {
    auto const ok = add(out, keep, text_.rest.substr(0, 1));
    text_.skip();
    return ok;
  }
  result<void> add(secret& out, wanted keep, std::string_view bytes) const {
    if (keep == wanted::no) return {};
    if (bytes.size() > max_dotenv_value_size - out.size())
      return text_.excess(text_.line, "a value longer than ", max_dotenv_value_size, " bytes");
    out.append(bytes);
    return {};
  }

  dotenv_text& text_;
  dotenv_lookup lookup_;
  bool exported_;
  std::size_t depth_ = 0;
};

}  // namespace countersign::inline v0::detail
