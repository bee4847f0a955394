// link: crypto
// base64 and HMAC-SHA-256: the floor, ours, and OpenSSL's, in one run. A row whose bytes differ from
// OpenSSL's is no row.

#include <countersign/crypto/hmac.hpp>
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
#if defined(__x86_64__)
  if (cs::detail::base64_native::has_ssse3())
    row(group + "countersign, SSSE3", expected, [=](char* out) {
      auto const done = cs::detail::base64_native::encode_ssse3(out, bytes, false);
      char* end =
          cs::detail::base64_plain::encode(done.out, std::string_view(bytes).substr(done.taken), false);
      while (end != out + length) *end++ = '=';
      return std::string_view(out, length);
    });
#endif
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

// One key of 64 bytes, prepared where the interface allows it. `size` is a multiple of 64, for the
// floor.
void hmac(std::size_t size) {
  auto const group = "HMAC-SHA256/" + size_of(size) + "/";
  auto const key = noise(64);
  auto const message = noise(size);
  std::string expected(32, '\0');
  HMAC(EVP_sha256(), key.data(), 64, raw(message), size, reinterpret_cast<unsigned char*>(expected.data()),
       nullptr);

#if defined(__x86_64__)
  if (by_hand::hmac::available())
    row(group + "floor", expected, [=, prepared = by_hand::hmac::prepare(key.data())](char* out) {
      by_hand::hmac::code(prepared, message.data(), message.size(), reinterpret_cast<unsigned char*>(out));
      return std::string_view(out, 32);
    });
#endif
  auto const by = [&]<class Hash>(char const* who, Hash) {
    row(group + who, expected, [=, mac = cs::hmac<Hash>(key), code = typename Hash::digest()](char*) mutable {
      code = mac.finish(message);
      return cs::as_chars(code);
    });
  };
  by("countersign", cs::sha256());
  by("countersign, plain", cs::detail::basic_sha256<cs::detail::sha256_plain>());

  auto* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  auto* const reused = EVP_MAC_CTX_new(algorithm);
  char digest[] = "SHA256";
  OSSL_PARAM const parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  EVP_MAC_init(reused, raw(key), key.size(), parameters);
  row(group + "EVP_MAC, re-used", expected, [=](char* out) {
    std::size_t written = 0;
    EVP_MAC_init(reused, nullptr, 0, nullptr);
    EVP_MAC_update(reused, raw(message), message.size());
    EVP_MAC_final(reused, reinterpret_cast<unsigned char*>(out), &written, 32);
    return std::string_view(out, written);
  });
  row(group + "HMAC()", expected, [=](char* out) {
    HMAC(EVP_sha256(), key.data(), 64, raw(message), message.size(), reinterpret_cast<unsigned char*>(out),
         nullptr);
    return std::string_view(out, 32);
  });
}

}  // namespace

int main(int argc, char** argv) {
  for (auto const size : std::initializer_list<std::size_t>{24, 1024}) base64(size);
  for (auto const size : std::initializer_list<std::size_t>{64, 256, 1024, 65536}) hmac(size);
  return table::main(argc, argv);
}
