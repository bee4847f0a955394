#pragma once
// AWS Signature Version 4 in headers.

#include <countersign/core/credential.hpp>
#include <countersign/core/detail/known_name.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
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
  using memory = detail::sigv4_memory;

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
    return format(identity{as.access_key_id, as.secret_access_key, &as.session_token}, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(key_pair const& as, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return format(identity{as.id, as.key, nullptr}, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret> const& as, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return format(identity{std::get<0>(as), std::get<1>(as), nullptr}, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret, secret> const& as, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return format(identity{std::get<0>(as), std::get<1>(as), &std::get<2>(as)}, view, out, when, kept);
  }

  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(aws_credentials const& as, V const& view, Sink& sink, moment const& when,
                                    memory& kept) const {
    return write(identity{as.access_key_id, as.secret_access_key, &as.session_token}, view, sink, when, kept);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(key_pair const& as, V const& view, Sink& sink, moment const& when,
                                    memory& kept) const {
    return write(identity{as.id, as.key, nullptr}, view, sink, when, kept);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(std::tuple<secret, secret> const& as, V const& view, Sink& sink,
                                    moment const& when, memory& kept) const {
    return write(identity{std::get<0>(as), std::get<1>(as), nullptr}, view, sink, when, kept);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(std::tuple<secret, secret, secret> const& as, V const& view, Sink& sink,
                                    moment const& when, memory& kept) const {
    return write(identity{std::get<0>(as), std::get<1>(as), &std::get<2>(as)}, view, sink, when, kept);
  }

private:
  struct identity {
    secret const& id;
    secret const& key;
    secret const* token;
  };

  // All that is written, and what it is made of.
  struct signature {
    detail::sigv4_when when;
    detail::sigv4_payload_text written;
    std::string_view payload;
    detail::sigv4_headers headers;
    char digits[detail::sigv4_hash_size];
  };

  template <class V>
  result<stamp> format(identity as, V const& view, draft& out, moment const& now, memory& kept) const {
    signature made;
    if (auto ok = sign(as, view, now, kept, made); !ok) return ok.error();
    compose(as, made, out);
    return stamp{};
  }
  template <class V, class Sink>
  result<stamp> write(identity as, V const& view, Sink& sink, moment const& now, memory& kept) const {
    signature made;
    if (auto ok = sign(as, view, now, kept, made); !ok) return ok.error();
    if (auto ok = pour(as, made, sink); !ok) return ok.error();
    return stamp{};
  }

  template <class V>
  result<void> sign(identity& as, V const& view, moment const& now, memory& kept, signature& made) const {
    if (auto ok = check(); !ok) return ok;
    if (as.token != nullptr && as.token->empty() && as.token->ok()) as.token = nullptr;
    if (!as.id.ok() || !as.key.ok() || (as.token != nullptr && !as.token->ok()))
      return error{errc::no_memory, "sigv4: out of memory"};
    if (as.id.empty()) return error{errc::bad_input, "sigv4: the access key id is empty"};

    auto const& when = made.when;
    if (auto ok = made.when.set(now.coarse_now(), rules_, kept.second()); !ok) return ok;
    auto const payload = payload_of(view, made.written);
    if (!payload) return payload.error();
    made.payload = *payload;
    hmac_midstates key(sha2::bits_256);
    if (auto ok = kept.get(as.key, when, rules_, key); !ok) return ok;

    auto& headers = made.headers;
    headers.write("x-amz-date", when.time());
    if (as.token != nullptr) headers.write("x-amz-security-token", as.token->reveal());
    if (rules_.hash_header()) headers.write("x-amz-content-sha256", *payload);
    if (auto ok = headers.gather(view, rules_); !ok) return ok;
    return detail::write_sigv4_signature(made.digits, {view.method(), view.target(), *payload, headers}, when,
                                         rules_.path(), key);
  }

  static constexpr auto date_name = detail::known_name::of("X-Amz-Date"),
                        token_name = detail::known_name::of("X-Amz-Security-Token"),
                        hash_name = detail::known_name::of("X-Amz-Content-Sha256"),
                        authorization_name = detail::known_name::of("Authorization");

  void compose(identity const& as, signature const& made, draft& out) const noexcept {
    out.set(date_name, made.when.time());
    if (as.token != nullptr) out.set(token_name, as.token->reveal());
    if (rules_.hash_header()) out.set(hash_name, made.payload);
    out.set(authorization_name, detail::sigv4_algorithm, credential, as.id.reveal(), "/", made.when.scope(),
            signed_headers, made.headers.names(), last, std::string_view(made.digits, sizeof made.digits));
  }
  // The same at once, where it is of the usual size and nothing in it has to be refused.
  template <class Sink>
  result<void> pour(identity const& as, signature const& made, Sink& sink) const {
    using detail::short_copy;
    char room[usual_size];
    auto const id = as.id.reveal(), names = made.headers.names(), scope = made.when.scope();
    constexpr auto fixed = detail::sigv4_algorithm.size() + credential.size() + 1 + signed_headers.size() +
                           last.size() + detail::sigv4_hash_size + detail::sigv4_when::max_scope;
    bool const usual = id.size() <= sizeof room && names.size() <= sizeof room &&
                       id.size() + names.size() <= sizeof room - fixed && detail::all_plain(id) &&
                       detail::all_plain(names) &&
                       (as.token == nullptr || is_field_value(as.token->reveal()));
    if (!usual || (as.token != nullptr && as.token->size() > max_field_value)) [[unlikely]] {
      draft out;
      compose(as, made, out);
      return out.commit(sink);
    }
    auto* at = short_copy(short_copy(room, detail::sigv4_algorithm), credential);
    at = short_copy(at, id);
    *at++ = '/';
    at = short_copy(short_copy(short_copy(at, scope), signed_headers), names);
    at = short_copy(short_copy(at, last), {made.digits, sizeof made.digits});
    auto const hand_over = [&](detail::known_name name, std::string_view value) -> bool {
      return sink(name.view(), value);
    };
    if (!hand_over(date_name, made.when.time())) [[unlikely]]
      return detail::no_room_for(date_name.view());
    if (as.token != nullptr && !hand_over(token_name, as.token->reveal())) [[unlikely]]
      return detail::no_room_for(token_name.view());
    if (rules_.hash_header() && !hand_over(hash_name, made.payload)) [[unlikely]]
      return detail::no_room_for(hash_name.view());
    if (!hand_over(authorization_name, {room, static_cast<std::size_t>(at - room)})) [[unlikely]]
      return detail::no_room_for(authorization_name.view());
    return {};
  }
  static constexpr std::string_view credential = " Credential=", signed_headers = ", SignedHeaders=",
                                    last = ", Signature=";
  static constexpr std::size_t usual_size = 768;  // of an Authorization that is put together on the stack

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
