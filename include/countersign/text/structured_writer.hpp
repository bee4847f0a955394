#pragma once
// Structured field values (RFC 9651) written straight onto the end of a secret.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/structured_grammar.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/structured_value.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// Which of the three a field is (RFC 9651 §3).
enum class structured_shape : std::uint8_t { item, list, dictionary };

/// Appends one field's value to `out`, which must outlive the writer, in the one form that RFC 9651 §4.1 gives it:
///
///     structured_writer(out, structured_shape::dictionary)
///         .member("sig1").open_inner_list().string("@method").string("@query-param").key("name").string("q").close()
///         .key("created").integer(1618884473).finish();
///
/// `key` behind a value names a parameter of it; in a dictionary, `member` begins the next member. The first mistake (a key
/// that is none, a number out of range, bytes that a string can't hold, no memory, …) sticks, nothing is written after it, and
/// `finish()` tells it. A key that is given twice in one place is not noticed: readers keep the later value.
class structured_writer {
public:
  explicit structured_writer(secret& out, structured_shape shape = structured_shape::item) noexcept
      : out_(out), shape_(shape) {}

  /// A dictionary's next member; its value is written next.
  structured_writer& member(std::string_view key) noexcept {
    if (shape_ != structured_shape::dictionary || inside_ || waits_ != waits::nothing)
      return fail("a member where none belongs");
    if (!is_structured_key(key))
      return fail("a key that is none: a-z, 0-9, '_', '-', '.', '*', begun by a letter or '*'");
    if (any_) put(", ");
    any_ = true;
    put(key);
    waits_ = waits::member;
    has_value_ = false;
    return *this;
  }
  /// A parameter of the value that was written last; its own value is written next.
  structured_writer& key(std::string_view key) noexcept {
    if (!has_value_ || waits_ != waits::nothing) return fail("a parameter where none belongs");
    if (!is_structured_key(key))
      return fail("a key that is none: a-z, 0-9, '_', '-', '.', '*', begun by a letter or '*'");
    put(";");
    put(key);
    waits_ = waits::parameter;
    return *this;
  }
  structured_writer& open_inner_list() noexcept {
    if (inside_ || shape_ == structured_shape::item || waits_ == waits::parameter)
      return fail("an inner list where none belongs");
    if (!begin()) return *this;
    put("(");
    inside_ = true;
    any_inside_ = has_value_ = false;
    return *this;
  }
  structured_writer& close() noexcept {
    if (!inside_ || waits_ != waits::nothing) return fail("no inner list is open to be closed");
    put(")");
    inside_ = false;
    has_value_ = true;
    return *this;
  }

  /// errc::bad_input beyond 15 digits.
  structured_writer& integer(std::int64_t value) noexcept {
    return in_range(value) && begin() ? put_number(value) : *this;
  }
  structured_writer& date(std::int64_t seconds) noexcept {
    return in_range(seconds) && begin() ? put("@").put_number(seconds) : *this;
  }
  /// A decimal of that many thousandths.
  structured_writer& thousandths(std::int64_t value) noexcept {
    if (!in_range(value) || !begin()) return *this;
    if (value < 0) put("-"), value = -value;
    put_number(value / 1000).put(".");
    char const digits[] = {digit(value / 100), digit(value / 10), digit(value)};
    return put(detail::text_at(digits, digits[2] != '0' ? 3u : digits[1] != '0' ? 2u : 1u));
  }
  /// Rounded to thousandths, a half to the even one.
  structured_writer& decimal(double value) noexcept {
    auto const scaled = value * 1000;
    constexpr auto most = static_cast<double>(detail::structured_max) + 1;
    if (!(scaled > -most && scaled < most)) return fail("a number of too many digits");
    auto whole = static_cast<std::int64_t>(scaled);
    auto const rest = scaled - static_cast<double>(whole), up = rest < 0 ? -rest : rest;
    if (up > 0.5 || (up == 0.5 && whole % 2 != 0)) whole += rest < 0 ? -1 : 1;
    return thousandths(whole);
  }
  structured_writer& string(std::string_view text) noexcept {
    if (!is_structured_string(text)) return fail("a string with more than visible ASCII and blanks");
    if (!begin()) return *this;
    put("\"");
    while (!text.empty()) {
      std::size_t plain = 0;
      while (plain < text.size() && text[plain] != '"' && text[plain] != '\\') ++plain;
      put(text.substr(0, plain));
      text.remove_prefix(plain);
      if (text.empty()) break;
      put("\\").put(text.substr(0, 1));
      text.remove_prefix(1);
    }
    return put("\"");
  }
  structured_writer& token(std::string_view text) noexcept {
    if (!is_structured_token(text)) return fail("a token that is none");
    return begin() ? put(text) : *this;
  }
  structured_writer& bytes(std::string_view bytes) noexcept {
    if (!begin()) return *this;
    put(":");
    if (why_ == nullptr) append_base64(out_, bytes);
    return put(":");
  }
  /// True behind a key is the key alone (RFC 9651 §4.1.1.2, §4.1.2).
  structured_writer& boolean(bool truth) noexcept {
    if (waits_ == waits::nothing || !truth) return begin() ? put(truth ? "?1" : "?0") : *this;
    if (waits_ == waits::member) has_value_ = true;
    waits_ = waits::nothing;
    return *this;
  }
  structured_writer& display_string(std::string_view text) noexcept {
    if (!valid_utf8(text)) return fail("a display string that is not UTF-8");
    if (!begin()) return *this;
    put("%\"");
    for (char const& c : text) {
      if (detail::is_printable(c) && c != '%' && c != '"') {
        put(detail::text_at(&c, 1));
      } else {
        char digits[2];
        encode_hex(digits, detail::text_at(&c, 1));
        put("%").put(detail::text_at(digits, sizeof digits));
      }
    }
    return put("\"");
  }

