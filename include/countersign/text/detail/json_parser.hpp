#pragma once
// RFC 8259, to the letter, in one pass and without recursion: an open container keeps its parent's place in
// its own node, so the depth of a text costs no stack.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/text/detail/json_names.hpp>
#include <countersign/text/detail/json_number.hpp>
#include <countersign/text/detail/json_runs.hpp>
#include <countersign/text/detail/json_string.hpp>
#include <countersign/text/detail/json_tape.hpp>
#include <countersign/text/json_limits.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::detail {

class json_parser {
public:
  // Both must outlive the parser. Strings are unescaped within `text`.
  json_parser(char* text, std::size_t size, json_limits const& limits, json_tape& tape) noexcept
      : text_(text), end_(text + size), line_start_(text), limits_(limits), tape_(tape) {
    use_tape();
  }

  // False if the text was refused: `why()` says what for.
  [[nodiscard]] bool parse() noexcept {
    auto const size = static_cast<std::size_t>(end_ - text_);
    if (size > limits_.size || size > json_max_text)
      return refused(text_, "the text is larger than its limit", errc::too_large) != nullptr;
    if (text_at(text_, size).starts_with("\xef\xbb\xbf"))
      return refused(text_,
                     "a byte order mark (BOM), which JSON may not begin with: save the text without it") !=
             nullptr;
    auto* at = values();
    if (at == nullptr) return false;
    at = skip_space(at);
    if (at != end_) return unexpected(at, "expected the end of the text") != nullptr;
    tape_.resize_within(static_cast<std::size_t>(next_ - nodes_));
    return true;
  }

  [[nodiscard]] error why() const noexcept {
    if (code_ == errc::no_memory) return error(code_, "JSON: no memory left for its values");
    if (first_line_ != 0)
      return error(code_, "JSON line ", line_, ", column ", column_, ": ", what_, first_line_);
    return error(code_, "JSON line ", line_, ", column ", column_, ": ", what_);
  }

private:
  static constexpr std::uint32_t nowhere = static_cast<std::uint32_t>(-1);

  // What takes in a piece of the text is given where it begins and says where it ends, or null when it was refused: so
  // the place is in a register, and no store waits for another.

  // One value a turn, with its name where it has one, until the outermost is complete.
  [[nodiscard]] char* values() noexcept {
    auto* at = skip_space(text_);
    for (;;) {
      if (in_object()) {
        at = name(at);
        if (at == nullptr) return nullptr;
        open_->end = json_names_with(open_->end, next_[-1], text_);
        at = skip_space(at);
      }
      if (at == end_) return unexpected(at, "expected a value, found the end of the text");
      ++open_->size;
      if (*at == '"') {
        at = string(at);
      } else if (*at == '{' || *at == '[') {
        at = open(at);
        if (at == nullptr) return nullptr;
        at = skip_space(at);
        if (!is(at, closer_)) continue;
      } else {
        at = scalar(at);
      }
      if (at == nullptr) return nullptr;
      // A value is complete, or an empty container is about to be. Mostly a comma follows.
      while (open_ == &outermost_ || !is(at, ',')) {
        if (open_ == &outermost_) return at;
        at = skip_space(at);
        if (is(at, ',')) break;
        if (!is(at, closer_))
          return unexpected(at, in_object() ? "expected ',' or '}'" : "expected ',' or ']'");
        if (!close(++at)) return nullptr;
      }
      at = skip_space(++at);
    }
  }

  // A member's name and its colon. A bracket here comes after a comma: others close the object at once.
  [[nodiscard, gnu::always_inline]] char* name(char* at) noexcept {
    if (!is(at, '"')) [[unlikely]]
      return unexpected(at, is(at, '}') ? "a trailing comma: expected a name"
                                        : "expected a name in double quotes");
    at = string(at);
    if (at == nullptr) return nullptr;
    at = skip_space(at);
    if (!is(at, ':')) [[unlikely]]
      return unexpected(at, "expected ':' after a name");
    return at + 1;
  }

  [[nodiscard]] char* scalar(char* at) noexcept {
    char const c = *at;
    if (c == '-' || (c >= '0' && c <= '9')) {
      auto const scanned = scan_json_number(at, end_);
      if (scanned.what != nullptr) return unexpected(at + (scanned.end - at), scanned.what);
      return add(json_kind::number, at, at + (scanned.end - at), 0);
    }
    if (c == 't') return literal(at, "true", json_kind::boolean);
    if (c == 'f') return literal(at, "false", json_kind::boolean);
    if (c == 'n') return literal(at, "null", json_kind::null);
    return unexpected(at, c == '\''                    ? "a string stands in double quotes"
                          : c == ']' && closer_ == ']' ? "a trailing comma: expected a value"
                                                       : "expected a value");
  }

  [[nodiscard]] char* literal(char* at, std::string_view word, json_kind kind) noexcept {
    if (!text_at(at, static_cast<std::size_t>(end_ - at)).starts_with(word))
      return unexpected(at, "expected a value");
    return add(kind, at, at + word.size(), 0);
  }

  // @param at the quote
  [[nodiscard, gnu::always_inline]] char* string(char* at) noexcept {
    auto* const last = at + (skip_plain_json(at + 1, end_) - at);
    if (last == end_ || *last != '"') [[unlikely]]
      return string_with_more(at, last);
    return add(json_kind::string, at, last + 1, static_cast<std::size_t>(last - at) - 1);
  }
  [[nodiscard, gnu::noinline]] char* string_with_more(char* at, char* last) noexcept {
    auto const found = scan_json_string(at + 1, last, end_, limits_.nul_in_strings);
    if (found.what != nullptr) return refused(found.at != nullptr ? found.at : at, found.what);
    return add(json_kind::string, at, found.last + 1, found.size);
  }

