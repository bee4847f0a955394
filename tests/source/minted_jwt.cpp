#include <countersign/source/minted_jwt.hpp>

#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

namespace {

constexpr auto key64 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"sv;

// base64url by OpenSSL's decoder.
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
struct parts {
  std::string input, header, payload, signature;
};
parts taken_apart(std::string_view token) {
  auto const first = token.find('.'), second = token.rfind('.');
  BOOST_REQUIRE(first != token.npos);
  BOOST_REQUIRE(first < second);
  return {std::string(token.substr(0, second)), decoded(std::string(token.substr(0, first))),
          decoded(std::string(token.substr(first + 1, second - first - 1))),
          decoded(std::string(token.substr(second + 1)))};
}
std::string hmac_by_openssl(EVP_MD const* hash, std::string_view key, std::string_view message) {
  std::string code(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(hash, key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(message.data()),
       message.size(), reinterpret_cast<unsigned char*>(code.data()), &size);
  code.resize(size);
  return code;
}

// A signer as a user writes it, over OpenSSL.
class es256 {
public:
  explicit es256(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}
  std::string_view alg() const { return "ES256"; }
  cs::result<void> sign(std::string_view input, cs::secret& signature) const {
    auto* const context = EVP_MD_CTX_new();
    std::string der(80, '\0');
    auto size = der.size();
    bool const ok = EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
                    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(der.data()), &size,
                                   reinterpret_cast<unsigned char const*>(input.data()), input.size()) == 1;
    EVP_MD_CTX_free(context);
    if (!ok) return cs::error(cs::errc::fatal, "ES256: OpenSSL did not sign");
    auto const* at = reinterpret_cast<unsigned char const*>(der.data());
    auto* const pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size));
    unsigned char raw[64];
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + 32, 32);
    ECDSA_SIG_free(pair);
    signature.append(cs::as_chars(raw));
    return {};
  }

private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};
static_assert(cs::signer<es256>);

// Says what it wants and counts how often it is asked.
struct counted {
  using credential = cs::secret;
  static constexpr bool renewable = false;
  int* asked;
  cs::result<cs::secret> acquire(cs::occasion const&, cs::context const&) const {
    ++*asked;
    return cs::secret(key64);
  }
};
struct rotated : counted {
  static constexpr bool renewable = true;
  cs::result<cs::secret> acquire(cs::occasion const&, cs::context const&) const {
    return cs::secret(std::string(64, static_cast<char>('a' + (*asked)++)));
  }
};

template <class Source>
std::string mint(Source const& source, fake::world& w) {
  cs::memory_of<Source> memory;
  auto const outside = w.context();
  auto got = cs::detail::as_issued<cs::secret>(cs::detail::acquire(source, cs::occasion{}, outside, memory));
  return got ? std::string(got->credential.reveal()) : std::string(got.error().message());
}
auto key() { return cs::hs256{cs::fixed{std::string(key64)}}; }

}  // namespace

static_assert(cs::immediate_source<cs::minted_jwt<cs::hs256<cs::env>>> &&
              cs::is_renewable<cs::minted_jwt<cs::hs256<cs::env>>>);
static_assert(cs::immediate_source<cs::minted_jwt<es256>> &&
              std::same_as<cs::memory_of<cs::minted_jwt<es256>>, cs::detail::no_memory_wanted>);

BOOST_AUTO_TEST_SUITE(source_minted_jwt)

BOOST_AUTO_TEST_CASE(openssl_verifies_what_each_hmac_signed) {
  fake::world w;
  w.variables["JWT_KEY"] = key64;
  auto const check = [&](auto const& source, char const* alg, EVP_MD const* hash) {
    auto const token = taken_apart(mint(source, w));
    BOOST_TEST(token.header == "{\"alg\":\"" + std::string(alg) + "\",\"typ\":\"JWT\"}");
    BOOST_TEST(token.signature == hmac_by_openssl(hash, key64, token.input));
  };
  check(cs::minted_jwt{cs::hs256{cs::env{"JWT_KEY"}}}, "HS256", EVP_sha256());
  check(cs::minted_jwt{cs::hs384{cs::env{"JWT_KEY"}}}, "HS384", EVP_sha384());
  check(cs::minted_jwt{cs::hs512{cs::env{"JWT_KEY"}}}, "HS512", EVP_sha512());
  check(cs::minted_jwt{cs::hmac_key{"HS384", cs::env{"JWT_KEY"}}}, "HS384", EVP_sha384());
}

