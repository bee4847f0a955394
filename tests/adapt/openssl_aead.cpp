#include <countersign/adapt/openssl_aead.hpp>

#include "fake/heap.hpp"
#include "vectors/read.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/err.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cs = countersign;

BOOST_AUTO_TEST_SUITE(adapt_openssl_aead)

// The cases 13, 14 and 16 of the algorithm's specification (McGrew and Viega, appendix B).
BOOST_AUTO_TEST_CASE(the_vectors_of_its_specification_hold) {
  std::string const zeros(64, '0'), nonce(24, '0');
  std::string const key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
  struct {
    std::string key, nonce, associated, text, sealed;
  } const rows[] = {
      {zeros, nonce, "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
      {zeros, nonce, "", std::string(32, '0'),
       "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
      {key, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16ae"
       "df5aa0de657"
       "ba637b39",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61"
       "e6393ba7a0a"
       "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
  };
  for (auto const& row : rows) {
    auto const cipher = cs::aes_256_gcm::make(vectors::bytes(row.key));
    BOOST_REQUIRE(cipher.has_value());
    cs::secret text(vectors::bytes(row.text));
    BOOST_TEST(cipher->seal(vectors::bytes(row.nonce), vectors::bytes(row.associated), text).has_value());
    BOOST_TEST(text.reveal() == vectors::bytes(row.sealed));
    BOOST_TEST(cipher->open(vectors::bytes(row.nonce), vectors::bytes(row.associated), text).has_value());
    BOOST_TEST(text.reveal() == vectors::bytes(row.text));
  }
}

BOOST_AUTO_TEST_CASE(what_was_changed_is_refused_and_stays_as_it_was) {
  ERR_clear_error();  // of what other tests did on this thread
  auto const cipher = cs::aes_256_gcm::make(std::string(32, 'k'));
  std::string const nonce(12, 'n');
  cs::secret sealed("a text of some length");
  BOOST_REQUIRE(cipher->seal(nonce, "where", sealed).has_value());
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto changed = sealed;
    changed.data()[bit / 8] = static_cast<char>(changed.data()[bit / 8] ^ (1 << bit % 8));
    auto const before = changed;
    auto const opened = cipher->open(nonce, "where", changed);
    BOOST_REQUIRE(!opened.has_value());
    BOOST_TEST((opened.error().code() == cs::errc::rejected));
    BOOST_TEST((changed == before));
  }
  auto text = sealed;
  BOOST_TEST((cipher->open(nonce, "elsewhere", text).error().code() == cs::errc::rejected));
  BOOST_TEST((cipher->open(std::string(12, 'm'), "where", text).error().code() == cs::errc::rejected));
  BOOST_TEST((cs::aes_256_gcm::make(std::string(32, 'l'))->open(nonce, "where", text).error().code() ==
              cs::errc::rejected));
  BOOST_TEST(ERR_peek_error() == 0ul);
  BOOST_TEST(cipher->open(nonce, "where", text).has_value());
  BOOST_TEST(text.reveal() == "a text of some length");
}

BOOST_AUTO_TEST_CASE(sizes_are_checked) {
  for (std::size_t size : {0u, 16u, 31u, 33u})
    BOOST_TEST((cs::aes_256_gcm::make(std::string(size, 'k')).error().code() == cs::errc::bad_input));
  auto const cipher = cs::aes_256_gcm::make(std::string(32, 'k'));
  for (std::size_t size : {0u, 11u, 13u}) {
    cs::secret text("abcdefghijklmnopqrstuvwxyz");
    BOOST_TEST((cipher->seal(std::string(size, 'n'), "", text).error().code() == cs::errc::bad_input));
    BOOST_TEST((cipher->open(std::string(size, 'n'), "", text).error().code() == cs::errc::bad_input));
  }
  std::string const nonce(12, 'n');
  cs::secret text(std::string(15, 't'));
  BOOST_TEST((cipher->open(nonce, "", text).error().code() == cs::errc::rejected));
  cs::secret empty;
  BOOST_TEST(cipher->seal(nonce, "", empty).has_value());
  BOOST_TEST(empty.size() == 16u);
  BOOST_TEST(cipher->open(nonce, "", empty).has_value());
  BOOST_TEST(empty.empty());
}

BOOST_AUTO_TEST_CASE(without_memory_it_says_so) {
  if (!fake::heap::is_ours) return;
  auto const cipher = cs::aes_256_gcm::make(std::string(32, 'k'));
  std::string const nonce(12, 'n');
  cs::secret text(std::string(30, 't'));  // its room has no place for the tag
  {
    fake::heap::refused_once const refused(0);
    BOOST_TEST((cipher->seal(nonce, "", text).error().code() == cs::errc::no_memory));
  }
  cs::secret sealed("text");
  BOOST_REQUIRE(cipher->seal(nonce, "", sealed).has_value());
  fake::heap::refused_once const refused(0);
  BOOST_TEST((cipher->open(nonce, "", sealed).error().code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
