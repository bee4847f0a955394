// RFC 6749 §3.1, §4.1.1, §4.1.2, §4.1.2.1; RFC 7636 §4.3; RFC 8707 §2.1; RFC 9207 §2, §2.4; MCP authorization.
#include <countersign/oauth/authorization.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

constexpr auto endpoint = "https://as.example/authorize"sv;
constexpr auto state = "af0ifjsldkj-af0ifjsldkj"sv;
constexpr auto challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"sv;

oauth::authorization_asks asks() {
  return {.client_id = "s6BhdRkqt3",
          .redirect_uri = "http://127.0.0.1:1/cb",
          .state = state,
          .code_challenge = challenge};
}
std::string said(cs::error const& why) {
  return std::string(cs::name(why.code())) + ": " + std::string(why.message());
}
std::string url(oauth::authorization_asks const& what, std::string_view at = endpoint) {
  auto const made = oauth::authorization_url(at, what);
  return made ? std::string(made->reveal()) : said(made.error());
}
// The code, or the refusal.
std::string read(std::string_view redirect, bool iss_supported = false,
                 std::string_view issuer = "https://as.example", std::string_view expected = state) {
  auto const code =
      oauth::read_redirect(redirect, {.state = expected, .issuer = issuer, .iss_supported = iss_supported});
  return code ? std::string(code->reveal()) : said(code.error());
}
std::string with_state(std::string_view more) { return std::string("state=").append(state).append(more); }

constexpr auto foreign =
    "not_mine: oauth: the redirect does not carry the state that was sent; it belongs to another sign-in, or is forged"sv;
constexpr auto twice = "wrong_origin: oauth: the redirect holds a parameter twice; the code is not used"sv;
constexpr auto other_issuer =
    "wrong_origin: oauth: the redirect is of another issuer (iss) than the one that was asked; the code is not used"sv;
constexpr auto no_issuer =
    "wrong_origin: oauth: the redirect names no issuer (iss), though the server's metadata announces it; the code is not used"sv;
constexpr auto unannounced =
    "wrong_origin: oauth: the redirect names an issuer (iss), which the server's metadata does not announce; the code is not used"sv;

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_authorization)

BOOST_AUTO_TEST_CASE(the_page_holds_what_was_asked_for) {
  BOOST_TEST(url(asks()) ==
             "https://as.example/"
             "authorize?response_type=code&client_id=s6BhdRkqt3&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb"
             "&state=af0ifjsldkj-af0ifjsldkj&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_"
             "challenge_method=S256");
  auto all = asks();
  all.scope = "mcp:read offline_access";
  all.resource = "https://Mcp.example:443/a/../mcp/";
  all.prompt = "consent";
  all.login_hint = "a+b@example.com";
  cs::named_value const more[] = {{"audience", "x&y=z"}, {"ui_locales", "de"}};
  all.more = more;
  BOOST_TEST(url(all) ==
             "https://as.example/"
             "authorize?response_type=code&client_id=s6BhdRkqt3&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb"
             "&scope=mcp%3Aread%20offline_access&state=af0ifjsldkj-af0ifjsldkj&code_challenge="
             "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
             "&code_challenge_method=S256&resource=https%3A%2F%2FMcp.example%3A443%2Fa%2F..%2Fmcp%2F&prompt="
             "consent&login_hint=a%2Bb%40example.com"
             "&audience=x%26y%3Dz&ui_locales=de");
}

BOOST_AUTO_TEST_CASE(a_query_of_the_endpoint_is_kept) {
  auto const tail = url(asks()).substr(endpoint.size() + 1);
  BOOST_TEST(url(asks(), "https://as.example/a?tenant=x") == "https://as.example/a?tenant=x&" + tail);
  BOOST_TEST(url(asks(), "https://as.example/a?") == "https://as.example/a?" + tail);
  BOOST_TEST(url(asks(), "https://as.example") == "https://as.example?" + tail);
  BOOST_TEST(url(asks(), "http://localhost:9/a") == "http://localhost:9/a?" + tail);
}

