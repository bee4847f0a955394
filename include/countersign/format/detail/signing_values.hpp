#pragma once
// What the placeholders of a signature stand for in one request: looked up once, the same everywhere.

#include <countersign/core/detail/field_writer.hpp>
#include <countersign/core/detail/known_name.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/format/detail/host_of.hpp>
#include <countersign/format/detail/second_text.hpp>
#include <countersign/format/detail/signing_plan.hpp>
#include <countersign/format/detail/signing_template.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace countersign::inline v0 {

/// How a signature is written.
enum class digest_form : std::uint8_t {
  hex,        ///< in lower case
  base64,     ///< RFC 4648 §4
  base64url,  ///< §5, without '='
};

namespace detail {

template <request_view V>
class signing_values {
public:
  /// Nothing stands for a placeholder before it is set.
  signing_values(V const& view, sha2 hash, digest_form form) noexcept
      : view_(view), hash_(hash), form_(form) {}
  signing_values(signing_values const&) = delete;
  signing_values& operator=(signing_values const&) = delete;

  void set(place what, std::string_view value) noexcept {
    values_[index(what)] = {value.data(), value.size()};
  }
  [[nodiscard]] std::string_view get(place what) const noexcept {
    return {values_[index(what)].begin, values_[index(what)].size};
  }

