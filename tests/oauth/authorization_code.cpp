// RFC 6749 §4.1, §6; RFC 6750 §3.1
#include <countersign/oauth/authorization_code.hpp>

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/drive/run.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"
#include "fake/token_endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using cs::want;
using cs::why;
using namespace std::literals;

static_assert(cs::remote_source<oauth::authorization_code> && cs::is_renewable<oauth::authorization_code>);

namespace {

constexpr auto lacking = R"(Bearer error="insufficient_scope", scope="write read")"sv;

struct frame {
  fake::world world;
  cs::context outside = world.context();
  fake::token_endpoint net;
  fake::signer_in person;
  oauth::authorization_code::memory kept;
  oauth::authorization_code source{
      .client = {.id = "app"}, .scope = "read", .resource = "https://api.example/"};
  std::string more = R"(,"refresh_token":"rN")";  // of what the server gives; N is the number

  frame() {
    source.server.issuer = "https://id.example";
    source.server.authorization_endpoint = "https://id.example/authorize";
    source.server.token_endpoint = "https://id.example/token";
    source.server.code_challenge_methods_supported = {"S256"};
    net.answer = [this](fake::token_post const&, std::size_t number) {
      auto text = R"({"access_token":"tN","token_type":"Bearer")" + more + "}";
      for (auto at = text.find('N'); at != std::string::npos; at = text.find('N'))
        text.replace(at, 1, std::to_string(number));
      return fake::token_reply(text);
    };
  }
  auto begin(why reason = why::first, std::string_view challenge = {}) {
    return source.acquire({reason, challenge, world.now()}, outside, kept);
  }
  std::string get(why reason = why::first, std::string_view challenge = {}) {
    auto const got = cs::run(begin(reason, challenge), net, person, outside);
    return got ? std::string(got->credential.access.value.reveal())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
  [[nodiscard]] std::string grants() const {
    std::string all;
    for (auto const& post : net.posts)
      all += (post.form.contains("code") ? post.form.at("code") : post.form.at("refresh_token")) + " ";
    return all;
  }
  [[nodiscard]] std::string scope_asked() const { return fake::query_of(person.pages.back())["scope"]; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_authorization_code)

BOOST_AUTO_TEST_CASE(a_person_is_asked_once_and_the_refresh_token_serves_then) {
  frame f;
  f.source.redirect_port = 4711;
  BOOST_TEST(f.get() == "t1");
  BOOST_TEST((f.person.ports == std::vector<std::uint16_t>{4711}));
  auto page = fake::query_of(f.person.pages.at(0));
  BOOST_TEST(page["redirect_uri"] == f.person.redirect_uri);
  BOOST_TEST(page["scope"] == "read");
  BOOST_TEST(page["resource"] == "https://api.example/");
  for (auto const reason : {why::due, why::expired, why::refused, why::changed, why::first})
    static_cast<void>(f.get(reason));
  BOOST_TEST(f.grants() == "c1 r1 r2 r3 r4 r5 ");
  BOOST_TEST(f.person.pages.size() == 1u);
  BOOST_TEST(f.net.posts[1].form.at("resource") == "https://api.example/");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_not_replaced_goes_on_to_serve) {
  frame f;
  static_cast<void>(f.get());
  f.more = "";
  static_cast<void>(f.get(why::expired));
  static_cast<void>(f.get(why::expired));
  BOOST_TEST(f.grants() == "c1 r1 r1 ");
}

BOOST_AUTO_TEST_CASE(without_a_refresh_token_the_person_is_asked_when_the_token_has_ended_and_not_before) {
  frame f;
  f.more = "";
  static_cast<void>(f.get());
  BOOST_TEST(f.get(why::due).starts_with("transient: authorization_code: the token ends soon"));
  BOOST_TEST(f.person.pages.size() == 1u);
  BOOST_TEST(f.get(why::expired) == "t2");
  BOOST_TEST(f.grants() == "c1 c2 ");
}

BOOST_AUTO_TEST_CASE(a_void_grant_leads_to_the_person) {
  for (auto const reason : {why::due, why::expired, why::refused}) {
    frame f;
    static_cast<void>(f.get());
    auto const usual = f.net.answer;
    f.net.answer = [&](fake::token_post const& asked, std::size_t number) {
      return asked.form.contains("code") ? usual(asked, number)
                                         : fake::reply{.status = 400, .body = R"({"error":"invalid_grant"})"};
    };
    auto const said = f.get(reason);
    BOOST_TEST(said.starts_with(reason == why::due ? "transient: " : "t3"));
    if (reason == why::due) BOOST_TEST(f.get(why::expired) == "t3");
    BOOST_TEST(f.grants() == "c1 r1 c2 ");
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_cannot_now_is_no_reason_to_ask_a_person) {
  frame f;
  static_cast<void>(f.get());
  auto const usual = std::exchange(f.net.answer, [](auto const&, std::size_t) {
    return fake::reply{.status = 503, .fields = {{"Retry-After", "60"}}};
  });
  BOOST_TEST(f.get(why::expired).starts_with("transient: https://id.example: "));
  f.net.answer = usual;
  BOOST_TEST(f.get(why::expired) == "t3");
  BOOST_TEST(f.grants() == "c1 r1 r1 ");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_may_be_used_up_is_not_sent_again) {
  frame f;
  static_cast<void>(f.get());
  auto const usual = std::exchange(
      f.net.answer, [](auto const&, std::size_t) { return fake::reply{.lost = cs::lost::unanswered}; });
  BOOST_TEST(f.get(why::expired) ==
             "unanswered: https://id.example: oauth: the token endpoint did not answer");
  f.net.answer = usual;
  BOOST_TEST(f.get(why::expired) == "t3");
  BOOST_TEST(f.grants() == "c1 r1 c2 ");
  {
    auto left = f.begin(why::expired);
    BOOST_TEST(left.commits());
  }
  static_cast<void>(f.get(why::expired));
  BOOST_TEST(f.grants() == "c1 r1 c2 c3 ");
}

BOOST_AUTO_TEST_CASE(more_scope_is_asked_for_together_with_what_was_granted) {
  frame f;
  static_cast<void>(f.get());
  BOOST_TEST(f.get(why::insufficient_scope, lacking) == "t2");
  BOOST_TEST(f.scope_asked() == "read write");
  BOOST_TEST(f.get(why::insufficient_scope, R"(DPoP error="insufficient_scope", scope="admin")") == "t3");
  BOOST_TEST(f.scope_asked() == "read write admin");
  BOOST_TEST(f.grants() == "c1 c2 c3 ");
  // It is what the login has from now on.
  f.kept.refresh_token.clear();
  static_cast<void>(f.get(why::expired));
  BOOST_TEST(f.scope_asked() == "read write admin");
}

BOOST_AUTO_TEST_CASE(only_a_challenge_for_scope_says_which) {
  for (auto const& challenge :
       {R"(Bearer error="invalid_token", scope="admin")"sv, ""sv, R"(Bearer scope="admin)"sv}) {
    frame f;
    static_cast<void>(f.get(why::insufficient_scope, challenge));
    BOOST_TEST(f.scope_asked() == "read");
  }
  frame f;
  static_cast<void>(f.get(why::expired, lacking));
  BOOST_TEST(f.scope_asked() == "read");
}

BOOST_AUTO_TEST_CASE(the_scope_that_the_server_says_is_the_one_that_is_granted) {
  frame f;
  f.more = R"(,"scope":"basic","refresh_token":"rN")";
  f.source.scope = "";
  static_cast<void>(f.get());
  BOOST_TEST(!fake::query_of(f.person.pages[0]).contains("scope"));
  static_cast<void>(f.get(why::insufficient_scope, lacking));
  BOOST_TEST(f.scope_asked() == "basic write read");
}

BOOST_AUTO_TEST_CASE(who_declines_keeps_what_there_was) {
  frame f;
  static_cast<void>(f.get());
  f.person.declines = true;
  BOOST_TEST(f.get(why::insufficient_scope, lacking) ==
             "needs_person: oauth: nobody signed in on the page that was shown");
  BOOST_TEST(f.get(why::expired) == "t2");
  BOOST_TEST(f.grants() == "c1 r1 ");
}

BOOST_AUTO_TEST_CASE(where_nobody_can_be_asked_that_is_said) {
  frame f;
  f.person.redirect_uri = "";
  BOOST_TEST(f.get() == "needs_person: authorization_code: nobody can be asked to sign in");
  BOOST_TEST(f.person.pages.empty());
}

BOOST_AUTO_TEST_CASE(the_client_proves_itself_as_the_server_lists) {
  frame f;
  f.source.client.secret = cs::secret("s");
  f.source.server.token_endpoint_auth_methods_supported = {"client_secret_post"};
  static_cast<void>(f.get());
  BOOST_TEST(f.net.posts[0].form.at("client_secret") == "s");
  f.source.server.token_endpoint_auth_methods_supported = {"private_key_jwt"};
  f.source.client_key = cs::openssl_key::generate().value();
  static_cast<void>(f.get());
  BOOST_TEST(fake::jws(f.net.posts[1].form.at("client_assertion")).payload().get<std::string>("aud") ==
             "https://id.example");
  f.source.client_key = {};
  BOOST_TEST(f.get().starts_with("fatal: oauth: the token endpoint takes no way of authentication"));
}

BOOST_AUTO_TEST_CASE(tokens_are_bound_to_one_key_from_the_page_to_the_refresh) {
  frame f;
  auto const key = cs::openssl_key::generate().value();
  f.source.dpop_key = key;
  auto const got = cs::run(f.begin(), f.net, f.person, f.outside);
  BOOST_REQUIRE(got);
  BOOST_TEST((got->credential.key == f.source.dpop_key));
  BOOST_TEST(fake::query_of(f.person.pages[0])["dpop_jkt"] == cs::jwk_thumbprint(key)->reveal());
  static_cast<void>(f.get(why::expired));
  for (auto const& post : f.net.posts) BOOST_TEST(fake::verifies(fake::jws(post.dpop)));
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_again_for_scope_that_was_asked_for) {
  for (auto const more :
       {R"(,"refresh_token":"rN")"sv, R"(,"scope":"read","refresh_token":"rN")"sv}) {  // granted, and not
    frame f;
    f.more = more;
    static_cast<void>(f.get());
    BOOST_TEST(f.get(why::insufficient_scope, lacking) == "t2");
    for (int turn = 0; turn < 3; ++turn)
      BOOST_TEST(f.get(why::insufficient_scope, lacking)
                     .starts_with("rejected: authorization_code: the server wants scope that was asked for"));
    BOOST_TEST(f.person.pages.size() == 2u);
    BOOST_TEST(f.get(why::expired) == "t3");  // another token may be another matter
    BOOST_TEST(f.get(why::insufficient_scope, lacking) == "t4");
  }
}

BOOST_AUTO_TEST_CASE(the_transport_is_told_whose_word_the_token_endpoint_is) {
  frame f;
  f.source.server.named_by = "https://mcp.example/mcp";
  std::string named;
  auto const http = [&](cs::request const& what) {
    named = what.named_by.reveal();
    return f.net(what);
  };
  BOOST_TEST(cs::run(f.begin(), http, f.person, f.outside).has_value());
  BOOST_TEST(named == "https://mcp.example");
}

BOOST_AUTO_TEST_SUITE_END()