BOOST_AUTO_TEST_CASE(openssl_verifies_what_a_signer_of_the_users_signed) {
  fake::world w;
  auto* const own = EVP_EC_gen("P-256");
  cs::minted_jwt const source{es256(own), cs::jwt_claims{.issuer = "me"}, cs::jwt_header{.key_id = "k-1"}};
  auto const token = taken_apart(mint(source, w));
  BOOST_TEST(token.header == R"({"alg":"ES256","typ":"JWT","kid":"k-1"})");
  BOOST_REQUIRE(token.signature.size() == 64u);
  auto const* const raw = reinterpret_cast<unsigned char const*>(token.signature.data());
  auto* const pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(pair, BN_bin2bn(raw, 32, nullptr), BN_bin2bn(raw + 32, 32, nullptr));
  unsigned char* der = nullptr;
  auto const size = i2d_ECDSA_SIG(pair, &der);
  ECDSA_SIG_free(pair);
  auto* const context = EVP_MD_CTX_new();
  BOOST_TEST(EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, own) == 1);
  BOOST_TEST(EVP_DigestVerify(context, der, static_cast<std::size_t>(size),
                              reinterpret_cast<unsigned char const*>(token.input.data()),
                              token.input.size()) == 1);
  EVP_MD_CTX_free(context);
  OPENSSL_free(der);
}

BOOST_AUTO_TEST_CASE(it_says_when_it_expires_and_each_is_another) {
  fake::world w;
  auto const outside = w.context();
  cs::minted_jwt const source{key(), cs::jwt_claims{.lifetime = cs::seconds(60)}};
  cs::memory_of<decltype(source)> memory;
  auto const one = source.acquire({}, outside, memory), two = source.acquire({}, outside, memory);
  BOOST_REQUIRE(one && two);
  BOOST_TEST(one->expires.ms == 1'000'000'060'000);
  BOOST_TEST(one->credential.reveal() != two->credential.reveal());
}

BOOST_AUTO_TEST_CASE(the_key_is_asked_once_unless_its_source_can_give_another) {
  fake::world w;
  auto const outside = w.context();
  int asked = 0;
  {
    cs::minted_jwt const source{cs::hs256{counted{&asked}}};
    cs::memory_of<decltype(source)> memory;
    for (int i = 0; i < 3; ++i) BOOST_TEST(source.acquire({}, outside, memory).has_value());
    BOOST_TEST(asked == 1);
  }
  asked = 0;
  cs::minted_jwt const source{cs::hs256{rotated{{&asked}}}};
  cs::memory_of<decltype(source)> memory;
  for (int i = 0; i < 3; ++i) {
    auto const token = taken_apart(source.acquire({}, outside, memory)->credential.reveal());
    BOOST_TEST(token.signature ==
               hmac_by_openssl(EVP_sha256(), std::string(64, static_cast<char>('a' + i)), token.input));
  }
}

BOOST_AUTO_TEST_CASE(an_authenticator_mints_anew_before_expiry_and_after_a_refusal) {
  fake::world w;
  w.variables["JWT_KEY"] = key64;
  cs::authenticator api{
      cs::minted_jwt{cs::hs256{cs::env{"JWT_KEY"}}, cs::jwt_claims{.lifetime = cs::seconds(300)}},
      cs::bearer{}, cs::renewal{.early = cs::seconds(60), .jitter_percent = 0},
      cs::only{"https://api.example.com"}, w.context()};
  auto const token = [&] {
    cs::request request("GET", "https://api.example.com/");
    BOOST_TEST(api.authorize(request).has_value());
    return std::string(request.get("Authorization").value_or(""));
  };
  auto const first = token();
  w.variables.clear();  // read once
  w.advance(cs::seconds(200));
  BOOST_TEST(token() == first);
  w.advance(cs::seconds(45));
  auto const second = token();
  BOOST_TEST(second != first);
  std::vector<std::string> sent;
  auto const answer = cs::send(api, cs::request("GET", "https://api.example.com/"),
                               [&](cs::request const& request) -> cs::result<cs::response> {
                                 sent.emplace_back(*request.get("Authorization"));
                                 return cs::response(sent.size() == 1 ? 401 : 200);
                               });
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->status() == 200);
  BOOST_REQUIRE(sent.size() == 2u);
  BOOST_TEST(sent[0] == second);
  BOOST_TEST(sent[1] != second);
}

