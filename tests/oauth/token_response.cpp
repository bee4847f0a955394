// RFC 6749 §5.1, §5.2, §6; RFC 8259 (JSON).
#include <countersign/oauth/token_response.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using namespace std::literals;

namespace {

constexpr cs::wall_time now{1'000'000'000'000};
constexpr auto longest = oauth::longest_lifetime.ms;

cs::result<oauth::token_response> read(int status, std::string_view body, cs::wall_time at = now) {
  return oauth::read_token_response(cs::response(status, cs::secret(body)), at);
}
// Of a good answer with that `expires_in`, JSON as it stands: the life in ms, or what was refused.
std::string life(std::string_view expires_in) {
  auto const got =
      read(200, R"({"access_token":"t","token_type":"Bearer","expires_in":)" + std::string(expires_in) + "}");
  if (!got) return std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  return got->expires == cs::never_expires ? "never" : std::to_string(got->expires.ms - now.ms);
}
std::string refusal(int status, std::string_view body) {
  auto const got = read(status, body);
  return got ? "" : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}
std::string refusal(std::string_view body) { return refusal(200, body); }

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_token_response)

BOOST_AUTO_TEST_CASE(the_examples_of_the_rfc) {
  // §5.1
  auto const got = read(200, R"({
       "access_token":"2YotnFZFEjr1zCsicMWpAA",
       "token_type":"example",
       "expires_in":3600,
       "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA",
       "example_parameter":"example_value"
     })");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->access.value.reveal() == "2YotnFZFEjr1zCsicMWpAA");
  BOOST_TEST(got->access.type.reveal() == "example");
  BOOST_TEST(got->refresh_token.reveal() == "tGzv3JOkF0XG5Qx2TlKWIA");
  BOOST_TEST(got->scope.empty());
  BOOST_TEST(got->expires.ms == now.ms + 3'600'000);
  // §5.2
  BOOST_TEST(refusal(400, R"({"error":"invalid_request"})") ==
             "fatal: oauth: the token endpoint answered 400, invalid_request");
}

BOOST_AUTO_TEST_CASE(what_is_optional_may_be_missing) {
  auto const got = read(200, R"({"access_token":"t","token_type":"Bearer","scope":"read write"})");
  BOOST_REQUIRE(got);
  BOOST_TEST(got->refresh_token.empty());
  BOOST_TEST(got->scope.reveal() == "read write");
  BOOST_TEST((got->expires == cs::never_expires));
  // Members that are no strings are as if they were not there.
  auto const odd = read(
      200, R"({"access_token":"t","token_type":"Bearer","refresh_token":null,"scope":["a"],"error":null})");
  BOOST_REQUIRE(odd);
  BOOST_TEST(odd->refresh_token.empty());
  BOOST_TEST(odd->scope.empty());
}

BOOST_AUTO_TEST_CASE(a_lifetime_is_read_clamped_or_refused) {
  constexpr auto no_number =
      "unanswered: oauth: the token endpoint's answer holds an expires_in that is no number of seconds"sv;
  auto const most = std::to_string(longest);
  struct {
    std::string_view json, life;
  } const cases[] = {
      {"3600", "3600000"},
      {"3600.0", "3600000"},
      {"36e2", "3600000"},
      {"1", "1000"},
      {"0", "0"},
      {"-0", "0"},
      // below nothing: expired when it came
      {"-1", "0"},
      {"-1.5", "0"},
      {"-1e400", "0"},
      {"-9223372036854775808", "0"},
      {"-9223372036854775809", "0"},
      // beyond any calendar
      {"316224000", "316224000000"},
      {"316224001", "316224000000"},
      {"9223372036854775", "316224000000"},
      {"9223372036854775807", "316224000000"},
      {"9223372036854775808", "316224000000"},
      {"18446744073709551616", "316224000000"},
      {"99999999999999999999999999999999999999999", "316224000000"},
      // as some servers have it
      {R"("3600")", "3600000"},
      {R"("0")", "0"},
      {R"("00060")", "60000"},
      {R"("99999999999999999999999999")", "316224000000"},
      // none was given
      {"null", "never"},
      // no number of seconds
      {"3600.5", no_number},
      {"0.1", no_number},
      {"1e400", no_number},
      {"1e-1", no_number},
      {R"("abc")", no_number},
      {R"("")", no_number},
      {R"("-1")", no_number},
      {R"("3600.0")", no_number},
      {R"(" 3600")", no_number},
      {R"("3600s")", no_number},
      {R"("0x10")", no_number},
      {"true", no_number},
      {"[3600]", no_number},
      {R"({"seconds":3600})", no_number},
  };
  BOOST_TEST(most == "316224000000");
  for (auto const& c : cases) BOOST_TEST_CONTEXT(c.json) {
      BOOST_TEST(life(c.json) == c.life);
    }
}

