#include <countersign/crypto/any_hmac.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
using namespace std::literals;

namespace {

constexpr std::pair<cs::sha2, EVP_MD const* (*)()> hashes[] = {
    {cs::sha2::bits_256, EVP_sha256}, {cs::sha2::bits_384, EVP_sha384}, {cs::sha2::bits_512, EVP_sha512}};

std::string by_openssl(EVP_MD const* hash, std::string_view key, std::string_view message) {
  std::string code(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(hash, key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(message.data()),
       message.size(), reinterpret_cast<unsigned char*>(code.data()), &size);
  code.resize(size);
  return code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crypto_any_hmac)

BOOST_AUTO_TEST_CASE(each_hash_agrees_with_openssl) {
  for (auto const& [hash, theirs] : hashes)
    for (auto const size : {1u, 64u, 128u, 129u, 200u}) {
      std::string const key(size, 'k');
      cs::any_hmac const keyed(hash, key);
      BOOST_TEST((keyed.hash() == hash));
      auto const expected = by_openssl(theirs(), key, "some message");
      BOOST_TEST(keyed.finish("some message").view() == expected);
      auto copy = keyed;
      BOOST_TEST(copy.update("some ").finish("message").view() == expected);
      BOOST_TEST(keyed.finish("some message").view() == expected);  // as it was
      BOOST_TEST(expected.size() == cs::digest_size(hash));
    }
}

BOOST_AUTO_TEST_CASE(a_hash_without_a_key_agrees_with_openssl) {
  for (auto const& [hash, theirs] : hashes) {
    std::string expected(cs::digest_size(hash), '\0');
    EVP_Digest("abc", 3, reinterpret_cast<unsigned char*>(expected.data()), nullptr, theirs(), nullptr);
    BOOST_TEST(cs::hash_of(hash, "abc").view() == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_key_is_read_in_the_form_in_which_it_is_written) {
  struct row {
    cs::key_form form;
    std::string_view written, key;
  };
  for (auto const& [form, written, key] :
       std::initializer_list<row>{{cs::key_form::raw, "a=\n", "a=\n"},
                                  {cs::key_form::raw, "", ""},
                                  {cs::key_form::hex, "00fF", "\x00\xff"sv},
                                  {cs::key_form::base64, "+/8=", "\xfb\xff"sv},
                                  {cs::key_form::base64, "+/8", "\xfb\xff"sv},
                                  {cs::key_form::base64url, "-_8=", "\xfb\xff"sv},
                                  {cs::key_form::base64url, "-_8", "\xfb\xff"sv}}) {
    auto const got = cs::decode_key(written, form);
    BOOST_REQUIRE(got);
    BOOST_TEST(got->reveal() == key);
  }
  for (auto const& [form, written] :
       {std::pair(cs::key_form::hex, "0"), std::pair(cs::key_form::hex, "xy"),
        std::pair(cs::key_form::base64, "-_8"), std::pair(cs::key_form::base64url, "+/8"),
        std::pair(cs::key_form::base64, "abc\n")})
    BOOST_TEST((cs::decode_key(written, form).error().code() == cs::errc::bad_input));
}

BOOST_AUTO_TEST_SUITE_END()
