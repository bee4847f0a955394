// RFC 6749 §4.1.3, §4.4.2, §6; RFC 7523 §2.1, §4; RFC 7636 §4.5; RFC 8693 §2.1 to §2.3; RFC 8707 §2.2;
// draft-ietf-oauth-identity-assertion-authz-grant.
#include <countersign/oauth/grants.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

std::string text(oauth::form form) { return std::string(std::move(form).take().reveal()); }
std::string jag(std::string_view body, int status = 200) {
  auto const got = oauth::read_id_jag(cs::response(status, cs::secret(body)), {});
  return got ? std::string(got->reveal())
             : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_grants)

BOOST_AUTO_TEST_CASE(each_grant_says_what_its_rfc_wants) {
  BOOST_TEST(text(oauth::authorization_code_grant{.code = "SplxlOBeZQQYbYS6WxSbIA",
                                                  .redirect_uri = "https://client.example.com/cb"}
                      .body()) == "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri="
                                  "https%3A%2F%2Fclient.example.com%2Fcb");
  BOOST_TEST(
      text(oauth::authorization_code_grant{
          .code = "c", .redirect_uri = "r", .code_verifier = "v~", .resource = "https://Mcp.example/a/"}
               .body()) == "grant_type=authorization_code&code=c&redirect_uri=r&code_verifier=v%7E&resource="
                           "https%3A%2F%2FMcp.example%2Fa%2F");
  BOOST_TEST(text(oauth::refresh_token_grant{.refresh_token = "tGzv3JOkF0XG5Qx2TlKWIA"}.body()) ==
             "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA");
  BOOST_TEST(text(oauth::refresh_token_grant{.refresh_token = "a", .scope = "b c", .resource = "d"}.body()) ==
             "grant_type=refresh_token&refresh_token=a&scope=b+c&resource=d");
  // RFC 8628 §3.4
  BOOST_TEST(text(oauth::device_code_grant{.device_code = "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
                                           .resource = "r"}
                      .body()) == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code"
                                  "&device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS&resource=r");
  BOOST_TEST(text(oauth::client_credentials_grant{}.body()) == "grant_type=client_credentials");
  BOOST_TEST(text(oauth::client_credentials_grant{.scope = "a b", .resource = "r"}.body()) ==
             "grant_type=client_credentials&scope=a+b&resource=r");
  // RFC 8693 §2.3
  BOOST_TEST(text(oauth::token_exchange_grant{.subject_token = "accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC",
                                              .subject_token_type = oauth::token_type::access_token,
                                              .resource = "https://backend.example.com/api"}
                      .body()) ==
             "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&resource=https%3A%2F%"
             "2Fbackend.example.com%2Fapi"
             "&subject_token=accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC"
             "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token");
  BOOST_TEST(text(oauth::token_exchange_grant{.subject_token = "s",
                                              .subject_token_type = "st",
                                              .actor_token = "a",
                                              .actor_token_type = "at",
                                              .requested_token_type = "rt",
                                              .audience = "au",
                                              .resource = "re",
                                              .scope = "sc"}
                      .body()) == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&"
                                  "requested_token_type=rt&audience=au&resource=re&scope=sc"
                                  "&subject_token=s&subject_token_type=st&actor_token=a&actor_token_type=at");
  BOOST_TEST(
      text(oauth::jwt_bearer_grant{.assertion = "h.p.s", .scope = "a", .resource = "r"}.body()) ==
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=h.p.s&scope=a&resource=r");
  BOOST_TEST(text(oauth::id_jag_grant{.id_token = "i.d.t",
                                      .audience = "https://as.example",
                                      .resource = "https://mcp.example/mcp",
                                      .scope = "x"}
                      .body()) ==
             "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&requested_token_type=urn%"
             "3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid-jag"
             "&audience=https%3A%2F%2Fas.example&resource=https%3A%2F%2Fmcp.example%2Fmcp&scope=x"
             "&subject_token=i.d.t&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token");
}

BOOST_AUTO_TEST_CASE(no_value_can_add_a_pair) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string const value{'x', static_cast<char>(byte), '&', '='};
    auto const body = text(oauth::authorization_code_grant{
        .code = value, .redirect_uri = value, .code_verifier = value, .resource = value}
                               .body());
    std::size_t pairs = 1;
    for (char const c : body) {
      pairs += c == '&';
      BOOST_TEST((c > ' ' && c < 0x7f));
    }
    BOOST_TEST(pairs == 5u);
  }
}

BOOST_AUTO_TEST_CASE(an_identity_assertion_is_one_by_its_type) {
  constexpr auto other =
      "fatal: oauth: the identity provider gave a token of another kind than the identity assertion (id-jag) that was asked for"sv;
  BOOST_TEST(
      jag(R"({"issued_token_type":"urn:ietf:params:oauth:token-type:id-jag","access_token":"e.y.J","token_type":"N_A","expires_in":300})") ==
      "e.y.J");
  BOOST_TEST(
      jag(R"({"issued_token_type":"urn:ietf:params:oauth:token-type:id-jag","access_token":"e.y.J","token_type":"n_a"})") ==
      "e.y.J");
  BOOST_TEST(
      jag(R"({"issued_token_type":"urn:ietf:params:oauth:token-type:access_token","access_token":"t","token_type":"N_A"})") ==
      other);
  BOOST_TEST(
      jag(R"({"issued_token_type":"urn:ietf:params:oauth:token-type:id-jag","access_token":"t","token_type":"Bearer"})") ==
      other);
  BOOST_TEST(jag(R"({"access_token":"t","token_type":"N_A"})") == other);
  BOOST_TEST(jag(R"({"error":"invalid_grant"})", 400) ==
             "rejected: oauth: the token endpoint answered 400, invalid_grant");
}

BOOST_AUTO_TEST_CASE(no_secret_stays_in_freed_memory) {
  fake::heap::watch const watch("c4nary-c0de");
  for (auto const& form :
       {&oauth::authorization_code_grant::code, &oauth::authorization_code_grant::code_verifier}) {
    oauth::authorization_code_grant grant;
    grant.*form = "c4nary-c0de";
    BOOST_TEST(std::move(grant.body()).take().reveal().find("c4nary-c0de") != std::string_view::npos);
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
