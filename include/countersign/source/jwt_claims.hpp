#pragma once
// What a minted token says (RFC 7519 §4.1), and its header (RFC 7515 §4.1).

#include <countersign/core/context.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/text/hex.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>
#include <countersign/text/timestamp.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace countersign::inline v0 {

namespace detail {
/// The beginning of an object, in one go: those members whose values are not empty, each with a comma behind it but for the
/// last, which has `end`. False, and nothing written, where something has to be escaped, nothing is to be written, or
/// there is no memory: ask `json_writer` then, which says so.
inline bool append_plain_members(secret& out, std::initializer_list<named_value> members, char end) noexcept {
  std::size_t size = 1;
  bool plain = true;
  for (auto const& [name, value] : members) {
    if (value.empty()) continue;
    plain = plain && plain_json_string(value);
    size += name.size() + value.size() + sizeof R"("":"",)" - 1;
  }
  if (!plain || size == 1) return false;
  auto* at = out.extend(size);
  if (at == nullptr) return false;
  *at++ = '{';
  for (auto const& [name, value] : members) {
    if (value.empty()) continue;
    *at++ = '"';
    at = short_copy(at, name);
    at = short_copy(at, R"(":")");
    at = short_copy(at, value);
    *at++ = '"';
    *at++ = ',';
  }
  at[-1] = end;
  return true;
}
}  // namespace detail

/// How long a minted token may live.
inline constexpr duration min_jwt_lifetime = seconds(1);
inline constexpr duration max_jwt_lifetime = seconds(std::int64_t{366} * 24 * 60 * 60);
/// The longest custom claims, in bytes: a header has to carry them.
inline constexpr std::size_t max_custom_claims = std::size_t{32} * 1024;

/// One receiver or several: `.audience = "https://a"`, `.audience = {"https://a", "https://b"}`.
class jwt_audience {
public:
  jwt_audience() = default;
  template <std::convertible_to<std::string_view> Text>
  jwt_audience(Text const& one) noexcept {
    if (!std::string_view(one).empty()) add(std::string_view(one));
  }
  jwt_audience(std::initializer_list<std::string_view> several) noexcept {
    for (auto const one : several) add(one);
  }
  jwt_audience& add(std::string_view one) noexcept {
    all_.append({}, one);
    return *this;
  }

  [[nodiscard]] std::size_t size() const noexcept { return all_.count(); }
  [[nodiscard]] bool ok() const noexcept { return all_.ok(); }
  template <class Function>
  void each(Function&& function) const {
    all_.each([&](std::string_view, std::string_view one) { function(one); });
  }

private:
  fields all_;  // values without names
};

/// The claims. Those that are empty are left out; `exp` and `iat` are always there.
struct jwt_claims {
  owned_text issuer = {};   ///< iss
  owned_text subject = {};  ///< sub
  jwt_audience audience = {};
  /// exp is so long after now. Whole seconds; what is beyond them is cut off.
  duration lifetime = seconds(300);
  /// iat and nbf are so long before now, for servers whose clock is behind.
  duration backdate = seconds(0);
  bool not_before = false;  ///< nbf
  bool unique_id = true;    ///< jti: 128 fresh random bits, so that no token is like another
  /// More claims as a JSON object; numbers keep their digits. A claim that is set above can't be in it.
  owned_text custom = {};

  /// Whether a token can be made of this.
  [[nodiscard]] result<void> check() const noexcept {
    if (!has_memory()) return error{errc::no_memory, "minted_jwt: out of memory"};
    if (lifetime < min_jwt_lifetime || lifetime > max_jwt_lifetime)
      return error{errc::bad_input,
                   "minted_jwt: the lifetime is ",
                   lifetime.ms / 1000,
                   " s; it may be from ",
                   min_jwt_lifetime.ms / 1000,
                   " to ",
                   max_jwt_lifetime.ms / 1000,
                   " s"};
    if (backdate < duration() || backdate > max_jwt_lifetime)
      return error{errc::bad_input,
                   "minted_jwt: backdate is ",
                   backdate.ms / 1000,
                   " s; it may be from 0 to ",
                   max_jwt_lifetime.ms / 1000,
                   " s"};
    secret unused;
    if (auto ok = write_constant(unused); !ok) return ok.error().within("minted_jwt: claims: ");
    return {};
  }

  /// Appends the JSON of it, what is the same in each token first; gives the time of expiry.
  [[nodiscard]] result<wall_time> write(secret& out, wall_time now, context const& outside) const noexcept {
    if (auto ok = write_constant(out); !ok) return ok.error();
    char room[max_moment];
    std::size_t size = 0;
    auto const expires = write_moment(room, size, now, outside);
    out.append(detail::text_at(room, size));
    if (expires && !out.ok()) return error{errc::no_memory, "JSON cannot be written: no memory"};
    return expires;
  }

