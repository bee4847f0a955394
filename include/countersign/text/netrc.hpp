#pragma once
// netrc files: which login goes to which machine.

#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/netrc_tokens.hpp>

#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Limits of netrc files, in bytes: of a file, and of a name or password.
struct netrc_limits {
  static constexpr std::size_t size = std::size_t{256} * 1024;
  static constexpr std::size_t token = detail::max_netrc_token;
};

/// One entry, as pieces of the file that it is from.
struct netrc_entry {
  std::optional<std::string_view> machine = {};  ///< none: `default`
  std::optional<std::string_view> login = {}, password = {}, account = {};
  std::size_t line = 0;
};

/// A netrc file, read as curl (7.84 and later) reads it; GNU inetutils agrees but for the escapes.
///
/// Words are `machine NAME`, `default`, `login NAME`, `password TEXT`, `account TEXT`, with blanks or line breaks
/// between; `macdef NAME` begins a macro, which is passed over up to an empty line. A word may stand in double quotes,
/// where `\"`, `\\`, `\n`, `\r`, `\t` are escapes; outside them a backslash is one. `#` in place of a keyword begins a
/// comment. CRLF counts as LF, a byte order mark is skipped. What two readers take for different things is refused: a
/// second login in one entry, an entry behind `default`, a value that begins with '#' and is not quoted.
class netrc_file {
public:
  netrc_file() = default;

  /// @param path for messages, each of which tells the line
  /// @return errc::bad_input, too_large or no_memory
  [[nodiscard]] static result<netrc_file> parse(secret text, std::string_view path) {
    netrc_file made;
    if (!text.ok()) return error(errc::no_memory, "netrc: out of memory");
    if (text.size() > netrc_limits::size)
      return error(errc::too_large, "netrc ", detail::end_of_path(path), ": longer than ", netrc_limits::size,
                   " bytes");
    made.text_ = std::move(text);
    if (auto ok = made.read(path); !ok) return ok.error();
    if (!made.index_.ok()) return error(errc::no_memory, "netrc: out of memory");
    return made;
  }

  /// The first entry for a machine, compared without case, or else `default`.
  /// @param login where it is not empty, only entries with this login count
  [[nodiscard]] std::optional<netrc_entry> find(std::string_view machine,
                                                std::string_view login = {}) const noexcept {
    std::optional<netrc_entry> otherwise;
    for (std::size_t i = 0; i < size(); ++i) {
      auto const one = at(i);
      if (!login.empty() && one.login != login) continue;
      if (!one.machine) otherwise = one;
      else if (equal_without_case(*one.machine, machine)) return one;
    }
    return otherwise;
  }
  [[nodiscard]] std::size_t size() const noexcept { return index_.size() / sizeof(stored); }
  /// In the order of the file. Valid as long as this object stays unchanged, moved ones included.
  [[nodiscard]] netrc_entry at(std::size_t number) const noexcept {
    stored one;
    std::memcpy(&one, index_.reveal().data() + number * sizeof one, sizeof one);
    auto const part = [&](piece const& p) -> std::optional<std::string_view> {
      if (!p.present) return std::nullopt;
      return text_.reveal().substr(p.at, p.size);
    };
    return {part(one.machine), part(one.login), part(one.password), part(one.account), one.line};
  }

private:
  struct piece {
    std::size_t at = 0, size = 0;
    bool present = false;
  };
  struct stored {
    piece machine, login, password, account;
    std::size_t line = 0;
  };

  result<void> read(std::string_view path) {
    std::size_t const mark = text_.reveal().starts_with("\xef\xbb\xbf") ? 3 : 0;
    join_line_ends();
    detail::netrc_tokens in(text_.data() + mark, text_.size() - mark, path);
    if (auto const line = line_of_control_byte(text_.reveal()); line != 0)
      return in.mistake(line, "a control byte; the file is binary, or UTF-16: save it as UTF-8");
    stored entry;
    bool inside = false, past_default = false;
    while (in.another()) {
      auto const word = in.next();
      if (!word) return word.error();
      auto const is = [&](std::string_view keyword) {
        return !word->quoted && equal_without_case(word->text, keyword);
      };
      bool const machine = is("machine");
      if (machine || is("default")) {
        if (past_default) return in.mistake(word->line, "an entry behind default, which must be the last");
        if (inside) keep(entry);
        entry = {};
        entry.line = word->line;
        inside = true;
        past_default = !machine;
        if (machine)
          if (auto ok = fill(entry.machine, in, "machine", word->line); !ok) return ok;
      } else if (is("macdef")) {
        piece unused;
        if (auto ok = fill(unused, in, "macdef", word->line); !ok) return ok;
        in.skip_macro();
        if (inside) keep(entry);
        inside = false;
      } else if (bool const login = is("login"), password = is("password");
                 login || password || is("account")) {
        auto const keyword = login ? std::string_view("login") : password ? "password" : "account";
        if (!inside) return in.mistake(word->line, keyword, " belongs behind a machine or default");
        auto& part = login ? entry.login : password ? entry.password : entry.account;
        if (part.present) return in.mistake(word->line, "a second ", keyword, " in one entry");
        if (auto ok = fill(part, in, keyword, word->line); !ok) return ok;
      } else {
        return in.mistake(
            word->line, "one of machine, default, login, password, account, macdef belongs here; put a value "
                        "that holds blanks in double quotes");
      }
    }
    if (inside) keep(entry);
    return {};
  }

  result<void> fill(piece& to, detail::netrc_tokens& in, std::string_view keyword, std::size_t line) {
    if (!in.another_value()) return in.mistake(line, "nothing behind ", keyword);
    if (in.at_hash()) return in.mistake(in.line(), "a value that begins with '#'; put it in double quotes");
    auto const word = in.next();
    if (!word) return word.error();
    to = {static_cast<std::size_t>(word->text.data() - text_.data()), word->text.size(), true};
    return {};
  }

  void keep(stored const& entry) noexcept {
    index_.append({static_cast<char const*>(static_cast<void const*>(&entry)), sizeof entry});
  }

  void join_line_ends() noexcept {
    auto* const bytes = text_.data();
    std::size_t to = 0;
    for (std::size_t from = 0; from < text_.size(); ++from)
      if (bytes[from] != '\r' || from + 1 == text_.size() || bytes[from + 1] != '\n')
        bytes[to++] = bytes[from];
    static_cast<void>(text_.resize(to));
  }

  // 0: there is none.
  static std::size_t line_of_control_byte(std::string_view text) noexcept {
    std::size_t line = 1;
    for (char const c : text) {
      auto const byte = static_cast<unsigned char>(c);
      if (c == '\n') ++line;
      else if ((byte < 0x20 && c != '\t') || byte == 0x7f) return line;
    }
    return 0;
  }

  secret text_, index_;
};

}  // namespace countersign::inline v0
