#pragma once
// What the placeholders of a signature stand for in one request: looked up once, the same everywhere.

#include <countersign/core/draft.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/format/detail/host_of.hpp>
#include <countersign/format/detail/signed_text.hpp>
#include <countersign/format/detail/signing_template.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

/// How a signature is written.
enum class digest_form : std::uint8_t {
  hex,        ///< in lower case
  base64,     ///< RFC 4648 §4
  base64url,  ///< §5, without '='
};

/// How a time is written.
enum class time_form : std::uint8_t {
  iso8601,       ///< "2026-11-23T02:14:06+00:00", as `date -u -Iseconds`
  iso8601_z,     ///< "2026-11-23T02:14:06Z"
  unix_seconds,  ///< "1795400046"
};

namespace detail {

template <request_view V>
class signing_values {
public:
  signing_values(V const& view, sha2 hash, digest_form form) noexcept
      : view_(view), hash_(hash), form_(form) {}
  signing_values(signing_values const&) = delete;
  signing_values& operator=(signing_values const&) = delete;

  void set(place what, std::string_view value) noexcept { values_[static_cast<std::size_t>(what)] = value; }

  [[nodiscard]] result<void> set_time(wall_time now, time_form form) noexcept {
    auto* const end = form == time_form::unix_seconds
                          ? encode_unix_seconds(time_, now)
                          : encode_iso8601(time_, now, form == time_form::iso8601_z ? "Z" : "+00:00");
    if (end == time_)
      return error{errc::fatal, "hmac_signature: the clock is out of the years 0 to 9999; set it"};
    set(place::timestamp, {time_, static_cast<std::size_t>(end - time_)});
    return {};
  }
  [[nodiscard]] result<void> set_nonce(moment const& when) noexcept {
    char bytes[nonce_size];
    if (auto ok = when.entropy(bytes, sizeof bytes); !ok) return ok.error().within("hmac_signature: ");
    encode_hex(nonce_, {bytes, sizeof bytes});
    set(place::nonce, {nonce_, sizeof nonce_});
    return {};
  }
  [[nodiscard]] result<void> set_body(bool with_digest) noexcept {
    std::optional<std::string_view> const body = view_.body();
    if (!body)
      return error{errc::fatal, "hmac_signature: the body is signed, and this request can't show it; give it "
                                "a body that is in memory"};
    set(place::body, *body);
    if (with_digest) set(place::digest, write_digest(digest_, hash_of(hash_, *body).view()));
    return {};
  }

  /// Signs the message; the code stands for `{signature}` from now on.
  [[nodiscard]] result<void> sign(signing_template const& message, any_hmac& keyed) noexcept {
    std::string_view waiting;  // the last piece goes with the end, which is quicker
    result<void> ok;
    message.each([&](place what, std::string_view text) {
      if (!waiting.empty()) keyed.update(waiting);
      waiting = value_of(what, text, ok);
      return ok.has_value();
    });
    if (ok) set(place::signature, write_digest(signature_, keyed.finish(waiting).view()));
    return ok;
  }
  [[nodiscard]] result<void> write(std::string_view name, signing_template const& how, draft& out) noexcept {
    result<void> ok;
    if (how.size() == 1) {
      how.each([&](place what, std::string_view text) {
        if (auto const value = value_of(what, text, ok); ok) out.set(name, value);
        return true;
      });
      return ok;
    }
    signed_text whole;
    how.each([&](place what, std::string_view text) {
      whole.append(value_of(what, text, ok));
      return ok.has_value();
    });
    if (ok && !whole.ok()) ok = error{errc::no_memory, "hmac_signature: out of memory"};
    if (ok) out.set(name, whole.view());
    return ok;
  }

private:
  static constexpr std::size_t nonce_size = 16;  // bytes: 128 bits

  // @param text the literal, or a header's name
  std::string_view value_of(place what, std::string_view text, result<void>& ok) const noexcept {
    switch (what) {
    case place::literal:
      return text;
    case place::method:
      return view_.method();
    case place::slash:  // RFC 9112 §3.2.1: so it will be sent
      return target().empty() || target().starts_with('?') ? "/" : "";
    case place::target:
      return target();
    case place::path:
      return path();
    case place::query:
      return query();
    case place::host:  // a field of the user's is what will be sent
      if (auto const given = field("Host", ok)) return *given;
      return host_of(view_.origin());
    case place::header:
      if (auto const found = field(text, ok)) return *found;
      ok = error{errc::bad_input, "hmac_signature: header ", text,
                 " is to be signed, and the request has none; set it before"};
      return {};
    default:
      return values_[static_cast<std::size_t>(what)];
    }
  }
  [[nodiscard]] std::string_view target() const noexcept { return view_.target(); }
  [[nodiscard]] std::string_view path() const noexcept {
    auto const written = target().substr(0, target().find('?'));
    return written.empty() ? std::string_view("/") : written;
  }
  [[nodiscard]] std::string_view query() const noexcept {
    auto const mark = target().find('?');
    return mark == std::string_view::npos ? std::string_view() : target().substr(mark + 1);
  }
  [[nodiscard]] std::optional<std::string_view> field(std::string_view wanted,
                                                      result<void>& ok) const noexcept {
    std::optional<std::string_view> found;
    bool twice = false;
    view_.fields([&](std::string_view name, std::string_view value) {
      if (!equal_without_case(name, wanted)) return;
      twice = twice || found;
      found = value;
    });
    if (twice)
      ok = error{errc::bad_input, "hmac_signature: header ", wanted,
                 " is to be signed, and the request has it more than once"};
    return found;
  }

  [[nodiscard]] std::string_view write_digest(char* to, std::string_view bytes) const noexcept {
    auto* const end = form_ == digest_form::hex      ? encode_hex(to, bytes)
                      : form_ == digest_form::base64 ? encode_base64(to, bytes)
                                                     : encode_base64(to, bytes, base64::url);
    return {to, static_cast<std::size_t>(end - to)};
  }

  V const& view_;
  sha2 hash_;
  digest_form form_;
  std::string_view values_[static_cast<std::size_t>(place::header)];
  char time_[iso8601_size < unix_seconds_size ? unix_seconds_size : iso8601_size];
  char nonce_[2 * nonce_size];
  char digest_[2 * max_digest_size];
  char signature_[2 * max_digest_size];
};

}  // namespace detail

}  // namespace countersign::inline v0
