#include <countersign/crypto/sha1.hpp>

#include <string_view>

// What streams alike is tested in detail/iterated_hash.cpp.

using countersign::sha1;

namespace {

static_assert(sha1::block_size == 64 && sha1::digest_size == 20);

// FIPS 180-4's example, by the compiler
static_assert(sha1::of("abc") == sha1::digest{0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e,
                                              0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d});
static_assert(sha1().update("a").update("b").finish("c") == sha1::of("abc"));

}  // namespace