BOOST_AUTO_TEST_CASE(no_clock_makes_an_expiry_overflow) {
  for (std::int64_t const at : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX - 1, INT64_MAX}) {
    auto const got =
        read(200, R"({"access_token":"t","token_type":"Bearer","expires_in":9223372036854775807})", {at});
    BOOST_REQUIRE(got);
    BOOST_TEST(got->expires.ms == (at > INT64_MAX - longest ? INT64_MAX : at + longest));
  }
}

// It may have given something: what was sent for it may be used up.
BOOST_AUTO_TEST_CASE(an_answer_that_says_nothing_is_as_good_as_none) {
  struct {
    std::string_view body, refusal;
  } const cases[] = {
      {"", "is no JSON"},
      {"   ", "is no JSON"},
      {"<html><body>Sign in</body></html>", "is no JSON"},
      {"access_token=t&token_type=bearer", "is no JSON"},
      {R"({"access_token":"t","token_type":"Bearer")", "is no JSON"},
      {R"({"access_token":"t","token_type":"Bearer"} x)", "is no JSON"},
      {R"({"access_token":"t","access_token":"u","token_type":"Bearer"})", "is no JSON"},
      {R"({"access_token":"t","token_type":"Bearer","a":{"b":1,"b":2}})", "is no JSON"},
      {"\xef\xbb\xbf{\"access_token\":\"t\",\"token_type\":\"Bearer\"}", "is no JSON"},
      {"{\"access_token\":\"\xff\",\"token_type\":\"Bearer\"}", "is no JSON"},
      {R"({"access_token":"a\u0000b","token_type":"Bearer"})", "is no JSON"},
      {"[]", "is no JSON object"},
      {"null", "is no JSON object"},
      {R"("access_token")", "is no JSON object"},
      {"{}", "holds no access_token"},
      {R"({"token_type":"Bearer"})", "holds no access_token"},
      {R"({"access_token":"","token_type":"Bearer"})", "holds no access_token"},
      {R"({"access_token":null,"token_type":"Bearer"})", "holds no access_token"},
      {R"({"access_token":7,"token_type":"Bearer"})", "holds no access_token"},
      {R"({"data":{"access_token":"t","token_type":"Bearer"}})", "holds no access_token"},
      {R"({"access_token":"t"})", "holds no token_type"},
      {R"({"access_token":"t","token_type":""})", "holds no token_type"},
      {R"({"access_token":"t","token_type":["Bearer"]})", "holds no token_type"},
  };
  for (auto const& c : cases)
    BOOST_TEST(refusal(c.body) == "unanswered: oauth: the token endpoint's answer " + std::string(c.refusal));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += '[';
  BOOST_TEST(refusal(deep) == "unanswered: oauth: the token endpoint's answer is no JSON");
  BOOST_TEST(refusal(R"({"error":"invalid_grant"})") ==
             "transient: oauth: the token endpoint answered 200 with the error invalid_grant");
  BOOST_TEST(
      refusal(R"({"error":"x y","access_token":"t","token_type":"Bearer"})") ==
      "transient: oauth: the token endpoint answered 200 with the error an error code that is not shown");
}

