#pragma once
// Reads a structured field as RFC 9651 §4.2 says, in the buffer that brought it.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/structured_grammar.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/structured_limits.hpp>
#include <countersign/text/structured_value.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

// Node 0 stands for the field: its `inside` is the item, the first element, or the first key.
class structured_parser {
public:
  enum class shape : std::uint8_t { item, list, dictionary };

  // `nodes` is filled; `text` is changed where strings and bytes are decoded.
  structured_parser(secret& text, secret& nodes, structured_limits const& limits) noexcept
      : text_(text.data()), size_(text.size()), nodes_(nodes), limits_(limits) {}

  [[nodiscard]] bool parse(shape what) noexcept {
    constexpr auto most = std::size_t{1} << 31;
    if (size_ > limits_.size || size_ > most) {
      why_ = {errc::too_large, "structured field: longer than ", limits_.size < most ? limits_.size : most,
              " bytes"};
      return false;
    }
    index root = 0;
    if (!add(structured_kind::none, root)) return false;
    skip_spaces();
    if (what == shape::item) {
      index first = 0;
      if (!item(first)) return false;
      node(0).inside = first;
    } else if (at_ < size_ && !members(what)) {
      return false;
    }
    skip_spaces();
    return at_ == size_ || wrong("the end of the field");
  }
  [[nodiscard]] error const& why() const noexcept { return why_; }

private:
  using index = std::uint32_t;

  // Of a container: where the next one is linked in, and how many there are. Indices, for nodes move.
  struct chain {
    index first = 0, last = 0;
    std::size_t count = 0;
  };

  // §4.2.1, §4.2.2
  bool members(shape what) noexcept {
    chain all;
    for (;;) {
      bool const ok = what == shape::list ? element(all) : member(all);
      if (!ok) return false;
      skip_blanks();
      if (at_ == size_) break;
      if (!take(',')) return wrong("','");
      skip_blanks();
      if (at_ == size_) return wrong("a member behind the last ','");
    }
    node(0).inside = all.first;
    return true;
  }
  bool element(chain& all) noexcept {
    index made = 0;
    return (next_is('(') ? inner_list(made) : item(made)) && link(all, made);
  }
  bool member(chain& all) noexcept {
    index key = 0, value = 0;
    if (!this->key(all, key)) return false;
    if (!take('=')) {
      if (!truth(value) || !parameters(value)) return false;
    } else if (!(next_is('(') ? inner_list(value) : item(value))) {
      return false;
    }
    node(key).inside = value;
    return true;
  }

  // §4.2.1.2
  bool inner_list(index& made) noexcept {
    if (!add(structured_kind::inner_list, made)) return false;
    ++at_;
    chain all;
    for (;;) {
      skip_spaces();
      if (take(')')) break;
      index one = 0;
      if (!item(one) || !link(all, one)) return false;
      if (!next_is(' ') && !next_is(')')) return wrong("' ' or ')'");
    }
    node(made).inside = all.first;
    return parameters(made);
  }

  // §4.2.3
  bool item(index& made) noexcept { return bare_item(made) && parameters(made); }

  // §4.2.3.2
  bool parameters(index of) noexcept {
    chain all;
    while (take(';')) {
      skip_spaces();
      index key = 0, value = 0;
      if (!this->key(all, key)) return false;
      if (!(take('=') ? bare_item(value) : truth(value))) return false;
      node(key).inside = value;
    }
    node(of).parameters = all.first;
    return true;
  }

  // §4.2.3.3. A key that was there before is found, not made.
  bool key(chain& all, index& found) noexcept {
    auto const begin = at_;
    if (at_ == size_ || !begins_structured_key(text_[at_])) return wrong("a key in lower case");
    while (at_ < size_ && continues_structured_key(text_[at_])) ++at_;
    auto const size = at_ - begin;
    for (auto i = all.first; i != 0; i = node(i).next)
      if (node(i).size == size && std::memcmp(text_ + node(i).begin, text_ + begin, size) == 0)
        return found = i, true;
    if (!add(structured_kind::none, found)) return false;
    set_text(found, begin, size);
    return link(all, found);
  }

