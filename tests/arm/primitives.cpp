// What is done otherwise on ARMv8 than on x86-64: SHA-256 by the SHA2 instructions, SHA-2's schedule in vectors. Each is
// compared with the C++ that the compiler itself runs in a constant expression, and with one another on random input. Needs
// nothing but the toolkit, since a foreign processor has no other library here.

#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/md5.hpp>
#include <countersign/crypto/sha1.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/text/base64.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace cs = countersign;
using plain_sha256 = cs::detail::basic_sha256<cs::detail::sha256_plain>;

namespace {

int failures = 0;
unsigned long checks = 0;
void expect(bool good, char const* what, std::size_t size) {
  ++checks;
  if (good) return;
  std::printf("FAIL %s, %zu bytes\n", what, size);
  ++failures;
}

template <std::size_t Size>
constexpr std::array<char, Size> message() {
  std::array<char, Size> bytes{};
  for (std::size_t i = 0; i < Size; ++i) bytes[i] = static_cast<char>(7 * i + i / 5);
  return bytes;
}
template <class Hash, std::size_t Size>
void as_the_compiler(char const* what) {
  static constexpr auto bytes = message<Size>();
  constexpr auto expected = Hash::of({bytes.data(), Size});
  std::string volatile_copy(bytes.data(), Size);
  expect(Hash::of(volatile_copy) == expected, what, Size);
}
template <class Hash>
void as_the_compiler(char const* what) {
  as_the_compiler<Hash, 1>(what);
  as_the_compiler<Hash, 55>(what);
  as_the_compiler<Hash, 56>(what);
  as_the_compiler<Hash, 64>(what);
  as_the_compiler<Hash, 111>(what);
  as_the_compiler<Hash, 112>(what);
  as_the_compiler<Hash, 300>(what);
}

}  // namespace

int main() {
  bool const native = cs::detail::sha256_native::available();
  std::printf("SHA2 instructions: %s\n", native ? "yes" : "no");
  as_the_compiler<cs::sha256>("SHA-256");
  as_the_compiler<plain_sha256>("SHA-256 without instructions");
  as_the_compiler<cs::sha384>("SHA-384");
  as_the_compiler<cs::sha512>("SHA-512");
  as_the_compiler<cs::sha512_256>("SHA-512/256");
  as_the_compiler<cs::sha1>("SHA-1");
  as_the_compiler<cs::md5>("MD5");

  std::uint32_t last = 1;
  std::string bytes;
  for (std::size_t size = 0; size <= 600; ++size) {
    expect(cs::sha256::of(bytes) == plain_sha256::of(bytes), "SHA-256", size);
    auto const key = bytes.substr(0, size / 3);
    auto const code = cs::hmac<cs::sha256>(key).finish(bytes);
    expect(code == cs::hmac<plain_sha256>(key).finish(bytes), "HMAC-SHA-256", size);
    for (std::size_t const cut : {size / 2, size / 5}) {
      cs::hmac<cs::sha256> stream(key);
      stream.update(std::string_view(bytes).substr(0, cut));
      expect(stream.finish(std::string_view(bytes).substr(cut)) == code, "HMAC-SHA-256 in parts", size);
    }
    cs::secret text;
    cs::append_base64(text, bytes, cs::base64::url);
    auto const read = cs::decode_base64(text.reveal(), cs::base64::url);
    expect(read.has_value() && read->reveal() == bytes, "base64url", size);
    bytes += static_cast<char>((last = last * 1664525 + 1013904223) >> 24);
  }
  std::printf("%lu checks, %d failures\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
