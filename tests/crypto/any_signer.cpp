#include <countersign/crypto/any_signer.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

/// Counts how many of it there are.
class counted {
public:
  explicit counted(int& alive) : alive_(&alive) { ++*alive_; }
  counted(counted const& other) : alive_(other.alive_) { ++*alive_; }
  counted& operator=(counted const&) = delete;
  ~counted() { --*alive_; }
  std::string_view alg() const { return "ES256"; }
  std::string_view public_jwk() const { return "{}"; }
  cs::result<void> sign(std::string_view input, cs::secret& out) const {
    if (input.empty()) return cs::error{cs::errc::fatal, "counted: nothing to sign"};
    out.append("signed ").append(input);
    return {};
  }

private:
  int* alive_;
};
static_assert(cs::public_key_signer<counted> && cs::public_key_signer<cs::any_signer>);
static_assert(!std::is_constructible_v<cs::any_signer, cs::hmac_signer>);  // it has no public half

}  // namespace

BOOST_AUTO_TEST_SUITE(crypto_any_signer)

BOOST_AUTO_TEST_CASE(it_is_the_signer_that_it_was_made_of) {
  int alive = 0;
  cs::any_signer const key = counted(alive);
  BOOST_TEST(static_cast<bool>(key));
  BOOST_TEST(key.alg() == "ES256");
  BOOST_TEST(key.public_jwk() == "{}");
  cs::secret out;
  BOOST_TEST(key.sign("x", out).has_value());
  BOOST_TEST(out.reveal() == "signed x");
  BOOST_TEST(key.sign("", out).error().message() == "counted: nothing to sign");
  // base64url(SHA-256("{}"))
  BOOST_TEST(cs::jwk_thumbprint(key)->reveal() == "RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o");
}

BOOST_AUTO_TEST_CASE(copies_share_one_key_which_ends_with_the_last) {
  int alive = 0;
  {
    cs::any_signer first = counted(alive);
    BOOST_TEST(alive == 1);
    cs::any_signer second = first, third;
    third = second;
    BOOST_TEST(alive == 1);
    BOOST_TEST((first == third));
    cs::any_signer const moved = std::move(first);
    BOOST_TEST(!first);
    BOOST_TEST((moved == second));
    second = counted(alive);
    BOOST_TEST(alive == 2);
    BOOST_TEST(!(moved == second));
    auto const& self = second;
    second = self;
    BOOST_TEST(alive == 2);
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_one_signs_nothing) {
  cs::any_signer const none;
  cs::secret out;
  BOOST_TEST(!none);
  BOOST_TEST((none.alg().empty() && none.public_jwk().empty()));
  BOOST_TEST((none.sign("x", out).error().code() == cs::errc::fatal));
  int alive = 0;
  if (fake::heap::is_ours) {
    counted key(alive);
    fake::heap::refused_once const refused(0);
    cs::any_signer const poor(std::move(key));
    BOOST_TEST(!poor);
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_SUITE_END()
