#pragma once
// Strict JSON (RFC 8259), read in the buffer that brought it. A tree of copies would leave a token in as many
// freed blocks; here the one wiped buffer is all there is.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/json_parser.hpp>
#include <countersign/text/detail/json_tape.hpp>
#include <countersign/text/json_limits.hpp>
#include <countersign/text/json_value.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// A parsed text and the buffer it lies in. Strings are unescaped where they lie and handed out as pieces of
/// the buffer; nothing is copied. Values (`json_value`) point into the document: moving it, or destroying it,
/// ends them; the strings that they gave stay valid when it is moved. Reading is safe from many threads.
class json_document {
public:
  /// Takes the buffer over. Refuses, with line, column and what was expected but never a byte of the text:
  /// whatever RFC 8259 does not allow, a byte order mark, bytes that are not UTF-8, half surrogate pairs, a
  /// name twice in one object, NUL (unless `limits.nul_in_strings`): errc::bad_input; what is beyond
  /// `limits`: errc::too_large.
  [[nodiscard]] static result<json_document> parse(secret text, json_limits const& limits = {}) noexcept {
    // One variable, which is all that is returned: it is made where it will stay, and no node is moved.
    result<json_document> made = json_document(std::move(text));
    if (!made->text_.ok()) {
      made = error(errc::no_memory, "JSON: no memory left for the text");
    } else {
      detail::json_parser parser(made->text_.data(), made->text_.size(), limits, made->tape_);
      if (!parser.parse()) made = parser.why();
    }
    return made;
  }

  /// Of kind `none` once the document has been moved from.
  [[nodiscard]] json_value root() const noexcept {
    if (tape_.size() == 0) return {};
    return {tape_.data(), text_.reveal().data()};
  }
  /// The root's member of that name.
  [[nodiscard]] json_value operator[](std::string_view name) const noexcept { return root()[name]; }

  /// Gives the buffer up, for who keeps a string of it (strings lie there unescaped: it is no JSON any more).
  [[nodiscard]] secret release() && noexcept {
    tape_ = detail::json_tape();
    return std::move(text_);
  }

private:
  explicit json_document(secret text) noexcept : text_(std::move(text)) {}

  secret text_;
  detail::json_tape tape_;
};

}  // namespace countersign::inline v0