  // §4.2.3.1
  bool bare_item(index& made) noexcept {
    if (at_ == size_) return wrong("a value");
    auto const first = text_[at_];
    if (first == '-' || is_digit(first)) return number(made);
    if (first == '"') return string(made);
    if (begins_structured_token(first)) return token(made);
    if (first == ':') return bytes(made);
    if (first == '?') return boolean(made);
    if (first == '@') return date(made);
    if (first == '%') return display_string(made);
    return wrong("a value");
  }

  // §4.2.4
  bool number(index& made) noexcept {
    if (!add(structured_kind::integer, made)) return false;
    bool const negative = take('-');
    std::int64_t value = 0;
    std::size_t digits = 0, behind = 0;
    bool point = false;
    for (; at_ < size_; ++at_) {
      if (!point && text_[at_] == '.' && digits > 0) {
        if (digits > 12) return wrong("no more than 12 digits before the point");
        point = true;
        continue;
      }
      if (!is_digit(text_[at_])) break;
      if (++digits > 15) return wrong("no more than 15 digits");
      if (point && ++behind > 3) return wrong("no more than 3 digits behind the point");
      value = value * 10 + (text_[at_] - '0');
    }
    if (digits == 0 || (point && behind == 0)) return wrong("a digit");
    if (point) {
      for (; behind < 3; ++behind) value *= 10;
      node(made).kind = static_cast<std::uint32_t>(structured_kind::decimal);
    }
    node(made).number = negative ? -value : value;
    return true;
  }

  // §4.2.5
  bool string(index& made) noexcept {
    if (!add(structured_kind::string, made)) return false;
    auto const begin = ++at_;
    auto to = begin;
    for (; at_ < size_; ++at_) {
      if (take('"')) return set_text(made, begin, to - begin), true;
      if (text_[at_] == '\\' && (++at_ == size_ || (text_[at_] != '"' && text_[at_] != '\\')))
        return wrong("'\"' or '\\' behind a '\\'");
      if (!is_printable(text_[at_])) return wrong("visible ASCII or a blank in a string");
      text_[to++] = text_[at_];
    }
    return wrong("'\"' at the end of a string");
  }

  // §4.2.6
  bool token(index& made) noexcept {
    if (!add(structured_kind::token, made)) return false;
    auto const begin = at_;
    while (at_ < size_ && continues_structured_token(text_[at_])) ++at_;
    set_text(made, begin, at_ - begin);
    return true;
  }

  // §4.2.7. '=' may be left out; bits that belong to no byte are refused, for another reader would drop them.
  bool bytes(index& made) noexcept {
    if (!add(structured_kind::bytes, made)) return false;
    auto const begin = ++at_;
    while (at_ < size_ && text_[at_] != ':') ++at_;
    if (at_ == size_) return wrong("':' at the end of bytes");
    auto const written = text_at(text_ + begin, at_ - begin);
    auto const decoded = decode_base64(written, written.ends_with('=') ? base64::padded : base64::unpadded);
    if (!decoded) {
      at_ = begin;
      if (decoded.error().code() == errc::no_memory) return no_memory();
      return wrong("base64 between two ':'");
    }
    ++at_;
    if (!decoded->empty()) std::memcpy(text_ + begin, decoded->reveal().data(), decoded->size());
    set_text(made, begin, decoded->size());
    return true;
  }

  // §4.2.8
  bool boolean(index& made) noexcept {
    if (!add(structured_kind::boolean, made)) return false;
    ++at_;
    if (!next_is('0') && !next_is('1')) return wrong("'0' or '1' behind '?'");
    node(made).number = text_[at_++] - '0';
    return true;
  }
  bool truth(index& made) noexcept {
    if (!add(structured_kind::boolean, made)) return false;
    node(made).number = 1;
    return true;
  }

