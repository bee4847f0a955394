#include <countersign/crypto/sha512.hpp>

#include <countersign/crypto/hash.hpp>

#include "vectors/read.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <cstdint>
#include <cstring>
#include <new>
#include <random>
#include <string>
#include <string_view>

namespace cs = countersign;
using cs::sha384;
using cs::sha512;

namespace {

static_assert(cs::hash_function<sha512> && cs::hash_function<sha384>);
// FIPS 180-4's example, by the compiler
static_assert(sha512::of("abc")[0] == 0xdd && sha512::of("abc")[63] == 0x9f);
static_assert(sha384::of("abc")[0] == 0xcb && sha384::of("abc")[47] == 0xa7);
static_assert(sha512().update("a").update("b").finish("c") == sha512::of("abc"));

// `check(hash, name, OpenSSL's)` with each of the two.
template <class Check>
void both(Check check) {
  BOOST_TEST_CONTEXT("SHA-512") check(sha512(), "sha512", SHA512);
  BOOST_TEST_CONTEXT("SHA-384") check(sha384(), "sha384", SHA384);
}
template <class Digest>
std::string text(Digest const& digest) {
  return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}
template <class Theirs>
std::string by(Theirs theirs, std::string_view message, std::size_t size) {
  std::string digest(size, '\0');
  theirs(reinterpret_cast<unsigned char const*>(message.data()), message.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}
std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sha512_and_sha384_of_fips_180_4)

BOOST_AUTO_TEST_CASE(the_vectors_hold) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  unsigned count = 0;
  for (auto const& each : all.get_child("fips180_sha")) {
    auto const& row = each.second;
    auto message = row.get<std::string>("msg", "");
    if (auto const repeat = row.get_child_optional("repeat")) {
      auto const piece = repeat->front().second.data();
      for (auto n = std::stoul(repeat->back().second.data()); n > 0; --n) message += piece;
    }
    both([&](auto hash, char const* name, auto) {
      BOOST_TEST(text(hash.of(message)) == vectors::bytes(row, name));
    });
    ++count;
  }
  BOOST_TEST(count == 18U);
}

// Every place where a message may end in a block, the room for the length included.
BOOST_AUTO_TEST_CASE(they_agree_with_openssl_for_every_size_up_to_400) {
  std::mt19937 random(1804);
  for (std::size_t size = 0; size <= 400; ++size) {
    auto const message = random_bytes(random, size);
    both([&](auto hash, char const*, auto theirs) {
      BOOST_TEST(text(hash.of(message)) == by(theirs, message, hash.digest_size));
    });
  }
}

BOOST_AUTO_TEST_CASE(a_message_in_two_parts_is_the_same_message_wherever_it_is_cut) {
  std::mt19937 random(55);
  for (std::size_t const size : {0u, 1u, 111u, 112u, 113u, 127u, 128u, 129u, 239u, 240u, 255u, 256u, 257u}) {
    auto const message = random_bytes(random, size);
    for (std::size_t cut = 0; cut <= size; ++cut)
      both([&](auto hash, char const*, auto theirs) {
        auto const expected = by(theirs, message, hash.digest_size);
        std::string_view const front = std::string_view(message).substr(0, cut);
        std::string_view const back = std::string_view(message).substr(cut);
        BOOST_TEST(text(decltype(hash)(hash).update(front).update(back).finish()) == expected);
        BOOST_TEST(text(hash.update(front).finish(back)) == expected);
      });
  }
}

BOOST_AUTO_TEST_CASE(finishing_changes_nothing_and_a_copy_is_a_midstate_of_its_own) {
  both([](auto prefix, char const*, auto theirs) {
    auto const of = [&](std::string_view rest) {
      return by(theirs, std::string(150, 'p').append(rest), prefix.digest_size);
    };
    prefix.update(std::string(150, 'p'));
    auto copy = prefix;
    copy.update("other");
    BOOST_TEST(text(prefix.finish("one")) == of("one"));
    BOOST_TEST(text(prefix.finish(std::string(300, 'x'))) == of(std::string(300, 'x')));
    BOOST_TEST(text(prefix.finish()) == of(""));
    BOOST_TEST(text(copy.finish()) == of("other"));
  });
}

// The length in bits needs more than 32 of them from here on.
BOOST_AUTO_TEST_CASE(half_a_gibibyte_agrees_with_openssl) {
  std::string const part(1U << 20, 'g');
  sha512 ours;
  auto* const theirs = EVP_MD_CTX_new();
  EVP_DigestInit_ex(theirs, EVP_sha512(), nullptr);
  for (int i = 0; i < 512; ++i) {
    ours.update(part);
    EVP_DigestUpdate(theirs, part.data(), part.size());
  }
  sha512::digest expected;
  EVP_DigestFinal_ex(theirs, expected.data(), nullptr);
  EVP_MD_CTX_free(theirs);
  BOOST_TEST((ours.finish() == expected));
}

BOOST_AUTO_TEST_CASE(their_destructor_leaves_nothing) {
  both([](auto prototype, char const*, auto) {
    using hash = decltype(prototype);
    alignas(hash) static unsigned char memory[sizeof(hash)];
    auto* const object = new (memory) hash;
    object->update(std::string(128, 'k')).update("canary canary canary");
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