  /// A parsed value with its parameters, and all that is in it.
  structured_writer& value(structured_value from) noexcept {
    if (from.is(structured_kind::inner_list)) {
      open_inner_list();
      for (auto const one : from.elements()) bare(one).parameters(one);
      close();
    } else {
      bare(from);
    }
    return parameters(from);
  }

  /// Success once what was begun is complete. An empty list or dictionary is complete; such a field is left out of a message.
  [[nodiscard]] result<void> finish() const noexcept {
    if (why_ != nullptr) return error{errc::bad_input, "structured field cannot be written: ", why_};
    if (!out_.ok()) return error{errc::no_memory, "structured field cannot be written: no memory"};
    if (inside_ || waits_ != waits::nothing || (shape_ == structured_shape::item && !any_))
      return error{errc::bad_input, "structured field cannot be written: it is not complete"};
    return {};
  }

private:
  enum class waits : std::uint8_t { nothing, member, parameter };  // for the value of what

  // Whether a value may stand here; writes what stands before it.
  bool begin() noexcept {
    if (waits_ != waits::nothing) {
      put("=");
      if (waits_ == waits::member) has_value_ = true;
      waits_ = waits::nothing;
      return why_ == nullptr;
    }
    if (inside_) {
      if (any_inside_) put(" ");
      any_inside_ = true;
    } else {
      if (shape_ == structured_shape::dictionary || (shape_ == structured_shape::item && any_))
        return fail("a value where none belongs"), false;
      if (any_) put(", ");
      any_ = true;
    }
    has_value_ = true;
    return why_ == nullptr;
  }
  structured_writer& bare(structured_value from) noexcept {
    switch (from.kind()) {
    case structured_kind::integer:
      return integer(*from.integer());
    case structured_kind::decimal:
      return thousandths(*from.thousandths());
    case structured_kind::string:
      return string(*from.string());
    case structured_kind::token:
      return token(*from.token());
    case structured_kind::bytes:
      return bytes(*from.bytes());
    case structured_kind::boolean:
      return boolean(from.boolean());
    case structured_kind::date:
      return date(*from.date());
    case structured_kind::display_string:
      return display_string(*from.display_string());
    default:
      return fail("a value that is not there");
    }
  }
  structured_writer& parameters(structured_value from) noexcept {
    for (auto const [name, value] : from.parameters()) key(name).bare(value);
    return *this;
  }

  [[nodiscard]] bool in_range(std::int64_t value) noexcept {
    if (value >= -detail::structured_max && value <= detail::structured_max) return true;
    return fail("a number of too many digits"), false;
  }
  [[nodiscard]] static char digit(std::int64_t value) noexcept { return static_cast<char>('0' + value % 10); }
  structured_writer& put_number(std::int64_t value) noexcept {
    if (value < 0) put("-"), value = -value;
    char digits[16];
    auto at = sizeof digits;
    do digits[--at] = digit(value);
    while ((value /= 10) != 0);
    return put(detail::text_at(digits + at, sizeof digits - at));
  }
  structured_writer& put(std::string_view bytes) noexcept {
    if (why_ == nullptr) out_.append(bytes);
    return *this;
  }
  structured_writer& fail(char const* what) noexcept {
    if (why_ == nullptr) why_ = what;
    return *this;
  }

  secret& out_;
  structured_shape shape_;
  waits waits_ = waits::nothing;
  bool any_ = false;         // a member or element was begun
  bool inside_ = false;      // an inner list is open
  bool any_inside_ = false;  // and something stands in it
  bool has_value_ = false;   // a parameter may follow
  char const* why_ = nullptr;
};

}  // namespace countersign::inline v0
