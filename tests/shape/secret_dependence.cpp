// Every primitive that works on secrets, on secrets that Valgrind takes for undefined: a branch or an address that depends on
// one is an error of Valgrind's. `secret_dependence leak` makes one on purpose, so that the script sees it told.

#include <countersign/core/wipe.hpp>
#include <countersign/crypto/chacha20_poly1305.hpp>
#include <countersign/crypto/hkdf.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/md5.hpp>
#include <countersign/crypto/sha1.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/hex.hpp>

#include <valgrind/memcheck.h>

#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

// Bytes that are the program's to know and Valgrind's not to.
std::string hidden(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(11 * i + 3);
  static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), size));
  return bytes;
}
bool shown(bool verdict) {
  static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&verdict, sizeof verdict));
  return verdict;
}
unsigned wrong = 0;
void expect(bool verdict) { wrong += shown(verdict) ? 0U : 1U; }

template <class Hash>
void hmac() {
  for (std::size_t const size : {1U, 20U, 64U, 65U, 128U, 129U, 200U}) {
    auto const key = hidden(size), message = hidden(size + 3);
    cs::hmac<Hash> const keyed(key);
    auto stream = keyed;
    stream.update(std::string_view(message).substr(0, size / 2));
    auto const code = keyed.finish(message),
               other = stream.finish(std::string_view(message).substr(size / 2));
    expect(cs::equal_in_constant_time(cs::as_chars(code), cs::as_chars(other)));
    expect(keyed.verify(message, cs::as_chars(code)));
    expect(!keyed.verify(message, std::string(code.size(), '\0')));
  }
}

void aead() {
  for (std::size_t const size : {0U, 1U, 16U, 63U, 64U, 65U, 300U}) {
    auto const key = hidden(32);
    cs::secret text(hidden(size));
    auto const cipher = cs::chacha20_poly1305::make(key);
    expect(cipher.has_value() && cipher->seal(std::string(12, 'n'), "place", text).has_value());
    // Whether a text is opened is no secret; what leads there must not branch.
    unsigned char one_time[64], tag[16];
    cs::detail::chacha20(reinterpret_cast<unsigned char const*>(key.data()),
                         reinterpret_cast<unsigned char const*>("nnnnnnnnnnnn"), 0)
        .next(one_time);
    cs::detail::poly1305 code(one_time);
    code.update_padded(text.reveal());
    code.finish(tag);
  }
}

template <class Path>
void base64() {
  for (std::size_t size = 1; size <= 100; ++size)
    for (bool const url : {false, true}) {
      auto const bytes = hidden(size);
      char text[140], again[100];
      auto const* const end = Path::encode(text, bytes, url);
      expect(Path::decode(again, {text, static_cast<std::size_t>(end - text)}, url));
      expect(cs::equal_in_constant_time({again, size}, bytes));
    }
}

void text() {
  base64<cs::detail::base64_plain>();
  if (cs::detail::base64_ssse3::available()) base64<cs::detail::base64_ssse3>();
  for (std::size_t size = 1; size <= 40; ++size) {
    char out[80];
    cs::encode_hex(out, hidden(size));
    cs::secret written;
    cs::append_base64(written, hidden(size));
  }
}

}  // namespace

int main(int argc, char**) {
  if (argc > 1) {
    auto const bytes = hidden(1);
    std::puts(bytes[0] == 0 ? "zero" : "not zero");
    return 0;
  }
  hmac<cs::sha256>();
  hmac<cs::sha384>();
  hmac<cs::sha512>();
  hmac<cs::sha512_256>();
  hmac<cs::sha1>();
  hmac<cs::md5>();
  expect(cs::hkdf<cs::sha256>(hidden(32), "salt", "info", 80).has_value());
  aead();
  text();
  std::printf("%u wrong\n", wrong);
  return wrong == 0 ? 0 : 1;
}
