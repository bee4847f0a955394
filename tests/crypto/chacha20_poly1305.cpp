#include <countersign/crypto/chacha20_poly1305.hpp>

#include <countersign/crypto/aead.hpp>

#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>

#include <initializer_list>
#include <new>
#include <random>
#include <string>
#include <string_view>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif

namespace cs = countersign;
using cs::chacha20_poly1305;
using cs::errc;
using cs::secret;

static_assert(cs::aead_cipher<chacha20_poly1305>);

namespace {

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

unsigned char const* raw(std::string_view s) { return reinterpret_cast<unsigned char const*>(s.data()); }

std::string by_openssl(std::string_view key, std::string_view nonce, std::string_view associated,
                       std::string_view text) {
  auto* const c = EVP_CIPHER_CTX_new();
  std::string out(text.size() + 16, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  int size = 0;
  EVP_EncryptInit_ex(c, EVP_chacha20_poly1305(), nullptr, raw(key), raw(nonce));
  EVP_EncryptUpdate(c, nullptr, &size, raw(associated), static_cast<int>(associated.size()));
  EVP_EncryptUpdate(c, to, &size, raw(text), static_cast<int>(text.size()));
  EVP_EncryptFinal_ex(c, to + size, &size);
  EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, to + text.size());
  EVP_CIPHER_CTX_free(c);
  return out;
}

std::string sealed(std::string_view key, std::string_view nonce, std::string_view associated,
                   std::string_view text) {
  secret bytes(text);
  BOOST_TEST_REQUIRE(bool(chacha20_poly1305::make(key).value().seal(nonce, associated, bytes)));
  return std::string(bytes.reveal());
}

errc opened(std::string_view key, std::string_view nonce, std::string_view associated, std::string_view text,
            std::string* out = nullptr) {
  secret bytes(text);
  auto const ok = chacha20_poly1305::make(key).value().open(nonce, associated, bytes);
  if (!ok) BOOST_TEST(bytes.reveal() == text, "a text that is not opened stays as it was");
  if (out != nullptr) *out = bytes.reveal();
  return ok ? errc::none : ok.error().code();
}

}  // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(errc)

BOOST_AUTO_TEST_SUITE(chacha20_poly1305_of_rfc_8439)

BOOST_AUTO_TEST_CASE(the_vector_of_section_2_8_2_holds) {
  auto const row = vectors::json("rfc-misc/rfc-misc.json").get_child("rfc8439_2_8_2");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc8439_2_8_2");
  auto const key = vectors::bytes(row, "key"), nonce = vectors::bytes(row, "nonce"),
             aad = vectors::bytes(row, "aad");
  auto const text = vectors::bytes(row, "pt"), both = vectors::bytes(row, "ct") + vectors::bytes(row, "tag");
  BOOST_TEST(sealed(key, nonce, aad, text) == both);
  std::string out;
  BOOST_TEST(opened(key, nonce, aad, both, &out) == errc::none);
  BOOST_TEST(out == text);
  ++count;
}

BOOST_AUTO_TEST_CASE(wycheproof_holds) {
  auto const all = vectors::json("wycheproof/chacha20_poly1305_test.json");
  vectors::tally count("wycheproof/chacha20_poly1305_test.json");
  for (auto const& [_, group] : all.get_child("testGroups"))
    for (auto const& [__, row] : group.get_child("tests"))
      BOOST_TEST_CONTEXT("tcId " << vectors::number(row, "tcId") << ": " << row.get<std::string>("comment")) {
        auto const key = vectors::bytes(row, "key"), nonce = vectors::bytes(row, "iv"),
                   aad = vectors::bytes(row, "aad");
        auto const text = vectors::bytes(row, "msg"),
                   both = vectors::bytes(row, "ct") + vectors::bytes(row, "tag");
        bool const valid = row.get<std::string>("result") == "valid";
        std::string out;
        auto const told = opened(key, nonce, aad, both, &out);
        BOOST_TEST(told == (valid ? errc::none : nonce.size() == 12 ? errc::rejected : errc::bad_input));
        if (valid) BOOST_TEST((out == text && sealed(key, nonce, aad, text) == both));
        ++count;
      }
}

BOOST_AUTO_TEST_CASE(boringssls_vectors_hold) {
  auto in = vectors::open("boringssl/chacha20_poly1305_tests.txt");
  std::string line, key, nonce, text, aad, cipher;
  vectors::tally count("boringssl/chacha20_poly1305_tests.txt");
  unsigned number = 0;
  auto const value = [](std::string const& of) {
    auto const rest = of.substr(of.find(':') + 1);
    if (auto const quote = rest.find('"'); quote != rest.npos)
      return rest.substr(quote + 1, rest.rfind('"') - quote - 1);
    auto const begin = rest.find_first_not_of(' ');
    return begin == rest.npos ? std::string() : vectors::bytes(std::string_view(rest).substr(begin));
  };
  while (std::getline(in, line)) {
    if (line.starts_with("KEY:")) key = value(line);
    else if (line.starts_with("NONCE:")) nonce = value(line);
    else if (line.starts_with("IN:")) text = value(line);
    else if (line.starts_with("AD:")) aad = value(line);
    else if (line.starts_with("CT:")) cipher = value(line);
    else if (line.starts_with("TAG:")) {
      auto const tag = value(line);
      BOOST_TEST(sealed(key, nonce, aad, text).starts_with(cipher + tag), "vector " << number);
      // some of the tags are cut, which is no matter of RFC 8439
      BOOST_TEST(opened(key, nonce, aad, cipher + tag) == (tag.size() == 16 ? errc::none : errc::rejected),
                 "vector " << number);
      ++number;
      ++count;
    }
  }
}

