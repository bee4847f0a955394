#pragma once
// Time, scope and key of a SigV4 signature.

#include <countersign/core/detail/remembered.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/format/detail/sigv4_headers.hpp>
#include <countersign/format/detail/sigv4_rules.hpp>
#include <countersign/format/detail/sigv4_target.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

/// "20150830T123600Z", and "20150830/us-east-1/s3/aws4_request".
class sigv4_when {
public:
  static constexpr std::size_t time_size = 16, day_size = 8;
  static constexpr std::size_t max_scope = day_size + 2 * (1 + max_sigv4_name) + 1 + sigv4_end.size();

  struct text {
    char bytes[time_size];
  };
  /// The text of a second, kept for all its requests.
  using kept_second = remembered<text, 0>;

  [[nodiscard]] result<void> set(wall_time now, sigv4_rules const& rules) noexcept {
    if (!write(now)) return out_of_years();
    set_scope(rules);
    return {};
  }
  [[nodiscard]] result<void> set(wall_time now, sigv4_rules const& rules, kept_second& kept) noexcept {
    auto const second = static_cast<std::uint64_t>(whole_seconds(now));
    if (!kept.find(second, {}, time_)) [[unlikely]] {
      if (!write(now)) return out_of_years();
      kept.keep(second, {}, time_);
    }
    set_scope(rules);
    return {};
  }
  [[nodiscard]] std::string_view time() const noexcept { return {time_.bytes, time_size}; }
  [[nodiscard]] std::string_view scope() const noexcept { return {scope_, scope_size_}; }
  [[nodiscard]] std::string_view day() const noexcept { return {scope_, day_size}; }

private:
  [[gnu::noinline]] bool write(wall_time now) noexcept {
    char plain[iso8601_size];
    if (now.ms < 0 || encode_iso8601(plain, now, "Z") == plain) return false;
    std::size_t size = 0;
    for (std::size_t i = 0; size < time_size; ++i)
      if (plain[i] != '-' && plain[i] != ':') time_.bytes[size++] = plain[i];
    return true;
  }
  void set_scope(sigv4_rules const& rules) noexcept {
    auto const end = rules.scope_end();
    short_copy(short_copy(scope_, text_at(time_.bytes, day_size)), end);
    scope_size_ = day_size + end.size();
  }
  [[gnu::cold]] static error out_of_years() noexcept {
    return {errc::fatal, "sigv4: the clock is out of the years 1970 to 9999; set it"};
  }

  text time_;
  char scope_[max_scope];
  std::size_t scope_size_ = 0;
};

/// The key of one day, region and service.
[[nodiscard]] inline result<void> derive_sigv4_key(secret const& key, std::string_view day,
                                                   std::string_view region, std::string_view service,
                                                   hmac_midstates& ready) noexcept {
  auto const bytes = key.reveal();
  auto const stray = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; };
  if (!key.ok()) return error{errc::no_memory, "sigv4: out of memory"};
  if (bytes.empty()) return error{errc::bad_input, "sigv4: the secret access key is empty"};
  if (stray(bytes.front()) || stray(bytes.back()))
    return error{errc::bad_input,
                 "sigv4: the secret access key begins or ends with a blank or a line end; remove that"};
  constexpr std::string_view before = "AWS4";
  constexpr std::size_t usual = 128;  // bytes of a secret access key; AWS's have 40
  if (bytes.size() <= usual) {
    char first[before.size() + usual];
    auto* const end = short_copy(short_copy(first, before), bytes);
    ready = hmac_midstates(sha2::bits_256, text_at(first, static_cast<std::size_t>(end - first)));
    wipe(first, sizeof first);
  } else {
    secret const first(before, bytes);
    if (!first.ok()) return error{errc::no_memory, "sigv4: out of memory"};
    ready = hmac_midstates(sha2::bits_256, first.reveal());
  }
  for (auto const part : {day, region, service, sigv4_end}) {
    auto const made = ready.finish(part);
    ready = hmac_midstates(sha2::bits_256, made.view());
  }
  return {};
}

/// What a signer remembers: the key that it derived last, and the second. Readers take no lock, and write nothing that
/// others read.
class sigv4_memory {
public:
  [[nodiscard]] sigv4_when::kept_second& second() noexcept { return second_; }

  [[nodiscard]] result<void> get(secret const& key, sigv4_when const& when, sigv4_rules const& rules,
                                 hmac_midstates& ready) noexcept {
    std::uint64_t day = 0;
    static_assert(sizeof day == sigv4_when::day_size);
    std::memcpy(&day, when.day().data(), sizeof day);
    auto const kind = day ^ rules.number();
    if (kept_.find(kind, key.reveal(), ready.words(), size)) [[likely]]
      return {};
    return make(kind, key, when, rules, ready);
  }

private:
  static constexpr auto size = hmac_midstates::size_of(sha2::bits_256);
  static constexpr std::size_t max_key = 128;  // bytes of a secret access key; AWS's have 40

  [[gnu::noinline]] result<void> make(std::uint64_t kind, secret const& key, sigv4_when const& when,
                                      sigv4_rules const& rules, hmac_midstates& ready) noexcept {
    if (auto ok = derive_sigv4_key(key, when.day(), rules.region(), rules.service(), ready); !ok) return ok;
    kept_.keep(kind, key.reveal(), ready.words(), size);
    return {};
  }

  remembered<hmac_midstates::states, max_key> kept_;
  sigv4_when::kept_second second_;
};

/// What goes under the signature of one request.
struct sigv4_signed {
  std::string_view method, target, payload;
  sigv4_headers const& headers;
};

/// Writes the signature in 64 digits.
[[nodiscard]] inline result<void> write_sigv4_signature(char* to, sigv4_signed const& what,
                                                        sigv4_when const& when, sigv4_path path,
                                                        hmac_midstates const& key) noexcept {
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
  char code[sha256::digest_size];
  key.finish(text_at(text, static_cast<std::size_t>(at - text)), code);
  encode_hex(to, text_at(code, sizeof code));
  return {};
}

/// The SHA-256 of a body in 64 digits, or what stands in its place.
class sigv4_payload_text {
public:
  [[nodiscard]] std::string_view of_body(std::string_view body) noexcept {
    if (body.empty()) return of_nothing;
    encode_hex(digits_, as_chars(sha256::of(body)));
    return text_at(digits_, sizeof digits_);
  }
  static constexpr std::string_view of_nothing =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  static constexpr std::string_view none = "UNSIGNED-PAYLOAD";
  static constexpr std::string_view chunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

private:
  char digits_[sigv4_hash_size];
};

}  // namespace countersign::inline v0::detail
