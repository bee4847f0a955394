// RFC 6749 §2.3; RFC 8414 §2 (token_endpoint_auth_methods_supported).
#include <countersign/oauth/client_auth_choice.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using oauth::client_auth;

namespace {

std::string chosen(client_auth wanted, oauth::client_proofs has, oauth::text_list const& methods) {
  auto const got = oauth::choose_client_auth(wanted, has, {.token_endpoint_auth_methods_supported = methods});
  if (!got) return std::string(got.error().message());
  constexpr std::string_view names[] = {"as_advertised",   "none",
                                        "basic",           "post",
                                        "private_key_jwt", "client_secret_jwt",
                                        "tls_client_auth", "self_signed_tls_client_auth"};
  return std::string(names[static_cast<std::size_t>(*got)]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_client_auth_choice)

BOOST_AUTO_TEST_CASE(it_is_the_best_that_both_can) {
  constexpr oauth::client_proofs nothing{}, secret{.secret = true}, key{.key = true},
      both{.secret = true, .key = true}, certificate{.certificate = true},
      all{.secret = true, .key = true, .certificate = true};
  struct {
    client_auth wanted;
    oauth::client_proofs has;
    oauth::text_list methods;
    std::string_view chosen;
  } const cases[] = {
      {client_auth::as_advertised, nothing, {}, "none"},
      {client_auth::as_advertised, nothing, {"client_secret_basic"}, "none"},
      {client_auth::as_advertised, secret, {}, "basic"},
      {client_auth::as_advertised, secret, {"client_secret_basic"}, "basic"},
      {client_auth::as_advertised, secret, {"client_secret_post"}, "post"},
      {client_auth::as_advertised, secret, {"client_secret_post", "client_secret_basic"}, "basic"},
      {client_auth::as_advertised, secret, {"none"}, "none"},
      {client_auth::as_advertised, secret, {"none", "client_secret_post"}, "post"},
      {client_auth::as_advertised, secret, {"private_key_jwt", "client_secret_post"}, "post"},
      {client_auth::as_advertised, key, {}, "private_key_jwt"},
      {client_auth::as_advertised, key, {"client_secret_basic", "private_key_jwt"}, "private_key_jwt"},
      {client_auth::as_advertised, both, {"client_secret_basic", "private_key_jwt"}, "private_key_jwt"},
      {client_auth::as_advertised, both, {"client_secret_basic"}, "basic"},
      {client_auth::as_advertised, both, {}, "basic"},
      {client_auth::as_advertised, secret, {"client_secret_jwt"}, "client_secret_jwt"},
      {client_auth::as_advertised, secret, {"client_secret_jwt", "client_secret_basic"}, "basic"},
      {client_auth::as_advertised, secret, {"client_secret_jwt", "client_secret_post"}, "post"},
      {client_auth::as_advertised, secret, {"none", "client_secret_jwt"}, "client_secret_jwt"},
      {client_auth::client_secret_jwt, secret, {"client_secret_basic"}, "client_secret_jwt"},
      // RFC 8705: a certificate, if the server takes it; else it binds tokens, and the client is known by what else it has
      {client_auth::as_advertised, certificate, {"tls_client_auth"}, "tls_client_auth"},
      {client_auth::as_advertised,
       certificate,
       {"self_signed_tls_client_auth"},
       "self_signed_tls_client_auth"},
      {client_auth::as_advertised,
       certificate,
       {"self_signed_tls_client_auth", "tls_client_auth", "none"},
       "tls_client_auth"},
      {client_auth::as_advertised, certificate, {}, "none"},
      {client_auth::as_advertised, certificate, {"client_secret_basic"}, "none"},
      {client_auth::as_advertised, all, {"private_key_jwt", "tls_client_auth"}, "tls_client_auth"},
      {client_auth::as_advertised, all, {"private_key_jwt"}, "private_key_jwt"},
      {client_auth::as_advertised, all, {"client_secret_post"}, "post"},
      {client_auth::basic, all, {"tls_client_auth"}, "basic"},
      {client_auth::tls_client_auth, nothing, {"none"}, "tls_client_auth"},
      // what was configured or registered wins over what the metadata says
      {client_auth::post, secret, {"client_secret_basic"}, "post"},
      {client_auth::none, secret, {"client_secret_basic"}, "none"},
      {client_auth::basic, secret, {"none"}, "basic"},
      {client_auth::private_key_jwt, key, {}, "private_key_jwt"},
      {client_auth::as_advertised,
       secret,
       {"private_key_jwt", "tls_client_auth"},
       "oauth: the token endpoint takes no way of authentication that the client has (a secret); see "
       "token_endpoint_auth_methods_supported in the server's metadata"},
      {client_auth::as_advertised,
       key,
       {"client_secret_basic"},
       "oauth: the token endpoint takes no way of authentication that the client has (a key); see "
       "token_endpoint_auth_methods_supported in the server's metadata"},
  };
  auto const algorithms = [&](oauth::text_list const& which) {
    return oauth::choose_client_auth(client_auth::as_advertised, secret,
                                     {.token_endpoint_auth_methods_supported = {"client_secret_jwt"},
                                      .token_endpoint_auth_signing_alg_values_supported = which});
  };
  BOOST_TEST(algorithms({"ES256", "HS256"}).has_value());
  BOOST_TEST(!algorithms({"ES256", "HS512"}).has_value());
  for (auto const& c : cases)
    BOOST_TEST(chosen(c.wanted, c.has, c.methods) == c.chosen, c.methods.joined().view());
}

BOOST_AUTO_TEST_SUITE_END()
