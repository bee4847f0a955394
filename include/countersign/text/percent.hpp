#pragma once
// Percent-encoding (RFC 3986 section 2.1), and application/x-www-form-urlencoded (WHATWG URL
// section 5; RFC 6749 appendix B). How many bytes are encoded shows in the size of the result: the
// time taken is no secret.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/extend.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {

/// One of the two codings: the byte that stays as it is in this one only, and whether a space
/// becomes '+'.
struct percent_coding {
  std::string_view name;
  char own;
  bool plus;

  [[nodiscard]] constexpr bool keeps(char c) const noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == own;
  }
  [[nodiscard]] constexpr bool makes_plus(char c) const noexcept { return plus && c == ' '; }
};
/// RFC 3986 section 2.3, unreserved.
inline constexpr percent_coding uri_coding = {"percent-encoding", '~', false};
/// WHATWG URL, the application/x-www-form-urlencoded percent-encode set.
inline constexpr percent_coding form_coding = {"form-encoding", '*', true};

inline secret& append_encoded(secret& out, std::string_view bytes, percent_coding const& coding) noexcept {
  auto size = bytes.size();
  if (size <= encoded_input_max)
    for (char c : bytes)
      if (!coding.keeps(c) && !coding.makes_plus(c)) size += 2;
  char* at = extend(out, bytes.size(), size);
  if (at == nullptr) return out;
  for (char c : bytes) {
    if (coding.keeps(c)) {
      *at++ = c;
    } else if (coding.makes_plus(c)) {
      *at++ = '+';
    } else {
      unsigned const byte = static_cast<unsigned char>(c);
      *at++ = '%';
      *at++ = hex_digit(byte >> 4, 'A');  // RFC 3986 section 2.1: upper case
      *at++ = hex_digit(byte & 15, 'A');
    }
  }
  return out;
}

[[nodiscard]] inline result<secret> decode_encoded(std::string_view text,
                                                   percent_coding const& coding) noexcept {
  secret bytes;
  if (!bytes.resize(text.size()))
    return error{errc::no_memory, coding.name, ": no memory for ", text.size(), " bytes"};
  char* out = bytes.data();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      *out++ = coding.plus && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    int const value = text.size() - i < 3 ? -1 : hex_value(text[i + 1]) * 16 | hex_value(text[i + 2]);
    if (value < 0)
      return error{errc::bad_input, coding.name, ": '%' at offset ", i,
                   " is not followed by two hexadecimal digits; '%' itself is written %25"};
    *out++ = static_cast<char>(value);
    i += 2;
  }
  bytes.resize(text.empty() ? 0 : static_cast<std::size_t>(out - bytes.data()));
  return bytes;
}

}  // namespace detail

/// Appends `bytes` with all but RFC 3986's unreserved characters encoded: for a path segment or a
/// query's value.
/// @param bytes must not lie in `out`
inline secret& append_percent(secret& out, std::string_view bytes) noexcept {
  return detail::append_encoded(out, bytes, detail::uri_coding);
}

/// Appends `bytes` as application/x-www-form-urlencoded: a space becomes '+'; letters, digits and
/// "*-._" stay.
/// @param bytes must not lie in `out`
inline secret& append_form(secret& out, std::string_view bytes) noexcept {
  return detail::append_encoded(out, bytes, detail::form_coding);
}

/// Appends one field of a form, with '&' in front unless `out` is empty.
/// @param name, value must not lie in `out`
inline secret& append_form_field(secret& out, std::string_view name, std::string_view value) noexcept {
  if (!out.empty()) out.push_back('&');
  append_form(out, name).push_back('=');
  return append_form(out, value);
}

/// The bytes that `text` stands for. Refuses a '%' without two hexadecimal digits; '+' is '+'.
[[nodiscard]] inline result<secret> decode_percent(std::string_view text) noexcept {
  return detail::decode_encoded(text, detail::uri_coding);
}

/// The bytes that one name or value of a form stands for. As `decode_percent`, but '+' is a space.
[[nodiscard]] inline result<secret> decode_form(std::string_view text) noexcept {
  return detail::decode_encoded(text, detail::form_coding);
}

}  // namespace countersign::inline v0
