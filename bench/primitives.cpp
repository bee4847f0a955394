// link: crypto
// base64, hashes and HMAC: the floor, ours, and OpenSSL's, in one run. A row whose bytes differ from
// OpenSSL's is no row.

#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/md5.hpp>
#include <countersign/crypto/sha1.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/text/base64.hpp>

#include "noise.hpp"
#include "primitives_by_hand.hpp"
#include "table.hpp"

#include <benchmark/benchmark.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

unsigned char const* raw(std::string const& text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

// A row: `once(out)` says where it wrote `expected`, and is then timed.
template <class Once>
void row(std::string const& name, std::string const& expected, Once once) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) mutable {
    std::string out(expected.size() + 64, '\0');
    if (once(out.data()) != expected) return state.SkipWithError("the bytes differ from OpenSSL's");
    for (auto _ : state) {
      auto const written = once(out.data());
      benchmark::DoNotOptimize(written);
      benchmark::ClobberMemory();
    }
  });
}

void base64(std::size_t size) {
  auto const group = "base64/" + size_of(size) + "/";
  auto const bytes = noise(size);
  std::string expected(size / 3 * 4 + 5, '\0');
  expected.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(expected.data()),
                                                           raw(bytes), static_cast<int>(size))));
  auto const length = expected.size();

#if defined(__x86_64__)
  if (by_hand::base64::available() && size % 3 < 2)
    row(group + "floor", expected, [=](char* out) {
      by_hand::base64::encode(out, bytes.data(), bytes.size());
      return std::string_view(out, length);
    });
#endif
  row(group + "countersign", expected, [=](char* out) {
    cs::encode_base64(out, bytes);
    return std::string_view(out, length);
  });
  row(group + "countersign, to secret", expected, [=, text = cs::secret()](char*) mutable {
    text.clear();
    return cs::append_base64(text, bytes).reveal();
  });
  if (cs::detail::base64_ssse3::available())
    row(group + "countersign, SSSE3", expected, [=](char* out) {
      char* end = cs::detail::base64_ssse3::encode(out, bytes, false);
      while (end != out + length) *end++ = '=';
      return std::string_view(out, length);
    });
  row(group + "countersign, plain", expected, [=](char* out) {
    char* end = cs::detail::base64_plain::encode(out, bytes, false);
    while (end != out + length) *end++ = '=';
    return std::string_view(out, length);
  });
  row(group + "EVP_EncodeBlock", expected, [=](char* out) {
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out), raw(bytes), static_cast<int>(bytes.size()));
    return std::string_view(out, length);
  });
}

// Of as many bytes; OpenSSL's decoder is lenient, and keeps what padding stands for.
void base64_decode(std::size_t size) {
  auto const group = "base64 decode/" + size_of(size) + "/";
  auto const bytes = noise(size);
  std::string text(cs::base64_size(size), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw(bytes), static_cast<int>(size));
  auto const bare = text.substr(0, text.find('='));

  row(group + "countersign, to secret", bytes, [=, made = cs::secret()](char*) mutable {
    made = std::move(*cs::decode_base64(text));
    return made.reveal();
  });
  auto const by = [&](char const* who, auto decode) {
    row(group + who, bytes, [=](char* out) {
      return decode(out, std::string_view(bare), false) ? std::string_view(out, size) : std::string_view();
    });
  };
  if (cs::detail::base64_vbmi::available()) by("countersign", cs::detail::base64_vbmi::decode);
  if (cs::detail::base64_ssse3::available()) by("countersign, SSSE3", cs::detail::base64_ssse3::decode);
  by("countersign, plain", cs::detail::base64_plain::decode);
  row(group + "EVP_DecodeBlock", bytes, [=](char* out) {
    EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out), raw(text), static_cast<int>(text.size()));
    return std::string_view(out, size);
  });
}

