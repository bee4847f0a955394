#pragma once
// What a server says to a request that it let in (RFC 7616 §3.5, RFC 7615).

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/format/detail/digest_answer.hpp>
#include <countersign/format/detail/digest_challenge.hpp>
#include <countersign/format/detail/digest_session.hpp>
#include <countersign/text/challenge.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::inline v0::detail {

/// The value of Authentication-Info; nothing where it is not there once.
[[nodiscard]] inline std::optional<std::string_view> info_field(response_head const& head) {
  std::optional<std::string_view> said;
  bool once = true;
  head.fields([&](std::string_view name, std::string_view value) {
    if (!equal_without_case(name, "Authentication-Info")) return;
    once = !said;
    said = value;
  });
  return once ? said : std::nullopt;
}

/// What can't be read says nothing: a proof that is left out is none that failed.
class digest_info {
public:
  explicit digest_info(std::string_view field) noexcept {
    // RFC 7615 §3: the parameters of a challenge, without its scheme
    secret const whole("Digest ", field);
    if (whole.ok()) static_cast<void>(all_.add(whole.reveal()));
  }

  /// "" if there is none, or none that could be answered.
  [[nodiscard]] std::string_view next_nonce() const noexcept {
    auto const next = said("nextnonce").value_or("");
    return next.size() <= max_digest_nonce ? next : std::string_view();
  }
  /// False where it claims to know the password and does not. With qop auth-int the proof covers the response's body,
  /// which is not seen here: then nothing is judged.
  /// @param sent the qop of the request
  [[nodiscard]] bool proves(digest_session const& of, std::string_view user, std::string_view password,
                            digest_qop sent, std::string_view target) const noexcept {
    auto const claimed = said("rspauth");
    if (!claimed) return true;
    auto const qop = said("qop").value_or(name(sent));
    if (equal_without_case(qop, "auth-int")) return true;
    digest_counts const counts(of);
    auto const turn = counts.turn();
    // RFC 7616 §3.5: those of the request to which this is the response
    if (sent != digest_qop::none && (!equal_without_case(said("nc").value_or(turn.nc), turn.nc) ||
                                     said("cnonce").value_or(turn.cnonce) != turn.cnonce))
      return false;
    auto const key = digest_key(of, user, password, turn);
    auto const due =
        digest_proof(of, key, turn, sent == digest_qop::none ? sent : digest_qop::auth, "", target);
    char given[64];
    if (claimed->size() > sizeof given) return false;
    for (std::size_t i = 0; i < claimed->size(); ++i) given[i] = ascii_lower((*claimed)[i]);
    return equal_in_constant_time(due.view(), text_at(given, claimed->size()));
  }

private:
  [[nodiscard]] std::optional<std::string_view> said(std::string_view name) const noexcept {
    return all_[0].parameter(name);
  }

  challenges all_;
};

}  // namespace countersign::inline v0::detail
