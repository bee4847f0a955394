#pragma once
// The steps of RFC 9421 §3.2, for each signature of a message until one is good.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/crypto/verifier.hpp>
#include <countersign/format/content_digest.hpp>
#include <countersign/format/detail/http_signature_writer.hpp>
#include <countersign/format/signature_algorithms.hpp>
#include <countersign/format/detail/signature_base.hpp>
#include <countersign/format/detail/signed_components.hpp>
#include <countersign/format/signature_demands.hpp>
#include <countersign/format/signed_message.hpp>
#include <countersign/text/structured_field.hpp>
#include <countersign/text/structured_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

using key_lookup = verifier_ref (*)(void const* self, std::string_view key_id);
struct trusted_keys {
  key_lookup look_up;
  void const* self;
};

class signature_check {
public:
  signature_check(signed_message const& message, signature_demands const& wanted, trusted_keys keys,
                  wall_time now) noexcept
      : message_(message), wanted_(wanted), keys_(keys), now_(now) {}

  [[nodiscard]] result<verified_signature> run() {
    if (wanted_.components.empty() && !wanted_.uncovered)
      return error{errc::fatal, "verify_signature: .components says nothing, so that a signature of nothing "
                                "would do; say what must be covered"};
    if (!wanted_.components.ok() || !wanted_.label.ok() || !wanted_.tag.ok() || !wanted_.structured.ok())
      return out_of_memory();
    if (auto ok = demanded_.read(wanted_.components.view()); !ok)
      return ok.error().within("verify_signature: ");
    auto const inputs = dictionary(signature_input_field);
    if (!inputs) return inputs.error();
    auto const signatures = dictionary(signature_field);
    if (!signatures) return signatures.error();

    error why{errc::rejected, "no signature of the message has the label or the tag that is wanted"};
    std::size_t tried = 0;
    for (auto const [label, input] : inputs->members()) {
      if (!wanted_.label.empty() && label != wanted_.label.view()) continue;
      if (!wanted_.tag.empty() && input.parameter("tag").string() != wanted_.tag.view()) continue;
      if (++tried > max_signatures_tried)
        return error{errc::too_large, "more than ", max_signatures_tried,
                     " signatures, and none of them is good; the last: ", why.message()};
      auto const signature = (*signatures)[label].bytes();
      auto good =
          signature
              ? one(label, input, *signature)
              : result<verified_signature>(error{errc::rejected, "Signature has no bytes of that label"});
      if (good) return good;
      if (good.error().code() == errc::no_memory) return good;
      why = good.error().within("signature ", label.substr(0, max_shown), ": ");
    }
    return why;
  }

private:
  static constexpr std::size_t max_shown = 64;  // of what a stranger chose

  [[nodiscard]] static error out_of_memory() noexcept {
    return {errc::no_memory, "verify_signature: out of memory"};
  }
  [[nodiscard]] static error rejected(error_piece const& a, error_piece const& b = {},
                                      error_piece const& c = {}) noexcept {
    return {errc::rejected, a, b, c};
  }

  [[nodiscard]] result<structured_field> dictionary(std::string_view name) const noexcept {
    secret joined;
    if (!join_field(joined, message_, name))
      return rejected("the message has no ", name, " header, so it is not signed");
    auto field = structured_field::parse_dictionary(std::move(joined));
    if (!field) return field.error().within(name, ": ");
    return field;
  }

  [[nodiscard]] result<verified_signature> one(std::string_view label, structured_value input,
                                               std::string_view signature) {
    covered_components covered;
    if (auto ok = covered.read(input); !ok) return ok.error();
    for (std::size_t i = 0; i < demanded_.size(); ++i)
      if (auto const each = demanded_[i]; !covered.has(demanded_, each))
        return rejected("it does not cover ", demanded_.identifier(each));
    verified_signature made;
    if (auto ok = parameters(made, input); !ok) return ok.error();

    auto const key = keys_.look_up(keys_.self, made.key_id.reveal());
    if (!key)
      return rejected(made.key_id.empty() ? "it names no key, and none is trusted without"
                                          : "its key is not among those that are trusted");
    if (auto ok = algorithm(key, input.parameter("alg")); !ok) return ok.error();

    base_text base;
    if (auto ok = signature_lines(base, message_, covered, wanted_.structured).write(); !ok)
      return ok.error();
    secret written;
    // The components are the list's, so that what is signed is what was understood.
    if (auto ok = structured_writer(written, structured_shape::list).value(input).finish(); !ok)
      return ok.error();
    base.add(covered.last_line()).add(written.reveal());
    auto const whole = base.whole();
    if (!whole) return whole.error();
    if (auto ok = key.verify(*whole, signature); !ok) return ok.error();
    if (auto ok = digest(covered); !ok) return ok.error();

    made.label.assign(label);
    made.components.assign(covered.text());
    for (auto const* text : {&made.label, &made.key_id, &made.nonce, &made.tag, &made.components})
      if (!text->ok()) return out_of_memory();
    return made;
  }

  [[nodiscard]] result<void> parameters(verified_signature& to, structured_value input) const noexcept {
    for (auto const& [name, place] : {std::pair<std::string_view, secret*>("keyid", &to.key_id),
                                      {"nonce", &to.nonce},
                                      {"tag", &to.tag}}) {
      auto const said = input.parameter(name);
      if (!said) continue;
      auto const text = said.string();
      if (!text) return said.expected("a string").within(name, ": ");
      place->assign(*text);
    }
    auto const created = input.parameter("created"), expires = input.parameter("expires");
    if (created && !created.integer()) return created.expected("an integer").within("created: ");
    if (expires && !expires.integer()) return expires.expected("an integer").within("expires: ");
    if (wanted_.nonce && to.nonce.empty()) return rejected("it has no nonce");
    if (wanted_.created && !created) return rejected("it does not say when it was created");
    if (created) {
      to.created = at(*created.integer());
      if (to.created > now_ + wanted_.tolerance)
        return rejected("it was created in the future; does a clock go wrong?");
      if (wanted_.max_age.ms > 0 && now_ - wanted_.max_age - wanted_.tolerance > to.created)
        return rejected("it was created too long ago; does a clock go wrong?");
    }
    if (expires) {
      to.expires = at(*expires.integer());
      if (now_ - wanted_.tolerance >= to.expires) return rejected("it has expired");
    }
    return {};
  }
  [[nodiscard]] static wall_time at(std::int64_t unix_seconds) noexcept {
    return wall_time{} + seconds(unix_seconds);
  }

  // RFC 9421 §3.2, step 6: all places that name one must agree, and the key is always asked.
  [[nodiscard]] static result<void> algorithm(verifier_ref const& key, structured_value said) {
    if (!said) return {};
    auto const name = said.string();
    if (!name) return said.expected("a string").within("alg: ");
    if (*name != message_algorithm(key.alg()))
      return rejected("it says another algorithm than its key's, which is ", key.alg());
    return {};
  }

  [[nodiscard]] result<void> digest(covered_components const& covered) const noexcept {
    if (!covered.covers("content-digest")) return {};
    if (!message_.body)
      return error{errc::fatal, "it covers Content-Digest, and the body was not given to compare"};
    secret said;
    static_cast<void>(join_field(said, message_, content_digest_field));
    if (!said.ok()) return out_of_memory();
    return check_content_digest(said.reveal(), *message_.body);
  }

  signed_message const& message_;
  signature_demands const& wanted_;
  trusted_keys keys_;
  wall_time now_;
  covered_components demanded_;
};

}  // namespace countersign::inline v0::detail
