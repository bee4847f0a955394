#include <countersign/source/fixed.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::immediate_source<cs::fixed<>> && cs::immediate_source<cs::fixed<cs::basic_login>>);
static_assert(!cs::remote_source<cs::fixed<>> && !cs::is_renewable<cs::fixed<>>);
static_assert(!cs::knows_origin<cs::fixed<>>);
// Every kind of text is a secret, whatever it was kept in.
static_assert(std::same_as<decltype(cs::fixed{"t"}), cs::fixed<cs::secret>>);
static_assert(std::same_as<decltype(cs::fixed{"t"sv}), cs::fixed<cs::secret>>);
static_assert(std::same_as<decltype(cs::fixed{std::declval<char const*>()}), cs::fixed<cs::secret>>);
static_assert(std::same_as<decltype(cs::fixed{std::declval<std::string&>()}), cs::fixed<cs::secret>>);
static_assert(std::same_as<decltype(cs::fixed{cs::secret()}), cs::fixed<cs::secret>>);
static_assert(std::same_as<decltype(cs::fixed{cs::basic_login()}), cs::fixed<cs::basic_login>>);
static_assert(std::same_as<decltype(cs::fixed{std::declval<cs::fixed<>&>()}), cs::fixed<cs::secret>>);

BOOST_AUTO_TEST_SUITE(source_fixed)

BOOST_AUTO_TEST_CASE(it_yields_what_it_was_given_each_time) {
  fake::world w;
  auto const outside = w.context();
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (auto const& value : {"token"s, ""s, "with\0nul"s, every_byte, std::string(100'000, 'x')}) {
    cs::fixed const source{value};
    for (int turn = 0; turn < 2; ++turn) {
      auto const got = source.acquire({}, outside);
      BOOST_REQUIRE(got);
      BOOST_TEST((got->reveal() == value));
    }
  }
  BOOST_TEST(w.variable_reads() == 0u);
}

BOOST_AUTO_TEST_CASE(it_owns_what_it_was_given) {
  fake::world w;
  std::string given = "token";
  cs::fixed const source{given};
  given.assign(5, '!');
  BOOST_TEST(source.acquire({}, w.context())->reveal() == "token");
}

BOOST_AUTO_TEST_CASE(it_yields_a_credential_of_any_type) {
  fake::world w;
  cs::fixed const login{cs::basic_login{.user = cs::secret("u"), .password = cs::secret("p")}};
  auto const got = login.acquire({}, w.context());
  BOOST_REQUIRE(got);
  BOOST_TEST(got->user.reveal() == "u");
  BOOST_TEST(got->password.reveal() == "p");
  struct key {
    int number = 0;
  };
  BOOST_TEST(cs::fixed{key{7}}.acquire({}, w.context())->number == 7);
}

// An empty copy would be kept as if it were a credential.
BOOST_AUTO_TEST_CASE(what_found_no_memory_is_told) {
  if (!fake::heap::is_ours) return;
  fake::world w;
  auto const outside = w.context();
  cs::header_list list;
  list.append("X-Key", "k3y");
  cs::fixed const one{"token"};
  cs::fixed const all{list};
  auto const codes = [&] {
    fake::heap::exhausted const none;
    return std::pair(one.acquire({}, outside).error().code(), all.acquire({}, outside).error().code());
  }();
  BOOST_TEST((codes.first == cs::errc::no_memory));
  BOOST_TEST((codes.second == cs::errc::no_memory));
  BOOST_TEST(one.acquire({}, outside)->reveal() == "token");
}

BOOST_AUTO_TEST_SUITE_END()
