#pragma once
// RFC 8259, to the letter, in one pass and without recursion: an open container keeps its parent's place in
// its own node, so the depth of a text costs no stack.

#include <countersign/core/error.hpp>
#include <countersign/text/detail/json_names.hpp>
#include <countersign/text/detail/json_number.hpp>
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
      : text_(text), at_(text), end_(text + size), line_start_(text), limits_(limits), tape_(tape) {
    use_tape();
  }

  // False if the text was refused: `why()` says what for.
  [[nodiscard]] bool parse() noexcept {
    auto const size = static_cast<std::size_t>(end_ - text_);
    if (size > limits_.size || size > json_max_text)
      return refuse("the text is larger than its limit", at_, errc::too_large);
    if (std::string_view(text_, size).starts_with("\xef\xbb\xbf"))
      return refuse("a byte order mark (BOM), which JSON may not begin with: save the text without it");
    if (!values()) return false;
    skip_space();
    if (at_ != end_) return refuse("expected the end of the text");
    tape_.resize_within(count_);
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

  // One value a turn, until the outermost is complete.
  [[nodiscard]] bool values() noexcept {
    for (;;) {
      skip_space();
      if (at_ == end_) return refuse("expected a value, found the end of the text");
      if (*at_ == '{' || *at_ == '[') {
        if (!open()) return false;
        skip_space();
        if (!next_is(closer_)) {
          if (in_object() && !name()) return false;
          continue;
        }
      } else if (!scalar()) {
        return false;
      }
      // A value is complete, or an empty container is about to be.
      for (;;) {
        if (open_ == nowhere) return true;
        skip_space();
        if (!next_is(closer_)) break;
        ++at_;
        if (!close()) return false;
      }
      if (!next_is(',')) return refuse(in_object() ? "expected ',' or '}'" : "expected ',' or ']'");
      ++at_;
      skip_space();
      if (next_is(closer_))
        return refuse(in_object() ? "a trailing comma: expected a name"
                                  : "a trailing comma: expected a value");
      if (in_object() && !name()) return false;
    }
  }

  // A member's name and its colon.
  [[nodiscard]] bool name() noexcept {
    if (!next_is('"')) return refuse("expected a name in double quotes");
    if (!string()) return false;
    skip_space();
    if (!next_is(':')) return refuse("expected ':' after a name");
    ++at_;
    return true;
  }

  [[nodiscard]] bool scalar() noexcept {
    if (open_ != nowhere) ++nodes_[open_].size;
    char const c = *at_;
    if (c == '"') return string();
    if (c == '-' || (c >= '0' && c <= '9')) {
      auto const scanned = scan_json_number(at_, end_);
      if (scanned.what != nullptr) return refuse(scanned.what, scanned.end);
      return add(json_kind::number, text_ + (scanned.end - text_), 0);
    }
    if (c == 't') return literal("true", json_kind::boolean);
    if (c == 'f') return literal("false", json_kind::boolean);
    if (c == 'n') return literal("null", json_kind::null);
    return refuse(c == '\'' ? "a string stands in double quotes" : "expected a value");
  }

  [[nodiscard]] bool literal(std::string_view word, json_kind kind) noexcept {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
      return refuse("expected a value");
    return add(kind, at_ + word.size(), 0);
  }

  [[nodiscard]] bool string() noexcept {
    char* const begin = at_ + 1;
    char* last = begin;
    std::uint64_t high = 0;
    bool escaped = false;
    for (;;) {
      last = begin + (find_json_special(last, end_, high) - begin);
      if (last == end_) return refuse("a string that does not end");
      if (*last == '"') break;
      if (*last == '\0') return refuse("a NUL byte", last);
      if (*last != '\\') return refuse("a control byte in a string: write it as an escape", last);
      if (end_ - last < 2) return refuse("a string that does not end");
      escaped = true;
      last += 2;
    }
    auto size = static_cast<std::size_t>(last - begin);
    if ((high & 0x8080808080808080) != 0 && !valid_utf8({begin, size}))
      return refuse("a string that is not UTF-8");
    if (escaped) {
      auto const written = unescape_json(begin, last, limits_.nul_in_strings);
      if (written.what != nullptr) return refuse(written.what, written.at);
      size = static_cast<std::size_t>(written.end - begin);
    }
    return add(json_kind::string, last + 1, size);
  }

  [[nodiscard]] bool open() noexcept {
    if (depth_ == limits_.depth)
      return refuse("arrays and objects lie deeper in one another than the limit", at_, errc::too_large);
    if (open_ != nowhere) ++nodes_[open_].size;
    auto const kind = *at_ == '{' ? json_kind::object : json_kind::array;
    if (!add(kind, at_ + 1, 0)) return false;
    ++depth_;
    nodes_[count_ - 1].span = open_;
    enter(static_cast<std::uint32_t>(count_ - 1));
    return true;
  }

  // at_ is past the closing bracket.
  [[nodiscard]] bool close() noexcept {
    json_node& node = nodes_[open_];
    node.end = offset(at_);
    auto const parent = node.span;
    node.span = static_cast<std::uint32_t>(count_) - open_;
    bool const check = in_object() && node.size > 1;
    enter(parent);
    --depth_;
    return !check || names(node);
  }

  void enter(std::uint32_t container) noexcept {
    open_ = container;
    if (container != nowhere)
      closer_ = json_kind{static_cast<std::uint8_t>(nodes_[container].kind)} == json_kind::object ? '}' : ']';
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

  void skip_space() noexcept {
    for (; at_ != end_ && static_cast<unsigned char>(*at_) <= ' '; ++at_) {
      if (*at_ == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (*at_ != ' ' && *at_ != '\r' && *at_ != '\t') {
        return;
      }
    }
  }

  // A node for what stands between at_ and `end`; moves there.
  [[nodiscard]] bool add(json_kind kind, char* end, std::size_t size) noexcept {
    if (count_ == room_ && !grow()) return false;
    nodes_[count_++] = {offset(at_),
                        offset(end),
                        static_cast<std::uint32_t>(size),
                        1,
                        line_,
                        static_cast<std::uint32_t>(at_ - line_start_ + 1) & json_max_text,
                        static_cast<std::uint32_t>(kind) & 15};
    at_ = end;
    return true;
  }
  [[nodiscard]] bool grow() noexcept {
    if (count_ == limits_.nodes) return refuse("more values than the limit", at_, errc::too_large);
    if (!tape_.grow(count_)) return code_ = errc::no_memory, false;
    use_tape();
    return true;
  }
  void use_tape() noexcept {
    nodes_ = tape_.data();
    room_ = tape_.capacity() < limits_.nodes ? tape_.capacity() : limits_.nodes;
  }

  [[nodiscard]] bool next_is(char c) const noexcept { return at_ != end_ && *at_ == c; }
  [[nodiscard]] bool in_object() const noexcept { return closer_ == '}'; }
  [[nodiscard]] std::uint32_t offset(char const* at) const noexcept {
    return static_cast<std::uint32_t>(at - text_);
  }

  bool refuse(char const* what) noexcept {
    // What people write by habit is told as such.
    return refuse(next_is('/') ? "JSON has no comments" : next_is('\0') ? "a NUL byte" : what, at_);
  }
  bool refuse(char const* what, char const* at, errc code = errc::bad_input) noexcept {
    what_ = what;
    code_ = code;
    column_ = static_cast<std::uint32_t>(at - line_start_ + 1);
    return false;
  }

  char* text_;
  char* at_;
  char* end_;
  char* line_start_;
  json_limits const& limits_;
  json_tape& tape_;
  json_node* nodes_ = nullptr;
  std::size_t count_ = 0;
  std::size_t room_ = 0;
  std::size_t depth_ = 0;
  std::uint32_t open_ = nowhere;  // the innermost open container
  std::uint32_t line_ = 1;
  char closer_ = '\0';  // of that container

  errc code_ = errc::none;
  std::uint32_t column_ = 1;
  std::uint32_t first_line_ = 0;
  char const* what_ = "";
};

}  // namespace countersign::inline v0::detail
