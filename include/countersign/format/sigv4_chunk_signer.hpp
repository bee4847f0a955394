#pragma once
// A body in chunks of which each is signed (STREAMING-AWS4-HMAC-SHA256-PAYLOAD), as S3 takes it.

#include <countersign/core/credential.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/format/detail/sigv4_key.hpp>
#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace countersign::inline v0 {

/// The smallest chunk that S3 takes before the last, in bytes.
inline constexpr std::size_t min_sigv4_chunk = 8 * 1024;

/// Signs the chunks of one body, in their order. Sign the request first, with `sigv4_payload::chunked` and with the headers
/// Content-Encoding: aws-chunked, X-Amz-Decoded-Content-Length (the size of the body), and, where the length is sent,
/// `wire_size` as Content-Length. Then send, for each chunk and for an empty one at the end, what `next` gives, the
/// chunk's bytes, and CR LF. One thread at a time; allocates nothing once made.
class sigv4_chunk_signer {
public:
  /// @param authorization, date what `sigv4` wrote into Authorization and X-Amz-Date of the request
  [[nodiscard]] static result<sigv4_chunk_signer>
  after(aws_credentials const& as, std::string_view authorization, std::string_view date) noexcept {
    constexpr std::string_view begin = "AWS4-HMAC-SHA256 Credential=", end = "Signature=";
    auto const unread =
        error{errc::bad_input, "sigv4_chunk_signer: these are not Authorization and X-Amz-Date of a "
                               "request that sigv4 signed"};
    auto const mark = authorization.rfind(end);
    if (!authorization.starts_with(begin) || mark == std::string_view::npos) return unread;
    auto const seed = authorization.substr(mark + end.size());
    auto scope = authorization.substr(begin.size());
    scope = scope.substr(0, scope.find(','));
    if (!as.access_key_id.ok()) return error{errc::no_memory, "sigv4_chunk_signer: out of memory"};
    auto const id = as.access_key_id.reveal();
    if (!scope.starts_with(id) || scope.substr(id.size(), 1) != "/")
      return error{errc::bad_input, "sigv4_chunk_signer: the request was signed by another access key"};
    scope.remove_prefix(id.size() + 1);
    // day / region / service / aws4_request
    std::string_view parts[4];
    auto rest = scope;
    for (auto& part : parts) {
      part = rest.substr(0, rest.find('/'));
      rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
    }
    if (!rest.empty() || parts[3] != detail::sigv4_end || scope.size() > detail::sigv4_when::max_scope ||
        date.size() != detail::sigv4_when::time_size || parts[0] != date.substr(0, parts[0].size()) ||
        parts[0].size() != detail::sigv4_when::day_size || !is_hash(seed))
      return unread;
    hmac_midstates key(sha2::bits_256);
    if (auto ok = detail::derive_sigv4_key(as.secret_access_key, parts[0], parts[1], parts[2], key); !ok)
      return ok.error();
    return sigv4_chunk_signer(key, date, scope, seed);
  }

  /// The line before a chunk's bytes, with its CR LF. Valid until the next call.
  [[nodiscard]] std::string_view next(std::string_view chunk) noexcept {
    char hash[detail::sigv4_hash_size];
    encode_hex(hash, as_chars(sha256::of(chunk)));
    auto keyed = key_.stream();
    keyed.update(detail::text_at(begin_, begin_size_)).update(signature()).update("\n");
    keyed.update(detail::sigv4_payload_text::of_nothing).update("\n");
    auto const code = keyed.finish(detail::text_at(hash, sizeof hash));
    auto const digits = digits_of(chunk.size());
    auto size = chunk.size();
    for (auto i = digits; i-- > 0; size >>= 4)
      line_[i] = detail::hex_digit(static_cast<unsigned>(size & 15), 'a');
    auto* at = line_ + digits;
    std::memcpy(at, between.data(), between.size());
    at = encode_hex(at + between.size(), code.view());
    signature_end_ = static_cast<std::size_t>(at - line_);
    *at++ = '\r';
    *at++ = '\n';
    return detail::text_at(line_, static_cast<std::size_t>(at - line_));
  }

  /// How many bytes are sent for a body of `size` bytes in chunks of `chunk`, which is not 0; the last may be smaller.
  [[nodiscard]] static constexpr std::size_t wire_size(std::size_t size, std::size_t chunk) noexcept {
    auto const around = [](std::size_t bytes) {
      return digits_of(bytes) + between.size() + detail::sigv4_hash_size + 2 * line_end;
    };
    auto const last = size % chunk;
    return size + size / chunk * around(chunk) + (last > 0 ? around(last) : 0) + around(0);
  }

private:
  static constexpr std::string_view between = ";chunk-signature=";
  static constexpr std::size_t line_end = 2;

  sigv4_chunk_signer(hmac_midstates const& key, std::string_view date, std::string_view scope,
                     std::string_view seed) noexcept
      : key_(key) {
    for (std::string_view const line : {std::string_view("AWS4-HMAC-SHA256-PAYLOAD"), date, scope}) {
      std::memcpy(begin_ + begin_size_, line.data(), line.size());
      begin_size_ += line.size();
      begin_[begin_size_++] = '\n';
    }
    std::memcpy(line_, seed.data(), seed.size());
    signature_end_ = seed.size();
  }
  static constexpr std::size_t digits_of(std::size_t size) noexcept {
    std::size_t digits = 1;
    while (size >>= 4) ++digits;
    return digits;
  }
  static bool is_hash(std::string_view text) noexcept {
    for (char const c : text)
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    return text.size() == detail::sigv4_hash_size;
  }
  // That of the chunk before; of the request, before the first.
  [[nodiscard]] std::string_view signature() const noexcept {
    return {line_ + signature_end_ - detail::sigv4_hash_size, detail::sigv4_hash_size};
  }

  hmac_midstates key_;
  char begin_[sizeof "AWS4-HMAC-SHA256-PAYLOAD" + detail::sigv4_when::time_size + 1 +
              detail::sigv4_when::max_scope + 1];
  std::size_t begin_size_ = 0, signature_end_ = 0;
  char line_[2 * sizeof(std::size_t) + between.size() + detail::sigv4_hash_size + line_end];
};

}  // namespace countersign::inline v0