  // §4.2.9
  bool date(index& made) noexcept {
    auto const begin = at_++;
    if (!number(made)) return false;
    if (node(made).kind != static_cast<std::uint32_t>(structured_kind::integer))
      return wrong("a date in whole seconds");
    node(made).kind = static_cast<std::uint32_t>(structured_kind::date);
    node(made).begin = static_cast<std::uint32_t>(begin);
    return true;
  }

  // §4.2.10
  bool display_string(index& made) noexcept {
    if (!add(structured_kind::display_string, made)) return false;
    ++at_;
    if (!take('"')) return wrong("'\"' behind '%'");
    auto const begin = at_;
    auto to = begin;
    for (; at_ < size_; ++at_) {
      if (take('"')) {
        if (!valid_utf8(text_at(text_ + begin, to - begin))) return at_ = begin, wrong("UTF-8 in a display string");
        return set_text(made, begin, to - begin), true;
      }
      auto byte = text_[at_];
      if (!is_printable(byte)) return wrong("visible ASCII or a blank in a display string");
      if (byte == '%') {
        int value = -1;
        if (size_ - at_ > 2) value = lower_hex(text_[at_ + 1]) * 16 | lower_hex(text_[at_ + 2]);
        if (value < 0) return wrong("two digits, 0 to 9 or a to f, behind '%'");
        byte = static_cast<char>(value);
        at_ += 2;
      }
      text_[to++] = byte;
    }
    return wrong("'\"' at the end of a display string");
  }
  [[nodiscard]] static int lower_hex(char c) noexcept { return c >= 'A' && c <= 'F' ? -1 : hex_value(c); }

  [[nodiscard]] bool next_is(char c) const noexcept { return at_ < size_ && text_[at_] == c; }
  bool take(char c) noexcept {
    bool const there = next_is(c);
    at_ += there ? 1u : 0u;
    return there;
  }
  void skip_spaces() noexcept {
    while (next_is(' ')) ++at_;
  }
  void skip_blanks() noexcept {
    while (next_is(' ') || next_is('\t')) ++at_;
  }

  // Valid until the next `add`.
  [[nodiscard]] structured_node& node(index i) noexcept {
    return reinterpret_cast<structured_node*>(nodes_.data())[i];
  }
  void set_text(index i, std::size_t begin, std::size_t size) noexcept {
    node(i).begin = static_cast<std::uint32_t>(begin);
    node(i).size = static_cast<std::uint32_t>(size);
  }
  bool add(structured_kind kind, index& made) noexcept {
    auto const count = nodes_.size() / sizeof(structured_node);
    if (count > limits_.nodes) {
      why_ = {errc::too_large, "structured field: more than ", limits_.nodes, " values and keys"};
      return false;
    }
    structured_node const one{0, static_cast<std::uint32_t>(at_), 0, static_cast<std::uint32_t>(kind), 0, 0,
                              0};
    char bytes[sizeof one];
    std::memcpy(bytes, &one, sizeof one);
    nodes_.append(text_at(bytes, sizeof bytes));
    made = static_cast<index>(count);
    return nodes_.ok() || no_memory();
  }
  bool link(chain& all, index one) noexcept {
    if (++all.count > limits_.members) {
      why_ = {errc::too_large, "structured field, byte ", at_ + 1,
              ": more than ",  limits_.members,           " members, elements or parameters side by side"};
      return false;
    }
    (all.last == 0 ? all.first : node(all.last).next) = one;
    all.last = one;
    return true;
  }

  bool wrong(std::string_view expected) noexcept {
    why_ = {errc::bad_input, "structured field, byte ", at_ + 1, ": expected ", expected};
    return false;
  }
  bool no_memory() noexcept {
    why_ = {errc::no_memory, "structured field: out of memory"};
    return false;
  }

  char* text_;
  std::size_t size_, at_ = 0;
  secret& nodes_;
  structured_limits const& limits_;
  error why_;
};

}  // namespace countersign::inline v0::detail
