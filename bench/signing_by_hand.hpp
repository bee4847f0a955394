#pragma once
// Signed requests as written by hand for one scheme each: fixed buffers, prepared keys, the time formatted once a second,
// nothing to configure. Holds no header of countersign, so that it is a floor. For x86-64 with the SHA instructions.

#if defined(__x86_64__)

#include "by_hand.hpp"
#include "primitives_by_hand.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

namespace by_hand {

/// The coarse clock, and its second as text.
class second {
public:
  /// "2026-11-23T02:14:06+00:00"
  static constexpr std::size_t extended_size = 25;
  /// "20261123T021406Z"
  static constexpr std::size_t basic_size = 16;

  void read() noexcept {
    if (auto const now = std::time(nullptr); now != now_) [[unlikely]] write(now);
  }
  std::string_view extended() const noexcept { return {extended_, extended_size}; }
  std::string_view basic() const noexcept { return {basic_, basic_size}; }

private:
  __attribute__((noinline)) void write(std::time_t now) noexcept {
    now_ = now;
    std::tm parts = {};
    gmtime_r(&now, &parts);
    char text[extended_size + 1];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
    std::memcpy(extended_, text, extended_size);
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
    std::memcpy(basic_, text, basic_size);
  }

  std::time_t now_ = -1;
  char extended_[extended_size], basic_[basic_size];
};

/// @param key of up to 64 bytes
inline hmac::key prepared_key(std::string_view key) {
  char block[64] = {};
  std::memcpy(block, key.data(), key.size());
  return hmac::prepare(block);
}

/// The shell script of the documentation: the time, its HMAC, the key's id.
class script_signer {
public:
  script_signer(std::string_view origin, std::string_view id, std::string_view key)
      : bound_(origin), id_(id), key_(prepared_key(key)) {}

  template <class Sink>
  bool sign(request const& asked, Sink& sink) {
    if (!bound_.goes_there(asked.url())) [[unlikely]] return false;
    now_.read();
    unsigned char code[32];
    char hex[64];
    hmac::code_of_short(key_, now_.extended().data(), second::extended_size, code);
    put_hex(hex, code);
    return sink("X-Timestamp", now_.extended()) && sink("X-Signature", {hex, sizeof hex}) && sink("X-API-Key", id_);
  }

private:
  bound bound_;
  std::string id_;
  hmac::key key_;
  second now_;
};

/// SigV4 for requests that have one field in the query and nothing to encode.
class aws_signer {
public:
  aws_signer(std::string_view origin, std::string_view id, std::string_view key, std::string_view region, std::string_view service)
      : bound_(origin), id_(id), key_("AWS4" + std::string(key)), region_(region), service_(service),
        scope_end_("/" + region_ + "/" + service_ + "/aws4_request") {}

  template <class Sink>
  bool sign(request const& asked, std::string_view content, Sink& sink) {
    if (!bound_.goes_there(asked.url())) [[unlikely]] return false;
    now_.read();
    auto const when = now_.basic();
    if (std::memcmp(day_, when.data(), sizeof day_) != 0) [[unlikely]] derive(when);
    char text[1024];
    unsigned char code[32];
    auto const target = asked.target();
    auto const mark = target.find('?');
    auto* at = put(put(text, asked.method()), "\n");
    at = put(put(put(put(at, target.substr(0, mark)), "\n"), target.substr(mark + 1)), "\nhost:");
    at = put(put(put(at, asked.origin().substr(8)), "\nx-amz-date:"), when);
    at = put(at, "\n\nhost;x-amz-date\n");
    if (content.empty()) {
      at = put(at, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    } else {
      hmac::hash(content.data(), content.size(), code);
      at = put_hex(at, code);
    }
    hmac::hash(text, static_cast<std::size_t>(at - text), code);
    at = put(put(put(text, "AWS4-HMAC-SHA256\n"), when), "\n");
    at = put(put(put(at, {day_, sizeof day_}), scope_end_), "\n");
    at = put_hex(at, code);
    hmac::code_of_any(day_key_, text, static_cast<std::size_t>(at - text), code);
    if (!sink("X-Amz-Date", when)) return false;
    at = put(put(put(text, "AWS4-HMAC-SHA256 Credential="), id_), "/");
    at = put(put(put(at, {day_, sizeof day_}), scope_end_), ", SignedHeaders=host;x-amz-date, Signature=");
    at = put_hex(at, code);
    return sink("Authorization", {text, static_cast<std::size_t>(at - text)});
  }

  /// As at the beginning of a day.
  void forget() noexcept { day_[0] = 0; }

private:
  static char* put(char* to, std::string_view bytes) noexcept {
    std::memcpy(to, bytes.data(), bytes.size());
    return to + bytes.size();
  }
  __attribute__((noinline)) void derive(std::string_view when) {
    std::memcpy(day_, when.data(), sizeof day_);
    unsigned char code[32];
    hmac::code_of_short(prepared_key(key_), day_, sizeof day_, code);
    for (std::string_view const part : {std::string_view(region_), std::string_view(service_), std::string_view("aws4_request")})
      hmac::code_of_short(prepared_key({reinterpret_cast<char const*>(code), sizeof code}), part.data(), part.size(), code);
    day_key_ = prepared_key({reinterpret_cast<char const*>(code), sizeof code});
  }

  bound bound_;
  std::string id_, key_, region_, service_, scope_end_;
  char day_[8] = {};
  hmac::key day_key_ = {};
  second now_;
};

/// HS256 tokens with iss, sub, aud, iat and exp, 300 s later; of texts in which nothing is to be escaped.
class jwt_signer {
public:
  explicit jwt_signer(std::string_view key) : key_(prepared_key(key)) {}

