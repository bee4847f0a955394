#pragma once
// The choices of a signer of HTTP messages, checked once and ready for use.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/format/detail/second_text.hpp>
#include <countersign/format/detail/signature_base.hpp>
#include <countersign/format/detail/signed_components.hpp>
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

  /// `label=("@method" …)`, which the parameters follow; and `label=:`.
  [[nodiscard]] std::string_view input_begin() const noexcept { return input_begin_.reveal(); }
  [[nodiscard]] std::string_view signature_begin() const noexcept { return signature_begin_.reveal(); }
  /// What the parameters follow in a base.
  [[nodiscard]] std::string_view last_line() const noexcept { return last_line_.reveal(); }

  /// The parameters, `;created=…;keyid="…"`, as long as this lives.
  class parameters {
  public:
    parameters() noexcept {}
    [[nodiscard]] std::string_view view() const noexcept {
      return {room_, static_cast<std::size_t>(at_ - room_)};
    }

  private:
    friend http_signature_rules;
    void append(std::string_view text) noexcept { at_ = short_copy(at_, text); }
    void append_quoted(std::string_view before, std::string_view text) noexcept {
      append(before);
      bool plain = true;
      for (char const c : text) plain &= c != '"' && c != '\\';
      if (plain) [[likely]]
        append(text);
      else
        for (char const c : text) {
          if (c == '"' || c == '\\') *at_++ = '\\';
          *at_++ = c;
        }
      *at_++ = '"';
    }

    char* at_ = room_;
    // Two times of 20 digits, two texts of which each byte may have a backslash before it, a nonce, an algorithm.
    char room_[2 * (9 + unix_seconds_size) + 8 + 2 * max_signature_key_id + 6 + 2 * max_signature_tag + 2 +
               48 + 32];
  };

  /// @param key_id empty: none is said
  /// @param algorithm its name in messages
  [[nodiscard]] result<void> write(parameters& to, std::string_view key_id, std::string_view algorithm,
                                   moment const& when, second_text& clock) const noexcept {
    if (how_.created || how_.lifetime.ms > 0)
      if (auto ok = write_times(to, when.coarse_now(), clock); !ok) [[unlikely]]
        return ok;
    if (!key_id.empty()) {
      if (key_id.size() > max_signature_key_id || !is_structured_string(key_id)) [[unlikely]]
        return bad_key_id(key_id);
      to.append_quoted(";keyid=\"", key_id);
    }
    if (how_.algorithm) {
      if (algorithm.empty())
        return error{errc::bad_input,
                     "http_signature: RFC 9421 has no name for the key's algorithm; set .algorithm to false"};
      to.append_quoted(";alg=\"", algorithm);
    }
    if (how_.nonce) {
      char bytes[nonce_size], digits[2 * nonce_size];
      if (auto ok = when.entropy(bytes, sizeof bytes); !ok) return ok.error().within("http_signature: ");
      encode_hex(digits, text_at(bytes, sizeof bytes));
      to.append_quoted(";nonce=\"", text_at(digits, sizeof digits));
    }
    if (!how_.tag.empty()) to.append_quoted(";tag=\"", how_.tag);
    return {};
  }

private:
  static constexpr std::size_t nonce_size = 16;

  [[nodiscard]] result<void> write_times(parameters& to, wall_time now, second_text& clock) const noexcept {
    // RFC 9421 §2.3: a UNIX timestamp
    if (now.ms < 0 || now > last_iso8601) [[unlikely]]
      return error{errc::fatal, "http_signature: the clock is out of the years 1970 to 9999; set it"};
    if (how_.created) {
      second_text::text text;
      clock.write(now, time_form::unix_seconds, text);
      to.append(";created=");
      to.append(text.view());
    }
    if (how_.lifetime.ms > 0) {
      to.append(";expires=");
      to.at_ = encode_unix_seconds(to.at_, now + how_.lifetime);
    }
    return {};
  }
  [[nodiscard, gnu::noinline, gnu::cold]] static result<void> bad_key_id(std::string_view id) noexcept {
    if (id.size() > max_signature_key_id)
      return error{errc::too_large, "http_signature: the key's id is longer than ", max_signature_key_id,
                   " bytes"};
    return error{errc::bad_input, "http_signature: the key's id holds a byte that is no visible ASCII"};
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
    input_begin_ = secret(how_.label.view(), "=", covered_.text());
    signature_begin_ = secret(how_.label.view(), "=:");
    last_line_ = secret(covered_.last_line(), covered_.text());
    if (!input_begin_.ok() || !signature_begin_.ok() || !last_line_.ok()) return out_of_memory();
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
  secret input_begin_, signature_begin_, last_line_;
  bool covers_digest_ = false;
  result<void> usable_;
};

}  // namespace countersign::inline v0::detail
