#include <countersign/crypto/hmac.hpp>

#include <countersign/crypto/md5.hpp>
#include <countersign/crypto/sha1.hpp>
#include <countersign/crypto/sha512.hpp>

#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <initializer_list>
#include <new>
#include <random>
#include <string>
#include <string_view>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif

namespace cs = countersign;
using cs::as_chars;
using cs::hmac;
using cs::sha256;
using plain_sha256 = cs::detail::basic_sha256<cs::detail::sha256_plain>;

namespace {

// RFC 4231, test case 2, by the compiler, on the path with a short cut and on the one without
constexpr bool begins(auto const& code, unsigned char a, unsigned char b) { return code[0] == a && code[1] == b; }
static_assert(begins(cs::hmac_sha256("Jefe", "what do ya want for nothing?"), 0x5b, 0xdc));
static_assert(begins(hmac<sha256>("Jefe").update("what do ya ").finish("want for nothing?"), 0x5b, 0xdc));
static_assert(begins(hmac<cs::sha384>("Jefe").finish("what do ya want for nothing?"), 0xaf, 0x45));
static_assert(begins(hmac<cs::sha512>("Jefe").finish("what do ya want for nothing?"), 0x16, 0x4b));
// RFC 2202, test case 2; and a key of more than a block, which is hashed
static_assert(begins(hmac<cs::md5>("Jefe").finish("what do ya want for nothing?"), 0x75, 0x0c));
static_assert(begins(hmac<cs::sha1>("Jefe").finish("what do ya want for nothing?"), 0xef, 0xfc));
constexpr std::string_view long_key = "0123456789012345678901234567890123456789012345678901234567890123456789";
constexpr auto shortened = [] {
  auto const digest = sha256::of(long_key);
  std::array<char, 32> text{};
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(digest[i]);
  return text;
}();
static_assert(cs::hmac_sha256(long_key, "m") == cs::hmac_sha256({shortened.data(), shortened.size()}, "m"));

// The same hash, without the short cut that `hmac` looks for.
struct hash_without_short_cut : private sha256 {
  using sha256::block_size;
  using sha256::digest;
  using sha256::digest_size;
  using sha256::finish;
  using sha256::of;
  using sha256::update;
};
static_assert(cs::hash_function<hash_without_short_cut>);

// On every path that this processor has: `check` is called with an HMAC of each class.
template <class Check>
void on_every_path(std::string_view key, Check check) {
  BOOST_TEST_CONTEXT("plain") check(hmac<plain_sha256>(key));
  BOOST_TEST_CONTEXT("dispatched") check(hmac<sha256>(key));
  BOOST_TEST_CONTEXT("by two hashes") check(hmac<hash_without_short_cut>(key));
}

// `check` is called with an HMAC of each hash but SHA-256, and the hash's name in the files.
template <class Check>
void with_each_other_hash(std::string_view key, Check check) {
  check(hmac<cs::md5>(key), "md5");
  check(hmac<cs::sha1>(key), "sha1");
  check(hmac<cs::sha384>(key), "sha384");
  check(hmac<cs::sha512>(key), "sha512");
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

std::string by_openssl(std::string_view key, std::string_view message) {
  std::string code(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<unsigned char const*>(message.data()), message.size(),
       reinterpret_cast<unsigned char*>(code.data()), nullptr);
  return code;
}

// A line "Name = value" of BoringSSL's files: a quoted text, or hexadecimal digits.
std::string value(std::string const& line) {
  auto const text = line.substr(line.find('=') + 1);
  if (auto const quote = text.find('"'); quote != text.npos)
    return text.substr(quote + 1, text.rfind('"') - quote - 1);
  auto const begin = text.find_first_not_of(' ');
  return begin == text.npos ? "" : vectors::bytes(std::string_view(text).substr(begin));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hmac_of_rfc_2104)

BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_4231_hold) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc4231_hmac");
  for (auto const& pair : all.get_child("rfc4231_hmac")) {
    auto const& row = pair.second;
    auto const key = vectors::bytes(row, "key");
    auto const message = vectors::bytes(row, "data");
    auto const code = vectors::bytes(row, "sha256");  // of test case 5, the first 128 bits alone
    on_every_path(key, [&](auto mac) {
      BOOST_TEST(as_chars(mac.finish(message)).substr(0, code.size()) == code);
      BOOST_TEST(mac.verify(message, code) == (code.size() == 32));
    });
    BOOST_TEST((cs::hmac_sha256(key, message) == hmac<sha256>(key).finish(message)));
    auto const begins = [&](auto const& tag, char const* name) {
      auto const expected = vectors::bytes(row, name);
      BOOST_TEST(as_chars(tag).substr(0, expected.size()) == expected);
    };
    begins(hmac<cs::sha384>(key).finish(message), "sha384");
    begins(hmac<cs::sha512>(key).finish(message), "sha512");
    ++count;
  }
}

