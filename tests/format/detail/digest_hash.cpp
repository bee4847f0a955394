// RFC 7616 §3.2, §3.4.2
#include <countersign/format/detail/digest_hash.hpp>

#include "fake/digest_server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using cs::detail::digest_hash;

static_assert(cs::detail::digest_algorithm_of("MD5") ==
              cs::detail::digest_algorithm{digest_hash::md5, false});
static_assert(cs::detail::digest_algorithm_of("md5-SESS") ==
              cs::detail::digest_algorithm{digest_hash::md5, true});
static_assert(cs::detail::digest_algorithm_of("sha-256") ==
              cs::detail::digest_algorithm{digest_hash::sha256, false});
static_assert(cs::detail::digest_algorithm_of("SHA-512-256-sess") ==
              cs::detail::digest_algorithm{digest_hash::sha512_256, true});

BOOST_AUTO_TEST_SUITE(format_digest_hash)

BOOST_AUTO_TEST_CASE(each_algorithm_is_told_by_its_name_and_no_other_is) {
  for (auto const* const name :
       {"MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"})
    BOOST_TEST(cs::detail::name(cs::detail::digest_algorithm_of(name)) == name);
  for (auto const* const name :
       {"", "-sess", "SHA", "SHA-1", "SHA-512", "SHA-512/256", "SHA256", "MD5 ", "MD5-sess-sess", "token"})
    BOOST_TEST((cs::detail::digest_algorithm_of(name).hash == digest_hash::none));
}

BOOST_AUTO_TEST_CASE(pieces_are_joined_by_colons_as_openssl_hashes_them) {
  std::string const texts[] = {
      "", "a", "Mufasa", std::string(63, 'x'), std::string(64, 'y'), std::string(1000, 'z')};
  int cases = 0;
  for (auto const& [by, name] :
       {std::pair(digest_hash::md5, "MD5"), std::pair(digest_hash::sha256, "SHA-256"),
        std::pair(digest_hash::sha512_256, "SHA-512-256")})
    for (auto const& a : texts)
      for (auto const& b : texts) {
        BOOST_TEST(cs::detail::hash_joined(by, {a}).view() == fake::digest_of(name, {a}));
        BOOST_TEST(cs::detail::hash_joined(by, {a, b}).view() == fake::digest_of(name, {a, b}));
        BOOST_TEST(cs::detail::hash_joined(by, {a, b, a, b}).view() == fake::digest_of(name, {a, b, a, b}));
        ++cases;
      }
  BOOST_TEST(cases == 108);
  // Around what is put together at once.
  for (std::size_t a = cs::detail::joined_at_once - 4; a < cs::detail::joined_at_once + 4; ++a)
    for (std::size_t b = 0; b < 4; ++b)
      for (auto const by : {digest_hash::md5, digest_hash::sha256}) {
        std::string const name = by == digest_hash::md5 ? "MD5" : "SHA-256", one(a, 'a'), two(b, 'b'), half(a / 2, 'h');
        BOOST_TEST(cs::detail::hash_joined(by, {one, two, one}).view() == fake::digest_of(name, {one, two, one}));
        BOOST_TEST(cs::detail::hash_joined(by, {two, one, two}).view() == fake::digest_of(name, {two, one, two}));
        BOOST_TEST(cs::detail::hash_joined(by, {half, half, two}).view() == fake::digest_of(name, {half, half, two}));
      }
  BOOST_TEST(cs::detail::hash_joined(digest_hash::none, {"a"}).view() == "");
}

BOOST_AUTO_TEST_SUITE_END()
