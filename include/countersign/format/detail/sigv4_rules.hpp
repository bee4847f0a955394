#pragma once
// The choices of a signer of SigV4, checked once and ready for use.

#include <countersign/core/field.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/format/sigv4_options.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// The longest name of a region or a service, in bytes.
inline constexpr std::size_t max_sigv4_name = 64;

namespace detail {

inline constexpr std::string_view sigv4_algorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view sigv4_end = "aws4_request";
/// How the hash of a payload is written, in hexadecimal digits.
inline constexpr std::size_t sigv4_hash_size = 64;

class sigv4_rules {
public:
  explicit sigv4_rules(sigv4_options how) noexcept : how_(std::move(how)), usable_(prepare()) {}

  [[nodiscard]] result<void> const& usable() const noexcept { return usable_; }
  [[nodiscard]] std::string_view region() const noexcept { return how_.region; }
  [[nodiscard]] std::string_view service() const noexcept { return how_.service; }
  /// "/us-east-1/s3/aws4_request", which stands behind the day.
  [[nodiscard]] std::string_view scope_end() const noexcept { return scope_end_.reveal(); }
  /// Tells region and service apart from others.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] sigv4_payload payload() const noexcept { return how_.payload; }
  [[nodiscard]] std::string_view payload_hash() const noexcept { return how_.payload_hash; }
  [[nodiscard]] bool s3() const noexcept { return s3_; }
  [[nodiscard]] sigv4_path path() const noexcept {
    if (how_.path != sigv4_path::by_service) return how_.path;
    return s3_ ? sigv4_path::once : sigv4_path::normalized;
  }
  [[nodiscard]] bool hash_header() const noexcept {
    if (how_.hash_header != sigv4_hash_header::by_service)
      return how_.hash_header == sigv4_hash_header::always;
    return s3_ || how_.payload == sigv4_payload::unsigned_payload || how_.payload == sigv4_payload::chunked;
  }
  /// Whether a field of the request is signed.
  [[nodiscard]] bool signs(std::string_view name) const noexcept {
    constexpr std::string_view own = "X-Amz-";
    if (equal_without_case(name.substr(0, own.size()), own)) return true;
    if (equal_without_case(name, "Content-Type")) return true;
    bool listed = false;
    each_also([&](std::string_view one) { listed = listed || equal_without_case(name, one); });
    return listed;
  }
  /// Calls `function(name)` for each header that must be there.
  template <class Function>
  void each_also(Function&& function) const {
    auto rest = how_.also_signed.view();
    while (!rest.empty()) {
      auto const end = rest.find_first_of(", ");
      if (end != 0) function(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }

private:
  result<void> prepare() noexcept {
    if (!how_.region.ok() || !how_.service.ok() || !how_.payload_hash.ok() || !how_.also_signed.ok())
      return out_of_memory();
    if (auto ok = check_name("region", how_.region, "us-east-1"); !ok) return ok;
    if (auto ok = check_name("service", how_.service, "execute-api"); !ok) return ok;
    for (std::string_view const one : {"s3", "s3express", "s3-object-lambda", "s3-outposts"})
      s3_ = s3_ || how_.service.view() == one;
    if (auto ok = check_hash(); !ok) return ok;
    result<void> ok;
    each_also([&](std::string_view name) {
      if (!is_token(name))
        ok = error{errc::bad_field, "sigv4: also_signed lists what is no name of a header (RFC 9110); write "
                                    "names with commas between"};
      else if (equal_without_case(name, "Authorization"))
        ok =
            error{errc::bad_input, "sigv4: also_signed lists Authorization, which says the signature itself"};
    });
    scope_end_ = secret("/", how_.region.view(), "/", how_.service.view(), "/", sigv4_end);
    if (ok && !scope_end_.ok()) return out_of_memory();
    number_ = 14695981039346656037U;  // FNV-1a
    for (char const c : scope_end()) number_ = (number_ ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return ok;
  }
  result<void> check_hash() const noexcept {
    if (how_.payload != sigv4_payload::given) {
      if (how_.payload_hash.empty()) return {};
      return error{errc::bad_input,
                   "sigv4: payload_hash is set, and payload is not sigv4_payload::given; choose one"};
    }
    bool good = how_.payload_hash.view().size() == sigv4_hash_size;
    for (char const c : how_.payload_hash.view())
      good = good && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (good) return {};
    return error{errc::bad_input, "sigv4: payload_hash must be a SHA-256 in ", sigv4_hash_size,
                 " hexadecimal digits, in lower case"};
  }
  // They stand in the scope, between slashes, and in a header.
  static result<void> check_name(std::string_view what, std::string_view name,
                                 std::string_view example) noexcept {
    if (name.empty())
      return error{errc::bad_input, "sigv4: no ", what, " was given; say one, such as ", example};
    if (name.size() > max_sigv4_name)
      return error{errc::too_large, "sigv4: the ", what, " is longer than ", max_sigv4_name, " bytes"};
    for (char const c : name)
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
            c == '_' || c == '.'))
        return error{errc::bad_input, "sigv4: the ", what, " may hold letters, digits and -._ only, as ",
                     example};
    return {};
  }
  static error out_of_memory() noexcept { return {errc::no_memory, "sigv4: out of memory"}; }

  sigv4_options how_;
  secret scope_end_;
  std::uint64_t number_ = 0;
  bool s3_ = false;
  result<void> usable_;
};

}  // namespace detail

}  // namespace countersign::inline v0
