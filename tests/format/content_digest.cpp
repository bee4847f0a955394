// RFC 9530, Appendices B and D; hashes of other bodies by OpenSSL.
#include <countersign/format/content_digest.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>

#include <random>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

std::string written(cs::content_digest how, std::string_view body) {
  char out[cs::content_digest_size];
  return {out, static_cast<std::size_t>(cs::encode_content_digest(out, how, body) - out)};
}
std::string openssl(char const* hash, std::string const& body) {
  unsigned char digest[64], text[96];
  unsigned size = 0;
  EVP_Digest(body.data(), body.size(), digest, &size, EVP_get_digestbyname(hash), nullptr);
  auto const length = EVP_EncodeBlock(text, digest, static_cast<int>(size));
  return {reinterpret_cast<char*>(text), static_cast<std::size_t>(length)};
}
std::string told(std::string_view value, std::string_view body) {
  auto const ok = cs::check_content_digest(value, body);
  return ok ? "good" : std::string(cs::name(ok.error().code())) + ": " + std::string(ok.error().message());
}

constexpr std::string_view hello = "{\"hello\": \"world\"}";
constexpr std::string_view sha_256 = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
constexpr std::string_view sha_512 =
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";

}  // namespace

BOOST_AUTO_TEST_SUITE(content_digest)

BOOST_AUTO_TEST_CASE(the_examples_are_written_and_found_good) {
  BOOST_TEST(written(cs::content_digest::sha_256, hello) == sha_256);
  BOOST_TEST(written(cs::content_digest::sha_512, hello) == sha_512);
  BOOST_TEST(sha_512.size() == cs::content_digest_size);
  BOOST_TEST(told(sha_256, hello) == "good");
  BOOST_TEST(told(sha_512, hello) == "good");
  BOOST_TEST(told(std::string(sha_256) + ", " + std::string(sha_512), hello) == "good");
}

BOOST_AUTO_TEST_CASE(any_body_has_the_hash_that_openssl_gives_it) {
  std::mt19937 random(1);
  for (std::size_t size : {0u, 1u, 63u, 64u, 1000u, 70000u}) {
    std::string body(size, 0);
    for (char& c : body) c = static_cast<char>(random());
    BOOST_TEST(written(cs::content_digest::sha_256, body) == "sha-256=:" + openssl("SHA256", body) + ":");
    BOOST_TEST(written(cs::content_digest::sha_512, body) == "sha-512=:" + openssl("SHA512", body) + ":");
  }
}

BOOST_AUTO_TEST_CASE(every_active_hash_must_be_the_bodys_and_one_must_be_there) {
  BOOST_TEST(told(sha_256, "other") ==
             "rejected: Content-Digest: the body is not the one that the sha-256 was made of");
  BOOST_TEST(told(std::string(sha_256) + ", sha-512=:YQ==:", hello) ==
             "rejected: Content-Digest: the body is not the one that the sha-512 was made of");
  BOOST_TEST(told("md5=:Sd/dVLAcvNLSq16eXua5uQ==:", hello) ==
             "rejected: Content-Digest: neither sha-256 nor sha-512 is in it");
  BOOST_TEST(told(std::string(sha_256) + ", md5=:YQ==:", hello) == "good");
  BOOST_TEST(told("", hello).starts_with("rejected: Content-Digest: neither"));
  BOOST_TEST(told("sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE", hello) ==
             "bad_input: Content-Digest: structured field, byte 9: expected bytes, found a token");
  BOOST_TEST(told("sha-256=:X48E", hello).starts_with("bad_input: Content-Digest: structured field, byte"));
}

BOOST_AUTO_TEST_SUITE_END()
