#pragma once
// The choices of a signer of HTTP messages, checked once and ready for use.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/format/detail/signature_base.hpp>
#include <countersign/format/detail/signed_components.hpp>
#include <countersign/format/detail/signed_text.hpp>
#include <countersign/format/http_signature_options.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/structured_grammar.hpp>
#include <countersign/text/timestamp.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

class http_signature_rules {
public:
  explicit http_signature_rules(http_signature_options how) noexcept
      : how_(std::move(how)), usable_(prepare()) {}

  [[nodiscard]] result<void> const& usable() const noexcept { return usable_; }
  [[nodiscard]] covered_components const& covered() const noexcept { return covered_; }
  [[nodiscard]] fields const& shapes() const noexcept { return how_.structured; }
  [[nodiscard]] std::string_view label() const noexcept { return how_.label; }
  [[nodiscard]] std::string_view key_id() const noexcept { return how_.key_id; }
  [[nodiscard]] key_form key() const noexcept { return how_.key; }
  [[nodiscard]] content_digest digest() const noexcept { return how_.digest; }
  [[nodiscard]] bool covers_digest() const noexcept { return covers_digest_; }

  /// Writes the components and the parameters, which is all that stands behind the label.
  /// @param key_id empty: none is said
  /// @param algorithm its name in messages
  [[nodiscard]] result<void> write_input(signed_text& to, std::string_view key_id, std::string_view algorithm,
                                         moment const& when) const noexcept {
    to.append(covered_.text());
    if (how_.created || how_.lifetime.ms > 0)
      if (auto ok = write_times(to, when.coarse_now()); !ok) return ok;
    if (!key_id.empty()) {
      if (key_id.size() > max_signature_key_id)
        return error{errc::too_large, "http_signature: the key's id is longer than ", max_signature_key_id,
                     " bytes"};
      if (!is_structured_string(key_id))
        return error{errc::bad_input, "http_signature: the key's id holds a byte that is no visible ASCII"};
      write_text(to, ";keyid=\"", key_id);
    }
    if (how_.algorithm) {
      if (algorithm.empty())
        return error{errc::bad_input,
                     "http_signature: RFC 9421 has no name for the key's algorithm; set .algorithm to false"};
      to.append(";alg=\"");
      to.append(algorithm);
      to.append("\"");
    }
    if (how_.nonce) {
      char bytes[nonce_size], digits[2 * nonce_size];
      if (auto ok = when.entropy(bytes, sizeof bytes); !ok) return ok.error().within("http_signature: ");
      encode_hex(digits, text_at(bytes, sizeof bytes));
      to.append(";nonce=\"");
      to.append(text_at(digits, sizeof digits));
      to.append("\"");
    }
    if (!how_.tag.empty()) write_text(to, ";tag=\"", how_.tag);
    if (!to.ok()) return error{errc::no_memory, "http_signature: out of memory"};
    return {};
  }

private:
  static constexpr std::size_t nonce_size = 16;

  [[nodiscard]] result<void> write_times(signed_text& to, wall_time now) const noexcept {
    // RFC 9421 §2.3: a UNIX timestamp
    if (now.ms < 0 || now > last_iso8601)
      return error{errc::fatal, "http_signature: the clock is out of the years 1970 to 9999; set it"};
    char digits[unix_seconds_size];
    if (how_.created) {
      to.append(";created=");
      to.append(text_at(digits, static_cast<std::size_t>(encode_unix_seconds(digits, now) - digits)));
    }
    if (how_.lifetime.ms > 0) {
      to.append(";expires=");
      auto const* const end = encode_unix_seconds(digits, now + how_.lifetime);
      to.append(text_at(digits, static_cast<std::size_t>(end - digits)));
    }
    return {};
  }
  static void write_text(signed_text& to, std::string_view before, std::string_view text) noexcept {
    to.append(before);
    for (auto rest = text; !rest.empty();) {
      auto const plain = rest.find_first_of("\"\\");
      to.append(rest.substr(0, plain));
      if (plain == std::string_view::npos) break;
      to.append("\\");
      to.append(rest.substr(plain, 1));
      rest.remove_prefix(plain + 1);
    }
    to.append("\"");
  }

  [[nodiscard]] result<void> prepare() noexcept {
    for (auto const* text : {&how_.components, &how_.label, &how_.key_id, &how_.tag})
      if (!text->ok()) return out_of_memory();
    if (!how_.structured.ok()) return out_of_memory();
    if (auto ok = covered_.read(how_.components.view()); !ok) return ok.error().within("http_signature: ");
    covers_digest_ = covered_.covers("content-digest");
    if (how_.label.view().size() > max_signature_label)
      return error{errc::too_large, "http_signature: the label is longer than ", max_signature_label,
                   " bytes"};
    if (!is_structured_key(how_.label))
      return error{
          errc::bad_input,
          "http_signature: the label must be lower case letters, digits, '_', '-', '.' or '*', as sig1"};
    for (auto const& [what, text, most] : {named_text{"key id", how_.key_id, max_signature_key_id},
                                           named_text{"tag", how_.tag, max_signature_tag}}) {
      if (text.size() > most)
        return error{errc::too_large, "http_signature: the ", what, " is longer than ", most, " bytes"};
      if (!is_structured_string(text))
        return error{errc::bad_input, "http_signature: the ", what, " holds a byte that is no visible ASCII"};
    }
    if (how_.lifetime.ms < 0 || (how_.lifetime.ms > 0 && how_.lifetime.ms < 1000))
      return error{errc::bad_input, "http_signature: a lifetime of less than a second"};
    if (how_.lifetime > max_lifetime)
      return error{errc::too_large, "http_signature: a lifetime of more than a hundred years"};
    return check_parts();
  }
  struct named_text {
    std::string_view what, text;
    std::size_t most;
  };
  static constexpr duration max_lifetime = seconds(std::int64_t{100} * 366 * 24 * 3600);

  [[nodiscard]] result<void> check_parts() noexcept {
    for (std::size_t i = 0; i < covered_.size(); ++i) {
      auto const one = covered_[i];
      if (one.sf && shape_of_field(covered_.name(one), how_.structured) == nullptr)
        return error{errc::bad_input, "http_signature: component ", covered_.identifier(one),
                     ": it is not known which structured field it is; say so in .structured: item, list or "
                     "dictionary"};
    }
    result<void> ok;
    how_.structured.each([&](std::string_view name, std::string_view shape) {
      if (!is_token(name))
        ok =
            error{errc::bad_field, "http_signature: structured lists what is no name of a header (RFC 9110)"};
      else if (find_shape(shape_names, shape) == nullptr)
        ok = error{errc::bad_input, "http_signature: structured ", name,
                   ": expected item, list or dictionary"};
    });
    return ok;
  }
  static error out_of_memory() noexcept { return {errc::no_memory, "http_signature: out of memory"}; }

  http_signature_options how_;
  covered_components covered_;
  bool covers_digest_ = false;
  result<void> usable_;
};

}  // namespace countersign::inline v0::detail
