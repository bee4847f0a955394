#pragma once
// AWS Signature Version 4 in the query: a URL that works by itself for a while.

#include <countersign/core/credential.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/format/detail/sigv4_headers.hpp>
#include <countersign/format/detail/sigv4_key.hpp>
#include <countersign/format/detail/sigv4_rules.hpp>
#include <countersign/format/sigv4_options.hpp>
#include <countersign/text/percent.hpp>
#include <countersign/text/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How long a presigned URL may work at least and at most, in seconds: AWS takes a week.
inline constexpr std::int64_t min_sigv4_seconds = 1;
inline constexpr std::int64_t max_sigv4_seconds = 604'800;

namespace detail {

[[nodiscard]] inline bool has_sigv4(std::string_view target) noexcept {
  auto const mark = target.find('?');
  if (mark == std::string_view::npos) return false;
  for (auto rest = target.substr(mark + 1); !rest.empty();) {
    auto const field = rest.substr(0, rest.find('&'));
    rest.remove_prefix(field.size() == rest.size() ? field.size() : field.size() + 1);
    for (std::string_view const own : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
                                       "X-Amz-SignedHeaders", "X-Amz-Security-Token", "X-Amz-Signature"})
      if (equal_without_case(field.substr(0, field.find('=')), own)) return true;
  }
  return false;
}

template <class V>
result<std::string_view> presigned_payload(V const& view, sigv4_rules const& rules,
                                           sigv4_payload_text& written) {
  switch (rules.payload()) {
  case sigv4_payload::empty:
    return written.of_nothing;
  case sigv4_payload::given:
    return rules.payload_hash();
  case sigv4_payload::unsigned_payload:
    return written.none;
  case sigv4_payload::chunked:
    return error{errc::bad_input,
                 "sigv4_presigned_url: a body in signed chunks needs a signature in headers; use sigv4"};
  default:
    break;
  }
  if (rules.s3()) return written.none;
  if constexpr (body_view<V>) {
    std::optional<std::string_view> const body = view.body();
    if (body) return written.of_body(*body);
  }
  return error{errc::fatal,
               "sigv4_presigned_url: the body is signed, and this request can't show it; give it a body "
               "that is in memory, or say sigv4_payload::given or unsigned_payload"};
}

}  // namespace detail

/// The URL of a request, signed so that whoever has it may send that request until it expires: it is a secret. The headers
/// that were signed (see `sigv4_options::also_signed`) must be sent with it as they are here. For S3,
/// `sigv4_payload::body` signs nothing of the body, as S3 wants it. `hash_header` is of no matter.
/// @param lifetime `min_sigv4_seconds` to `max_sigv4_seconds`, of which whole seconds count
template <any_request R>
[[nodiscard]] result<secret> sigv4_presigned_url(sigv4_options how, aws_credentials const& as,
                                                 R const& request, duration lifetime, wall_time now) {
  detail::sigv4_rules const rules(std::move(how));
  if (!rules.usable()) return rules.usable().error();
  if (!as.access_key_id.ok() || !as.secret_access_key.ok() || !as.session_token.ok())
    return error{errc::no_memory, "sigv4_presigned_url: out of memory"};
  if (as.access_key_id.empty())
    return error{errc::bad_input, "sigv4_presigned_url: the access key id is empty"};
  if (lifetime < seconds(min_sigv4_seconds) || lifetime > seconds(max_sigv4_seconds))
    return error{errc::bad_input,   "sigv4_presigned_url: a URL may work for ",
                 min_sigv4_seconds, " to ",
                 max_sigv4_seconds, " seconds"};
  decltype(auto) view = view_of(request);
  std::string_view const origin = view.origin(), before = view.target(), method = view.method();
  if (detail::has_sigv4(before))
    return error{errc::bad_input,
                 "sigv4_presigned_url: the query holds X-Amz-… fields of a signature already; sign the "
                 "URL without them"};
  detail::sigv4_when when;
  if (auto ok = when.set(now, rules); !ok) return ok.error();
  detail::sigv4_payload_text written;
  auto const payload = detail::presigned_payload(view, rules, written);
  if (!payload) return payload.error();
  hmac_midstates key(sha2::bits_256);
  if (auto ok =
          detail::derive_sigv4_key(as.secret_access_key, when.day(), rules.region(), rules.service(), key);
      !ok)
    return ok.error();
  detail::sigv4_headers headers;
  if (auto ok = headers.gather(view, rules); !ok) return ok.error();

  secret target;
  if (before.empty() || before.front() == '?') target.append("/");
  target.append(before);
  auto const mark = before.find('?');
  if (mark == std::string_view::npos) target.append("?");
  else if (mark + 1 < before.size()) target.append("&");
  target.append("X-Amz-Algorithm=").append(detail::sigv4_algorithm).append("&X-Amz-Credential=");
  append_percent(append_percent(append_percent(target, as.access_key_id.reveal()), "/"), when.scope());
  target.append("&X-Amz-Date=").append(when.time()).append("&X-Amz-SignedHeaders=");
  append_percent(target, headers.names()).append("&X-Amz-Expires=");
  char digits[unix_seconds_size];
  auto const* const end = encode_unix_seconds(digits, wall_time{lifetime.ms});
  target.append({digits, static_cast<std::size_t>(end - digits)});
  if (!as.session_token.empty())
    append_percent(target.append("&X-Amz-Security-Token="), as.session_token.reveal());
  if (!target.ok()) return error{errc::no_memory, "sigv4_presigned_url: out of memory"};

  char signature[detail::sigv4_hash_size];
  if (auto ok = detail::write_sigv4_signature(signature, {method, target.reveal(), *payload, headers}, when,
                                              rules.path(), key);
      !ok)
    return ok.error();
  secret url(origin, target.reveal(), "&X-Amz-Signature=", std::string_view(signature, sizeof signature));
  if (!url.ok()) return error{errc::no_memory, "sigv4_presigned_url: out of memory"};
  return url;
}

}  // namespace countersign::inline v0
