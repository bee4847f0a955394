#pragma once
// AWS Signature Version 4 in headers.

#include <countersign/core/credential.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/format/detail/sigv4_headers.hpp>
#include <countersign/format/detail/sigv4_key.hpp>
#include <countersign/format/detail/sigv4_rules.hpp>
#include <countersign/format/sigv4_options.hpp>

#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

namespace countersign::inline v0 {

/// Signs each request for AWS, or for what speaks as S3 does: writes X-Amz-Date, X-Amz-Security-Token where there is one,
/// X-Amz-Content-Sha256 as `sigv4_options` say, and Authorization. Takes `aws_credentials`, `key_pair`, or two or three
/// secrets in the order id, key, token. `sigv4` may read the body and takes only views that show it;
/// `sigv4_without_body` takes any request, and `sigv4_payload::body` is a mistake there. A mistake in the options is
/// told by `check()`, and by `format`. The key is derived once a day; a request then costs no allocation, unless its path
/// has to be normalized or the names of the signed headers are longer than `detail::signed_text_inline` bytes.
template <bool ReadsBody>
class basic_sigv4 {
public:
  static constexpr bool signs_body = ReadsBody;
  using memory = detail::sigv4_key;

  explicit basic_sigv4(sigv4_options how) noexcept : rules_(std::move(how)) {}

  /// What is wrong with the options.
  [[nodiscard]] result<void> check() const noexcept {
    if (!rules_.usable()) return rules_.usable();
    if (!ReadsBody && rules_.payload() == sigv4_payload::body)
      return error{errc::bad_input,
                   "sigv4_without_body: it can't sign a body; use sigv4, or say empty, given, "
                   "unsigned_payload or chunked"};
    return {};
  }

  template <request_view V>
  [[nodiscard]] result<stamp> format(aws_credentials const& as, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return sign({as.access_key_id, as.secret_access_key, &as.session_token}, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(key_pair const& as, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return sign({as.id, as.key, nullptr}, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret> const& as, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return sign({std::get<0>(as), std::get<1>(as), nullptr}, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret, secret> const& as, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return sign({std::get<0>(as), std::get<1>(as), &std::get<2>(as)}, view, out, when, kept);
  }

private:
  struct identity {
    secret const& id;
    secret const& key;
    secret const* token;
  };

  template <class V>
  result<stamp> sign(identity as, V const& view, draft& out, moment const& now, memory& kept) const {
    if (auto ok = check(); !ok) return ok.error();
    if (as.token != nullptr && as.token->empty() && as.token->ok()) as.token = nullptr;
    if (!as.id.ok() || !as.key.ok() || (as.token != nullptr && !as.token->ok()))
      return error{errc::no_memory, "sigv4: out of memory"};
    if (as.id.empty()) return error{errc::bad_input, "sigv4: the access key id is empty"};

    detail::sigv4_when when;
    if (auto ok = when.set(now.coarse_now(), rules_); !ok) return ok.error();
    detail::sigv4_payload_text written;
    auto const payload = payload_of(view, written);
    if (!payload) return payload.error();
    auto const key = kept.get(as.key, when, rules_);
    if (!key) return key.error();

    detail::sigv4_headers headers;
    headers.write("x-amz-date", when.time());
    if (as.token != nullptr) headers.write("x-amz-security-token", as.token->reveal());
    if (rules_.hash_header()) headers.write("x-amz-content-sha256", *payload);
    if (auto ok = headers.gather(view, rules_); !ok) return ok.error();
    char signature[detail::sigv4_hash_size];
    if (auto ok = detail::write_sigv4_signature(signature, {view.method(), view.target(), *payload, headers},
                                                when, rules_.path(), *key);
        !ok)
      return ok.error();

    out.set("X-Amz-Date", when.time());
    if (as.token != nullptr) out.set("X-Amz-Security-Token", as.token->reveal());
    if (rules_.hash_header()) out.set("X-Amz-Content-Sha256", *payload);
    out.set("Authorization", detail::sigv4_algorithm, " Credential=", as.id.reveal(), "/", when.scope(),
            ", SignedHeaders=", headers.names(),
            ", Signature=", std::string_view(signature, sizeof signature));
    return stamp{};
  }
  template <class V>
  result<std::string_view> payload_of(V const& view, detail::sigv4_payload_text& written) const {
    switch (rules_.payload()) {
    case sigv4_payload::empty:
      return written.of_nothing;
    case sigv4_payload::given:
      return rules_.payload_hash();
    case sigv4_payload::unsigned_payload:
      return written.none;
    case sigv4_payload::chunked:
      return written.chunks;
    default:
      break;
    }
    if constexpr (ReadsBody) {
      std::optional<std::string_view> const body = view.body();
      if (body) return written.of_body(*body);
    }
    return error{errc::fatal,
                 "sigv4: the body is signed, and this request can't show it; give it a body that is in "
                 "memory, or say sigv4_payload::given or unsigned_payload"};
  }

  detail::sigv4_rules rules_;
};

using sigv4 = basic_sigv4<true>;
using sigv4_without_body = basic_sigv4<false>;

}  // namespace countersign::inline v0
