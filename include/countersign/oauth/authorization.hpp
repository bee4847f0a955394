#pragma once
// The way through the browser (RFC 6749 §4.1.1, §4.1.2): the page that a person is sent to, and what comes
// back.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/oauth/detail/redirect.hpp>
#include <countersign/oauth/detail/shown.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/pkce.hpp>
#include <countersign/text/percent.hpp>
#include <countersign/text/url.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// The shortest state that is sent, in characters: 128 bits in base64url.
inline constexpr std::size_t min_state = 22;

/// What is asked for. Borrowed: all of it must live until `authorization_url` returns. What is empty is left
/// out.
struct authorization_asks {
  std::string_view client_id = {};
  std::string_view redirect_uri = {};
  std::string_view scope = {};           ///< space-separated
  std::string_view state = {};           ///< of `make_state`
  std::string_view code_challenge = {};  ///< of `make_code_proof`
  std::string_view resource = {};        ///< RFC 8707; verbatim
  std::string_view prompt = {};  ///< OpenID Connect Core §3.1.2.1: "consent", "login", "select_account"
  std::string_view login_hint = {};
  std::string_view dpop_jkt = {};  ///< RFC 9449 §10: `jwk_thumbprint` of the key that the tokens will be bound to
  std::span<named_value const> more = {};  ///< what else a server wants; none of the above
};

/// A value for `state`: 256 random bits. It is good for one redirect; keep it as a secret until then.
[[nodiscard]] inline result<secret> make_state(context const& outside) {
  return detail::random_text(outside);
}

namespace detail {
[[nodiscard]] inline result<void> check_asks(authorization_asks const& asks) noexcept {
  if (asks.client_id.empty()) return error{errc::bad_input, "oauth: the client has no id; set .client_id"};
  if (asks.state.size() < min_state)
    return error{errc::bad_input, "oauth: .state is shorter than ", min_state,
                 " characters; make it with make_state"};
  if (asks.code_challenge.size() != base64_size(sha256::digest_size, base64::url))
    return error{errc::bad_input,
                 "oauth: .code_challenge is no S256 challenge; make it with make_code_proof"};
  return {};
}

// Calls `add(name, value)` for each. @param twice set where one of .more is another of them
template <class Add>
void each_parameter(authorization_asks const& asks, bool& twice, Add&& add) {
  named_value const all[] = {{"response_type", "code"},
                             {"client_id", asks.client_id},
                             {"redirect_uri", asks.redirect_uri},
                             {"scope", asks.scope},
                             {"state", asks.state},
                             {"code_challenge", asks.code_challenge},
                             {"code_challenge_method", "S256"},
                             {"resource", asks.resource},
                             {"prompt", asks.prompt},
                             {"login_hint", asks.login_hint},
                             {"dpop_jkt", asks.dpop_jkt}};
  for (auto const& [name, value] : all) add(name, value);
  for (std::size_t i = 0; i < asks.more.size(); ++i) {
    for (auto const& known : all) twice = twice || known.name == asks.more[i].name;
    for (std::size_t before = 0; before < i; ++before)
      twice = twice || asks.more[before].name == asks.more[i].name;
    add(asks.more[i].name, asks.more[i].value);
  }
}

// The endpoint's URL with more in its query.
class page_writer {
public:
  explicit page_writer(std::string_view endpoint) : endpoint_(endpoint), usable_(check(endpoint)) {
    if (!usable_) return;
    query_ = parse_url(endpoint)->query;
    first_ = query_.empty();
    url_.assign(endpoint);
  }
  // %20 for a space, which readers of forms and of plain escapes take alike.
  void add(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    twice = twice || has_parameter(query_, name);
    if (!first_) url_.append("&");
    else if (endpoint_.find('?') == std::string_view::npos) url_.append("?");
    first_ = false;
    append_percent(url_, name).push_back('=');
    append_percent(url_, value);
  }
  [[nodiscard]] result<secret> finish() && {
    if (!usable_) return usable_.error();
    if (twice)
      return error{errc::bad_input, "oauth: authorization endpoint: a parameter would be there twice, in its "
                                    "query or in .more (RFC 6749 §3.1)"};
    if (!url_.ok()) return error{errc::no_memory, "oauth: out of memory"};
    if (url_.size() > max_url_size)
      return error{errc::too_large, "oauth: the authorization URL is longer than ", max_url_size,
                   " bytes; ask for fewer scopes"};
    return std::move(url_);
  }