template <class Hash>
void hash(std::string const& work, std::size_t size) {
  auto* const theirs =
      EVP_MD_fetch(nullptr, work.c_str(), nullptr);  // once: it takes longer than a short hash
  auto group = work + "/" + size_of(size) + "/";
  if (auto const slash = work.find('/'); slash != work.npos) group[slash] = '-';
  auto const message = noise(size);
  std::string expected(Hash::digest_size, '\0');
  EVP_Digest(message.data(), size, reinterpret_cast<unsigned char*>(expected.data()), nullptr, theirs,
             nullptr);
  row(group + "countersign", expected, [=, digest = typename Hash::digest()](char*) mutable {
    digest = Hash::of(message);
    return cs::as_chars(digest);
  });
  auto* const reused = EVP_MD_CTX_new();
  row(group + "EVP_MD_CTX, re-used", expected, [=](char* out) {
    unsigned written = 0;
    EVP_DigestInit_ex2(reused, theirs, nullptr);
    EVP_DigestUpdate(reused, message.data(), message.size());
    EVP_DigestFinal_ex(reused, reinterpret_cast<unsigned char*>(out), &written);
    return std::string_view(out, written);
  });
  row(group + "EVP_Digest", expected, [=](char* out) {
    unsigned written = 0;
    EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(out), &written, theirs,
               nullptr);
    return std::string_view(out, written);
  });
}

// One key of 64 bytes, prepared where the interface allows it. `size` is a multiple of 64, for the
// floor.
template <class Hash>
void hmac(std::string const& name, std::size_t size, EVP_MD const* theirs) {
  auto const group = "HMAC-" + name + "/" + size_of(size) + "/";
  auto const key = noise(64);
  auto const message = noise(size);
  std::string expected(Hash::digest_size, '\0');
  HMAC(theirs, key.data(), 64, raw(message), size, reinterpret_cast<unsigned char*>(expected.data()),
       nullptr);

#if defined(__x86_64__)
  if (name == "SHA256" && by_hand::hmac::available())
    row(group + "floor", expected, [=, prepared = by_hand::hmac::prepare(key.data())](char* out) {
      by_hand::hmac::code(prepared, message.data(), message.size(), reinterpret_cast<unsigned char*>(out));
      return std::string_view(out, 32);
    });
#endif
  auto const by = [&]<class H>(char const* who, H) {
    row(group + who, expected, [=, mac = cs::hmac<H>(key), code = typename H::digest()](char*) mutable {
      code = mac.finish(message);
      return cs::as_chars(code);
    });
  };
  by("countersign", Hash());
  if (name == "SHA256") by("countersign, plain", cs::detail::basic_sha256<cs::detail::sha256_plain>());

  auto* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  auto* const reused = EVP_MAC_CTX_new(algorithm);
  auto digest = name;
  OSSL_PARAM const parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                   OSSL_PARAM_construct_end()};
  EVP_MAC_init(reused, raw(key), key.size(), parameters);
  row(group + "EVP_MAC, re-used", expected, [=](char* out) {
    std::size_t written = 0;
    EVP_MAC_init(reused, nullptr, 0, nullptr);
    EVP_MAC_update(reused, raw(message), message.size());
    EVP_MAC_final(reused, reinterpret_cast<unsigned char*>(out), &written, Hash::digest_size);
    return std::string_view(out, written);
  });
  row(group + "HMAC()", expected, [=](char* out) {
    HMAC(theirs, key.data(), 64, raw(message), message.size(), reinterpret_cast<unsigned char*>(out),
         nullptr);
    return std::string_view(out, Hash::digest_size);
  });
}

}  // namespace

int main(int argc, char** argv) {
  for (auto const size : std::initializer_list<std::size_t>{24, 1024}) base64(size);
  for (auto const size : std::initializer_list<std::size_t>{24, 1024}) base64_decode(size);
  for (auto const size : std::initializer_list<std::size_t>{64, 256, 1024, 65536})
    hmac<cs::sha256>("SHA256", size, EVP_sha256());
  for (auto const size : std::initializer_list<std::size_t>{64, 1024})
    hmac<cs::sha512>("SHA512", size, EVP_sha512());
  // of the length of what Digest hashes (RFC 7616 §3.4.1), and long
  for (auto const size : std::initializer_list<std::size_t>{64, 16384}) {
    hash<cs::sha256>("SHA2-256", size);
    hash<cs::sha512>("SHA2-512", size);
    hash<cs::sha512_256>("SHA2-512/256", size);
    hash<cs::sha1>("SHA1", size);
    hash<cs::md5>("MD5", size);
  }
  return table::main(argc, argv);
}
