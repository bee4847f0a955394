#include <countersign/oauth/client_identity.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

BOOST_AUTO_TEST_SUITE(oauth_client_identity)

BOOST_AUTO_TEST_CASE(every_field_has_a_default) {
  oauth::client_identity const none{}, named{.id = "id"}, secretive{.secret = cs::secret("s")},
      methodical{.method = oauth::client_auth::post};
  BOOST_TEST(none.id.empty());
  BOOST_TEST(!none.secret.given());
  BOOST_TEST((none.method == oauth::client_auth::as_advertised));
  BOOST_TEST(named.id.view() == "id");
  BOOST_TEST(secretive.secret.given());
  BOOST_TEST((methodical.method == oauth::client_auth::post));
}

BOOST_AUTO_TEST_CASE(methods_have_their_registered_names) {
  BOOST_TEST((oauth::client_auth_named("none") == oauth::client_auth::none));
  BOOST_TEST((oauth::client_auth_named("client_secret_basic") == oauth::client_auth::basic));
  BOOST_TEST((oauth::client_auth_named("client_secret_post") == oauth::client_auth::post));
  BOOST_TEST((oauth::client_auth_named("private_key_jwt") == oauth::client_auth::private_key_jwt));
  for (auto const name : {"", "None", "TLS_client_auth", "as_advertised"})
    BOOST_TEST(!oauth::client_auth_named(name).has_value());
  for (auto const method :
       {oauth::client_auth::none, oauth::client_auth::basic, oauth::client_auth::post,
        oauth::client_auth::private_key_jwt, oauth::client_auth::client_secret_jwt,
        oauth::client_auth::tls_client_auth, oauth::client_auth::self_signed_tls_client_auth})
    BOOST_TEST((oauth::client_auth_named(oauth::name(method)) == method));
  BOOST_TEST(oauth::name(oauth::client_auth::as_advertised).empty());
}

BOOST_AUTO_TEST_CASE(a_certificate_is_shown_by_method_or_where_tokens_are_bound_to_it) {
  using oauth::client_auth;
  BOOST_TEST(!oauth::shows_certificate({.id = "c"}));
  BOOST_TEST(!oauth::shows_certificate({.id = "c", .method = client_auth::basic}));
  BOOST_TEST(oauth::shows_certificate({.id = "c", .method = client_auth::basic, .certificate = true}));
  BOOST_TEST(oauth::shows_certificate({.id = "c", .method = client_auth::tls_client_auth}));
  BOOST_TEST(oauth::shows_certificate({.id = "c", .method = client_auth::self_signed_tls_client_auth}));
}

BOOST_AUTO_TEST_CASE(a_secret_at_hand_is_given_as_it_is) {
  fake::world w;
  for (auto const& value : {"s3cret"s, ""s, "a\0b"s}) {
    oauth::secret_from const from(cs::secret{std::string_view(value)});
    BOOST_TEST(from.given());
    auto const got = from.read(w.context());
    BOOST_REQUIRE(got);
    BOOST_TEST((got->reveal() == value));
  }
  BOOST_TEST(w.variable_reads() == 0u);
}

BOOST_AUTO_TEST_CASE(a_variable_is_read_for_each_request_that_needs_it) {
  fake::world w;
  oauth::secret_from const from(cs::env{"CLIENT_SECRET"});
  BOOST_TEST(from.given());
  for (auto const* value : {"old", "new"}) {
    w.variables["CLIENT_SECRET"] = value;
    BOOST_TEST(from.read(w.context())->reveal() == value);
  }
}

BOOST_AUTO_TEST_CASE(a_file_is_read_for_each_request_that_needs_it) {
  fake::world w;
  oauth::secret_from const from(cs::file("/run/secrets/client"));
  BOOST_TEST(from.given());
  for (auto const* value : {"old", "new"}) {
    w.files["/run/secrets/client"] = value + "\n"s;
    BOOST_TEST(from.read(w.context())->reveal() == value);
  }
  w.others_read.insert("/run/secrets/client");
  BOOST_TEST((from.read(w.context()).error().code() == cs::errc::insecure));
  BOOST_TEST(oauth::secret_from(cs::file("/run/secrets/client").shared()).read(w.context())->reveal() ==
             "new");
  w.files.clear();
  BOOST_TEST((from.read(w.context()).error().code() == cs::errc::not_mine));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
  fake::world w;
  auto const unset = oauth::secret_from(cs::env{"CLIENT_SECRET"}).read(w.context());
  BOOST_REQUIRE(!unset);
  BOOST_TEST(
      (unset.error() ==
       cs::error(cs::errc::not_mine, "env: variable CLIENT_SECRET is not set; export it, then start again")));
  auto const none = oauth::secret_from().read(w.context());
  BOOST_REQUIRE(!none);
  BOOST_TEST((none.error() == cs::error(cs::errc::not_mine, "client: no secret is given")));
}

BOOST_AUTO_TEST_CASE(its_secret_does_not_stay_in_freed_memory) {
  fake::world w;
  constexpr auto canary = "c4nary-0f-th3-cl1ent"sv;
  fake::heap::watch const watch(canary);
  {
    oauth::client_identity one{.id = "id", .secret = cs::secret(canary)};
    auto two = one;
    auto three = std::move(one);
    two = three;
    BOOST_TEST(two.secret.read(w.context())->size() == canary.size());
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
