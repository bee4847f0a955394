#pragma once
// Requests signed with HMAC, in whatever shape a server wants: the message and the headers are templates.

#include <countersign/core/credential.hpp>
#include <countersign/core/detail/field_writer.hpp>
#include <countersign/core/detail/known_name.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/format/detail/prepared_key.hpp>
#include <countersign/format/detail/second_text.hpp>
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
/// used, a request costs no allocation, as long as all headers fit into `draft::inline_bytes`. The time is the coarse
/// clock's, whose second begins a tick late (1 to 10 ms).
template <bool ReadsBody>
class basic_hmac_signature {
public:
  static constexpr bool signs_body = ReadsBody;
  struct memory {
    detail::prepared_key key;
    detail::second_text time;
  };

  explicit basic_hmac_signature(hmac_scheme how = {}) noexcept
      : hash_(how.hash), encoding_(how.encoding), time_(how.timestamp), key_(how.key),
        usable_(prepare(std::move(how))) {}

  /// What is wrong with the scheme, with template and column.
  [[nodiscard]] result<void> check() const noexcept { return usable_; }

  template <request_view V>
  [[nodiscard]] result<stamp> format(key_pair const& pair, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return format(&pair.id, pair.key, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret> const& pair, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return format(&std::get<0>(pair), std::get<1>(pair), view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(secret const& key, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return format(nullptr, key, view, out, when, kept);
  }

  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(key_pair const& pair, V const& view, Sink& sink, moment const& when,
                                    memory& kept) const {
    return write(&pair.id, pair.key, view, sink, when, kept);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(std::tuple<secret, secret> const& pair, V const& view, Sink& sink,
                                    moment const& when, memory& kept) const {
    return write(&std::get<0>(pair), std::get<1>(pair), view, sink, when, kept);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(secret const& key, V const& view, Sink& sink, moment const& when,
                                    memory& kept) const {
    return write(nullptr, key, view, sink, when, kept);
  }

private:
  using place = detail::place;

  template <class V>
  result<stamp> format(secret const* id, secret const& key, V const& view, draft& out, moment const& when,
                       memory& kept) const {
    detail::signing_values<V> values(view, hash_, encoding_);
    if (auto ok = sign(id, key, values, when, kept); !ok) return ok.error();
    if (auto ok = compose(values, out); !ok) return ok.error();
    return stamp{};
  }
  template <class V, class Sink>
  result<stamp> write(secret const* id, secret const& key, V const& view, Sink& sink, moment const& when,
                      memory& kept) const {
    detail::signing_values<V> values(view, hash_, encoding_);
    if (auto ok = sign(id, key, values, when, kept); !ok) return ok.error();
    auto const ok = unchecked(values) == 0 && headers_.each_is_one_piece() ? values.pour(headers_, sink)
                                                                           : compose_and_pour(values, sink);
    if (!ok) return ok.error();
    return stamp{};
  }
  template <class V, class Sink>
  [[gnu::noinline]] result<void> compose_and_pour(detail::signing_values<V> const& values, Sink& sink) const {
    draft out;
    if (auto ok = compose(values, out); !ok) return ok;
    return out.commit(sink);
  }

  template <class V>
  [[gnu::always_inline]] inline result<void> sign(secret const* id, secret const& key,
                                                  detail::signing_values<V>& values, moment const& when,
                                                  memory& kept) const {
    if (!usable_) return usable_;
    if (!key.ok() || (id != nullptr && !id->ok()))
      return error{errc::no_memory, "hmac_signature: out of memory"};
    if (key.empty()) return error{errc::bad_input, "hmac_signature: the key is empty"};
    values.set(place::key_id, {});
    if (uses(place::key_id)) {
      if (id == nullptr)
        return error{errc::fatal, "hmac_signature: a template says {key_id}, and the credential is a key "
                                  "alone; give key_pair{id, key}, or leave {key_id} out"};
      if (id->empty()) return error{errc::bad_input, "hmac_signature: the key's id is empty"};
      values.set(place::key_id, id->reveal());
    }
    if (auto ok = fill(values, when, kept.time); !ok) return ok;
    hmac_midstates keyed(hash_);
    if (auto ok = kept.key.get(key_, key, keyed); !ok) return ok.error().within("hmac_signature: ");
    return values.sign(message_, keyed);
  }
  // How many headers hold what may not stand in one.
  template <class V>
  [[nodiscard]] unsigned unchecked(detail::signing_values<V> const& values) const noexcept {
    return is_field_value(values.get(place::key_id)) ? unknown_values_ : fields_.count;
  }
  // All headers at once, straight to where they stand until they are sent.
  template <class V>
  result<void> compose(detail::signing_values<V> const& values, draft& out) const {
    result<void> ok;
    auto const size = values.size_of(headers_, ok);
    if (!ok) return ok;
    detail::field_writer to(out, fields_, size, unchecked(values));
    if (!to) return ok;
    values.write(headers_, to);
    to.finish();
    return ok;
  }
  template <class V>
  [[gnu::always_inline]] inline result<void> fill(detail::signing_values<V>& values, moment const& when,
                                                  detail::second_text& time) const {
    if (uses(place::timestamp))
      if (auto ok = values.set_time(when.coarse_now(), time_, time); !ok) return ok;
    if (uses(place::nonce))
      if (auto ok = values.set_nonce(when); !ok) return ok;
    if (uses(place::method) || uses(place::target) || uses(place::path) || uses(place::query) ||
        uses(place::host))
      if (auto ok = values.set_request(uses(place::host)); !ok) return ok;
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
    detail::signing_template message;
    if (auto ok = message.parse(std::move(how.message)); !ok)
      return ok.error().within("hmac_signature: message");
    if (message.size() == 0)
      return error{errc::bad_input,
                   "hmac_signature: message: it is empty, so that every signature would be the same"};
    if (message.uses(place::signature))
      return error{errc::bad_input, "hmac_signature: message, column ", message.column_of(place::signature),
                   ": {signature} is made of the message and can't stand in it"};
    if (auto ok = note(message, "message", ""); !ok) return ok;
    message_.add(message);
    result<void> ok;
    std::size_t i = 0;
    names_.each([&](std::string_view name, std::string_view text) {
      if (ok) ok = prepare(name, text, i);
      ++i;
    });
    if (ok && !uses(place::signature))
      ok = error{errc::bad_input,
                 "hmac_signature: no header says {signature}, so that nothing would prove anything"};
    if (ok && !(message_.ok() && headers_.ok())) ok = error{errc::no_memory, "hmac_signature: out of memory"};
    return ok;
  }
  result<void> prepare(std::string_view name, std::string_view text, std::size_t index) noexcept {
    if (!is_token(name) || name.size() > max_field_name)
      return error{errc::bad_field, "hmac_signature: header number ", index + 1,
                   " has a name that no header has (RFC 9110)"};
    std::size_t same = 0;
    names_.each(
        [&](std::string_view other, std::string_view) { same += equal_without_case(name, other) ? 1u : 0u; });
    if (same > 1) return error{errc::bad_input, "hmac_signature: header ", name, " is listed twice"};
    detail::signing_template value;
    if (auto ok = value.parse(text); !ok) return ok.error().within("hmac_signature: header ", name);
    if (value.uses(place::body))
      return error{
          errc::bad_input, "hmac_signature: header ",    name,
          ", column ",     value.column_of(place::body), ": a body can't stand in a header; {digest} can"};
    headers_.add(place::name, name);
    headers_.add(value);
    fields_.add(detail::known_name(name));
    if (!value.always_fits_a_field()) ++unknown_values_;
    return note(value, "header ", name);
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
  unsigned used_ = 0;            // one bit a `place`
  unsigned unknown_values_ = 0;  // headers whose values need a check
  detail::signing_plan message_, headers_;
  detail::known_fields fields_;
  header_list names_;
  result<void> usable_;
};

using hmac_signature = basic_hmac_signature<false>;
using hmac_body_signature = basic_hmac_signature<true>;

}  // namespace countersign::inline v0
