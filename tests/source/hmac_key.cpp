#include <countersign/source/hmac_key.hpp>

#include <countersign/source/env.hpp>

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

static_assert(cs::immediate_source<cs::hs256<cs::env>> && !cs::is_renewable<cs::hs256<cs::env>>);
static_assert(cs::signer<cs::hs512<cs::env>::credential>);

namespace {
template <class Key>
std::string said(Key const& key, std::string const& value) {
  fake::world w;
  w.variables["K"] = value;
  cs::memory_of<Key> memory;
  auto const got = key.acquire({}, w.context(), memory);
  if (!got) return std::string(got.error().message());
  cs::secret signature;
  BOOST_TEST(got->sign("input", signature).has_value());
  return std::string(got->alg()) + " " + std::string(signature.reveal());
}
}  // namespace

BOOST_AUTO_TEST_SUITE(source_hmac_key)

BOOST_AUTO_TEST_CASE(a_key_is_the_same_in_whatever_form_it_is_written) {
  std::string const raw(32, '?');
  auto const expected = said(cs::hs256{cs::env{"K"}}, raw);
  BOOST_TEST(expected.starts_with("HS256 "));
  BOOST_TEST(expected.size() == 6u + 32u);
  std::string hex, base64, url;
  for (int i = 0; i < 32; ++i) hex += "3f";
  for (int i = 0; i < 10; ++i) base64 += "Pz8/", url += "Pz8_";
  BOOST_TEST(said(cs::hs256{cs::env{"K"}, cs::key_form::hex}, hex) == expected);
  BOOST_TEST(said(cs::hs256{cs::env{"K"}, cs::key_form::base64}, base64 + "Pz8=") == expected);
  BOOST_TEST(said(cs::hs256{cs::env{"K"}, cs::key_form::base64url}, url + "Pz8") == expected);
  BOOST_TEST(said(cs::hmac_key{"HS256", cs::env{"K"}}, raw) == expected);
  BOOST_TEST(said(cs::hmac_key{cs::sha2::bits_256, cs::env{"K"}}, raw) == expected);
}

BOOST_AUTO_TEST_CASE(each_refuses_a_key_that_is_too_short_for_it) {
  BOOST_TEST(said(cs::hs256{cs::env{"K"}}, std::string(31, 'k'))
                 .starts_with("HS256: the key has 31 bytes, and needs 32 at least"));
  BOOST_TEST(said(cs::hs384{cs::env{"K"}}, std::string(47, 'k'))
                 .starts_with("HS384: the key has 47 bytes, and needs 48 at least"));
  BOOST_TEST(said(cs::hs512{cs::env{"K"}}, std::string(63, 'k'))
                 .starts_with("HS512: the key has 63 bytes, and needs 64 at least"));
  BOOST_TEST(said(cs::hs384{cs::env{"K"}}, std::string(48, 'k')).starts_with("HS384 "));
  BOOST_TEST(said(cs::hs512{cs::env{"K"}}, std::string(64, 'k')).starts_with("HS512 "));
  // What counts is the bytes, not the digits.
  BOOST_TEST(said(cs::hs256{cs::env{"K"}, cs::key_form::hex}, std::string(62, 'a'))
                 .starts_with("HS256: the key has 31 bytes"));
}

BOOST_AUTO_TEST_CASE(the_sources_failure_is_passed_on_with_its_kind) {
  fake::world w;
  cs::memory_of<cs::hs256<cs::env>> memory;
  auto const got = cs::hs256{cs::env{"K"}}.acquire({}, w.context(), memory);
  BOOST_TEST((got.error().code() == cs::errc::not_mine));
}

BOOST_AUTO_TEST_CASE(an_algorithm_that_is_none_is_told_before_a_key_is_read) {
  fake::world w;
  cs::hmac_key const source{"none", cs::env{"K"}};
  cs::memory_of<decltype(source)> memory;
  BOOST_TEST(source.check().error().message() ==
             "algorithm \"none\" signs nothing, so that anybody could have written the token; use HS256");
  BOOST_TEST((source.acquire({}, w.context(), memory).error() == source.check().error()));
  BOOST_TEST(w.variable_reads() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