  // @param at the bracket
  [[nodiscard]] char* open(char* at) noexcept {
    if (depth_ == limits_.depth)
      return refused(at, "arrays and objects lie deeper in one another than the limit", errc::too_large);
    auto* const inside = add(*at == '{' ? json_kind::object : json_kind::array, at, at + 1, 0);
    if (inside == nullptr) return nullptr;
    ++depth_;
    auto& opened = next_[-1];
    opened.end = 0;  // the names seen, until there is an end
    opened.span = open_ == &outermost_ ? nowhere : static_cast<std::uint32_t>(open_ - nodes_);
    closer_ = *at == '{' ? '}' : ']';
    open_ = &opened;
    return inside;
  }

  // `at` is past the closing bracket.
  [[nodiscard]] bool close(char const* at) noexcept {
    json_node& node = *open_;
    bool const check = in_object() && node.end == json_names_unsure;
    node.end = offset(at);
    auto const parent = node.span;
    node.span = static_cast<std::uint32_t>(next_ - open_);
    open_ = parent == nowhere ? &outermost_ : nodes_ + parent;
    closer_ = json_kind{static_cast<std::uint8_t>(open_->kind)} == json_kind::object ? '}' : ']';
    --depth_;
    return !check || names(node);
  }

  [[nodiscard]] bool names(json_node const& object) noexcept {
    auto const found = check_json_names(&object, text_);
    if (found.verdict == json_names_verdict::distinct) return true;
    if (found.verdict == json_names_verdict::no_memory) return code_ = errc::no_memory, false;
    bool const repeated = found.verdict == json_names_verdict::repeated;
    code_ = repeated ? errc::bad_input : errc::too_large;
    what_ = repeated ? "this name stands in the same object already, on line "
                     : "names made to collide: too many to tell whether they differ";
    first_line_ = repeated ? found.first->line : 0;
    line_ = found.again->line;
    column_ = found.again->column;
    return false;
  }

  [[nodiscard]] char* skip_space(char* at) noexcept {
    return at != end_ && static_cast<unsigned char>(*at) <= ' ' ? skip_some_space(at) : at;
  }
  [[nodiscard, gnu::noinline]] char* skip_some_space(char* at) noexcept {
    for (; at != end_ && static_cast<unsigned char>(*at) <= ' '; ++at) {
      if (*at == '\n') {
        ++line_;
        line_start_ = at + 1;
        at = skip_json_blanks(at + 1, end_) - 1;
      } else if (*at != ' ' && *at != '\r' && *at != '\t') {
        break;
      }
    }
    return at;
  }

  // A node for what stands from `begin` to `end`, which it returns.
  [[nodiscard]] char* add(json_kind kind, char* begin, char* end, std::size_t size) noexcept {
    if (next_ == room_ && !grow(begin)) [[unlikely]]
      return nullptr;
    *next_++ = {offset(begin),
                offset(end),
                static_cast<std::uint32_t>(size),
                1,
                line_,
                static_cast<std::uint32_t>(begin - line_start_ + 1) & json_max_text,
                static_cast<std::uint32_t>(kind) & 15};
    return end;
  }
  [[nodiscard, gnu::noinline]] bool grow(char const* at) noexcept {
    auto const count = static_cast<std::size_t>(next_ - nodes_);
    if (count == limits_.nodes) return refused(at, "more values than the limit", errc::too_large) != nullptr;
    auto const container = open_ == &outermost_ ? 0 : open_ - nodes_;
    if (!tape_.grow(count)) return code_ = errc::no_memory, false;
    use_tape();
    next_ = nodes_ + count;
    if (open_ != &outermost_) open_ = nodes_ + container;
    return true;
  }
  void use_tape() noexcept {
    nodes_ = next_ = tape_.data();
    room_ = nodes_ + (tape_.capacity() < limits_.nodes ? tape_.capacity() : limits_.nodes);
  }

  [[nodiscard]] bool is(char const* at, char c) const noexcept { return at != end_ && *at == c; }
  [[nodiscard]] bool in_object() const noexcept { return closer_ == '}'; }
  [[nodiscard]] std::uint32_t offset(char const* at) const noexcept {
    return static_cast<std::uint32_t>(at - text_);
  }

  // What people write by habit is told as such.
  [[gnu::noinline, gnu::cold]] char* unexpected(char const* at, char const* what) noexcept {
    return refused(at, is(at, '/') ? "JSON has no comments" : is(at, '\0') ? "a NUL byte" : what);
  }
  [[gnu::noinline, gnu::cold]] char* refused(char const* at, char const* what,
                                             errc code = errc::bad_input) noexcept {
    what_ = what;
    code_ = code;
    column_ = static_cast<std::uint32_t>(at - line_start_ + 1);
    return nullptr;
  }

  char* text_;
  char* end_;
  char* line_start_;
  json_limits const& limits_;
  json_tape& tape_;
  json_node* nodes_ = nullptr;
  json_node* next_ = nullptr;  // to be written
  json_node* room_ = nullptr;  // past the last that there is room for
  std::size_t depth_ = 0;
  json_node outermost_ = {};       // what the whole text stands in: no node of the tape
  json_node* open_ = &outermost_;  // the innermost open container
  std::uint32_t line_ = 1;
  char closer_ = '\0';  // of that container

  errc code_ = errc::none;
  std::uint32_t column_ = 1;
  std::uint32_t first_line_ = 0;
  char const* what_ = "";
};

}  // namespace countersign::inline v0::detail
