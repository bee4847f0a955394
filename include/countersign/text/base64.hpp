#pragma once
// base64 and base64url (RFC 4648). What is encoded may be a secret: no index into memory and no
// branch depends on it.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/base64_plain.hpp>
#include <countersign/text/detail/base64_ssse3.hpp>
#include <countersign/text/detail/base64_vbmi.hpp>
#include <countersign/text/detail/extend.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

/// Which alphabet, and whether '=' fills up the last four characters.
enum class base64 : std::uint8_t {
  padded,      ///< RFC 4648 section 4: '+', '/' and '='
  unpadded,    ///< the same without '='
  url,         ///< section 5 without '=', as JOSE has it (RFC 7515 section 2): '-' and '_'
  url_padded,  ///< section 5 with '='
};

/// How many characters `bytes` bytes become.
[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes, base64 form = base64::padded) noexcept {
  bool const padded = form == base64::padded || form == base64::url_padded;
  auto const rest = bytes % 3;
  return bytes / 3 * 4 + (rest == 0 ? 0 : padded ? 4 : rest + 1);
}

/// Writes `base64_size(bytes.size(), form)` characters, which must have room; returns their end. No
/// final NUL. `bytes` must not overlap with them.
constexpr char* encode_base64(char* out, std::string_view bytes, base64 form = base64::padded) noexcept {
  bool const url = form == base64::url || form == base64::url_padded;
  if (!std::is_constant_evaluated() && detail::base64_vbmi::available())
    return detail::base64_vbmi::encode(out, bytes, url, form == base64::padded || form == base64::url_padded);
  char* const end = out + base64_size(bytes.size(), form);
  if (!std::is_constant_evaluated() && detail::base64_ssse3::available())
    out = detail::base64_ssse3::encode(out, bytes, url);
  else out = detail::base64_plain::encode(out, bytes, url);
  while (out != end) *out++ = '=';
  return end;
}

/// @param bytes must not lie in `out`
inline secret& append_base64(secret& out, std::string_view bytes, base64 form = base64::padded) noexcept {
  if (char* const at = detail::extend(out, bytes.size(), base64_size(bytes.size(), form)))
    encode_base64(at, bytes, form);
  return out;
}

/// Refuses all but what `encode_base64` writes in this form: white space, missing or surplus '=',
/// the other alphabet's characters, and bits behind the last byte that are not zero (RFC 4648
/// section 3). Where the text is good, the time taken depends on its size alone.
[[nodiscard]] inline result<secret> decode_base64(std::string_view text,
                                                  base64 form = base64::padded) noexcept {
  bool const url = form == base64::url || form == base64::url_padded;
  std::string_view const name = url ? "base64url: " : "base64: ";
  if (form == base64::padded || form == base64::url_padded) {
    if (text.size() % 4 != 0)
      return error{errc::bad_input, name, text.size(),
                   " characters, which is no multiple of 4; is it cut short, or '=' left out?"};
    if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  } else if (text.size() % 4 == 1) {
    return error{errc::bad_input, name, text.size(),
                 " characters, which no number of bytes gives; is it cut short?"};
  }
  secret bytes;
  if (!bytes.resize(text.size() / 4 * 3 + text.size() % 4 * 3 / 4))
    return error{errc::no_memory, name, "no memory for ", text.size(), " characters"};
  bool const good = detail::base64_vbmi::available() ? detail::base64_vbmi::decode(bytes.data(), text, url)
                    : detail::base64_ssse3::available()
                        ? detail::base64_ssse3::decode(bytes.data(), text, url)
                        : detail::base64_plain::decode(bytes.data(), text, url);
  if (good) return bytes;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!detail::base64_plain::in_alphabet(text[i], url))
      return error{errc::bad_input,
                   name,
                   "the character at offset ",
                   i,
                   " is not of the alphabet; expected letters, digits, ",
                   url ? "'-' and '_'" : "'+' and '/'"};
  return error{errc::bad_input, name,
               "the last character holds bits that belong to no byte; is it cut short?"};
}

}  // namespace countersign::inline v0
