#pragma once
// The language in which a signed message and its headers are described: literal text and {placeholders}.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/nearest.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// The longest template of a signature, in bytes.
inline constexpr std::size_t max_signing_template = 4096;

namespace detail {

// What stands at a place of a template. `slash` stands before a target, for the path that it may lack.
enum class place : std::uint8_t {
  timestamp,
  nonce,
  method,
  path,
  query,
  target,
  host,
  body,
  digest,
  key_id,
  signature,
  header,
  slash,
  literal,
  name  // of a header that begins here
};
inline constexpr std::string_view place_names[] = {"timestamp", "nonce",  "method",   "path",
                                                   "query",     "target", "host",     "body",
                                                   "digest",    "key_id", "signature"};

/// A template taken apart once. Literal text is kept as it is, `{{` and `}}` stand for the braces themselves,
/// `{header:NAME}` for a field of the request.
class signing_template {
public:
  /// Takes `text` over, or says what is wrong with it and in which column (bytes, from 1).
  [[nodiscard]] result<void> parse(owned_text text) noexcept {
    text_ = std::move(text);
    pieces_.clear();
    used_ = 0;
    auto const all = text_.view();
    if (all.size() > max_signing_template)
      return error{errc::too_large, ": longer than ", max_signing_template, " bytes"};
    for (std::size_t at = 0; at < all.size();) {
      auto const brace = all.find_first_of("{}", at);
      if (brace == std::string_view::npos) {
        add(place::literal, at, all.size() - at);
        break;
      }
      if (brace + 1 < all.size() &&
          all[brace + 1] == all[brace]) {  // the sign itself: one of the two is kept
        add(place::literal, at, brace + 1 - at);
        at = brace + 2;
        continue;
      }
      if (brace > at) add(place::literal, at, brace - at);
      if (all[brace] == '}') return wrong(brace, "a '}' that closes nothing; write }} for the sign itself");
      auto const end = all.find('}', brace);
      if (end == std::string_view::npos)
        return wrong(brace, "a '{' that is not closed; write {{ for the sign itself");
      if (auto ok = placeholder(brace, all.substr(brace + 1, end - brace - 1)); !ok) return ok;
      at = end + 1;
    }
    if (!text_.ok() || !pieces_.ok()) return error{errc::no_memory, ": out of memory"};
    return {};
  }

  [[nodiscard]] bool uses(place what) const noexcept {
    return (used_ >> static_cast<unsigned>(what) & 1) != 0;
  }
  /// Whether it is a field's value whatever the request, if the key's id is one: of what is made here alone, and no blank at
  /// an end (RFC 9110 §5.5).
  [[nodiscard]] bool always_fits_a_field() const noexcept {
    bool fits = true;
    std::size_t index = 0;
    each([&](place what, std::string_view text) {
      auto const before = index++;
      if (what == place::literal)
        fits = fits && all_plain(text) && (before > 0 || text.front() != ' ') &&
               (index < size() || text.back() != ' ');
      else
        fits = fits && (what == place::timestamp || what == place::nonce || what == place::digest ||
                        what == place::key_id || what == place::signature);
      return fits;
    });
    return fits;
  }
  /// Where a placeholder stands first, from 1.
  [[nodiscard]] std::size_t column_of(place what) const noexcept {
    std::size_t column = 0;
    each([&](place kind, std::string_view text) {
      if (kind == what) column = column_of(kind, text);
      return kind != what;
    });
    return column;
  }
  /// The same for a piece that `each` gave.
  [[nodiscard]] std::size_t column_of(place what, std::string_view text) const noexcept {
    return static_cast<std::size_t>(text.data() - text_.view().data()) -
           (what == place::header ? header_mark.size() : 0);
  }
  [[nodiscard]] std::size_t size() const noexcept { return pieces_.size() / sizeof(piece); }

  /// Calls `function(place, text)` for each piece while it gives true. The text is the literal, the name of the field,
  /// or the placeholder's own.
  template <class Function>
  void each(Function&& function) const {
    auto const bytes = pieces_.reveal();
    auto const text = text_.view();
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(piece)) {
      piece one;
      std::memcpy(&one, bytes.data() + at, sizeof one);
      if (!function(one.what, text.substr(one.begin, one.size))) return;
    }
  }

private:
  struct piece {
    place what = place::literal;
    std::uint16_t begin = 0, size = 0;
  };
  static_assert(max_signing_template <= 0xffff);
  static constexpr std::string_view header_mark = "header:";

  void add(place what, std::size_t begin, std::size_t size) noexcept {
    piece const one{what, static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(size)};
    char bytes[sizeof one];
    std::memcpy(bytes, &one, sizeof one);
    pieces_.append(detail::text_at(bytes, sizeof bytes));
    used_ |= 1u << static_cast<unsigned>(what);
  }
  [[nodiscard]] result<void> placeholder(std::size_t brace, std::string_view name) noexcept {
    if (name.starts_with(header_mark)) {
      auto const field = name.substr(header_mark.size());
      if (!is_token(field) || field.size() > max_field_name)
        return wrong(brace, "{header:NAME} needs the name of a header");
      add(place::header, brace + 1 + header_mark.size(), field.size());
      return {};
    }
    for (std::size_t i = 0; i < sizeof place_names / sizeof *place_names; ++i)
      if (name == place_names[i]) {
        auto const what = static_cast<place>(i);
        if (what == place::target) add(place::slash, brace, 0);
        add(what, brace + 1, name.size());
        return {};
      }
    if (equal_without_case(name, "header")) return wrong(brace, "{header} needs a name: {header:NAME}");
    // A template may have been filled from variables: only what looks like a name is repeated.
    constexpr std::size_t most_shown = 24;
    if (!is_token(name) || name.size() > most_shown)
      return wrong(brace, "no placeholder; write {{ and }} for braces that stand for themselves");
    if (auto const near = nearest(name, place_names); !near.empty())
      return error{errc::bad_input,     ", column ", brace + 1, ": unknown placeholder {", name,
                   "}; did you mean {", near,        "}?"};
    return error{errc::bad_input,
                 ", column ",
                 brace + 1,
                 ": unknown placeholder {",
                 name,
                 "}; known are timestamp, nonce, method, target, path, query, host, header:NAME, body, "
                 "digest, key_id, signature"};
  }
  static result<void> wrong(std::size_t at, std::string_view what) noexcept {
    return error{errc::bad_input, ", column ", at + 1, ": ", what};
  }

  owned_text text_;
  secret pieces_;  // `piece`s one after the other
  unsigned used_ = 0;
};

}  // namespace detail

}  // namespace countersign::inline v0
