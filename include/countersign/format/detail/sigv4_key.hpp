#pragma once
// Time, scope and key of a SigV4 signature.

#include <countersign/core/detail/held.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/format/detail/sigv4_headers.hpp>
#include <countersign/format/detail/sigv4_rules.hpp>
#include <countersign/format/detail/sigv4_target.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/timestamp.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

/// "20150830T123600Z", and "20150830/us-east-1/s3/aws4_request".
class sigv4_when {
public:
  static constexpr std::size_t time_size = 16, day_size = 8;
  static constexpr std::size_t max_scope = day_size + 2 * (1 + max_sigv4_name) + 1 + sigv4_end.size();

  [[nodiscard]] result<void> set(wall_time now, sigv4_rules const& rules) noexcept {
    char plain[iso8601_size];
    if (now.ms < 0 || encode_iso8601(plain, now, "Z") == plain)
      return error{errc::fatal, "sigv4: the clock is out of the years 1970 to 9999; set it"};
    std::size_t size = 0;
    for (std::size_t i = 0; size < time_size; ++i)
      if (plain[i] != '-' && plain[i] != ':') time_[size++] = plain[i];
    auto const end = rules.scope_end();
    short_copy(short_copy(scope_, {time_, day_size}), end);
    scope_size_ = day_size + end.size();
    return {};
  }
  [[nodiscard]] std::string_view time() const noexcept { return {time_, time_size}; }
  [[nodiscard]] std::string_view scope() const noexcept { return {scope_, scope_size_}; }
  [[nodiscard]] std::string_view day() const noexcept { return {scope_, day_size}; }

private:
  char time_[time_size];
  char scope_[max_scope];
  std::size_t scope_size_ = 0;
};

using sigv4_hmac = hmac<sha256>;

/// The key of one day, region and service.
[[nodiscard]] inline result<sigv4_hmac> sigv4_signing_key(secret const& key, std::string_view day,
                                                          std::string_view region,
                                                          std::string_view service) noexcept {
  auto const bytes = key.reveal();
  auto const stray = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; };
  if (bytes.empty()) return error{errc::bad_input, "sigv4: the secret access key is empty"};
  if (stray(bytes.front()) || stray(bytes.back()))
    return error{errc::bad_input,
                 "sigv4: the secret access key begins or ends with a blank or a line end; remove that"};
  secret const first("AWS4", bytes);
  if (!key.ok() || !first.ok()) return error{errc::no_memory, "sigv4: out of memory"};
  auto made = sigv4_hmac(first).finish(day);
  for (auto const part : {region, service, sigv4_end}) {
    auto next = sigv4_hmac(as_chars(made)).finish(part);
    made = next;
    wipe(next.data(), next.size());
  }
  result<sigv4_hmac> ready(sigv4_hmac(as_chars(made)));
  wipe(made.data(), made.size());
  return ready;
}

/// What a signer remembers: the key that it derived last. Whoever finds it in use by another thread derives it anew and
/// waits for nobody.
class sigv4_key {
public:
  sigv4_key() = default;
  sigv4_key(sigv4_key&& other) noexcept
      : secret_(std::move(other.secret_)), scope_(std::move(other.scope_)), keyed_(std::move(other.keyed_)) {}

  [[nodiscard]] result<sigv4_hmac> get(secret const& key, sigv4_when const& when,
                                       sigv4_rules const& rules) noexcept {
    bool const ours = !__atomic_test_and_set(&busy_, __ATOMIC_ACQUIRE);
    if (ours && keyed_ && scope_.reveal() == when.scope() && secret_ == key) {
      result<sigv4_hmac> found(*keyed_);
      __atomic_clear(&busy_, __ATOMIC_RELEASE);
      return found;
    }
    auto made = sigv4_signing_key(key, when.day(), rules.region(), rules.service());
    if (ours) {
      keyed_.reset();
      secret_ = key;
      scope_.assign(when.scope());
      if (made && secret_.ok() && scope_.ok()) keyed_.emplace(*made);
      else secret_ = secret(), scope_ = secret();
      __atomic_clear(&busy_, __ATOMIC_RELEASE);
    }
    return made;
  }

private:
  secret secret_, scope_;
  held<sigv4_hmac> keyed_;
  bool busy_ = false;
};

/// What goes under the signature of one request.
struct sigv4_signed {
  std::string_view method, target, payload;
  sigv4_headers const& headers;
};

/// Writes the signature in 64 digits.
[[nodiscard]] inline result<void> write_sigv4_signature(char* to, sigv4_signed const& what,
                                                        sigv4_when const& when, sigv4_path path,
                                                        sigv4_hmac const& key) noexcept {
  sigv4_digest canonical;
  canonical.add(what.method).add('\n');
  if (auto ok = add_sigv4_target(canonical, what.target, path); !ok) return ok;
  what.headers.add_to(canonical);
  canonical.add(what.payload);

  char text[sigv4_algorithm.size() + sigv4_when::time_size + sigv4_when::max_scope + 3 + sigv4_hash_size];
  char* at = text;
  for (auto const line : {sigv4_algorithm, when.time(), when.scope()}) {
    at = short_copy(at, line);
    *at++ = '\n';
  }
  at = canonical.finish(at);
  encode_hex(to, as_chars(key.finish({text, static_cast<std::size_t>(at - text)})));
  return {};
}

/// The SHA-256 of a body in 64 digits, or what stands in its place.
class sigv4_payload_text {
public:
  [[nodiscard]] std::string_view of_body(std::string_view body) noexcept {
    if (body.empty()) return of_nothing;
    encode_hex(digits_, as_chars(sha256::of(body)));
    return {digits_, sizeof digits_};
  }
  static constexpr std::string_view of_nothing =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  static constexpr std::string_view none = "UNSIGNED-PAYLOAD";
  static constexpr std::string_view chunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

private:
  char digits_[sigv4_hash_size];
};

}  // namespace countersign::inline v0::detail
