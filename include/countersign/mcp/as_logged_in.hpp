#pragma once
// Writes what an entry of a config says, and the token of a login.

#include <countersign/core/header_formatter.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/mcp/as_configured.hpp>

#include <utility>

namespace countersign::inline v0::mcp {

/// What the entry gives, and the token of a login; an empty one where nobody is signed in, or none is wanted.
struct login_credential {
  server_credential configured = {};
  bound_token token = {};
};

/// Writes a `login_credential`: the token as its type says, then what is configured.
class as_logged_in {
public:
  static constexpr bool signs_body = true;
  static constexpr unsigned max_learned = as_configured::max_learned;
  struct memory {
    memory_of<as_configured> entry;
    memory_of<bearer_or_dpop> token;
  };

  /// @param bound a token that is bound to no key is refused
  explicit as_logged_in(as_configured entry, bool bound = false) noexcept : entry_(std::move(entry)), token_{.require_dpop = bound} {}

  template <request_view V>
  [[nodiscard]] result<stamp> format(login_credential const& credential, V const& view, draft& out, moment const& when, memory& kept) const {
    auto const bare = credential.token.access.value.empty();
    auto const token = bare ? result<stamp>(stamp{}) : token_.format(credential.token, view, out, when, kept.token);
    if (!token) return token;
    // A signature of the entry's may cover the token.
    auto const entry = entry_.format(credential.configured, overlay<V>(view, out), out, when, kept.entry);
    return bare || !entry ? entry : token;
  }
  template <request_view V>
  [[nodiscard]] heard learn(login_credential const& credential, V const& view, response_head const& head, stamp sent, memory& kept) const {
    // Where there is a token, the entry has no Authorization of its own: `may_sign_in`.
    if (credential.token.access.value.empty()) return entry_.learn(credential.configured, view, head, sent, kept.entry);
    return token_.learn(credential.token, view, head, sent, kept.token);
  }
  [[nodiscard]] error refusal(response_head const& head) const { return entry_.refusal(head); }

private:
  as_configured entry_;
  bearer_or_dpop token_;
};

}  // namespace countersign::inline v0::mcp
