#pragma once
// HTTP Message Signatures (RFC 9421).

#include <countersign/core/credential.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/format/detail/http_signature_rules.hpp>
#include <countersign/format/detail/http_signature_writer.hpp>
#include <countersign/format/detail/prepared_key.hpp>
#include <countersign/format/detail/second_text.hpp>
#include <countersign/format/signature_algorithms.hpp>
#include <countersign/format/detail/signature_base.hpp>
#include <countersign/format/http_signature_options.hpp>
#include <countersign/format/signed_message.hpp>

#include <concepts>
#include <tuple>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
struct http_signature_memory {
  prepared_key key;
  second_text clock;
};
}  // namespace detail

/// Signs each request by `http_signature_options`: writes Signature-Input and Signature, and Content-Digest where that is covered
/// and the request has none. The algorithm is the key's: hmac-sha256 for `key_pair`, two secrets (id and key) or one secret;
/// for a `signer` (`openssl_key`), alone or behind its id, what it signs with. Signatures with other labels, of the request or of an earlier formatter of
/// `each_of`, stay. `http_signature` takes only views that show the body; `http_signature_without_body` takes any request, and
/// covers a Content-Digest that is there. A mistake in the options is told by `check()`, and by `format`. Under an HMAC whose key
/// has been used, a request costs no allocation, unless it has signatures already, or covers `;sf`, `;key` or `;bs`.
template <bool ReadsBody>
class basic_http_signature {
public:
  static constexpr bool signs_body = ReadsBody;
  using memory = detail::http_signature_memory;

  explicit basic_http_signature(http_signature_options how = {}) noexcept : rules_(std::move(how)) {}

  /// What is wrong with the options.
  [[nodiscard]] result<void> check() const noexcept { return rules_.usable(); }

  template <request_view V>
  [[nodiscard]] result<stamp> format(key_pair const& pair, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return done(sign(pair, signed_request(view), out, when, kept));
  }
  template <class Key, request_view V>
    requires(std::same_as<Key, secret> || signer<Key>)
  [[nodiscard]] result<stamp> format(std::tuple<secret, Key> const& pair, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return done(sign(pair, signed_request(view), out, when, kept));
  }
  template <class Key, request_view V>
    requires(std::same_as<Key, secret> || signer<Key>)
  [[nodiscard]] result<stamp> format(Key const& key, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return done(sign(key, signed_request(view), out, when, kept));
  }

  /// The same of any message: a server signs a response, and commits the draft to it.
  [[nodiscard]] result<void> sign(key_pair const& pair, signed_message const& message, draft& out,
                                  moment const& when, memory& kept) const {
    return sign_as(pair.id, pair.key, message, out, when, kept);
  }
  template <class Key>
    requires(std::same_as<Key, secret> || signer<Key>)
  [[nodiscard]] result<void> sign(std::tuple<secret, Key> const& pair, signed_message const& message,
                                  draft& out, moment const& when, memory& kept) const {
    return sign_as(std::get<0>(pair), std::get<1>(pair), message, out, when, kept);
  }
  template <class Key>
    requires(std::same_as<Key, secret> || signer<Key>)
  [[nodiscard]] result<void> sign(Key const& key, signed_message const& message, draft& out,
                                  moment const& when, memory& kept) const {
    return sign_as(secret(), key, message, out, when, kept);
  }

  /// @param id what the server knows the key by; empty: as the options say
  [[nodiscard]] result<void> sign_as(secret const& id, secret const& key, signed_message const& message,
                                     draft& out, moment const& when, memory& kept) const {
    if (!key.ok() || !id.ok()) return error{errc::no_memory, "http_signature: out of memory"};
    if (key.empty()) return error{errc::bad_input, "http_signature: the key is empty"};
    hmac_midstates keyed(sha2::bits_256);
    if (auto ok = kept.key.get(rules_.key(), key, keyed); !ok) return ok.error().within("http_signature: ");
    detail::http_signature_writer writer(rules_, message, out);
    detail::base_text base(&keyed);
    if (auto ok = writer.begin(base, id.reveal(), "hmac-sha256", when, kept.clock); !ok) return ok;
    return writer.end(base.code().view());
  }
  template <signer Key>
  [[nodiscard]] result<void> sign_as(secret const& id, Key const& key, signed_message const& message,
                                     draft& out, moment const& when, memory& kept) const {
    if (!id.ok()) return error{errc::no_memory, "http_signature: out of memory"};
    detail::http_signature_writer writer(rules_, message, out);
    detail::base_text base;
    if (auto ok = writer.begin(base, id.reveal(), message_algorithm(key.alg()), when, kept.clock); !ok)
      return ok;
    auto const whole = base.whole();
    if (!whole) return whole.error().within("http_signature: ");
    secret signature;
    if (auto ok = key.sign(*whole, signature); !ok) return ok.error().within("http_signature: ");
    return writer.end(signature.reveal());
  }

private:
  [[nodiscard]] static result<stamp> done(result<void> const& how) noexcept {
    if (!how) return how.error();
    return stamp{};
  }

  detail::http_signature_rules rules_;
};

using http_signature = basic_http_signature<true>;
using http_signature_without_body = basic_http_signature<false>;

}  // namespace countersign::inline v0