BOOST_AUTO_TEST_CASE(it_agrees_with_openssl_at_every_size) {
  std::mt19937 random(8439);
  for (std::size_t size = 0; size < 300; ++size) {
    auto const key = random_bytes(random, 32), nonce = random_bytes(random, 12);
    auto const aad = random_bytes(random, size % 37), text = random_bytes(random, size);
    auto const expected = by_openssl(key, nonce, aad, text);
    BOOST_TEST((sealed(key, nonce, aad, text) == expected), "size " << size);
    std::string out;
    BOOST_TEST(opened(key, nonce, aad, expected, &out) == errc::none);
    BOOST_TEST((out == text));
  }
}

BOOST_AUTO_TEST_CASE(each_flipped_bit_is_noticed) {
  std::string const key(32, 'k'), nonce(12, 'n');
  auto const good = sealed(key, nonce, "place", "a secret text");
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    auto flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    BOOST_TEST(opened(key, nonce, "place", flipped) == errc::rejected);
  }
  for (std::size_t size = 0; size < good.size(); ++size)
    BOOST_TEST(opened(key, nonce, "place", good.substr(0, size)) == errc::rejected);
  BOOST_TEST(opened(key, nonce, "plac", good) == errc::rejected);
  BOOST_TEST(opened(key, std::string(12, 'm'), "place", good) == errc::rejected);
  BOOST_TEST(opened(std::string(32, 'l'), nonce, "place", good) == errc::rejected);
}

BOOST_AUTO_TEST_CASE(keys_and_nonces_of_another_size_are_refused) {
  for (auto const size : std::initializer_list<std::size_t>{0, 16, 31, 33}) {
    auto const made = chacha20_poly1305::make(std::string(size, 'k'));
    BOOST_TEST_REQUIRE(!made);
    BOOST_TEST(made.error().code() == errc::bad_input);
  }
  auto const cipher = chacha20_poly1305::make(std::string(32, 'k')).value();
  for (auto const size : std::initializer_list<std::size_t>{0, 8, 11, 13, 24}) {
    secret text("text");
    BOOST_TEST(cipher.seal(std::string(size, 'n'), "", text).error().code() == errc::bad_input);
    BOOST_TEST(cipher.open(std::string(size, 'n'), "", text).error().code() == errc::bad_input);
    BOOST_TEST(text.reveal() == "text");
  }
}

// RFC 8439 section 2.5 alone: BoringSSL's cases reach every carry and every last part.
BOOST_AUTO_TEST_CASE(poly1305_holds_by_itself) {
  auto in = vectors::open("boringssl/poly1305_tests.txt");
  std::string line, key, text;
  vectors::tally count("boringssl/poly1305_tests.txt");
  unsigned number = 0;
  auto const value = [](std::string const& of) {
    auto const rest = of.substr(of.find('=') + 1);
    if (auto const quote = rest.find('"'); quote != rest.npos)
      return rest.substr(quote + 1, rest.rfind('"') - quote - 1);
    auto const begin = rest.find_first_not_of(' ');
    return begin == rest.npos ? std::string() : vectors::bytes(std::string_view(rest).substr(begin));
  };
  while (std::getline(in, line)) {
    if (line.starts_with("Key =")) key = value(line);
    else if (line.starts_with("Input =")) text = value(line);
    else if (line.starts_with("MAC =")) {
      cs::detail::poly1305 code(raw(key));
      code.update_last(text);
      unsigned char tag[16];
      code.finish(tag);
      BOOST_TEST((std::string_view(reinterpret_cast<char const*>(tag), 16) == value(line)),
                 "vector " << number);
      ++number;
      ++count;
    }
  }
}

BOOST_AUTO_TEST_CASE(its_destructor_leaves_nothing) {
  alignas(chacha20_poly1305) static unsigned char memory[sizeof(chacha20_poly1305)];
  auto* const object =
      new (memory) chacha20_poly1305(chacha20_poly1305::make("canary canary canary canary ...!").value());
  std::string_view const bytes(reinterpret_cast<char const*>(memory), sizeof memory);
  BOOST_TEST(bytes.find("canary") != bytes.npos);
  void (*volatile destroy)(chacha20_poly1305*) = [](chacha20_poly1305* at) { at->~chacha20_poly1305(); };
  destroy(object);
  BOOST_TEST(bytes.find("canary") == bytes.npos);
}

#if defined(VALGRIND_MAKE_MEM_UNDEFINED)
// Says nothing but under Valgrind, which then reports branches and addresses that depend on key or text.
BOOST_AUTO_TEST_CASE(no_branch_and_no_address_depends_on_the_key_or_the_text) {
  auto const errors = VALGRIND_COUNT_ERRORS;
  for (auto const size : std::initializer_list<std::size_t>{0, 13, 64, 200}) {
    std::string key(32, 'k');
    secret text(std::string(size, 't'));
    static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(key.data(), key.size()));
    if (size > 0) static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(text.data(), size));
    auto const cipher = chacha20_poly1305::make(key);
    bool good = bool(cipher->seal(std::string(12, 'n'), "place", text));
    // The verdict itself is public; what leads to it must not branch.
    unsigned char one_time[64], tag[16];
    cs::detail::chacha20(raw(key), raw("nnnnnnnnnnnn"), 0).next(one_time);
    cs::detail::poly1305 code(one_time);
    code.update_padded(text.reveal());
    code.finish(tag);
    bool same = cs::equal_in_constant_time({reinterpret_cast<char const*>(tag), 16},
                                           {reinterpret_cast<char const*>(tag), 16});
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&same, sizeof same));
    BOOST_TEST((good && same));
  }
  BOOST_TEST(VALGRIND_COUNT_ERRORS == errors);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
