#pragma once
// JSON written straight onto the end of a secret: compact, on one line, each byte once.

#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/json_runs.hpp>
#include <countersign/text/json_value.hpp>
#include <countersign/text/utf8.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// Whether `text` may stand between the quotes of a JSON string as it is. A quick look: false is said of some that may, too.
[[nodiscard]] inline bool plain_json_string(std::string_view text) noexcept {
  return detail::all_plain_json(text);
}

/// Appends one JSON value to `out`, which must outlive the writer:
///
///     json_writer(out).open_object().member("id", 7).name("scopes").open_array().value("a").close().close();
///
/// Never throws: the first mistake (bytes that are not UTF-8, a name where none belongs, no memory, …)
/// sticks, nothing is written after it, and `finish()` tells it. What was written till then stays in `out`.
class json_writer {
public:
  /// How deep arrays and objects may lie in one another.
  static constexpr std::size_t max_depth = 64;

  explicit json_writer(secret& out) noexcept : out_(out) {}

  json_writer& open_object() noexcept { return open('{', true); }
  json_writer& open_array() noexcept { return open('[', false); }
  /// Ends the innermost array or object that is open.
  json_writer& close() noexcept {
    if (depth_ == 0) return fail(errc::bad_input, "nothing is open to be closed");
    if (named_) return fail(errc::bad_input, "a name without a value");
    put(in_object() ? "}" : "]");
    --depth_;
    comma_ = true;
    return *this;
  }

  /// A member's name; its value is written next.
  json_writer& name(std::string_view name) noexcept {
    if (!in_object() || named_) return fail(errc::bad_input, "a name where none belongs");
    if (detail::all_plain_json(name) && failed_ == nullptr) [[likely]] {
      std::size_t const comma = comma_ ? 1 : 0;
      if (char* at = out_.extend(comma + name.size() + 3)) {
        *at = ',';
        at += comma;
        *at++ = '"';
        at = detail::short_copy(at, name);
        at[0] = '"', at[1] = ':';
      }
      comma_ = named_ = true;
      return *this;
    }
    separate();
    quoted(name);
    put(":");
    named_ = true;
    return *this;
  }

  json_writer& value(std::string_view string) noexcept { return begin_value() ? quoted(string) : *this; }
  json_writer& value(char const* string) noexcept { return value(std::string_view(string)); }
  json_writer& value(secret const& string) noexcept {
    if (!string.ok()) return fail(errc::no_memory, "a string was cut short for lack of memory");
    return value(string.reveal());
  }
  json_writer& value(std::same_as<bool> auto truth) noexcept {
    return begin_value() ? put(truth ? "true" : "false") : *this;
  }
  template <std::integral Number>
    requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
  json_writer& value(Number number) noexcept {
    if (!begin_value()) return *this;
    bool const negative = number < 0;
    auto rest = static_cast<std::uint64_t>(number);
    if (negative) rest = 0 - rest;
    char digits[20];
    std::size_t at = sizeof digits;
    do digits[--at] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (negative) put("-");
    return put(detail::text_at(digits + at, sizeof digits - at));
  }
  json_writer& null() noexcept { return begin_value() ? put("null") : *this; }
  /// A value that is JSON already, as it is: checked by nobody.
  json_writer& raw(std::string_view json) noexcept {
    if (json.empty()) return fail(errc::bad_input, "raw JSON that is empty");
    return begin_value() ? put(json) : *this;
  }
  /// A parsed value with all that is in it; numbers keep their digits.
  json_writer& value(json_value tree) noexcept;

  /// `name(n)` and `value(v)`.
  template <class Value>
  json_writer& member(std::string_view name, Value const& value) noexcept {
    return this->name(name).value(value);
  }

  /// Success as long as nothing went wrong, for a text that others go on with.
  [[nodiscard]] result<void> so_far() const noexcept {
    if (failed_ != nullptr) return error(code_, "JSON cannot be written: ", failed_);
    if (!out_.ok()) return error(errc::no_memory, "JSON cannot be written: no memory");
    return {};
  }
  /// Success once exactly one value is complete.
  [[nodiscard]] result<void> finish() const noexcept {
    if (auto ok = so_far(); !ok) return ok;
    if (depth_ > 0 || !comma_)
      return error(errc::bad_input, "JSON cannot be written: the value is not complete");
    return {};
  }

private:
  [[nodiscard]] bool in_object() const noexcept { return depth_ > 0 && (objects_ >> (depth_ - 1) & 1) != 0; }