BOOST_AUTO_TEST_CASE(each_status_means_what_it_may_mean) {
  constexpr auto error = R"({"error":"invalid_grant"})"sv;
  for (int status = 100; status < 600; ++status) {
    if (status == 200) continue;
    auto const expected = status == 400 || status == 401                    ? cs::errc::rejected
                          : status == 408 || status == 429 || status >= 500 ? cs::errc::transient
                          : status >= 200 && status < 300                   ? cs::errc::unanswered
                                                                            : cs::errc::fatal;
    for (auto const body :
         {error, ""sv, "<html>busy</html>"sv, R"({"error":7})"sv, R"({"error":""})"sv,
          R"(["invalid_grant"])"sv, R"("invalid_grant")"sv,
          R"({"error":"invalid_grant","error":"invalid_grant"})"sv, R"({"error":"invalid_grant"}x)"sv,
          R"({"errors":{"error":"invalid_grant"}})"sv, R"({"error":"INVALID_GRANT"})"sv}) {
      auto const got = read(status, body);
      BOOST_REQUIRE(!got);
      // Only a parsed invalid_grant ends a grant.
      auto const code = expected == cs::errc::rejected && body != error ? cs::errc::fatal : expected;
      BOOST_TEST_CONTEXT(status << " " << body) {
        BOOST_TEST(cs::name(got.error().code()) == cs::name(code));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_error_says_what_to_do) {
  struct {
    int status;
    std::string_view code, refusal;
  } const cases[] = {
      {400, "invalid_grant", "rejected: oauth: the token endpoint answered 400, invalid_grant"},
      {401, "invalid_client",
       "unknown_client: oauth: the token endpoint answered 401, invalid_client; check client id and secret"},
      {400, "invalid_scope",
       "fatal: oauth: the token endpoint answered 400, invalid_scope; check the scope that is asked for"},
      {400, "unsupported_grant_type",
       "fatal: oauth: the token endpoint answered 400, unsupported_grant_type"},
      {403, "access_denied", "fatal: oauth: the token endpoint answered 403, access_denied"},
      {400, "temporarily_unavailable",
       "transient: oauth: the token endpoint answered 400; it may serve later"},
      {400, "server_error", "transient: oauth: the token endpoint answered 400; it may serve later"},
      {403, "invalid_client",
       "fatal: oauth: the token endpoint answered 403, invalid_client; check client id and secret"},
      {503, "invalid_client", "transient: oauth: the token endpoint answered 503; it may serve later"},
      {302, "invalid_client",
       "fatal: oauth: the token endpoint answered 302, a redirect, which is not followed: secrets would go "
       "along; configure its final URL"},
  };
  for (auto const& c : cases)
    BOOST_TEST(refusal(c.status, "{\"error\":\"" + std::string(c.code) + "\"}") == c.refusal);
  BOOST_TEST(refusal(404, "") ==
             "fatal: oauth: the token endpoint answered 404 without an OAuth error; check its URL");
  BOOST_TEST(refusal(201, R"({"access_token":"t","token_type":"Bearer"})") ==
             "unanswered: oauth: the token endpoint answered 201 without an OAuth error; check its URL");
}

// What was sent may come back as an error code; only words are repeated.
BOOST_AUTO_TEST_CASE(a_hostile_error_code_is_not_shown) {
  constexpr auto hidden = "an error code that is not shown"sv;
  for (int status : {200, 400, 401, 403}) {
    auto const shows = [&](std::string_view code) {
      return refusal(status, "{\"error\":\"" + std::string(code) + "\"}").find(hidden) == std::string::npos;
    };
    for (auto const code : {R"(a\r\nSet-Cookie: b)", R"(a\u001b[2J)", "gX1fBat3bV", "s3cret", "a b", "a.b",
                            "a-b", R"(\u00e9)", R"(a\"b)", "ABC"})
      BOOST_TEST(!shows(code));
    BOOST_TEST(shows(std::string(oauth::detail::max_shown_error_code, 'a')));
    BOOST_TEST(!shows(std::string(oauth::detail::max_shown_error_code + 1, 'a')));
    BOOST_TEST(shows("invalid_client"));
  }
  BOOST_TEST(
      refusal(R"({"error":""})") ==
      "transient: oauth: the token endpoint answered 200 with the error an error code that is not shown");
}

BOOST_AUTO_TEST_CASE(an_answer_is_as_large_as_the_limit_and_no_larger) {
  auto const padded = [](std::size_t size) {
    std::string body = R"({"access_token":"t","token_type":"Bearer"})";
    return body + std::string(size - body.size(), ' ');
  };
  BOOST_TEST(refusal(padded(oauth::max_token_response)) == "");
  BOOST_TEST(refusal(padded(oauth::max_token_response + 1)) ==
             "unanswered: oauth: the token endpoint's answer is too large");
  BOOST_TEST(refusal(400, R"({"error":"invalid_grant"})" + std::string(oauth::max_token_response, ' ')) ==
             "transient: oauth: the token endpoint's answer is too large");
}

BOOST_AUTO_TEST_CASE(no_error_repeats_what_came_along) {
  constexpr auto canary = "c4nary-t0ken"sv;
  auto const c = std::string(canary);
  for (int status : {200, 301, 400, 401, 403, 503})
    for (auto const& body : {
             "{\"error\":\"" + c + "\"}",
             "{\"error\":\"invalid_client\",\"error_description\":\"" + c + "\",\"error_uri\":\"https://" +
                 c + "\"}",
             "{\"access_token\":\"" + c + "\"}",
             "{\"access_token\":\"" + c + "\",\"token_type\":\"Bearer\",\"expires_in\":\"" + c + "\"}",
             "{\"access_token\":\"" + c + "\",\"access_token\":\"" + c + "\"}",
             "{\"" + c + "\":1,\"" + c + "\":2}",
             "{\"access_token\":\"" + c,
             c,
         }) {
      auto const said = refusal(status, body);
      BOOST_TEST(said != "");
      BOOST_TEST(said.find(canary.substr(0, 8)) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(wherever_memory_ends_nothing_is_left_out) {
  if (!fake::heap::is_ours) return;
  // With so many values that they need a block; also of an error, which would else be told as none.
  std::string many = "\"many\":[0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  many += ']';
  struct {
    int status;
    std::string body;
  } const cases[] = {
      {200, R"({"access_token":"t","token_type":"Bearer","refresh_token":"r","scope":"s",)" + many + "}"},
      {400, R"({"error":"invalid_grant",)" + many + "}"},
  };
  for (auto const& c : cases) {
    cs::response plain(c.status, cs::secret(c.body));
    fake::heap::counter const heap;
    BOOST_TEST(oauth::read_token_response(std::move(plain), now).has_value() == (c.status == 200));
    auto const blocks = heap.count();
    BOOST_TEST(blocks > 0);
    for (long block = 0; block < blocks; ++block) {
      cs::response answer(c.status, cs::secret(c.body));
      auto const got = [&] {
        fake::heap::refused_once const refused(block);
        return oauth::read_token_response(std::move(answer), now);
      }();
      BOOST_REQUIRE(!got);
      BOOST_TEST(cs::name(got.error().code()) == cs::name(cs::errc::no_memory));
    }
  }
  auto broken = [] {
    fake::heap::exhausted const none;
    return cs::response(200, cs::secret("no memory for this"));
  }();
  BOOST_TEST((oauth::read_token_response(std::move(broken), now).error().code() == cs::errc::no_memory));
}

BOOST_AUTO_TEST_CASE(tokens_do_not_stay_in_freed_memory) {
  constexpr auto canary = "c4nary-t0ken-0f-th3-answ3r"sv;
  auto body = [&](std::string_view escaped) {
    return cs::secret("{\"access_token\":\"", escaped, canary,
                      "\",\"token_type\":\"Bearer\",\"refresh_token\":\"", canary, "\"}");
  };
  fake::heap::watch const watch(canary);
  for (auto const escaped : {""sv, "\\u0041\\n"sv}) {
    cs::response answer(200, body(escaped));
    auto const got = oauth::read_token_response(std::move(answer), now);
    BOOST_REQUIRE(got);
    auto copy = *got;
    auto const moved = std::move(copy);
    BOOST_TEST(moved.access.value.size() > canary.size() - 1);
  }
  for (int status : {200, 400})
    BOOST_TEST(
        !oauth::read_token_response(cs::response(status, cs::secret("{\"a\":\"", canary)), now).has_value());
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_CASE(of_a_refresh_token_invalid_request_asks_for_a_person_and_nothing_else_differs) {
  struct {
    int status;
    std::string_view body;
  } const rows[] = {{200, R"({"access_token":"t","token_type":"Bearer"})"},
                    {200, "<html>"},
                    {400, R"({"error":"invalid_grant"})"},
                    {400, R"({"error":"invalid_scope"})"},
                    {400, R"({"error_description":"invalid_request"})"},
                    {400, "invalid_request"},
                    {401, R"({"error":"invalid_request"})"},
                    {404, R"({"error":"invalid_request"})"},
                    {500, R"({"error":"invalid_request"})"},
                    {302, R"({"error":"invalid_request"})"}};
  auto const told = [](cs::result<oauth::token_response> const& got) {
    return got ? std::string("given") : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  };
  for (auto const& row : rows)
    BOOST_TEST(told(oauth::read_refresh_response(cs::response(row.status, cs::secret(row.body)), {})) ==
               told(oauth::read_token_response(cs::response(row.status, cs::secret(row.body)), {})));
  BOOST_TEST(told(oauth::read_refresh_response(cs::response(400, cs::secret(R"({"error":"invalid_request"})")), {})) ==
             "needs_person: oauth: the token endpoint answered 400, invalid_request");
}

BOOST_AUTO_TEST_SUITE_END()