BOOST_AUTO_TEST_CASE(wycheproof_holds) {
  for (std::string const name : {"sha1", "sha256", "sha384", "sha512"}) {
    auto const file = "wycheproof/hmac_" + name + "_test.json";
    auto const all = vectors::json(file);
    vectors::tally count(file);
    for (auto const& [_, group] : all.get_child("testGroups")) {
      auto const size = vectors::number(group, "tagSize") / 8;
      for (auto const& pair : group.get_child("tests")) {
        auto const& row = pair.second;
        BOOST_TEST_CONTEXT(file << ", tcId " << vectors::number(row, "tcId") << ": "
                                << row.get<std::string>("comment")) {
          auto const key = vectors::bytes(row, "key"), message = vectors::bytes(row, "msg");
          auto const code = vectors::bytes(row, "tag");
          bool const valid = row.get<std::string>("result") == "valid";
          auto const check = [&](auto mac) {
            auto const tag = mac.finish(message);
            BOOST_TEST((as_chars(tag).substr(0, size) == code) == valid);
            BOOST_TEST(mac.verify(message, code) == (valid && size == tag.size()));
          };
          if (name == "sha256") on_every_path(key, check);
          else
            with_each_other_hash(key, [&](auto mac, std::string_view hash) {
              if (hash == name) check(mac);
            });
          ++count;
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_vectors_of_boringssl_hold) {
  auto in = vectors::open("boringssl/hmac_tests.txt");
  vectors::tally count("boringssl/hmac_tests.txt");
  std::string hash;
  std::string key;
  std::string message;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("HMAC = ")) {
      hash = line.substr(7);
      for (char& c : hash) c = static_cast<char>(c | 0x20);  // "sha256"
    }
    if (line.starts_with("Key =")) key = value(line);
    if (line.starts_with("Input =")) message = value(line);
    if (!line.starts_with("Output =") || hash == "sha224") continue;
    auto const check = [&](auto mac) { BOOST_TEST(as_chars(mac.finish(message)) == value(line), hash); };
    if (hash == "sha256") on_every_path(key, check);
    else
      with_each_other_hash(key, [&](auto mac, std::string_view name) {
        if (name == hash) check(mac);
      });
    ++count;
  }
}

// Keys shorter than, as long as, and longer than a block; messages around the ends of blocks.
BOOST_AUTO_TEST_CASE(it_agrees_with_openssl_for_random_keys_and_every_size_up_to_300) {
  std::mt19937 random(2104);
  for (std::size_t size = 0; size <= 300; ++size) {
    auto const message = random_bytes(random, size);
    for (auto const key_size : std::initializer_list<std::size_t>{1, 32, 63, 64, 65, random() % 200}) {
      auto const key = random_bytes(random, key_size);
      auto const expected = by_openssl(key, message);
      on_every_path(key, [&](auto mac) { BOOST_TEST(as_chars(mac.finish(message)) == expected); });
    }
  }
}

BOOST_AUTO_TEST_CASE(a_message_in_parts_is_the_same_message_wherever_it_is_cut) {
  std::mt19937 random(3);
  for (auto const size :
       std::initializer_list<std::size_t>{0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 129, 200}) {
    auto const message = random_bytes(random, size);
    auto const expected = by_openssl("key", message);
    for (std::size_t cut = 0; cut <= size; ++cut)
      on_every_path("key", [&](auto mac) {
        std::string_view const front = std::string_view(message).substr(0, cut);
        std::string_view const back = std::string_view(message).substr(cut);
        mac.update(front);
        BOOST_TEST(as_chars(mac.finish(back)) == expected);
        BOOST_TEST(as_chars(mac.update(back).finish()) == expected);
      });
  }
}

BOOST_AUTO_TEST_CASE(one_prepared_key_serves_many_messages) {
  on_every_path("key", [](auto const mac) {
    for (std::string_view const message : {"one", "", "two", "one"})
      BOOST_TEST(as_chars(mac.finish(message)) == by_openssl("key", message));
    auto stream = mac;
    stream.update("thr");
    BOOST_TEST(as_chars(stream.finish("ee")) == by_openssl("key", "three"));
    BOOST_TEST(as_chars(mac.finish("four")) == by_openssl("key", "four"));
  });
}

BOOST_AUTO_TEST_CASE(a_key_may_be_a_secret_or_empty) {
  BOOST_TEST((hmac<sha256>(cs::secret("key")).finish("m") == cs::hmac_sha256("key", "m")));
  BOOST_TEST((hmac<sha256>(cs::secret()).finish("m") == cs::hmac_sha256("", "m")));
}

BOOST_AUTO_TEST_CASE(a_code_with_any_bit_flipped_or_of_another_size_is_no_match) {
  hmac<sha256> const mac("key");
  auto const code = by_openssl("key", "message");
  BOOST_TEST(mac.verify("message", code));
  BOOST_TEST(hmac<sha256>(mac).update("mess").verify("age", code));
  BOOST_TEST(!mac.verify("massage", code));
  for (std::size_t bit = 0; bit < 8 * code.size(); ++bit) {
    auto flipped = code;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    BOOST_TEST(!mac.verify("message", flipped));
  }
  BOOST_TEST(!mac.verify("message", ""));
  BOOST_TEST(!mac.verify("message", code.substr(0, 31)));
  BOOST_TEST(!mac.verify("message", code + '\0'));
}

BOOST_AUTO_TEST_CASE(its_destructor_leaves_nothing) {
  using mac = hmac<sha256>;
  alignas(mac) static unsigned char memory[sizeof(mac)];
  auto* const object = new (memory) mac("key");
  object->update("canary canary canary");
  std::string_view const bytes(reinterpret_cast<char const*>(memory), sizeof memory);
  auto const before = std::string(bytes);
  void (*volatile destroy)(mac*) = [](mac* at) { at->~mac(); };
  destroy(object);
  BOOST_TEST(before.find("canary") != before.npos);
  BOOST_TEST(bytes.find("canary") == bytes.npos);
  BOOST_TEST(bytes.find(before.substr(0, 8)) == bytes.npos);               // the inner midstate
  BOOST_TEST(bytes.find(before.substr(sizeof(sha256), 8)) == bytes.npos);  // the outer one
}

#if defined(VALGRIND_MAKE_MEM_UNDEFINED)
// Says nothing but under Valgrind, which then reports branches and addresses that depend on the key
// or the message. It knows no SHA instructions, so it sees the plain path on every processor.
BOOST_AUTO_TEST_CASE(no_branch_and_no_address_depends_on_the_key_or_the_message) {
  auto const errors = VALGRIND_COUNT_ERRORS;
  for (auto const size : std::initializer_list<std::size_t>{20, 64, 100}) {
    std::string key(size, 'k');
    std::string message(size, 'm');
    auto code = by_openssl(key, message);
    static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(key.data(), key.size()));
    static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(message.data(), message.size()));
    hmac<sha256> mac(key);
    mac.update(std::string_view(message).substr(0, 10));
    bool good = mac.verify(std::string_view(message).substr(10), code);
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&good, sizeof good));
    BOOST_TEST(good);
  }
  BOOST_TEST(VALGRIND_COUNT_ERRORS == errors);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
