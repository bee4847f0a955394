#pragma once
// What AWS Signature Version 4 leaves to choose.

#include <countersign/core/owned_text.hpp>

#include <cstdint>

namespace countersign::inline v0 {

/// What is signed of the body.
enum class sigv4_payload : std::uint8_t {
  body,              ///< its SHA-256
  empty,             ///< there is none
  given,             ///< its SHA-256 as `payload_hash` says it
  unsigned_payload,  ///< nothing (UNSIGNED-PAYLOAD); S3 takes that over TLS, few others do
  chunked,           ///< each chunk, by a `sigv4_chunk_signer` (STREAMING-AWS4-HMAC-SHA256-PAYLOAD); S3 only
};

/// How the path is signed.
enum class sigv4_path : std::uint8_t {
  by_service,  ///< `once` for S3, else `normalized`
  normalized,  ///< without "//", "." and "..", each byte encoded again: "%2F" becomes "%252F"
  as_written,  ///< the same, but "//", "." and ".." stay
  once,        ///< nothing is removed and nothing encoded twice
};

/// Whether the header X-Amz-Content-Sha256 repeats what was signed of the body.
enum class sigv4_hash_header : std::uint8_t {
  by_service,  ///< for S3, which wants it, and where the payload is not signed or in chunks
  always,
  never,
};

/// How requests are signed. Region and service are always needed: "us-east-1", "execute-api".
struct sigv4_options {
  owned_text region = {};
  owned_text service = {};
  sigv4_payload payload = sigv4_payload::body;
  /// For `sigv4_payload::given`: 64 hexadecimal digits in lower case.
  owned_text payload_hash = {};
  sigv4_path path = sigv4_path::by_service;
  sigv4_hash_header hash_header = sigv4_hash_header::by_service;
  /// Names of further headers to sign, with commas or blanks between. Host, Content-Type and all that begin with X-Amz-
  /// are signed anyway, where there are any; one that is named here must be there.
  owned_text also_signed = {};
};

}  // namespace countersign::inline v0
