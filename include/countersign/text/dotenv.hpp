#pragma once
// `.env` files: NAME=value a line, read as `set -a; . ./.env` in bash reads them, with nothing ever run.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/dotenv_entries.hpp>
#include <countersign/text/detail/dotenv_word.hpp>
#include <countersign/text/detail/looks_up.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Limits of dotenv files: bytes of a file, names in all, bytes of a name and of a value, bytes of all values that
/// are assigned (so that `A=$B$B$B` can't grow without end), and how deep `${A:-${B:-…}}` goes.
struct dotenv_limits {
  static constexpr std::size_t size = std::size_t{256} * 1024;
  static constexpr std::size_t names = 1024;
  static constexpr std::size_t name_size = detail::max_dotenv_name_size;
  static constexpr std::size_t value_size = detail::max_dotenv_value_size;
  static constexpr std::size_t all_values = std::size_t{1024} * 1024;
  static constexpr std::size_t depth = detail::max_dotenv_depth;
};

/// Whose value a `$NAME` in a file takes where both have one.
enum class dotenv_order : std::uint8_t {
  file_first,         ///< what the file has assigned above, as in bash
  environment_first,  ///< what the lookup answers
};

/// The variables of a dotenv file. All of it lies in wiped memory.
///
/// A line is `NAME=value` or `export NAME=value`, a comment, or blank. Values: unquoted up to a blank, 'literal', or
/// "with $NAME, ${NAME}, ${NAME:-default} and \$ \" \\ \`"; quoted ones may span lines, and parts stand side by side as
/// in bash. `\n` is no line break, as in bash. Unset variables are empty. What bash would run or expand otherwise is
/// refused, never run and never taken literally. CRLF counts as LF; a UTF-8 byte order mark is skipped; a zero byte
/// is refused. Every message names the file and the line, and shows no text of the file but names.
class dotenv_file {
public:
  dotenv_file() = default;

  /// @param path for messages
  /// @param lookup `lookup(name)` gives a `result<secret>` for names that the file does not assign; errc::not_mine
  ///   means unset
  /// @return errc::bad_input, too_large, no_memory, or what the lookup failed with
  template <class Lookup>
  requires detail::looks_up<Lookup> [[nodiscard]] static result<dotenv_file>
  parse(secret text, std::string_view path, Lookup&& lookup, dotenv_order order = dotenv_order::file_first) {
    dotenv_file made;
    if (auto ok = made.add(std::move(text), path, lookup, order); !ok) return ok.error();
    return made;
  }

  /// Reads one more file over what is there: its assignments win, and it sees those before. Unchanged on failure.
  template <class Lookup>
  requires detail::looks_up<Lookup> result<void>
  add(secret text, std::string_view path, Lookup&& lookup, dotenv_order order = dotenv_order::file_first) {
    auto next = entries_;
    auto both = [&](std::string_view name) -> result<secret> {
      auto const number = next.index_of(name);
      bool const assigned = number < next.count();
      if (assigned && order == dotenv_order::file_first) return secret(next.value(next.at(number)));
      result<secret> given = lookup(name);
      if (given || !assigned || given.error().code() != errc::not_mine) return given;
      return secret(next.value(next.at(number)));
    };
    using both_type = decltype(both);
    detail::dotenv_lookup const found{
        &both, [](void* self, std::string_view name) { return (*static_cast<both_type*>(self))(name); }};
    if (auto ok = read(text, path, found, next); !ok) return ok;
    if (!next.ok()) return error(errc::no_memory, "dotenv: out of memory");
    entries_ = std::move(next);
    return {};
  }

  /// Assigns as one more line would. errc::too_large beyond the limits, errc::no_memory.
  result<void> assign(std::string_view name, std::string_view value) {
    if (name.size() > dotenv_limits::name_size || value.size() > dotenv_limits::value_size)
      return error(errc::too_large, "dotenv: a name or a value is too long to be assigned");
    return assign(detail::dotenv_text{"assigned", {}}, entries_, name, secret(value), 0);
  }

  /// The value, the last one if it was assigned more than once; none if it was not. Valid until the next change.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept {
    auto const number = entries_.index_of(name);
    if (number == entries_.count()) return std::nullopt;
    return entries_.value(entries_.at(number));
  }
  /// Calls `f(name, value, line)` for each name once, in the order of their first lines.
  template <class F>
  void each(F&& f) const {
    for (std::size_t i = 0; i < entries_.count(); ++i) {
      auto const one = entries_.at(i);
      f(entries_.name(one), entries_.value(one), std::size_t{one.line});
    }
  }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.count(); }

