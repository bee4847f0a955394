#pragma once
// The token's type decides: `Authorization: Bearer …` (RFC 6750), or `Authorization: DPoP …` and a proof (RFC 9449 §7.1).

#include <countersign/core/credential.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/detail/token_kind.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/format/dpop_proof.hpp>
#include <countersign/text/challenge.hpp>
#include <countersign/text/origin.hpp>

#include <string_view>

namespace countersign::inline v0 {

/// Writes a `bound_token` as the server that issued it says (`token_type`, compared without case); a type that is neither
/// is refused. With DPoP each attempt carries a proof of its own, with the newest nonce of the request's origin, which is
/// heard from every response. A 401 that asks for a nonce is answered once; the credential is not to blame for it.
struct bearer_or_dpop {
  /// Refuse a bearer token: the server was asked for one that is bound to a key.
  bool require_dpop = false;

  using memory = dpop_nonces;
  static constexpr unsigned max_learned = 1;

  template <request_view V>
  [[nodiscard]] result<stamp> format(bound_token const& given, V const& view, draft& out, moment const& when,
                                     memory const& nonces) const {
    auto const& access = given.access;
    if (!access.type.ok() || !access.value.ok())
      return error{errc::no_memory, "bearer_or_dpop: out of memory"};
    if (detail::is_dpop(access)) return write(given, view, out, when, nonces);
    if (!equal_without_case(access.type.reveal(), "Bearer"))
      return error{errc::fatal,
                   "bearer_or_dpop: the token was issued with another token_type than Bearer and "
                   "DPoP; choose a formatter that writes that type"};
    if (require_dpop)
      return error{errc::fatal, "bearer_or_dpop: the server issued a bearer token, bound to no key, and "
                                "require_dpop is set; look at the server's settings for this client"};
    return bearer().format(access.value, view, out, when);
  }

  template <request_view V>
  [[nodiscard]] heard learn(bound_token const& given, V const& view, response_head const& head, stamp sent,
                            memory& nonces) const {
    if (!detail::is_dpop(given)) return heard::nothing;
    auto const where = origin_of(view.origin());
    if (!where) return heard::nothing;
    nonces.learn(where->view(), head);
    if (!asks_for_nonce(head)) return heard::nothing;
    // With the newest one refused and no other given, trying again would say the same, and so would a new token.
    auto const newest = nonces.get(where->view()).number();
    return newest != 0 && newest != sent ? heard::try_again : heard::give_up;
  }

private:
  template <class V>
  result<stamp> write(bound_token const& given, V const& view, draft& out, moment const& when,
                      memory const& nonces) const {
    auto const value = given.access.value.reveal();
    if (!given.key)
      return error{errc::fatal,
                   "bearer_or_dpop: the token is bound to a key, and the key did not come with it; "
                   "keep both together, or sign in again"};
    if (!is_b64token(value))
      return error{errc::bad_input,
                   "bearer_or_dpop: the token is empty, or holds a byte that no token has (RFC 9449 "
                   "§7.1: letters, digits, -._~+/ and = at its end)"};
    auto const where = origin_of(view.origin());
    if (!where) return where.error().within("bearer_or_dpop: ");
    auto const nonce = nonces.get(where->view());
    auto const proof = dpop_proof(given.key,
                                  {.method = view.method(),
                                   .origin = where->view(),
                                   .target = view.target(),
                                   .access_token = value,
                                   .nonce = nonce.view()},
                                  when);
    if (!proof) return proof.error().within("bearer_or_dpop: ");
    out.set("Authorization", "DPoP ", value);
    out.set("DPoP", proof->reveal());
    return nonce.number();
  }

  // RFC 9449 §9
  [[nodiscard]] static bool asks_for_nonce(response_head const& head) {
    if (head.status() != 401) return false;
    bool asks = false;
    head.fields([&](std::string_view name, std::string_view value) {
      if (asks || !equal_without_case(name, "WWW-Authenticate")) return;
      auto const all = challenges::parse(value);
      if (!all) return;
      for (challenge const one : *all)
        asks = asks || (one.is("DPoP") && one.parameter("error") == std::string_view("use_dpop_nonce"));
    });
    return asks;
  }
};

}  // namespace countersign::inline v0