BOOST_AUTO_TEST_CASE(every_failure_says_who_it_is) {
  fake::world w;
  w.variables = {{"SHORT", "c4nary-k3y"}, {"JWT_KEY", std::string(key64)}};
  auto const said = [&](auto source) { return mint(cs::minted_jwt{std::move(source)}, w); };
  BOOST_TEST(said(cs::hs256{cs::env{"NONE"}}) ==
             "minted_jwt: env: variable NONE is not set; export it, then start again");
  BOOST_TEST(said(cs::hs256{cs::env{"SHORT"}}) ==
             "minted_jwt: HS256: the key has 10 bytes, and needs 32 at least (RFC 7518 section 3.2); make "
             "one with: openssl rand -base64 32");
  BOOST_TEST(said(cs::hs512{cs::env{"SHORT"}, cs::key_form::hex}) ==
             "minted_jwt: HS512: the key is not written as was said: hex: the character at offset 2 is no "
             "hexadecimal digit");
  BOOST_TEST(said(cs::hmac_key{"HS265", cs::env{"JWT_KEY"}}) ==
             "minted_jwt: unknown algorithm; did you mean HS256?");
  BOOST_TEST(cs::minted_jwt(cs::hmac_key{"HS265", cs::env{"JWT_KEY"}}).check().error().message() ==
             "minted_jwt: unknown algorithm; did you mean HS256?");
  BOOST_TEST(
      cs::minted_jwt(key(), cs::jwt_claims{.custom = "[]"}).check().error().message() ==
      "minted_jwt: claims: custom: JSON line 1, column 1: expected an object of claims, found an array");
  BOOST_TEST(cs::minted_jwt(key()).check().has_value());
  w.entropy_fails = true;
  BOOST_TEST(said(key()) == "minted_jwt: claims: entropy: the system gave no random bytes");
  w.entropy_fails = false;
  BOOST_TEST(mint(cs::minted_jwt(key(), {}, {.key_id = "\xff"}), w) ==
             "minted_jwt: header: JSON cannot be written: a string that is not UTF-8");
  w.set_wall({-1});
  BOOST_TEST(said(key()) == "minted_jwt: claims: the clock is before 1970; set it");
}

// Out of memory at any step is an error, never a token cut short.
BOOST_AUTO_TEST_CASE(what_found_no_memory_gives_no_token) {
  if (!fake::heap::is_ours) return;
  fake::world w;
  auto const outside = w.context();
  cs::minted_jwt const source{key(),
                              cs::jwt_claims{.issuer = "i", .audience = {"a", "b"}, .custom = R"({"r":1})"}};
  bool failed = true;
  for (long block = 0; failed && block < 100; ++block) {
    cs::memory_of<decltype(source)> memory;
    auto const got = [&] {
      fake::heap::refused_once const refused(block);
      return source.acquire({}, outside, memory);
    }();
    failed = !got;
    if (got) {
      auto const token = taken_apart(got->credential.reveal());
      BOOST_TEST(token.signature == hmac_by_openssl(EVP_sha256(), key64, token.input));
      BOOST_TEST(token.payload.find(R"("r":1,)") != std::string::npos);
      BOOST_TEST(block > 4);
    } else {
      BOOST_TEST((got.error().code() == cs::errc::no_memory), got.error().message());
    }
  }
  BOOST_TEST(!failed);
}

BOOST_AUTO_TEST_CASE(nothing_of_the_key_stays_in_freed_memory) {
  constexpr auto canary = "c4nary-k3y-0f-the-minted-t0ken!!"sv;
  fake::heap::watch const watch(canary);
  fake::world w;
  auto const outside = w.context();
  {
    cs::minted_jwt const source{cs::hs256{cs::fixed{cs::secret(canary)}}};
    cs::memory_of<decltype(source)> memory;
    BOOST_TEST(source.acquire({}, outside, memory).has_value());
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