private:
  static result<void> read(secret& text, std::string_view path, detail::dotenv_lookup lookup,
                           detail::dotenv_entries& to) {
    detail::dotenv_text in{path, {}};
    if (!text.ok() || !to.ok()) return error(errc::no_memory, "dotenv: out of memory");
    if (text.size() > dotenv_limits::size)
      return error(errc::too_large, "dotenv ", detail::end_of_path(path), ": longer than ",
                   dotenv_limits::size, " bytes");
    join_line_ends(text);
    in.rest = text.reveal();
    if (in.rest.starts_with("\xef\xbb\xbf")) in.rest.remove_prefix(3);
    if (auto const zero = in.rest.find('\0'); zero != std::string_view::npos) {
      in.skip(zero);
      return in.mistake(in.line, "a zero byte; the file is binary, or UTF-16: save it as UTF-8");
    }
    while (!in.ended())
      if (auto ok = read_line(in, lookup, to); !ok) return ok;
    return {};
  }

  static result<void> read_line(detail::dotenv_text& in, detail::dotenv_lookup lookup,
                                detail::dotenv_entries& to) {
    in.skip_blanks();
    if (at_end_of_line(in)) return {};
    auto const line = in.line;
    auto name = in.rest.substr(0, detail::size_of_name(in.rest));
    in.skip(name.size());
    bool const exported = name == "export" && (in.peek() == ' ' || in.peek() == '\t');
    if (exported) {
      in.skip_blanks();
      name = in.rest.substr(0, detail::size_of_name(in.rest));
      in.skip(name.size());
    }
    if (name.empty() || in.peek() != '=') return not_an_assignment(in, name);
    if (name.size() > dotenv_limits::name_size)
      return in.excess(line, "a name longer than ", dotenv_limits::name_size, " bytes");
    in.skip();
    secret value;
    if (auto ok = detail::dotenv_word(in, lookup, exported).read(value); !ok) return ok;
    bool const blank = in.peek() == ' ' || in.peek() == '\t';
    in.skip_blanks();
    if (!at_end_of_line(in))
      return in.mistake(in.line, value.empty() && blank ? "a blank behind '=', or " : "",
                        "more text behind the value; put a value that holds blanks in quotes");
    return assign(in, to, name, value, line);
  }

  static result<void> assign(detail::dotenv_text const& in, detail::dotenv_entries& to, std::string_view name,
                             secret const& value, std::size_t line) {
    if (!value.ok()) return error(errc::no_memory, "dotenv: out of memory");
    if (value.size() > dotenv_limits::all_values - to.value_bytes())
      return in.excess(line, "the values are longer than ", dotenv_limits::all_values, " bytes in all");
    if (to.count() == dotenv_limits::names && to.index_of(name) == to.count())
      return in.excess(line, "more than ", dotenv_limits::names, " names");
    to.assign(name, value.reveal(), line);
    return {};
  }

  // Passes over a comment and the line break; false if something else stands here.
  static bool at_end_of_line(detail::dotenv_text& in) noexcept {
    if (in.peek() == '#') {
      auto const end = in.rest.find('\n');
      in.skip(end == std::string_view::npos ? in.rest.size() : end);
    }
    if (in.ended()) return true;
    if (in.peek() != '\n') return false;
    in.skip();
    return true;
  }

  static error not_an_assignment(detail::dotenv_text const& in, std::string_view name) noexcept {
    if (!name.empty() && (in.peek() == ' ' || in.peek() == '\t'))
      return in.mistake(in.line, "a blank where '=' belongs; write NAME=value without blanks around '='");
    if (!name.empty() && in.peek() == '+' && in.peek(1) == '=')
      return in.mistake(in.line, "+= is not read; write NAME=${NAME}more");
    if (!name.empty() && (in.ended() || in.peek() == '\n'))
      return in.mistake(in.line, "no '='; write NAME=value, or # in front of a comment");
    return in.mistake(in.line, "a name is letters, digits and '_', no digit first; write NAME=value");
  }

  static void join_line_ends(secret& text) noexcept {
    auto* const bytes = text.data();
    std::size_t to = 0;
    for (std::size_t from = 0; from < text.size(); ++from)
      if (bytes[from] != '\r' || from + 1 == text.size() || bytes[from + 1] != '\n')
        bytes[to++] = bytes[from];
    static_cast<void>(text.resize(to));
  }

  detail::dotenv_entries entries_;
};

}  // namespace countersign::inline v0
