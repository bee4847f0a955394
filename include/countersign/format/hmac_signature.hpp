#pragma once
// Requests signed with HMAC, in whatever shape a server wants: the message and the headers are templates.

#include <countersign/core/credential.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/format/detail/prepared_key.hpp>
#include <countersign/format/detail/signed_text.hpp>
#include <countersign/format/detail/signing_template.hpp>
#include <countersign/format/detail/signing_values.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

namespace countersign::inline v0 {

/// The most headers that one signature writes.
inline constexpr std::size_t max_signed_headers = 16;

/// How a request is signed. A default-made one is the common small scheme: the time is signed, and sent beside it.
///
/// Templates are literal text and placeholders: `{timestamp}`, `{nonce}` (32 hexadecimal digits), `{method}`, `{target}`
/// (as sent: path and query), `{path}`, `{query}` (without "?"), `{host}`, `{header:NAME}`, `{key_id}`, `{body}`, `{digest}` (the
/// body's hash, written like the signature); in headers `{signature}`. `{{` and `}}` are the braces themselves.
struct hmac_scheme {
  sha2 hash = sha2::bits_256;
  digest_form encoding = digest_form::hex;
  time_form timestamp = time_form::iso8601;
  /// How the credential writes the key.
  key_form key = key_form::raw;
  /// What is signed, byte for byte.
  owned_text message = "{timestamp}";
  /// What is sent: name and template of each header.
  header_list headers = {
      {"X-Timestamp", "{timestamp}"}, {"X-Signature", "{signature}"}, {"X-API-Key", "{key_id}"}};
};

/// Signs each request by a `hmac_scheme`. Takes `key_pair` (id and key), two secrets in that order, or the key alone
/// where no template says `{key_id}`. `hmac_signature` reads no body and takes any request; `hmac_body_signature` may, and
/// takes only views that show it. A mistake in a template is told by `check()`, and by `format`. Once a key has been
/// used, a request costs no allocation, unless a header of several pieces is longer than `detail::signed_text_inline` bytes.
template <bool ReadsBody>
class basic_hmac_signature {
public:
  static constexpr bool signs_body = ReadsBody;
  using memory = detail::prepared_key;

  explicit basic_hmac_signature(hmac_scheme how = {}) noexcept
      : hash_(how.hash), encoding_(how.encoding), time_(how.timestamp), key_(how.key),
        usable_(prepare(std::move(how))) {}

  /// What is wrong with the scheme, with template and column.
  [[nodiscard]] result<void> check() const noexcept { return usable_; }

