#include <countersign/crypto/detail/iterated_hash.hpp>

#include <countersign/crypto/hash.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/md5.hpp>
#include <countersign/crypto/sha1.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>

#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <new>
#include <random>
#include <string>
#include <string_view>

namespace cs = countersign;
using cs::md5;
using cs::sha1;
using cs::sha384;
using cs::sha512;
using cs::sha512_256;

namespace {

static_assert(cs::hash_function<md5> && cs::hash_function<sha1>);
static_assert(cs::hash_function<sha512> && cs::hash_function<sha384> && cs::hash_function<sha512_256>);

// `check(hash, its name in the vectors, OpenSSL's)` with each of them.
template <class Check>
void each(Check check) {
  BOOST_TEST_CONTEXT("MD5") check(md5(), "md5", EVP_md5());
  BOOST_TEST_CONTEXT("SHA-1") check(sha1(), "sha1", EVP_sha1());
  BOOST_TEST_CONTEXT("SHA-384") check(sha384(), "sha384", EVP_sha384());
  BOOST_TEST_CONTEXT("SHA-512") check(sha512(), "sha512", EVP_sha512());
  BOOST_TEST_CONTEXT("SHA-512/256") check(sha512_256(), "sha512_256", EVP_sha512_256());
}
template <class Digest>
std::string text(Digest const& digest) {
  return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}
std::string by(EVP_MD const* theirs, std::string_view message) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, theirs,
             nullptr);
  digest.resize(size);
  return digest;
}
std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(iterated_hashes)

BOOST_AUTO_TEST_CASE(the_vectors_hold) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  vectors::tally count("rfc-misc/rfc-misc.json#fips180_sha");
  for (auto const& pair : all.get_child("fips180_sha")) {
    auto const& row = pair.second;
    auto message = row.get<std::string>("msg", "");
    if (auto const repeat = row.get_child_optional("repeat")) {
      auto const piece = repeat->front().second.data();
      for (auto n = std::stoul(repeat->back().second.data()); n > 0; --n) message += piece;
    }
    each([&](auto hash, char const* name, EVP_MD const*) {
      BOOST_TEST(text(hash.of(message)) == vectors::bytes(row, name));
    });
    BOOST_TEST(text(cs::sha256::of(message)) == vectors::bytes(row, "sha256"));
    ++count;
  }
}

// Every place where a message may end in a block, the room for the length included.
BOOST_AUTO_TEST_CASE(they_agree_with_openssl_for_every_size_up_to_400) {
  std::mt19937 random(1804);
  for (std::size_t size = 0; size <= 400; ++size) {
    auto const message = random_bytes(random, size);
    each([&](auto hash, char const*, EVP_MD const* theirs) {
      BOOST_TEST(text(hash.of(message)) == by(theirs, message));
    });
  }
}

BOOST_AUTO_TEST_CASE(a_message_in_two_parts_is_the_same_message_wherever_it_is_cut) {
  std::mt19937 random(55);
  for (std::size_t const size : {0u,   1u,   55u,  56u,  57u,  63u,  64u,  65u,  111u, 112u, 113u,
                                 119u, 120u, 127u, 128u, 129u, 239u, 240u, 255u, 256u, 257u}) {
    auto const message = random_bytes(random, size);
    each([&](auto const hash, char const*, EVP_MD const* theirs) {
      auto const expected = by(theirs, message);
      for (std::size_t cut = 0; cut <= size; ++cut) {
        std::string_view const front = std::string_view(message).substr(0, cut);
        std::string_view const back = std::string_view(message).substr(cut);
        auto whole = hash;
        BOOST_TEST(text(whole.update(front).finish(back)) == expected);
        BOOST_TEST(text(whole.update(back).finish()) == expected);
      }
    });
  }
}