  [[nodiscard, gnu::always_inline]] inline result<void> set_time(wall_time now, time_form form,
                                                                 second_text& kept) noexcept {
    kept.write(now, form, time_);
    if (time_.view().empty())
      return error{errc::fatal, "hmac_signature: the clock is out of the years 0 to 9999; set it"};
    set(place::timestamp, time_.view());
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
    if (with_digest) {
      auto const* const end = write_digest(digest_, hash_of(hash_, *body).view());
      set(place::digest, {digest_, static_cast<std::size_t>(end - digest_)});
    }
    return {};
  }
  /// What the request itself says, but for its fields.
  [[nodiscard]] result<void> set_request(bool with_host) noexcept {
    std::string_view const target = view_.target();
    auto const mark = target.find('?');
    auto const path = target.substr(0, mark);
    set(place::method, view_.method());
    set(place::target, target);
    set(place::slash, path.empty() ? "/" : "");  // RFC 9112 §3.2.1: so it will be sent
    set(place::path, path.empty() ? "/" : path);
    set(place::query, mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
    result<void> ok;
    if (!with_host) return ok;
    auto const given = field("Host", ok);  // a field of the user's is what will be sent
    set(place::host, given ? *given : host_of(view_.origin()));
    return ok;
  }

  /// Signs the message; the code stands for `{signature}` from now on.
  [[nodiscard, gnu::always_inline]] inline result<void> sign(signing_plan const& message,
                                                             hmac_midstates const& key) noexcept {
    auto const steps = message.steps();
    if (steps.size() == 1 && steps[0].what < place::signature) {
      key.finish(get(steps[0].what), code_);
      return {};
    }
    return sign_pieces(message, key);
  }

  /// How long all values of a plan become together. After this the fields of the request that it reads are known to be
  /// there.
  [[nodiscard, gnu::always_inline]] inline std::size_t size_of(signing_plan const& plan,
                                                               result<void>& ok) const noexcept {
    auto size = plan.fixed_size(written_size(digest_size(hash_)));
    for (auto const what : plan.values()) size += get(what).size();
    if (plan.reads_fields()) size += size_of_fields(plan, ok);
    return size;
  }
  /// Hands the headers of a plan to the sink, where each is of one piece and known to be there.
  template <class Sink>
  [[gnu::always_inline]] inline result<void> pour(signing_plan const& plan, Sink& sink) const {
    char digits[2 * max_digest_size];
    auto const* const end = write_digest(digits, {code_, digest_size(hash_)});
    auto const steps = plan.steps();
    result<void> ok;
    for (auto at = steps.begin(); at != steps.end(); at += 2) {
      auto const name = plan.text(at[0]);
      auto const value = at[1].what == place::signature
                             ? text_at(digits, static_cast<std::size_t>(end - digits))
                             : value_of(plan, at[1], ok);
      if (!sink(name, value)) [[unlikely]]
        return no_room_for(name);
    }
    return ok;
  }
  /// Writes the headers of a plan.
  [[gnu::always_inline]] inline void write(signing_plan const& plan, field_writer& to) const noexcept {
    auto const steps = plan.steps();
    for (auto at = steps.begin(); at != steps.end();) {
      to.begin(known_name(plan.text(*at)));
      auto const begin = ++at;
      while (at != steps.end() && at->what != place::name) ++at;
      to.at(write_value(to.at(), plan, begin, at));
      to.end();
    }
  }

private:
  static constexpr std::size_t nonce_size = 16;      // bytes: 128 bits
  static constexpr std::size_t short_message = 512;  // bytes that are put together before they are hashed

  static constexpr std::size_t index(place what) noexcept { return static_cast<std::size_t>(what); }

  using step = signing_plan::step;

  [[gnu::always_inline]] inline char* write_value(char* to, signing_plan const& plan, auto at,
                                                  auto const end) const noexcept {
    result<void> ok;  // size_of has told
    for (; at != end; ++at)
      to = at->what == place::signature ? write_digest(to, {code_, digest_size(hash_)})
                                        : short_copy(to, value_of(plan, *at, ok));
    return to;
  }
  [[gnu::always_inline]] inline std::string_view value_of(signing_plan const& plan, step const& one,
                                                          result<void>& ok) const noexcept {
    if (one.what == place::literal) return plan.text(one);
    if (one.what != place::header) return get(one.what);
    return header(plan.text(one), ok);
  }
  [[gnu::noinline]] result<void> sign_pieces(signing_plan const& message,
                                             hmac_midstates const& key) noexcept {
    auto const steps = message.steps();
    result<void> ok;
    auto const size = size_of(message, ok);
    if (!ok) return ok;
    if (char room[short_message]; size <= sizeof room) {
      write_value(room, message, steps.begin(), steps.end());
      key.finish({room, size}, code_);
      wipe(room, size);
      return ok;
    }
    auto stream = key.stream();
    std::string_view waiting;  // the last piece goes with the end, which is quicker
    for (auto const& one : steps) {
      if (!waiting.empty()) stream.update(waiting);
      waiting = value_of(message, one, ok);
    }
    auto const code = stream.finish(waiting);
    std::memcpy(code_, code.view().data(), code.view().size());
    return ok;
  }
  [[gnu::noinline]] std::size_t size_of_fields(signing_plan const& plan, result<void>& ok) const noexcept {
    std::size_t size = 0;
    for (auto const& one : plan.steps())
      if (one.what == place::header) size += header(plan.text(one), ok).size();
    return size;
  }
  [[gnu::noinline]] std::string_view header(std::string_view name, result<void>& ok) const noexcept {
    if (auto const found = field(name, ok)) return *found;
    if (ok)
      ok = error{errc::bad_input, "hmac_signature: header ", name,
                 " is to be signed, and the request has none; set it before"};
    return {};
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

  [[nodiscard]] std::size_t written_size(std::size_t bytes) const noexcept {
    return form_ == digest_form::hex      ? 2 * bytes
           : form_ == digest_form::base64 ? base64_size(bytes)
                                          : base64_size(bytes, base64::url);
  }
  [[nodiscard]] char* write_digest(char* to, std::string_view bytes) const noexcept {
    return form_ == digest_form::hex      ? encode_hex(to, bytes)
           : form_ == digest_form::base64 ? encode_base64(to, bytes)
                                          : encode_base64(to, bytes, base64::url);
  }

  V const& view_;
  sha2 hash_;
  digest_form form_;
  struct extent {
    char const* begin;
    std::size_t size;
  };
  extent values_[static_cast<std::size_t>(place::literal)];
  second_text::text time_;
  char code_[max_digest_size];  // it will be sent
  char nonce_[2 * nonce_size];
  char digest_[2 * max_digest_size];
};

}  // namespace detail

}  // namespace countersign::inline v0