  /// Claims that are used once.
  std::size_t sign(std::string_view iss, std::string_view sub, std::string_view aud, std::time_t now, char* out) const {
    char json[512];
    constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";
    auto* to = base64::encode_unpadded(out, header.data(), header.size(), base64::url_alphabet);
    *to++ = '.';
    auto* at = put_constant(json, iss, sub, aud);
    at = put_moment(at, now);
    to = base64::encode_unpadded(to, json, static_cast<std::size_t>(at - json), base64::url_alphabet);
    unsigned char code[32];
    hmac::code_of_any(key_, out, static_cast<std::size_t>(to - out), code);
    return finish(out, to, code);
  }

  /// The same for claims that are kept.
  void prepare(std::string_view iss, std::string_view sub, std::string_view aud) {
    char json[512], front[512];
    constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";
    auto* to = base64::encode_unpadded(front, header.data(), header.size(), base64::url_alphabet);
    *to++ = '.';
    auto const size = static_cast<std::size_t>(put_constant(json, iss, sub, aud) - json);
    auto const whole = size / 3 * 3;
    to = base64::encode_unpadded(to, json, whole, base64::url_alphabet);
    front_.assign(front, to);
    carried_.assign(json + whole, json + size);
    hashed_ = front_.size() / 64 * 64;
    begun_ = hmac::begun(key_, front_.data(), hashed_);
  }
  std::size_t sign_prepared(std::time_t now, char* out) const {
    char json[64];
    std::memcpy(out, front_.data(), front_.size());
    std::memcpy(json, carried_.data(), carried_.size());
    auto* at = put_moment(json + carried_.size(), now);
    auto* to = base64::encode_unpadded(out + front_.size(), json, static_cast<std::size_t>(at - json), base64::url_alphabet);
    unsigned char code[32];
    hmac::code_of_rest(begun_, hashed_, out + hashed_, static_cast<std::size_t>(to - out) - hashed_, code);
    return finish(out, to, code);
  }

private:
  static char* put(char* to, std::string_view bytes) noexcept {
    std::memcpy(to, bytes.data(), bytes.size());
    return to + bytes.size();
  }
  static char* put_constant(char* at, std::string_view iss, std::string_view sub, std::string_view aud) noexcept {
    at = put(put(put(at, R"({"iss":")"), iss), R"(","sub":")");
    return put(put(put(put(at, sub), R"(","aud":")"), aud), R"(",)");
  }
  static char* put_moment(char* at, std::time_t now) noexcept {
    at = put_ten_digits(put(at, R"("iat":)"), static_cast<std::uint64_t>(now));
    return put(put_ten_digits(put(at, R"(,"exp":)"), static_cast<std::uint64_t>(now) + 300), "}");
  }
  static char* put_ten_digits(char* to, std::uint64_t number) noexcept {
    put_five_digits(to, static_cast<unsigned>(number / 100'000));
    put_five_digits(to + 5, static_cast<unsigned>(number % 100'000));
    return to + 10;
  }
  static void put_five_digits(char* to, unsigned number) noexcept {
    to[0] = static_cast<char>('0' + number / 10'000);
    to[1] = static_cast<char>('0' + number / 1'000 % 10);
    to[2] = static_cast<char>('0' + number / 100 % 10);
    to[3] = static_cast<char>('0' + number / 10 % 10);
    to[4] = static_cast<char>('0' + number % 10);
  }
  static std::size_t finish(char const* out, char* to, unsigned char const* code) noexcept {
    *to++ = '.';
    to = base64::encode_unpadded(to, reinterpret_cast<char const*>(code), 32, base64::url_alphabet);
    return static_cast<std::size_t>(to - out);
  }

  hmac::key key_, begun_ = {};
  std::string front_, carried_;
  std::size_t hashed_ = 0;
};

}  // namespace by_hand

#endif
