#include <countersign/crypto/sha512.hpp>

#include <cstdint>
#include <string_view>

// What streams alike is tested in detail/iterated_hash.cpp.

namespace cs = countersign;
using cs::sha384;
using cs::sha512;
using cs::sha512_256;

namespace {

// FIPS 180-4's example, by the compiler
static_assert(sha512::of("abc")[0] == 0xdd && sha512::of("abc")[63] == 0x9f);
static_assert(sha384::of("abc")[0] == 0xcb && sha384::of("abc")[47] == 0xa7);
static_assert(sha512_256::of("abc")[0] == 0x53 && sha512_256::of("abc")[31] == 0x23);
static_assert(sha512().update("a").update("b").finish("c") == sha512::of("abc"));

static_assert(sha512::block_size == 128 && sha384::block_size == 128 && sha512_256::block_size == 128);
static_assert(sha512::digest_size == 64 && sha384::digest_size == 48 && sha512_256::digest_size == 32);

// FIPS 180-4 §5.3.6 says how the starting values of SHA-512/256 are made: they are not copied from anywhere alone.
inline constexpr auto masked = [] {
  auto start = cs::detail::sha512_start;
  for (auto& word : start.word) word ^= 0xa5a5a5a5a5a5a5a5;
  return start;
}();
constexpr bool made_as_the_standard_says() {
  auto const digest = cs::detail::iterated_hash<cs::detail::sha512_kind<masked, 64>>::of("SHA-512/256");
  for (std::size_t i = 0; i < 8; ++i) {
    std::uint64_t word = 0;
    for (std::size_t j = 0; j < 8; ++j) word = word << 8 | digest[8 * i + j];
    if (word != cs::detail::sha512_256_start.word[i]) return false;
  }
  return true;
}
static_assert(made_as_the_standard_says());

}  // namespace
