#include <countersign/core/credential_source.hpp>

#include "archetypes/immediate_source.hpp"
#include "archetypes/remote_source.hpp"
#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

using namespace countersign;

namespace {

struct expiring {
  using credential = secret;
  result<issued<secret>> acquire(occasion const& why, context const&) const {
    return issued<secret>{secret("v"), why.now.wall + seconds(60)};
  }
};
struct renewable_one : archetypes::token_file {
  static constexpr bool renewable = true;
};
struct lasting_remote : archetypes::ticket_office {
  static constexpr bool renewable = false;
};
struct watched {
  using credential = secret;
  result<secret> acquire(occasion const&, context const&) const { return secret("v"); }
  std::uint64_t version(context const&) const { return 7; }
};
struct watched_memory {
  using credential = secret;
  struct memory {
    std::uint64_t at = 9;
  };
  result<secret> acquire(occasion const&, context const&, memory&) const { return secret("v"); }
  std::uint64_t version(context const&, memory const& kept) const { return kept.at; }
};
struct odd_version : archetypes::token_file {
  bool version(context const&) const { return true; }
};
struct offline_remote : archetypes::ticket_office {
  static constexpr bool offline = true;
};
struct by_reference {
  using credential = secret;
  result<secret> kept = secret("v");
  result<secret> const& acquire(occasion const&, context const&) const { return kept; }
};

}  // namespace

static_assert(immediate_source<expiring> && credential_source<expiring> && !remote_source<expiring>);
static_assert(!is_renewable<archetypes::token_file> && is_renewable<renewable_one>);
static_assert(is_renewable<archetypes::ticket_office> && !is_renewable<lasting_remote>);
static_assert(is_renewable<expiring>, "who gives an expiry can give another credential");
static_assert(versioned_source<watched> && is_renewable<watched>);
static_assert(versioned_source<watched_memory> && is_renewable<watched_memory>);
static_assert(!versioned_source<archetypes::token_file> && !versioned_source<odd_version> &&
              !versioned_source<archetypes::ticket_office>);
static_assert(is_offline<watched> && !is_offline<archetypes::ticket_office> && is_offline<offline_remote>);
static_assert(knows_origin<archetypes::ticket_office> && !knows_origin<archetypes::token_file>);
static_assert(!credential_source<by_reference>, "what is acquired is given away");
static_assert(std::is_same_v<memory_of<archetypes::serial_numbers>, archetypes::serial_numbers::memory>);
static_assert(std::is_empty_v<memory_of<archetypes::token_file>>);

BOOST_AUTO_TEST_SUITE(core_credential_source)

BOOST_AUTO_TEST_CASE(a_version_may_be_told_from_memory_and_is_zero_where_there_is_none) {
  fake::world w;
  watched_memory::memory kept{42};
  detail::no_memory_wanted none;
  BOOST_TEST(detail::version_of(watched_memory(), w.context(), kept) == 42u);
  BOOST_TEST(detail::version_of(watched(), w.context(), none) == 7u);
  BOOST_TEST(detail::version_of(archetypes::token_file(), w.context(), none) == 0u);
}

BOOST_AUTO_TEST_CASE(every_reason_has_its_name) {
  std::string_view const names[] = {"first", "due", "expired", "changed", "refused", "insufficient_scope"};
  for (std::size_t i = 0; i < std::size(names); ++i) BOOST_TEST(name(static_cast<why>(i)) == names[i]);
}

BOOST_AUTO_TEST_CASE(a_credential_without_expiry_is_issued_for_ever) {
  auto const plain = detail::as_issued<secret>(result<secret>(secret("v")));
  BOOST_TEST((plain.value().expires == never_expires));
  BOOST_TEST(plain.value().credential.reveal() == "v");
  auto const limited =
      detail::as_issued<secret>(result<issued<secret>>(issued<secret>{secret("v"), wall_time{5}}));
  BOOST_TEST(limited.value().expires.ms == 5);
  auto const none = detail::as_issued<secret>(result<secret>(error{errc::not_mine, "x"}));
  BOOST_TEST((none.error().code() == errc::not_mine));
}

BOOST_AUTO_TEST_CASE(the_memory_is_given_to_a_source_that_has_one) {
  fake::world w;
  auto const outside = w.context();
  occasion const due{why::due, "", outside.now()};
  archetypes::serial_numbers const source;
  archetypes::serial_numbers::memory memory;
  BOOST_TEST(detail::acquire(source, due, outside, memory).value().reveal() == "1");
  BOOST_TEST(detail::acquire(source, due, outside, memory).value().reveal() == "2");
  memory_of<expiring> none;
  BOOST_TEST((detail::acquire(expiring(), due, outside, none).value().expires == due.now.wall + seconds(60)));
}

BOOST_AUTO_TEST_CASE(an_occasion_is_the_first_unless_it_says_otherwise) {
  occasion const plain;
  BOOST_TEST((plain.reason == why::first));
  BOOST_TEST(plain.challenge.empty());
}

BOOST_AUTO_TEST_SUITE_END()
