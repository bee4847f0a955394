#pragma once
// Signature-Input and Signature (RFC 9421 §4), beside those that are there already.

#include <countersign/core/detail/field_writer.hpp>
#include <countersign/core/detail/known_name.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/format/content_digest.hpp>
#include <countersign/format/detail/http_signature_rules.hpp>
#include <countersign/format/signature_algorithms.hpp>
#include <countersign/format/detail/signature_base.hpp>
#include <countersign/format/signed_message.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/structured_field.hpp>
#include <countersign/text/structured_writer.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

inline constexpr std::string_view signature_input_field = "Signature-Input", signature_field = "Signature",
                                  content_digest_field = "Content-Digest";

/// All values of one field with ", " between; whether there is one.
inline bool join_field(secret& to, signed_message const& from, std::string_view name) noexcept {
  bool any = false;
  from.fields.each([&](std::string_view said, std::string_view value) {
    if (said.size() != name.size() || !equal_without_case(said, name)) return;
    to.append(any ? ", " : "").append(without_blanks(value));
    any = true;
  });
  return any;
}

inline constexpr auto signature_input_name = known_name::of("Signature-Input"),
                      signature_name = known_name::of("Signature"),
                      content_digest_name = known_name::of("Content-Digest");
inline constexpr known_fields signature_fields = [] {
  known_fields all;
  all.add(signature_input_name);
  all.add(signature_name);
  return all;
}();

class http_signature_writer {
public:
  http_signature_writer(http_signature_rules const& rules, signed_message const& message, draft& out) noexcept
      : rules_(rules), message_(message), out_(out) {}

  /// What stands before the key is used: the digest, the parameters, the base in `base`.
  [[nodiscard]] result<void> begin(base_text& base, std::string_view key_id, std::string_view algorithm,
                                   moment const& when, second_text& clock) noexcept {
    if (auto ok = rules_.usable(); !ok) [[unlikely]]
      return ok;
    if (rules_.covers_digest())
      if (auto ok = see_to_digest(); !ok) return ok;
    if (auto ok =
            rules_.write(parameters_, key_id.empty() ? rules_.key_id() : key_id, algorithm, when, clock);
        !ok) [[unlikely]]
      return ok;
    if (auto ok = signature_lines(base, message_, rules_.covered(), rules_.shapes()).write(); !ok)
        [[unlikely]]
      return ok.error().within("http_signature: ");
    base.add(rules_.last_line()).add(parameters_.view());
    return {};
  }
  /// Writes the fields.
  [[nodiscard]] result<void> end(std::string_view signature) noexcept {
    bool alone = true;
    message_.fields.each([&](std::string_view name, std::string_view) {
      if (name.size() == signature_field.size() || name.size() == signature_input_field.size())
        alone = alone && !equal_without_case(name, signature_field) &&
                !equal_without_case(name, signature_input_field);
    });
    if (digest_size_ > 0) out_.set(content_digest_name, text_at(digest_, digest_size_));
    auto const begin = rules_.input_begin(), begins = rules_.signature_begin(), said = parameters_.view();
    if (!alone) {
      secret text;
      append_base64(text, signature);
      if (!text.ok()) return out_of_memory();
      if (auto ok = add_beside(signature_input_field, begin, said, ""); !ok) return ok;
      return add_beside(signature_field, begins, text.reveal(), ":");
    }
    // All of it is visible ASCII, whoever wrote it: there is nothing to be checked again.
    auto const size = begin.size() + said.size() + begins.size() + base64_size(signature.size()) + 1;
    field_writer to(out_, signature_fields, size, 0);
    if (!to) return {};  // which the draft tells
    to.begin(signature_input_name);
    to.append(begin);
    to.append(said);
    to.end();
    to.begin(signature_name);
    to.append(begins);
    to.at(encode_base64(to.at(), signature));
    to.append(":");
    to.end();
    to.finish();
    return {};
  }

private:
  [[nodiscard]] static error out_of_memory() noexcept {
    return {errc::no_memory, "http_signature: out of memory"};
  }

  [[nodiscard]] result<void> see_to_digest() noexcept {
    bool there = false;
    message_.fields.each([&](std::string_view name, std::string_view) {
      there = there ||
              (name.size() == content_digest_field.size() && equal_without_case(name, content_digest_field));
    });
    if (!there && message_.body) {
      digest_size_ =
          static_cast<std::size_t>(encode_content_digest(digest_, rules_.digest(), *message_.body) - digest_);
      message_.content_digest = text_at(digest_, digest_size_);
    } else if (!there) {
      return error{
          errc::fatal,
          "http_signature: Content-Digest is covered, and this request can't show its body; give it a body "
          "that is in memory, or set the header before"};
    } else if (message_.body) {
      secret said;
      static_cast<void>(join_field(said, message_, content_digest_field));
      if (!said.ok()) return out_of_memory();
      if (auto ok = check_content_digest(said.reveal(), *message_.body); !ok)
        return error{errc::bad_input, "http_signature: ", ok.error().message(),
                     "; leave the header out, and it is made"};
    }
    return {};
  }

  // Members of others stay. Ours from an earlier attempt at the same request is replaced, another formatter's is a mistake.
  [[nodiscard]] result<void> add_beside(std::string_view name, std::string_view a, std::string_view b,
                                        std::string_view c) noexcept {
    if (auto const composed = out_.get(name)) {
      auto const field = structured_field::parse_dictionary(secret(*composed));
      if (field && (*field)[rules_.label()])
        return error{errc::fatal, "http_signature: two formatters sign with the label ", rules_.label(),
                     "; give each its own .label"};
    }
    secret joined, others;
    join_field(joined, message_, name);
    auto const field = structured_field::parse_dictionary(std::move(joined));
    if (!field) return field.error().within("http_signature: the request's own ", name, ": ");
    structured_writer out(others, structured_shape::dictionary);
    for (auto const [key, value] : field->members())
      if (key != rules_.label()) out.member(key).value(value);
    if (auto ok = out.finish(); !ok) return ok.error().within("http_signature: ");
    if (!others.empty()) others.append(", ");
    if (!others.ok()) return out_of_memory();
    out_.replace(name, others.reveal(), a, b, c);
    return {};
  }

  http_signature_rules const& rules_;
  signed_message message_;
  draft& out_;
  http_signature_rules::parameters parameters_;
  char digest_[content_digest_size];
  std::size_t digest_size_ = 0;  // 0: none was made
};

}  // namespace countersign::inline v0::detail