  json_writer& open(char bracket, bool object) noexcept {
    if (depth_ == max_depth) return fail(errc::too_large, "arrays and objects lie too deep in one another");
    if (!begin_value()) return *this;
    put(detail::text_at(&bracket, 1));
    auto const bit = std::uint64_t{1} << depth_++;
    objects_ = object ? objects_ | bit : objects_ & ~bit;
    comma_ = false;
    return *this;
  }

  // Whether a value may stand here; writes the comma before it.
  [[nodiscard]] bool begin_value() noexcept {
    if (in_object() && !named_) return fail(errc::bad_input, "a value without a name in an object"), false;
    if (depth_ == 0 && comma_) return fail(errc::bad_input, "a second value"), false;
    if (!named_) separate();
    named_ = false;
    comma_ = true;
    return failed_ == nullptr;
  }
  void separate() noexcept {
    if (comma_) put(",");
    comma_ = true;
  }

  json_writer& quoted(std::string_view string) noexcept {
    if (detail::all_plain_json(string) && failed_ == nullptr) [[likely]] {
      if (char* at = out_.extend(string.size() + 2)) {
        *at++ = '"';
        *detail::short_copy(at, string) = '"';
      }
      return *this;
    }
    bool wide = false;
    put("\"");
    char const* from = string.data();  // what has not been put yet
    char const* const end = from + string.size();
    for (char const* at = from;;) {
      at = detail::skip_plain_json(at, end);
      if (at != end && static_cast<signed char>(*at) < 0) {  // beyond ASCII: as it is
        wide = true;
        ++at;
        continue;
      }
      put({from, static_cast<std::size_t>(at - from)});
      if (at == end) break;
      escape(*at);
      from = ++at;
    }
    put("\"");
    if (wide && !valid_utf8(string)) fail(errc::bad_input, "a string that is not UTF-8");
    return *this;
  }
  void escape(char special) noexcept {
    constexpr std::string_view hex = "0123456789abcdef";
    switch (special) {
    case '"':
      put("\\\"");
      return;
    case '\\':
      put("\\\\");
      return;
    case '\b':
      put("\\b");
      return;
    case '\f':
      put("\\f");
      return;
    case '\n':
      put("\\n");
      return;
    case '\r':
      put("\\r");
      return;
    case '\t':
      put("\\t");
      return;
    default:
      break;
    }
    auto const byte = static_cast<unsigned char>(special);
    char const sequence[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
    put({sequence, sizeof sequence});
  }

  json_writer& put(std::string_view bytes) noexcept {
    if (failed_ == nullptr) out_.append(bytes);
    return *this;
  }
  json_writer& fail(errc code, char const* what) noexcept {
    if (failed_ != nullptr) return *this;
    failed_ = what;
    code_ = code;
    return *this;
  }

  secret& out_;
  std::uint64_t objects_ = 0;  // one bit a level: whether it is an object
  std::size_t depth_ = 0;
  bool comma_ = false;  // whether a value stands before the next one on this level
  bool named_ = false;  // whether a name waits for its value
  errc code_ = errc::none;
  char const* failed_ = nullptr;
};

inline json_writer& json_writer::value(json_value tree) noexcept {
  if (!tree) return fail(errc::bad_input, "a value that is not there");
  if (in_object() && !named_) return fail(errc::bad_input, "a value without a name in an object");
  detail::json_node const* node = tree.node_;
  detail::json_node const* const end = node + node->span;
  detail::json_node const* ends[max_depth];  // of the containers opened here
  std::size_t open = 0;
  for (; node != end; ++node) {
    for (; open > 0 && ends[open - 1] == node; --open) close();
    json_value const here(node, tree.text_);
    if (here.is_string() && in_object() && !named_) {
      name(here.string());
    } else if (here.is_string()) {
      value(here.string());
    } else if (here.is_array() || here.is_object()) {
      here.is_object() ? open_object() : open_array();
      if (failed_ != nullptr) return *this;
      ends[open++] = node + node->span;
    } else {
      raw(here.source());
    }
  }
  for (; open > 0; --open) close();
  return *this;
}

}  // namespace countersign::inline v0