  bool twice = false;

private:
  static result<void> check(std::string_view endpoint) {
    if (auto ok = check_endpoint("authorization endpoint", endpoint); !ok) return ok;
    // A person sees it, and a browser is started with it: no writing that runs backwards, no letter like another.
    for (char const c : endpoint)
      if (static_cast<unsigned char>(c) >= 0x80)
        return error{errc::bad_input, "oauth: authorization endpoint: the URL holds bytes beyond ASCII"};
    return {};
  }

  std::string_view endpoint_, query_;
  result<void> usable_;
  secret url_;
  bool first_ = true;
};
}  // namespace detail

/// The page that a person opens. A query that the endpoint has is kept (RFC 6749 §3.1). errc::bad_input if a
/// parameter would be there twice, or without PKCE or state; errc::insecure, too_large.
[[nodiscard]] inline result<secret> authorization_url(std::string_view endpoint,
                                                      authorization_asks const& asks) {
  if (auto ok = check_endpoint("authorization endpoint", endpoint); !ok) return ok.error();
  if (auto ok = detail::check_asks(asks); !ok) return ok.error();
  detail::page_writer page(endpoint);
  detail::each_parameter(asks, page.twice, [&](auto name, auto value) { page.add(name, value); });
  return std::move(page).finish();
}

/// What a redirect is compared with. Borrowed.
struct expected_redirect {
  std::string_view state = {};
  std::string_view issuer = {};  ///< of the metadata, as recorded before the person was sent away
  bool iss_supported = false;    ///< authorization_response_iss_parameter_supported of the same metadata
};

/// The code of a redirect: of the whole URL, or of what follows its '?'. State is compared first, in
/// constant time, and nothing else counts before it is right; then the issuer (RFC 9207); then what the
/// server says.
///
/// errc::not_mine: not an answer to what was asked, so go on listening; wrong_origin: of another
/// authorization server, or silent on which: nothing may be redeemed; rejected: the person or the server
/// said no (access_denied); needs_person: somebody must sign in or consent; transient: try later; fatal: any
/// other error; bad_input: no answer at all. A state is good for one redirect: the caller forgets it when
/// this returns anything but not_mine.
[[nodiscard]] inline result<secret> read_redirect(std::string_view said, expected_redirect const& expected) {
  if (said.size() > max_url_size)
    return error{errc::not_mine, "oauth: the redirect is longer than ", max_url_size, " bytes"};
  auto got = detail::redirect_parameters::read(said);
  if (!got) return got.error();
  if (expected.state.size() < min_state || !got->state.once() ||
      !equal_in_constant_time(got->state.view(), expected.state))
    return error{errc::not_mine, "oauth: the redirect does not carry the state that was sent; it belongs to "
                                 "another sign-in, or is forged"};
  if (got->malformed)
    return error{errc::bad_input, "oauth: the redirect holds a parameter that is not form-encoded"};
  if (got->iss.twice || got->code.twice || got->refusal.twice)
    return error{errc::wrong_origin, "oauth: the redirect holds a parameter twice; the code is not used"};
  // RFC 9207 §2.4; MCP wants an `iss` that was not announced refused as well, whatever it says.
  if (got->iss.there != expected.iss_supported)
    return error{errc::wrong_origin, "oauth: the redirect ",
                 got->iss.there ? "names an issuer (iss), which the server's metadata does not announce"
                                : "names no issuer (iss), though the server's metadata announces it",
                 "; the code is not used"};
  if (got->iss.there && (expected.issuer.empty() || got->iss.view() != expected.issuer))
    return error{
        errc::wrong_origin,
        "oauth: the redirect is of another issuer (iss) than the one that was asked; the code is not used"};
  // What it was sent it may say again.
  bool const reflects = got->description.view().find(expected.state) != std::string_view::npos;
  if (got->refusal.there)
    return detail::redirect_error(got->refusal.view(),
                                  reflects ? std::string_view() : got->description.view());
  if (!got->code.there || got->code.view().empty())
    return error{errc::bad_input, "oauth: the redirect holds neither a code nor an error"};
  for (char const c : got->code.view())
    if (c < 0x20 || c > 0x7e)
      return error{errc::bad_input,
                   "oauth: the redirect's code holds bytes that no code has (RFC 6749 A.11)"};
  return std::move(got->code.value);
}

}  // namespace countersign::inline v0::oauth
