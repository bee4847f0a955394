#pragma once
// RFC 8259, to the letter, in one pass and without recursion: an open container keeps its parent's place in its own node,
// so the depth of a text costs no stack.

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
      : text_(text), at_(text), end_(text + size), line_start_(text), limits_(limits), tape_(tape),
        nodes_(tape.data()), room_(tape.capacity() < limits.nodes ? tape.capacity() : limits.nodes) {}

  // False if the text was refused: `why()` says what for.
  [[nodiscard]] bool parse() noexcept {
    if (static_cast<std::size_t>(end_ - text_) >
        (limits_.size < json_max_text ? limits_.size : json_max_text))
      return refuse("the text is larger than its limit", at_, errc::too_large);
    if (std::string_view(text_, static_cast<std::size_t>(end_ - text_)).starts_with("\xef\xbb\xbf"))
      return refuse("a byte order mark (BOM), which JSON may not begin with: save the text without it");
    if (!values()) return false;
    skip_space();
    if (at_ != end_) return refuse("expected the end of the text");
    tape_.resize_within(size_);
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
      bool opened = false;
      if (!value(opened)) return false;
      if (opened) {
        skip_space();
        if (at_ == end_ || *at_ != closer()) {
          if (in_object() && !name()) return false;
          continue;
        }
        ++at_;
        if (!close()) return false;
      }
      for (bool more = false; !more;) {
        if (open_ == nowhere) return true;
        skip_space();
        char const c = at_ == end_ ? '\0' : *at_;
        if (c == ',') {
          ++at_;
          skip_space();
          if (at_ != end_ && *at_ == closer())
            return refuse(in_object() ? "a trailing comma: expected a name"
                                      : "a trailing comma: expected a value");
          if (in_object() && !name()) return false;
          more = true;
        } else if (at_ != end_ && c == closer()) {
          ++at_;
          if (!close()) return false;
        } else {
          return refuse(in_object() ? "expected ',' or '}'" : "expected ',' or ']'");
        }
      }
    }
  }

  [[nodiscard]] bool value(bool& opened) noexcept {
    if (at_ == end_) return refuse("expected a value, found the end of the text");
    json_node* node = push();
    if (node == nullptr) return false;
    if (open_ != nowhere) ++nodes_[open_].size;
    char const c = *at_;
    if (c == '"') return string(*node);
    if (c == '{' || c == '[') {
      opened = true;
      return open(*node, c == '{' ? json_kind::object : json_kind::array);
    }
    if (c == '-' || (c >= '0' && c <= '9')) return number(*node);
    if (c == 't') return literal(*node, "true", json_kind::boolean);
    if (c == 'f') return literal(*node, "false", json_kind::boolean);
    if (c == 'n') return literal(*node, "null", json_kind::null);
    return refuse(c == '\'' ? "a string stands in double quotes" : "expected a value");
  }

  // A member's name and its colon.
  [[nodiscard]] bool name() noexcept {
    if (at_ == end_ || *at_ != '"') return refuse("expected a name in double quotes");
    json_node* node = push();
    if (node == nullptr || !string(*node)) return false;
    skip_space();
    if (at_ == end_ || *at_ != ':') return refuse("expected ':' after a name");
    ++at_;
    return true;
  }

  [[nodiscard]] bool string(json_node& node) noexcept {
    char* const begin = at_ + 1;
    std::uint64_t high = 0;
    bool escaped = false;
    char* last = begin;
    for (;;) {
      last = text_ + (find_json_special(last, end_, high) - text_);
      if (last == end_) return refuse("a string that does not end");
      if (*last == '"') break;
      if (*last != '\\')
        return refuse(*last == '\0' ? "a NUL byte" : "a control byte in a string: write it as an escape",
                      last);
      escaped = true;
      if (end_ - last < 2) return refuse("a string that does not end");
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
    at_ = last + 1;
    finish(node, json_kind::string, size);
    return true;
  }

  [[nodiscard]] bool number(json_node& node) noexcept {
    auto const scanned = scan_json_number(at_, end_);
    if (scanned.what != nullptr) return refuse(scanned.what, scanned.end);
    at_ = text_ + (scanned.end - text_);
    finish(node, json_kind::number, 0);
    return true;
  }

  [[nodiscard]] bool literal(json_node& node, std::string_view word, json_kind kind) noexcept {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
      return refuse("expected a value");
    at_ += word.size();
    finish(node, kind, 0);
    return true;
  }

  [[nodiscard]] bool open(json_node& node, json_kind kind) noexcept {
    if (depth_ == limits_.depth)
      return refuse("arrays and objects lie deeper in one another than the limit", at_, errc::too_large);
    ++depth_;
    ++at_;
    node.kind = static_cast<std::uint32_t>(kind) & 15;
    node.size = 0;
    node.span = open_;
    open_ = static_cast<std::uint32_t>(size_ - 1);
    return true;
  }

  [[nodiscard]] bool close() noexcept {
    json_node& node = nodes_[open_];
    node.end = static_cast<std::uint32_t>(at_ - text_);
    auto const parent = node.span;
    node.span = static_cast<std::uint32_t>(size_) - open_;
    open_ = parent;
    --depth_;
    if (static_cast<json_kind>(node.kind) == json_kind::object && node.size > 1) return names(node);
    return true;
  }

  [[nodiscard]] bool names(json_node const& object) noexcept {
    auto const found = check_json_names(&object, text_);
    if (found.verdict == json_names_verdict::distinct) return true;
    if (found.verdict == json_names_verdict::no_memory) return code_ = errc::no_memory, false;
    line_ = found.again->line;
    column_ = found.again->column;
    if (found.verdict == json_names_verdict::colliding) {
      code_ = errc::too_large;
      what_ = "names made to collide: too many to tell whether they differ";
    } else {
      code_ = errc::bad_input;
      what_ = "this name stands in the same object already, on line ";
      first_line_ = found.first->line;
    }
    return false;
  }

  void skip_space() noexcept {
    while (at_ != end_) {
      if (*at_ == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (*at_ != ' ' && *at_ != '\r' && *at_ != '\t') {
        return;
      }
      ++at_;
    }
  }

  // A node that begins here. Null, with the reason set, if there is no room.
  [[nodiscard]] json_node* push() noexcept {
    if (size_ == room_ && !grow()) return nullptr;
    json_node& node = nodes_[size_++];
    node.begin = static_cast<std::uint32_t>(at_ - text_);
    node.line = line_;
    node.column = static_cast<std::uint32_t>(at_ - line_start_ + 1) & json_max_text;
    return &node;
  }
  [[nodiscard]] bool grow() noexcept {
    if (size_ == limits_.nodes) return refuse("more values than the limit", at_, errc::too_large);
    if (!tape_.grow(size_)) return code_ = errc::no_memory, false;
    nodes_ = tape_.data();
    room_ = tape_.capacity() < limits_.nodes ? tape_.capacity() : limits_.nodes;
    return true;
  }
  void finish(json_node& node, json_kind kind, std::size_t size) noexcept {
    node.end = static_cast<std::uint32_t>(at_ - text_);
    node.size = static_cast<std::uint32_t>(size);
    node.span = 1;
    node.kind = static_cast<std::uint32_t>(kind) & 15;
  }

  [[nodiscard]] bool in_object() const noexcept {
    return static_cast<json_kind>(nodes_[open_].kind) == json_kind::object;
  }
  [[nodiscard]] char closer() const noexcept { return in_object() ? '}' : ']'; }

  bool refuse(char const* what) noexcept {
    // What people write by habit is told as such.
    if (at_ != end_ && *at_ == '/') what = "JSON has no comments";
    if (at_ != end_ && *at_ == '\0') what = "a NUL byte";
    return refuse(what, at_);
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
  json_node* nodes_;
  std::size_t size_ = 0;
  std::size_t room_;
  std::size_t depth_ = 0;
  std::uint32_t open_ = nowhere;
  std::uint32_t line_ = 1;

  errc code_ = errc::none;
  std::uint32_t column_ = 1;
  std::uint32_t first_line_ = 0;
  char const* what_ = "";
};

}  // namespace countersign::inline v0::detail