BOOST_AUTO_TEST_CASE(a_message_in_random_parts_is_the_same_message) {
  std::mt19937 random(7);
  for (int turn = 0; turn < 300; ++turn) {
    auto const message = random_bytes(random, random() % 1000);
    each([&](auto hash, char const*, EVP_MD const* theirs) {
      std::string_view left = message;
      while (!left.empty()) {
        auto const part = left.substr(0, random() % 150);
        hash.update(part);
        left.remove_prefix(part.size());
      }
      BOOST_TEST(text(hash.finish()) == by(theirs, message));
    });
  }
}

BOOST_AUTO_TEST_CASE(finishing_changes_nothing_and_a_copy_is_a_midstate_of_its_own) {
  each([](auto prefix, char const*, EVP_MD const* theirs) {
    auto const of = [&](std::string_view rest) { return by(theirs, std::string(150, 'p').append(rest)); };
    prefix.update(std::string(150, 'p'));
    auto copy = prefix;
    copy.update("other");
    BOOST_TEST(text(prefix.finish("one")) == of("one"));
    BOOST_TEST(text(prefix.finish(std::string(300, 'x'))) == of(std::string(300, 'x')));
    BOOST_TEST(text(prefix.finish()) == of(""));
    BOOST_TEST(text(copy.finish()) == of("other"));
    copy = prefix;
    BOOST_TEST(text(copy.finish("two")) == of("two"));
  });
}

BOOST_AUTO_TEST_CASE(hmac_over_each_agrees_with_openssl_for_keys_around_a_block) {
  std::mt19937 random(2104);
  each([&](auto hash, char const*, EVP_MD const* theirs) {
    for (std::size_t const size : {1u, 20u, 63u, 64u, 65u, 127u, 128u, 129u, 300u})
      for (std::size_t const length : {0u, 1u, 55u, 64u, 200u}) {
        auto const key = random_bytes(random, size), message = random_bytes(random, length);
        std::string expected(EVP_MAX_MD_SIZE, '\0');
        unsigned written = 0;
        HMAC(theirs, key.data(), static_cast<int>(size),
             reinterpret_cast<unsigned char const*>(message.data()), length,
             reinterpret_cast<unsigned char*>(expected.data()), &written);
        expected.resize(written);
        BOOST_TEST(text(cs::hmac<decltype(hash)>(key).finish(message)) == expected);
      }
  });
}

// The length in bits needs more than 32 of them from here on.
BOOST_AUTO_TEST_CASE(half_a_gibibyte_agrees_with_openssl_in_both_byte_orders) {
  std::string const part(1U << 20, 'g');
  auto const check = [&](auto ours, EVP_MD const* theirs) {
    auto* const state = EVP_MD_CTX_new();
    EVP_DigestInit_ex(state, theirs, nullptr);
    for (int i = 0; i < 512; ++i) {
      ours.update(part);
      EVP_DigestUpdate(state, part.data(), part.size());
    }
    auto expected = ours.finish();
    expected.fill(0);
    EVP_DigestFinal_ex(state, expected.data(), nullptr);
    EVP_MD_CTX_free(state);
    BOOST_TEST((ours.finish() == expected));
  };
  check(md5(), EVP_md5());
  check(sha1(), EVP_sha1());
  check(sha512(), EVP_sha512());
}

BOOST_AUTO_TEST_CASE(their_destructor_leaves_nothing) {
  each([](auto prototype, char const*, EVP_MD const*) {
    using hash = decltype(prototype);
    alignas(hash) static unsigned char memory[sizeof(hash)];
    auto* const object = new (memory) hash;
    object->update(std::string(hash::block_size, 'k')).update("canary canary canary");
    std::string_view const bytes(reinterpret_cast<char const*>(memory), sizeof memory);
    auto const before = std::string(bytes);
    void (*volatile destroy)(hash*) = [](hash* at) { at->~hash(); };
    destroy(object);
    BOOST_TEST(before.find("canary") != before.npos);
    BOOST_TEST(bytes.find("canary") == bytes.npos);
    BOOST_TEST(bytes.find(before.substr(0, 8)) == bytes.npos);  // the chaining value
  });
}

BOOST_AUTO_TEST_SUITE_END()
