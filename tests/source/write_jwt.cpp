#include <countersign/source/write_jwt.hpp>

#include <countersign/source/minted_jwt.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

namespace {

constexpr auto key64 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"sv;
cs::hmac_signer signer(cs::sha2 hash = cs::sha2::bits_256) { return *cs::hmac_signer::make(hash, key64); }

// By OpenSSL: header, payload and whether the signature is the key's.
struct read_token {
  std::string header, payload;
  bool signed_by_key = false;
};
std::string base64url(unsigned char const* bytes, unsigned size) {
  std::string out(size / 3 * 4 + 5, '\0');
  auto const length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(size));
  out.resize(static_cast<std::size_t>(length));
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}
std::string decoded(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  auto const size = text.size() * 3 / 4;
  while (text.size() % 4 != 0) text += '=';
  std::string out(text.size(), '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
  out.resize(size);
  return out;
}
read_token read(std::string_view token, cs::sha2 hash = cs::sha2::bits_256) {
  auto const first = token.find('.'), second = token.rfind('.');
  BOOST_REQUIRE(first != token.npos);
  BOOST_REQUIRE(first < second);
  unsigned char code[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(hash == cs::sha2::bits_256   ? EVP_sha256()
       : hash == cs::sha2::bits_384 ? EVP_sha384()
                                    : EVP_sha512(),
       key64.data(), static_cast<int>(key64.size()), reinterpret_cast<unsigned char const*>(token.data()),
       second, code, &size);
  return {decoded(std::string(token.substr(0, first))),
          decoded(std::string(token.substr(first + 1, second - first - 1))),
          token.substr(second + 1) == base64url(code, size)};
}

// A signer without midstates.
struct plain_signer {
  std::string_view alg() const { return "HS256"; }
  cs::result<void> sign(std::string_view input, cs::secret& signature) const {
    return signer().sign(input, signature);
  }
};
static_assert(cs::signer<plain_signer> && !cs::detail::signs_by_hmac<plain_signer>);
static_assert(cs::detail::signs_by_hmac<cs::hmac_signer>);

struct silent_signer {
  std::string_view alg() const { return "none of yours"; }
  cs::result<void> sign(std::string_view, cs::secret&) const { return {}; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(source_write_jwt)

// Claims of all lengths, so that the constant part ends at each place of a group of base64 and of a block of the hash.
BOOST_AUTO_TEST_CASE(both_write_one_token_that_openssl_verifies) {
  fake::world w;
  auto const outside = w.context();
  for (auto const hash : {cs::sha2::bits_256, cs::sha2::bits_384, cs::sha2::bits_512})
    for (std::size_t size = 0; size < 150; size += hash == cs::sha2::bits_256 ? 1 : 7) {
      cs::jwt_claims const claims{
          .issuer = std::string(size, 'i'), .not_before = size % 2 == 0, .unique_id = false};
      cs::jwt_header const header{.key_id = std::string(size % 5, 'k')};
      cs::secret once, again;
      auto const expires = cs::write_jwt(once, signer(hash), claims, header, w.now().wall, outside);
      BOOST_REQUIRE(expires.has_value());
      auto const prepared = cs::prepared_jwt<cs::hmac_signer>::make(signer(hash), claims, header);
      BOOST_REQUIRE(prepared.has_value());
      for (int turn = 0; turn < 2; ++turn) {
        auto const same = prepared->write(again, w.now().wall, outside);
        BOOST_REQUIRE(same.has_value());
        BOOST_TEST((*same == *expires));
        BOOST_TEST(again.reveal() == once.reveal());
      }
      auto const token = read(once.reveal(), hash);
      BOOST_TEST(token.signed_by_key);
      cs::secret payload;
      BOOST_REQUIRE(claims.write(payload, w.now().wall, outside).has_value());
      BOOST_TEST(token.payload == payload.reveal());
    }
}

BOOST_AUTO_TEST_CASE(a_signer_of_any_kind_signs_both) {
  fake::world w;
  auto const outside = w.context();
  cs::jwt_claims const claims{.issuer = "i", .unique_id = false, .custom = R"({"role":"\u0061 \"b\""})"};
  cs::secret once, prepared;
  BOOST_REQUIRE(cs::write_jwt(once, plain_signer(), claims, {}, w.now().wall, outside).has_value());
  auto const made = cs::prepared_jwt<plain_signer>::make(plain_signer(), claims);
  BOOST_REQUIRE(made.has_value());
  BOOST_REQUIRE(made->write(prepared, w.now().wall, outside).has_value());
  BOOST_TEST(prepared.reveal() == once.reveal());
  auto const token = read(once.reveal());
  BOOST_TEST(token.signed_by_key);
  BOOST_TEST(token.header == R"({"alg":"HS256","typ":"JWT"})");
  BOOST_TEST(token.payload == R"({"iss":"i","role":"a \"b\"","iat":1000000000,"exp":1000000300})");
}

BOOST_AUTO_TEST_CASE(each_token_says_its_own_time_and_id) {
  fake::world w;
  auto const outside = w.context();
  auto const made = cs::prepared_jwt<cs::hmac_signer>::make(signer(), {.lifetime = cs::seconds(60)});
  BOOST_REQUIRE(made.has_value());
  cs::secret one, two;
  BOOST_TEST(made->write(one, w.now().wall, outside)->ms == 1'000'000'060'000);
  w.advance(cs::seconds(1));
  BOOST_TEST(made->write(two, w.now().wall, outside)->ms == 1'000'000'061'000);
  BOOST_TEST(read(two.reveal()).payload.starts_with(R"({"iat":1000000001,"exp":1000000061,"jti":")"));
  BOOST_TEST(read(one.reveal()).payload.substr(42) != read(two.reveal()).payload.substr(42));
}

BOOST_AUTO_TEST_CASE(a_mistake_says_whose_it_is) {
  fake::world w;
  auto const outside = w.context();
  cs::secret out;
  auto const said = [](auto const& what) {
    return what ? std::string("none") : std::string(what.error().message());
  };
  cs::jwt_header const bad_header{.key_id = "\xff"};
  cs::jwt_claims const bad_claims{.custom = "[]"};
  constexpr auto of_header = "header: JSON cannot be written: a string that is not UTF-8";
  constexpr auto of_claims =
      "claims: custom: JSON line 1, column 1: expected an object of claims, found an array";
  BOOST_TEST(said(cs::write_jwt(out, signer(), {}, bad_header, w.now().wall, outside)) == of_header);
  BOOST_TEST(said(cs::write_jwt(out, signer(), bad_claims, {}, w.now().wall, outside)) == of_claims);
  BOOST_TEST(said(cs::prepared_jwt<cs::hmac_signer>::make(signer(), {}, bad_header)) == of_header);
  BOOST_TEST(said(cs::prepared_jwt<cs::hmac_signer>::make(signer(), bad_claims)) == of_claims);
  BOOST_TEST(said(cs::write_jwt(out, silent_signer(), {}, {}, w.now().wall, outside)) ==
             "the signer gave no signature");
  auto const made = cs::prepared_jwt<cs::hmac_signer>::make(signer());
  BOOST_TEST(said(made->write(out, {-1}, outside)) == "claims: the clock is before 1970; set it");
  w.entropy_fails = true;
  BOOST_TEST(said(made->write(out, w.now().wall, outside)) ==
             "claims: entropy: the system gave no random bytes");
  BOOST_TEST(said(cs::write_jwt(out, signer(), {}, {}, w.now().wall, outside)) ==
             "claims: entropy: the system gave no random bytes");
}

BOOST_AUTO_TEST_CASE(a_buffer_that_is_used_again_costs_no_allocation) {
  if (!fake::heap::is_ours) return;
  fake::world w;
  auto const outside = w.context();
  cs::jwt_claims const claims{
      .issuer = "ci", .subject = "build", .audience = "https://a", .unique_id = false};
  cs::jwt_header const header;
  auto const key = signer();
  auto const made = cs::prepared_jwt<cs::hmac_signer>::make(key, claims);
  cs::secret once, prepared;
  bool good = true;
  auto const write = [&] {
    good = good && cs::write_jwt(once, key, claims, header, w.now().wall, outside);
    good = good && made->write(prepared, w.now().wall, outside);
  };
  write();
  fake::heap::counter const allocations;
  for (int i = 0; i < 1000; ++i) write();
  auto const count = allocations.count();
  BOOST_TEST(good);
  BOOST_TEST(count == 0);
}

BOOST_AUTO_TEST_CASE(where_there_is_no_memory_there_is_no_token) {
  if (!fake::heap::is_ours) return;
  fake::world w;
  auto const outside = w.context();
  auto const key = signer();
  auto const made = cs::prepared_jwt<cs::hmac_signer>::make(key, {.issuer = "i"});
  for (long block = 0; block < 2; ++block) {
    cs::secret once, prepared;
    cs::result<cs::wall_time> by_once(cs::wall_time{}), by_prepared(cs::wall_time{});
    {
      fake::heap::refused_once const refused(block);
      by_once = cs::write_jwt(once, key, {}, {}, w.now().wall, outside);
    }
    {
      fake::heap::refused_once const refused(0);
      by_prepared = made->write(prepared, w.now().wall, outside);
    }
    BOOST_TEST(!by_once.has_value());
    BOOST_TEST((!by_prepared && by_prepared.error().code() == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_CASE(threads_share_one_that_is_prepared) {
  fake::world w;
  auto const outside = w.context();
  auto const made = cs::prepared_jwt<cs::hmac_signer>::make(signer(), {.issuer = "i", .unique_id = false});
  cs::secret expected;
  BOOST_REQUIRE(made->write(expected, w.now().wall, outside).has_value());
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] {
        cs::secret out;
        for (int turn = 0; turn < 2000; ++turn)
          wrong += !made->write(out, w.now().wall, outside) || out.reveal() != expected.reveal();
      });
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