  /// The two parts of it. First what is the same in each token, up to where the next member begins.
  [[nodiscard]] result<void> write_constant(secret& out) const noexcept {
    if (!has_memory()) return error{errc::no_memory, "out of memory"};  // a copy may have found none
    if (custom.empty() && audience.size() <= 1) {
      std::string_view receiver;
      audience.each([&](std::string_view one) { receiver = one; });
      // Nothing to be escaped, as a rule.
      if (audience.size() == (receiver.empty() ? 0u : 1u) &&
          detail::append_plain_members(out, {{"iss", issuer}, {"sub", subject}, {"aud", receiver}}, ','))
        return {};
    }
    json_writer json(out);
    json.open_object();
    if (!issuer.empty()) json.member("iss", issuer.view());
    if (!subject.empty()) json.member("sub", subject.view());
    write_audience(json);
    if (auto ok = write_custom(json); !ok) return ok;
    if (auto ok = json.so_far(); !ok) return ok;
    if (!out.reveal().ends_with('{')) out.push_back(',');
    if (!out.ok()) return error{errc::no_memory, "JSON cannot be written: no memory"};
    return {};
  }
  /// What `write_moment` writes at most.
  static constexpr std::size_t max_moment = 160;
  /// Then what is of the moment, and the end. Gives the time of expiry.
  /// @param out of `max_moment` bytes
  [[nodiscard]] result<wall_time> write_moment(char* out, std::size_t& size, wall_time now,
                                               context const& outside) const noexcept {
    if (now < wall_time{}) return error{errc::fatal, "the clock is before 1970; set it"};
    auto const second = detail::whole_seconds(now);
    auto const expires = wall_time{second * 1000} + duration(lifetime.ms / 1000 * 1000);
    auto const issued_at = backdate == duration() ? second : detail::whole_seconds(now - backdate);
    auto* at = detail::encode_seconds(put(out, R"("iat":)"), issued_at);
    if (not_before) at = detail::encode_seconds(put(at, R"(,"nbf":)"), issued_at);
    at = detail::encode_seconds(put(at, R"(,"exp":)"), expires.ms / 1000);
    if (unique_id) {
      char bytes[id_size];
      if (auto ok = outside.entropy(bytes, sizeof bytes); !ok) return ok.error();
      at = encode_hex(put(at, R"(,"jti":")"), detail::text_at(bytes, sizeof bytes));
      *at++ = '"';
    }
    *at++ = '}';
    size = static_cast<std::size_t>(at - out);
    return expires;
  }

private:
  static constexpr std::size_t id_size = 16;  // bytes

  [[nodiscard]] bool has_memory() const noexcept {
    return issuer.ok() && subject.ok() && audience.ok() && custom.ok();
  }
  template <std::size_t Size>
  static char* put(char* to, char const (&literal)[Size]) noexcept {
    std::memcpy(to, literal, Size - 1);
    return to + (Size - 1);
  }
  static_assert(max_moment >
                sizeof R"(,"iat":,"nbf":,"exp":,"jti":""})" + 3 * unix_seconds_size + 2 * id_size);

  void write_audience(json_writer& json) const noexcept {
    auto const count = audience.size();
    if (count == 0) return;
    json.name("aud");
    if (count > 1) json.open_array();
    audience.each([&](std::string_view one) { json.value(one); });
    if (count > 1) json.close();
  }
  [[nodiscard]] result<void> write_custom(json_writer& json) const noexcept {
    if (custom.empty()) return {};
    if (custom.view().size() > max_custom_claims)
      return error{errc::too_large, "custom: longer than ", max_custom_claims, " bytes"};
    auto const read = json_document::parse(secret(custom.view()));
    if (!read) return read.error().within("custom: ");
    if (!read->root().is_object()) return read->root().expected("an object of claims").within("custom: ");
    for (auto const [key, value] : read->root().members()) {
      if (auto const same = set_here(key.string()); !same.empty())
        return error{errc::bad_input,
                     "custom: line ",
                     key.where().line,
                     ", column ",
                     key.where().column,
                     ": \"",
                     same,
                     "\" is set already; leave it out of one of the two"};
      json.name(key.string()).value(value);
    }
    return {};
  }
  // The registered claim of that name, if it is written without the custom ones.
  [[nodiscard]] std::string_view set_here(std::string_view claim) const noexcept {
    struct known {
      std::string_view name;
      bool set;
    };
    for (auto const& [name, set] :
         {known{"iss", !issuer.empty()}, known{"sub", !subject.empty()}, known{"aud", audience.size() > 0},
          known{"iat", true}, known{"nbf", not_before}, known{"exp", true}, known{"jti", unique_id}})
      if (set && claim == name) return name;
    return {};
  }
};

/// What the token's header says beside the algorithm, which comes from the key. Empty ones are left out.
struct jwt_header {
  owned_text type = "JWT";  ///< typ
  owned_text key_id = {};   ///< kid

  [[nodiscard]] result<void> write(secret& out, std::string_view algorithm) const noexcept {
    if (!type.ok() || !key_id.ok()) return error{errc::no_memory, "out of memory"};
    if (!algorithm.empty() &&
        detail::append_plain_members(out, {{"alg", algorithm}, {"typ", type}, {"kid", key_id}}, '}'))
      return {};
    json_writer json(out);
    json.open_object().member("alg", algorithm);
    if (!type.empty()) json.member("typ", type.view());
    if (!key_id.empty()) json.member("kid", key_id.view());
    json.close();
    return json.finish();
  }
};

}  // namespace countersign::inline v0