  template <request_view V>
  [[nodiscard]] result<stamp> format(key_pair const& pair, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return sign(&pair.id, pair.key, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret> const& pair, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return sign(&std::get<0>(pair), std::get<1>(pair), view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(secret const& key, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return sign(nullptr, key, view, out, when, kept);
  }

private:
  using place = detail::place;

  template <class V>
  result<stamp> sign(secret const* id, secret const& key, V const& view, draft& out, moment const& when,
                     memory& kept) const {
    if (!usable_) return usable_.error();
    if (!key.ok() || (id != nullptr && !id->ok()))
      return error{errc::no_memory, "hmac_signature: out of memory"};
    if (key.empty()) return error{errc::bad_input, "hmac_signature: the key is empty"};
    detail::signing_values<V> values(view, hash_, encoding_);
    if (uses(place::key_id)) {
      if (id == nullptr)
        return error{errc::fatal, "hmac_signature: a template says {key_id}, and the credential is a key "
                                  "alone; give key_pair{id, key}, or leave {key_id} out"};
      if (id->empty()) return error{errc::bad_input, "hmac_signature: the key's id is empty"};
      values.set(place::key_id, id->reveal());
    }
    if (auto ok = fill(values, when); !ok) return ok.error();
    auto keyed = kept.get(hash_, key_, key);
    if (!keyed) return keyed.error().within("hmac_signature: ");
    if (auto ok = values.sign(message_, *keyed); !ok) return ok.error();
    result<void> written;
    std::size_t i = 0;
    names_.each([&](std::string_view name, std::string_view) {
      if (written) written = values.write(name, headers_[i++], out);
    });
    if (!written) return written.error();
    return stamp{};
  }
  template <class V>
  result<void> fill(detail::signing_values<V>& values, moment const& when) const {
    if (uses(place::timestamp))
      if (auto ok = values.set_time(when.now(), time_); !ok) return ok;
    if (uses(place::nonce))
      if (auto ok = values.set_nonce(when); !ok) return ok;
    if constexpr (ReadsBody) {
      if (uses(place::body) || uses(place::digest))
        if (auto ok = values.set_body(uses(place::digest)); !ok) return ok;
    }
    return {};
  }

  [[nodiscard]] bool uses(place what) const noexcept {
    return (used_ >> static_cast<unsigned>(what) & 1) != 0;
  }

  result<void> prepare(hmac_scheme&& how) noexcept {
    if (!how.headers.ok()) return error{errc::no_memory, "hmac_signature: out of memory"};
    names_ = std::move(how.headers);
    if (names_.count() > max_signed_headers)
      return error{errc::too_large, "hmac_signature: more than ", max_signed_headers, " headers"};
    if (auto ok = message_.parse(std::move(how.message)); !ok)
      return ok.error().within("hmac_signature: message");
    if (message_.size() == 0)
      return error{errc::bad_input,
                   "hmac_signature: message: it is empty, so that every signature would be the same"};
    if (message_.uses(place::signature))
      return error{errc::bad_input, "hmac_signature: message, column ", message_.column_of(place::signature),
                   ": {signature} is made of the message and can't stand in it"};
    if (auto ok = note(message_, "message", ""); !ok) return ok;
    result<void> ok;
    std::size_t i = 0;
    names_.each([&](std::string_view name, std::string_view text) {
      if (ok) ok = prepare(headers_[i], name, text, i);
      ++i;
    });
    if (ok && !uses(place::signature))
      ok = error{errc::bad_input,
                 "hmac_signature: no header says {signature}, so that nothing would prove anything"};
    return ok;
  }
  result<void> prepare(detail::signing_template& to, std::string_view name, std::string_view text,
                       std::size_t index) noexcept {
    if (!is_token(name))
      return error{errc::bad_field, "hmac_signature: header number ", index + 1,
                   " has a name that no header has (RFC 9110)"};
    std::size_t same = 0;
    names_.each(
        [&](std::string_view other, std::string_view) { same += equal_without_case(name, other) ? 1u : 0u; });
    if (same > 1) return error{errc::bad_input, "hmac_signature: header ", name, " is listed twice"};
    if (auto ok = to.parse(text); !ok) return ok.error().within("hmac_signature: header ", name);
    if (to.uses(place::body))
      return error{
          errc::bad_input, "hmac_signature: header ", name,
          ", column ",     to.column_of(place::body), ": a body can't stand in a header; {digest} can"};
    return note(to, "header ", name);
  }
  // What any template says is looked up for all of them, once a request.
  result<void> note(detail::signing_template const& from, std::string_view what,
                    std::string_view name) noexcept {
    for (auto const unread : {place::body, place::digest})
      if (!ReadsBody && from.uses(unread))
        return error{errc::bad_input,
                     "hmac_signature: ",
                     what,
                     name,
                     ", column ",
                     from.column_of(unread),
                     ": {",
                     detail::place_names[static_cast<std::size_t>(unread)],
                     "} reads the body; use hmac_body_signature, which takes requests that show it"};
    result<void> ok;
    from.each([&](place kind, std::string_view field) {
      if (kind == place::header && names_.get(field))
        ok = error{errc::bad_input,
                   "hmac_signature: ",
                   what,
                   name,
                   ", column ",
                   from.column_of(kind, field),
                   ": header ",
                   field,
                   " is written here; put what it says in its place"};
      return ok.has_value();
    });
    if (!ok) return ok;
    for (unsigned kind = 0; kind <= static_cast<unsigned>(place::literal); ++kind)
      if (from.uses(static_cast<place>(kind))) used_ |= 1u << kind;
    return {};
  }

  sha2 hash_;
  digest_form encoding_;
  time_form time_;
  key_form key_;
  unsigned used_ = 0;  // one bit a `place`
  detail::signing_template message_;
  header_list names_;
  detail::signing_template headers_[max_signed_headers];
  result<void> usable_;
};

using hmac_signature = basic_hmac_signature<false>;
using hmac_body_signature = basic_hmac_signature<true>;

}  // namespace countersign::inline v0
