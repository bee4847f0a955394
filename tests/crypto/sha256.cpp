#include <countersign/crypto/sha256.hpp>

#include "vectors/read.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstdint>
#include <initializer_list>
#include <new>
#include <random>
#include <string>
#include <string_view>

namespace cs = countersign;
using cs::sha256;
using plain_sha256 = cs::detail::basic_sha256<cs::detail::sha256_plain>;

namespace {

// FIPS 180-4's example, by the compiler
constexpr sha256::digest of_abc = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                   0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                   0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
static_assert(sha256::of("abc") == of_abc);
static_assert(sha256().update("a").update("b").finish("c") == of_abc);

// On every path that this processor has: `check` is called with an object of each class.
template <class Check>
void on_every_path(Check check) {
  BOOST_TEST_CONTEXT("plain") check(plain_sha256());
  BOOST_TEST_CONTEXT("dispatched") check(sha256());
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

sha256::digest by_openssl(std::string_view message) {
  sha256::digest digest;
  SHA256(reinterpret_cast<unsigned char const*>(message.data()), message.size(), digest.data());
  return digest;
}

std::string_view chars(sha256::digest const& digest) {
  return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sha256_of_fips_180_4)

BOOST_AUTO_TEST_CASE(the_vectors_hold) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  unsigned count = 0;
  for (auto const& [_, row] : all.get_child("fips180_sha")) {
    auto message = row.get<std::string>("msg", "");
    if (auto const repeat = row.get_child_optional("repeat")) {
      auto const text = repeat->front().second.data();
      for (auto n = std::stoul(repeat->back().second.data()); n > 0; --n) message += text;
    }
    auto const expected = vectors::bytes(row, "sha256");
    on_every_path([&](auto hash) { BOOST_TEST(chars(hash.of(message)) == expected); });
    ++count;
  }
  BOOST_TEST(count == 18U);
}

BOOST_AUTO_TEST_CASE(it_agrees_with_openssl_for_every_size_up_to_300) {
  std::mt19937 random(1804);
  for (std::size_t size = 0; size <= 300; ++size) {
    auto const message = random_bytes(random, size);
    on_every_path([&](auto hash) { BOOST_TEST((hash.of(message) == by_openssl(message))); });
  }
}

// Around the ends of blocks, and of the room for the length in them.
BOOST_AUTO_TEST_CASE(a_message_in_two_parts_is_the_same_message_wherever_it_is_cut) {
  std::mt19937 random(55);
  for (auto const size : std::initializer_list<std::size_t>{0, 1, 54, 55, 56, 57, 63, 64, 65, 118, 119, 120,
                                                            121, 127, 128, 129, 191, 192, 193}) {
    auto const message = random_bytes(random, size);
    auto const expected = by_openssl(message);
    for (std::size_t cut = 0; cut <= size; ++cut)
      on_every_path([&](auto hash) {
        std::string_view const front = std::string_view(message).substr(0, cut);
        std::string_view const back = std::string_view(message).substr(cut);
        BOOST_TEST((decltype(hash)(hash).update(front).update(back).finish() == expected));
        BOOST_TEST((hash.update(front).finish(back) == expected));
      });
  }
}

BOOST_AUTO_TEST_CASE(a_message_in_random_parts_is_the_same_message) {
  std::mt19937 random(7);
  for (int turn = 0; turn < 300; ++turn) {
    auto const message = random_bytes(random, random() % 1000);
    on_every_path([&](auto hash) {
      std::string_view left = message;
      while (!left.empty()) {
        auto const part = left.substr(0, random() % 150);
        hash.update(part);
        left.remove_prefix(part.size());
      }
      BOOST_TEST((hash.finish() == by_openssl(message)));
    });
  }
}

BOOST_AUTO_TEST_CASE(finishing_changes_nothing_and_a_copy_is_a_midstate_of_its_own) {
  on_every_path([](auto prefix) {
    prefix.update(std::string(70, 'p'));
    auto copy = prefix;
    copy.update("other");
    auto const message = [](std::string_view rest) { return std::string(70, 'p').append(rest); };
    BOOST_TEST((prefix.finish("one") == by_openssl(message("one"))));
    BOOST_TEST((prefix.finish(std::string(200, 'x')) == by_openssl(message(std::string(200, 'x')))));
    BOOST_TEST((prefix.finish() == by_openssl(message(""))));
    BOOST_TEST((copy.finish() == by_openssl(message("other"))));
    copy = prefix;
    BOOST_TEST((copy.finish("two") == by_openssl(message("two"))));
  });
}

// The length in bits needs more than 32 of them from here on.
BOOST_AUTO_TEST_CASE(half_a_gibibyte_agrees_with_openssl) {
  std::string const part(1U << 20, 'g');
  sha256 ours;
  auto* const theirs = EVP_MD_CTX_new();
  EVP_DigestInit_ex(theirs, EVP_sha256(), nullptr);
  for (int i = 0; i < 512; ++i) {
    ours.update(part);
    EVP_DigestUpdate(theirs, part.data(), part.size());
  }
  sha256::digest expected;
  EVP_DigestFinal_ex(theirs, expected.data(), nullptr);
  EVP_MD_CTX_free(theirs);
  BOOST_TEST((ours.finish() == expected));
}

BOOST_AUTO_TEST_CASE(the_plain_path_ends_long_messages_as_the_processors_own_does) {
  for (std::uint64_t const taken :
       {std::uint64_t{1} << 29, std::uint64_t{1} << 40, (std::uint64_t{1} << 61) - 128})
    for (std::string_view const rest :
         {"", "abc", "1234567890123456789012345678901234567890123456789012345"}) {
      sha256::digest plain;
      sha256::digest dispatched;
      cs::detail::sha256_plain::finish(cs::detail::sha256_start, taken, rest, plain.data());
      cs::detail::sha256_dispatch::finish(cs::detail::sha256_start, taken, rest, dispatched.data());
      BOOST_TEST((plain == dispatched));
      BOOST_TEST((plain != sha256::of(rest)));
    }
}

// At the front and in the held bytes; without the destructor's work, both still stand there.
BOOST_AUTO_TEST_CASE(its_destructor_leaves_nothing) {
  alignas(sha256) static unsigned char memory[sizeof(sha256)];
  auto* const hash = new (memory) sha256;
  hash->update(std::string(64, 'k')).update("canary canary canary");
  std::string_view const bytes(reinterpret_cast<char const*>(memory), sizeof memory);
  BOOST_TEST(bytes.find("canary") != bytes.npos);
  auto const before = std::string(bytes);
  void (*volatile destroy)(sha256*) = [](sha256* object) { object->~sha256(); };
  destroy(hash);
  BOOST_TEST(bytes.find("canary") == bytes.npos);
  BOOST_TEST(bytes.find(before.substr(0, 8)) == bytes.npos);
}

BOOST_AUTO_TEST_SUITE_END()
