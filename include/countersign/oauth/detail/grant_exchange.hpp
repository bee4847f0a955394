#pragma once
// What the grants that are sources have in common.

#include <countersign/core/context.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/result.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth::detail {

// Of a grant's fields.
template <class Grant>
[[nodiscard]] token_service service_of(Grant const& about) {
  return {.endpoint = about.token_endpoint,
          .issuer = about.issuer,
          .client = about.client,
          .client_key = about.client_key,
          .dpop_key = about.dpop_key};
}

[[nodiscard]] inline issued<bound_token> issue(token_response&& given, any_signer const& key) noexcept {
  return {{.access = std::move(given.access), .key = key}, given.expires};
}

// A text that is missing for want of memory must not pass for one that was not given.
template <class... Text>
[[nodiscard]] result<void> check_texts(Text const&... all) noexcept {
  if ((all.ok() && ...)) return {};
  return error{errc::no_memory, "oauth: out of memory"};
}

// A field of a grant that it can't do without.
[[nodiscard]] inline result<secret> read_given(std::string_view grant, std::string_view field,
                                               secret_from const& from, context const& outside) {
  if (!from.given()) return error{errc::bad_input, grant, ": nothing to ask with; set .", field};
  auto got = from.read(outside);
  if (!got) return got.error().within(grant, " .", field, ": ");
  if (!got->ok()) return error{errc::no_memory, grant, ": out of memory"};
  if (got->empty()) return error{errc::bad_input, grant, ": .", field, " is empty"};
  return got;
}

// One call, and a token of what it gives.
class grant_exchange : public nested_steps<grant_exchange, issued<bound_token>, token_call> {
public:
  /// @param nonces outlive the exchange, as does `outside`
  grant_exchange(token_service who, result<form> body, context const& outside, clocks now,
                 dpop_nonces& nonces)
      : key_(who.dpop_key) {
    begin_at(now);
    if (body)
      run(token_call(std::move(who), std::move(*body), {.nonces = &nonces}, outside, now),
          &grant_exchange::called);
    else give_up(body.error());
  }

private:
  void called() {
    auto got = outcome_of<token_call>();
    if (got) finish(issue(std::move(*got), key_));
    else give_up(got.error());
  }

  any_signer key_;
};

}  // namespace countersign::inline v0::oauth::detail