BOOST_AUTO_TEST_CASE(no_parameter_is_there_twice) {
  constexpr auto refused =
      "bad_input: oauth: authorization endpoint: a parameter would be there twice, in its query or in .more (RFC 6749 §3.1)"sv;
  for (auto const query : {"client_id=evil", "x=y&redirect_uri=https://evil.example", "st%61te=1",
                           "response_type", "code_challenge_method=plain"})
    BOOST_TEST(url(asks(), std::string(endpoint).append("?").append(query)) == refused, query);
  BOOST_TEST(url(asks(), std::string(endpoint).append("?resource=x")).find("resource=x&") !=
             std::string::npos);  // none is asked for
  std::vector<std::vector<cs::named_value>> const lists = {
      {{"state", "x"}}, {{"resource", "x"}}, {{"a", "1"}, {"b", "2"}, {"a", "1"}}, {{"tenant", "x"}}};
  for (auto const& more : lists) {
    auto what = asks();
    what.more = more;
    BOOST_TEST(url(what, "https://as.example/a?tenant=y") == refused);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_without_its_guards) {
  auto what = asks();
  what.client_id = "";
  BOOST_TEST(url(what) == "bad_input: oauth: the client has no id; set .client_id");
  what = asks();
  what.state = std::string_view("0123456789012345678901");
  BOOST_TEST(url(what).starts_with("https://"));
  what.state = what.state.substr(1);
  BOOST_TEST(url(what) == "bad_input: oauth: .state is shorter than 22 characters; make it with make_state");
  what = asks();
  what.code_challenge = "";
  BOOST_TEST(url(what) ==
             "bad_input: oauth: .code_challenge is no S256 challenge; make it with make_code_proof");
  BOOST_TEST(url(asks(), "http://as.example/a") ==
             "insecure: oauth: authorization endpoint: http://as.example is plain http; secrets go there, so "
             "it must be https");
  for (auto const at : {"javascript:alert(1)//", "https://as.example/a#b", "https://as.example/$( )",
                        "--flag", "https://u:p@as.example/", "file:///bin/sh", "https://as.example/\r\n"})
    BOOST_TEST(url(asks(), at).starts_with("bad_input: "), at);
}

BOOST_AUTO_TEST_CASE(a_page_is_written_in_ascii) {
  for (auto const at : {"https://as.example/\xe2\x80\xae", "https://\xd0\xb0s.example/", "https://as.example/?\xc3\xbc"})
    BOOST_TEST(url(asks(), at) ==
               "bad_input: oauth: authorization endpoint: the URL holds bytes beyond ASCII");
}

BOOST_AUTO_TEST_CASE(a_page_is_as_long_as_a_url_may_be_and_no_longer) {
  auto what = asks();
  auto const bare = url(what).size() + "&scope="sv.size();
  std::string const scope(cs::max_url_size - bare, 's');
  what.scope = scope;
  BOOST_TEST(url(what).size() == cs::max_url_size);
  auto const longer = scope + 's';
  what.scope = longer;
  BOOST_TEST(url(what) ==
             "too_large: oauth: the authorization URL is longer than 8192 bytes; ask for fewer scopes");
}

BOOST_AUTO_TEST_CASE(a_state_is_256_random_bits) {
  fake::world w;
  auto const one = oauth::make_state(w.context()), other = oauth::make_state(w.context());
  BOOST_REQUIRE((one && other));
  BOOST_TEST(one->size() == 43u);
  BOOST_TEST(!(*one == *other));
  BOOST_TEST(w.entropy_bytes() == 64u);
  w.entropy_fails = true;
  BOOST_TEST(!oauth::make_state(w.context()).has_value());
}

BOOST_AUTO_TEST_CASE(a_redirect_yields_its_code) {
  BOOST_TEST(read("http://127.0.0.1:1/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=af0ifjsldkj-af0ifjsldkj") ==
             "SplxlOBeZQQYbYS6WxSbIA");
  BOOST_TEST(read("/cb?state=af0ifjsldkj-af0ifjsldkj&code=a%2Fb%20c+d&session_state=x&empty") == "a/b c d");
  BOOST_TEST(read("?code=c&state=af0ifjsldkj-af0ifjsldkj#_=_") == "c");
  BOOST_TEST(read("code=c&&state=af0ifjsldkj-af0ifjsldkj&") == "c");
  BOOST_TEST(read("code=a?b&state=af0ifjsldkj-af0ifjsldkj") == "a?b");
  BOOST_TEST(read(with_state("&iss=https://as.example&code=a?b"), true) == "a?b");
  BOOST_TEST(read(with_state("&x=1&x=2&code=c")) == "c");  // §4.1.2: what is not known is ignored
}

BOOST_AUTO_TEST_CASE(nothing_counts_before_the_state_is_right) {
  for (auto const redirect :
       {"", "?", "code=c", "code=c&state=", "code=c&state=af0ifjsldkj-af0ifjsldk",
        "code=c&state=af0ifjsldkj-af0ifjsldkjx", "code=c&state=af0ifjsldkj-af0ifjsldkJ",
        "code=c&state=af0ifjsldkj-af0ifjsldkj&state=af0ifjsldkj-af0ifjsldkj",
        "code=c&state=x&st%61te=af0ifjsldkj-af0ifjsldkj", "error=access_denied",
        "error=access_denied&state=x", "iss=https://as.example&code=c&state=x", "code=%&state=x",
        "state=%GG&code=c", "http://127.0.0.1:1/cb#code=c&state=af0ifjsldkj-af0ifjsldkj",
        "code=c;state=af0ifjsldkj-af0ifjsldkj"}) {
    BOOST_TEST(read(redirect) == foreign, redirect);
    BOOST_TEST(read(redirect, true) == foreign, redirect);
  }
  // no state was sent, or one that can be guessed: nothing matches it
  BOOST_TEST(read("code=c&state=", false, "https://as.example", "") == foreign);
  BOOST_TEST(read("code=c", false, "https://as.example", "") == foreign);
  BOOST_TEST(read("code=c&state=short", false, "https://as.example", "short") == foreign);
}

BOOST_AUTO_TEST_CASE(a_thousand_forgeries_and_the_genuine_one) {
  fake::world w;
  auto const sent = oauth::make_state(w.context());
  for (int i = 0; i < 1000; ++i) {
    auto const forged = oauth::make_state(w.context());
    auto const redirect =
        std::string(i % 2 == 0 ? "code=x&state=" : "error=access_denied&state=").append(forged->reveal());
    BOOST_TEST(read(redirect, false, "https://as.example", sent->reveal()) == foreign);
  }
  BOOST_TEST(read(std::string("code=c&state=").append(sent->reveal()), false, "https://as.example",
                  sent->reveal()) == "c");
}

BOOST_AUTO_TEST_CASE(the_issuer_is_the_one_that_was_asked) {
  struct {
    bool supported;
    std::string_view iss, outcome;
  } const table[] = {
      {true, "&iss=https%3A%2F%2Fas.example", "c"},
      {true, "&iss=https://as.example", "c"},
      {true, "", no_issuer},
      {true, "&iss=", other_issuer},
      {true, "&iss=https%3A%2F%2Fevil.example", other_issuer},
      // normalised
      {true, "&iss=https%3A%2F%2Fas.example%2F", other_issuer},
      {true, "&iss=https%3A%2F%2Fas.example:443", other_issuer},
      {true, "&iss=HTTPS%3A%2F%2Fas.example", other_issuer},
      {true, "&iss=https%3A%2F%2Fas.example%20", other_issuer},
      {true, "&iss=https%3A%2F%2Fas.example%00", other_issuer},
      // twice
      {true, "&iss=https%3A%2F%2Fas.example&iss=https%3A%2F%2Fas.example", twice},
      {true, "&iss=https%3A%2F%2Fas.example&i%73s=https%3A%2F%2Fevil.example", twice},
      {false, "&iss=https%3A%2F%2Fas.example&iss=https%3A%2F%2Fas.example", twice},
      // unannounced
      {false, "", "c"},
      {false, "&iss=https%3A%2F%2Fas.example", unannounced},
      {false, "&iss=https%3A%2F%2Fevil.example", unannounced},
      {false, "&iss=", unannounced},
      {false, "&iss", unannounced},
  };
  for (auto const& row : table) {
    BOOST_TEST(read(with_state("&code=c").append(row.iss), row.supported) == row.outcome, row.iss);
    // an error of somebody else's says nothing either
    auto const refused = read(with_state("&error=access_denied").append(row.iss), row.supported);
    BOOST_TEST(refused == (row.outcome == "c"
                               ? "rejected: oauth: the authorization server answered access_denied"
                               : row.outcome),
               row.iss);
  }
  BOOST_TEST(read(with_state("&code=c&iss="), true, "") == other_issuer);
}

BOOST_AUTO_TEST_CASE(a_parameter_twice_is_refused) {
  for (auto const more : {"&code=c&code=c", "&code=c&co%64e=d", "&error=access_denied&error=server_error"})
    BOOST_TEST(read(with_state(more)) == twice, more);
}

BOOST_AUTO_TEST_CASE(errors_are_typed) {
  struct {
    std::string_view more, outcome;
  } const cases[] = {
      {"&error=access_denied", "rejected: oauth: the authorization server answered access_denied"},
      {"&error=access_denied&error_description=The+user%20said+no.",
       "rejected: oauth: the authorization server answered access_denied: \"The user said no.\""},
      {"&error=server_error", "transient: oauth: the authorization server answered server_error"},
      {"&error=temporarily_unavailable",
       "transient: oauth: the authorization server answered temporarily_unavailable"},
      {"&error=login_required", "needs_person: oauth: the authorization server answered login_required"},
      {"&error=interaction_required",
       "needs_person: oauth: the authorization server answered interaction_required"},
      {"&error=consent_required", "needs_person: oauth: the authorization server answered consent_required"},
      {"&error=account_selection_required",
       "needs_person: oauth: the authorization server answered account_selection_required"},
      {"&error=invalid_scope", "fatal: oauth: the authorization server answered invalid_scope"},
      {"&error=unauthorized_client", "fatal: oauth: the authorization server answered unauthorized_client"},
      {"&error=%1b%5b31m", "fatal: oauth: the authorization server answered an error code that is not shown"},
      {"&error=", "fatal: oauth: the authorization server answered an error code that is not shown"},
      {"&error=invalid_scope&error_description=%1b%5b31m%0d%0aX:%c2%9b%e2%80%ae%ff",
       "fatal: oauth: the authorization server answered invalid_scope: \"?[31m??X:???\""},
      {"&error=access_denied&code=c", "rejected: oauth: the authorization server answered access_denied"},
      {"", "bad_input: oauth: the redirect holds neither a code nor an error"},
      {"&code=", "bad_input: oauth: the redirect holds neither a code nor an error"},
      {"&code", "bad_input: oauth: the redirect holds neither a code nor an error"},
      {"&code=%", "bad_input: oauth: the redirect holds a parameter that is not form-encoded"},
      {"&%GG=x&code=c", "bad_input: oauth: the redirect holds a parameter that is not form-encoded"},
      {"&code=a%0ab", "bad_input: oauth: the redirect's code holds bytes that no code has (RFC 6749 A.11)"},
      {"&code=a%7fb", "bad_input: oauth: the redirect's code holds bytes that no code has (RFC 6749 A.11)"},
      {"&code=a%80b", "bad_input: oauth: the redirect's code holds bytes that no code has (RFC 6749 A.11)"},
  };
  for (auto const& c : cases) BOOST_TEST(read(with_state(c.more)) == c.outcome, c.more);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_as_long_as_a_url_may_be_and_no_longer) {
  auto const of_size = [](std::size_t size) {
    auto all = with_state("&code=c&x=");
    return all.append(size - all.size(), 'x');
  };
  BOOST_TEST(read(of_size(cs::max_url_size)) == "c");
  BOOST_TEST(read(of_size(cs::max_url_size + 1)) ==
             "not_mine: oauth: the redirect is longer than 8192 bytes");
  BOOST_TEST(read(with_state("&code=c").append(4000, '&')) == "c");
}

BOOST_AUTO_TEST_CASE(neither_code_nor_state_stays_in_freed_memory) {
  for (auto const canary : {"c4nary-c0de-of-this-redirect"sv, state}) {
    cs::secret const said("http://127.0.0.1/?code=c4nary-c0de-of-this-redirect&state=", state);
    fake::heap::watch const watch(canary);
    BOOST_TEST(oauth::read_redirect(said.reveal(), {.state = state}).has_value());
    BOOST_TEST(watch.found() == 0);
  }
}

BOOST_AUTO_TEST_CASE(wherever_memory_ends_no_code_is_cut_short) {
  if (!fake::heap::is_ours) return;
  auto const said = with_state("&code=c0de&iss=https%3A%2F%2Fas.example");
  auto const all = asks();
  auto const both = [&](auto const& make) {
    fake::heap::counter const heap;
    BOOST_REQUIRE(make());
    auto const blocks = heap.count();
    for (long block = 0; block < blocks; ++block) {
      auto const got = [&] {
        fake::heap::refused_once const refused(block);
        return make();
      }();
      BOOST_TEST(!got);
    }
  };
  both([&] {
    return oauth::read_redirect(said,
                                {.state = state, .issuer = "https://as.example", .iss_supported = true});
  });
  both([&] { return oauth::authorization_url("https://as.example/a", all); });
}

BOOST_AUTO_TEST_SUITE_END()
