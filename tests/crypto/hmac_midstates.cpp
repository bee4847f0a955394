#include <countersign/crypto/hmac_midstates.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

std::string by_openssl(cs::sha2 hash, std::string_view key, std::string_view message) {
  auto const* const of = hash == cs::sha2::bits_256   ? EVP_sha256()
                         : hash == cs::sha2::bits_384 ? EVP_sha384()
                                                      : EVP_sha512();
  std::string code(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(of, key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(message.data()),
       message.size(), reinterpret_cast<unsigned char*>(code.data()), &size);
  code.resize(size);
  return code;
}
std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 23);
  return text;
}
constexpr cs::sha2 hashes[] = {cs::sha2::bits_256, cs::sha2::bits_384, cs::sha2::bits_512};

}  // namespace

BOOST_AUTO_TEST_SUITE(crypto_hmac_midstates)

BOOST_AUTO_TEST_CASE(it_agrees_with_openssl_for_each_hash_key_and_message) {
  for (auto const hash : hashes)
    for (std::size_t const key_size : {1u, 20u, 64u, 65u, 128u, 129u, 300u}) {
      auto const key = text_of(key_size);
      cs::hmac_midstates const keyed(hash, key);
      BOOST_TEST((keyed.hash() == hash));
      for (std::size_t size = 0; size < 300; size += size < 150 ? 1 : 13) {
        auto const message = text_of(size);
        BOOST_TEST(keyed.finish(message).view() == by_openssl(hash, key, message), size << " bytes");
        auto stream = keyed.stream();
        stream.update(std::string_view(message).substr(0, size / 3));
        BOOST_TEST(stream.finish(std::string_view(message).substr(size / 3)).view() ==
                   by_openssl(hash, key, message));
      }
    }
}

BOOST_AUTO_TEST_CASE(what_all_messages_begin_with_is_taken_in_whole_blocks) {
  for (auto const hash : hashes)
    for (std::size_t const size : {0u, 1u, 63u, 64u, 127u, 128u, 129u, 200u, 256u}) {
      auto const front = text_of(size);
      cs::hmac_midstates keyed(hash, "key");
      auto const taken = keyed.begin_with(front);
      std::size_t const block = hash == cs::sha2::bits_256 ? 64 : 128;
      BOOST_TEST(taken == size / block * block);
      for (std::size_t const more : {0u, 1u, 40u, 100u}) {
        auto const message = front + text_of(more);
        auto const code = by_openssl(hash, "key", message);
        BOOST_TEST(keyed.finish(std::string_view(message).substr(taken)).view() == code);
        BOOST_TEST(keyed.stream().finish(std::string_view(message).substr(taken)).view() == code);
      }
    }
}

BOOST_AUTO_TEST_CASE(its_words_make_it_anew) {
  for (auto const hash : hashes) {
    cs::hmac_midstates const keyed(hash, "key");
    BOOST_TEST(cs::hmac_midstates::size_of(hash) == (hash == cs::sha2::bits_256 ? 64u : 128u));
    cs::hmac_midstates const again(hash, keyed.words());
    BOOST_TEST(again.finish("message").view() == keyed.finish("message").view());
    cs::hmac_midstates written(hash);
    std::memcpy(static_cast<void*>(&written.words()), &keyed.words(), cs::hmac_midstates::size_of(hash));
    BOOST_TEST(written.finish("message").view() == keyed.finish("message").view());
  }
}

BOOST_AUTO_TEST_CASE(it_is_wiped_at_its_end) {
  for (auto const hash : hashes) {
    alignas(cs::hmac_midstates) unsigned char room[sizeof(cs::hmac_midstates)];
    auto* const keyed = new (room) cs::hmac_midstates(hash, "key");
    auto const size = cs::hmac_midstates::size_of(hash);
    std::string const words(reinterpret_cast<char const*>(&keyed->words()), size);
    auto const* const where = reinterpret_cast<char const*>(&keyed->words());
    keyed->~hmac_midstates();
    std::string left(size, 'x');
    std::memcpy(left.data(), where, size);
    BOOST_TEST(words != std::string(size, '\0'));
    BOOST_TEST(left == std::string(size, '\0'));
  }
}

BOOST_AUTO_TEST_SUITE_END()
