#include <countersign/crypto/md5.hpp>

#include <countersign/text/bytes.hpp>
#include <countersign/text/hex.hpp>

#include <boost/test/unit_test.hpp>

#include <string_view>

// What streams alike is tested in detail/iterated_hash.cpp.

namespace cs = countersign;
using cs::md5;

namespace {

static_assert(md5::block_size == 64 && md5::digest_size == 16);
static_assert(md5::of("abc") == md5::digest{0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0, 0xd6, 0x96, 0x3f,
                                            0x7d, 0x28, 0xe1, 0x7f, 0x72});
static_assert(md5().update("a").update("b").finish("c") == md5::of("abc"));

}  // namespace

BOOST_AUTO_TEST_SUITE(md5_of_rfc_1321)

BOOST_AUTO_TEST_CASE(the_suite_of_its_appendix_a_5_holds) {
  struct row {
    std::string_view message, digest;
  };
  for (auto const& [message, digest] :
       {row{"", "d41d8cd98f00b204e9800998ecf8427e"}, row{"a", "0cc175b9c0f1b6a831c399e269772661"},
        row{"abc", "900150983cd24fb0d6963f7d28e17f72"},
        row{"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        row{"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        row{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            "d174ab98d277d9f5a5611c2c9f419d9f"},
        row{"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"}}) {
    cs::secret text;
    auto const made = md5::of(message);
    BOOST_TEST(cs::append_hex(text, cs::as_chars(made)).reveal() == digest);
  }
}

BOOST_AUTO_TEST_SUITE_END()
