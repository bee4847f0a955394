#include <countersign/inspect/diagnose.hpp>

#include <countersign/core/message.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/hex.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/entry.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

constexpr std::string_view token = "sk-canary-7f3a9b41";
constexpr std::string_view bearer =
    R"("url":"https://h/mcp","headers":{"Authorization":"Bearer ${API_TOKEN}"})";
constexpr cs::wall_time now{1'000'000'000'000};

// A token that is signed by nobody and ends at `exp`.
std::string jwt(std::string_view exp) {
  cs::secret text;
  cs::append_base64(text, R"({"alg":"none"})", cs::base64::url).append(".");
  cs::append_base64(text, "{\"exp\":" + std::string(exp) + "}", cs::base64::url).append(".c2ln");
  return std::string(text.reveal());
}

struct exchange {
  std::string_view entry = bearer;
  std::string_view name = "Authorization", value = "Bearer sk-canary-7f3a9b41";
  int status = 401;
  std::string_view challenge = {}, body = {};
};

std::optional<mcp::problem> diagnosed(exchange const& about) {
  fake::entry const api(about.entry);
  cs::fields sent;
  if (!about.name.empty()) sent.append(about.name, about.value);
  cs::response answer(about.status);
  if (!about.challenge.empty()) answer.headers.append("WWW-Authenticate", about.challenge);
  return mcp::diagnose(api.server, sent, answer, about.body, now);
}

std::string all_of(mcp::problem const& one) {
  return std::string(one.message) + "|" + std::string(one.where) + "|" + std::string(one.fix);
}

// "CODE where | message | fix"
std::string shown(std::optional<mcp::problem> const& one) {
  return one ? std::string(name(one->code)) + "|" + all_of(*one) : "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_diagnose)

BOOST_AUTO_TEST_CASE(what_was_taken_is_no_problem) {
  for (int const status : {200, 202, 299}) BOOST_TEST(!diagnosed({.status = status}));
  for (int const status : {199, 300, 401, 500}) BOOST_TEST(bool(diagnosed({.status = status})));
}

BOOST_AUTO_TEST_CASE(each_symptom_has_its_code_its_words_and_its_fix) {
  std::string const expired = "Bearer " + jwt("999992800"), expiring = "Bearer " + jwt("1000000000"),
                    lives = "Bearer " + jwt("1000000001.5");
  constexpr std::string_view open = R"("url":"https://h/mcp")",
                             key = R"("url":"https://h/mcp","headers":{"X-API-Key":"${API_KEY}"})",
                             tenant_header = R"("url":"https://h/mcp","headers":{"Authorization":)"
                                             R"("Bearer ${API_TOKEN}","X-Workspace-ID":"${WORKSPACE_ID}"})",
                             tenant_url = R"("url":"https://${TENANT_ID}.h/mcp","headers":{"Authorization":)"
                                          R"("Bearer ${API_TOKEN}"})",
                             bare = R"("url":"https://h/mcp","headers":{"Authorization":"${API_TOKEN}"})",
                             digest = R"("url":"https://h/mcp","auth":{"type":"digest","user":"u","password":"${P}"})",
                             shell =
                                 R"("url":"https://h/mcp","headers":{"Authorization":"Bearer $API_TOKEN"})",
                             literal =
                                 R"("url":"https://h/mcp","headers":{"Authorization":"Bearer abcdefgh"})",
                             helper = R"("url":"https://h/mcp","headersHelper":"./get")",
                             oauth = R"("url":"https://h/mcp","oauth":{"clientId":"c"})";
  constexpr std::string_view again = "check it, or get a new one, then: export API_TOKEN=…",
                             renew = "get a new one, then: export API_TOKEN=…",
                             grant =
                                 "give the credential's owner the permission; an administrator may have to "
                                 "approve it";
  struct {
    exchange about;
    std::string_view code, message, where, fix;
  } const table[] = {
      // 401: nothing was sent
      {{.entry = open, .name = ""},
       "credential_missing",
       "HTTP 401: the server wants a credential, and none was sent",
       "headers",
       "give the entry one: \"headers\": {\"Authorization\": \"Bearer ${API_TOKEN}\"}, then: export "
       "API_TOKEN=…"},
      {{.entry = open, .name = "", .challenge = "Basic realm=\"x\""},
       "credential_missing",
       "HTTP 401: the server wants a credential (Basic), and none was sent",
       "headers",
       "give the entry one: \"headers\": {\"Authorization\": \"Bearer ${API_TOKEN}\"}, then: export "
       "API_TOKEN=…"},
      {{.entry = open, .name = "", .challenge = "Bearer resource_metadata=\"https://h/.well-known\""},
       "credential_missing",
       "HTTP 401: the server wants a credential (Bearer), and none was sent",
       "headers",
       "sign in: countersign login api; or give the entry a token of its own"},
      {{.entry = open, .name = "X-Tenant-ID", .value = "acme", .status = 403},
       "credential_missing",
       "HTTP 403: the server wants a credential, and none was sent",
       "headers",
       "give the entry one: \"headers\": {\"Authorization\": \"Bearer ${API_TOKEN}\"}, then: export "
       "API_TOKEN=…"},
      // 401: written wrongly
      {{.entry = bare, .value = token},
       "wrong_format",
       "HTTP 401: no scheme stands before the credential in Authorization",
       "headers.Authorization",
       "write \"Bearer \" before it: \"Authorization\": \"Bearer ${API_TOKEN}\""},
      {{.value = "Bearer Bearer sk-canary-7f3a9b41"},
       "wrong_format",
       "HTTP 401: the scheme stands twice: in the config and in the variable",
       "headers.Authorization",
       "set the variable to the token alone, without the scheme"},
      {{.value = "Bearer \"sk-canary-7f3a9b41\""},
       "wrong_format",
       "HTTP 401: the credential stands in quotes, which are sent too",
       "headers.Authorization",
       "set the variable without the quotes"},
      {{.value = "Bearer: sk-canary-7f3a9b41"},
       "wrong_format",
       "HTTP 401: a colon stands behind the scheme",
       "headers.Authorization",
       "write \"Authorization\": \"Bearer ${API_TOKEN}\""},
      {{.value = "Bearer your-token"},
       "wrong_format",
       "HTTP 401: the credential is a placeholder out of a manual",
       "headers.Authorization",
       "put the real one in its place"},
      {{.entry = shell, .value = "Bearer $API_TOKEN"},
       "wrong_format",
       "HTTP 401: $API_TOKEN is sent as it stands: in a config a variable needs braces",
       "headers.Authorization",
       "write ${API_TOKEN}"},
      {{.challenge = "Basic realm=\"x\", HOBA challenge=\"n\""},
       "wrong_format",
       "HTTP 401: the server wants Authorization: Basic or HOBA …, and Bearer was sent",
       "headers.Authorization",
       "write \"Authorization\": \"Basic or HOBA …\" as the server's manual says"},
      // 401: Digest
      {{.entry = open, .name = "", .challenge = "Digest realm=\"x\", nonce=\"n\""},
       "credential_missing",
       "HTTP 401: the server wants a credential (Digest), and none was sent",
       "headers",
       "write \"auth\": {\"type\": \"digest\", \"user\": \"${USER_NAME}\", \"password\": \"${PASSWORD}\"}, then: export "
       "USER_NAME=… PASSWORD=…"},
      {{.challenge = "Basic realm=\"x\", Digest nonce=\"n\""},
       "wrong_format",
       "HTTP 401: the server wants Authorization: Basic or Digest …, and Bearer was sent",
       "headers.Authorization",
       "write \"auth\": {\"type\": \"digest\", \"user\": \"${USER_NAME}\", \"password\": \"${PASSWORD}\"}, then: export "
       "USER_NAME=… PASSWORD=…"},
      {{.entry = key, .name = "X-API-Key", .value = token, .challenge = "Digest realm=\"x\", nonce=\"n\""},
       "wrong_format",
       "HTTP 401: the server wants Authorization: Digest …, and none was sent; another header was",
       "headers.X-API-Key",
       "write \"auth\": {\"type\": \"digest\", \"user\": \"${USER_NAME}\", \"password\": \"${PASSWORD}\"}, then: export "
       "USER_NAME=… PASSWORD=…"},
      {{.entry = digest, .name = "", .challenge = "Digest realm=\"x\", nonce=\"n\", algorithm=SHA-1"},
       "wrong_format",
       "HTTP 401: digest: the server wants algorithm \"SHA-1\", which is not known here; known are MD5, SHA-256, SHA-512-256 and their -sess",
       "auth",
       "give the entry what the server asks for, or mend the server"},
      {{.entry = digest, .value = "Digest username=\"u\"", .challenge = "Digest realm=\"x\", nonce=\"n\""},
       "credential_rejected",
       "HTTP 401: the server does not take this credential: it is mistyped, revoked, or another server's",
       "auth.password",
       "check it, or get a new one, then: export P=…"},
      {{.entry = key, .name = "X-API-Key", .value = token, .challenge = "Bearer"},
       "wrong_format",
       "HTTP 401: the server wants Authorization: Bearer …, and none was sent; another header was",
       "headers.X-API-Key",
       "write \"Authorization\": \"Bearer ${API_TOKEN}\""},
      // 401: over
      {{.value = expired},
       "credential_expired",
       "HTTP 401: the credential is a JWT that expired 2 hours ago",
       "headers.Authorization",
       renew},
      {{.value = expiring},
       "credential_expired",
       "HTTP 401: the credential is a JWT that expired 0 minutes ago",
       "headers.Authorization",
       renew},
      {{.challenge = R"(Bearer error="invalid_token", error_description="The access token expired")"},
       "credential_expired",
       "HTTP 401: the server says that the credential has expired",
       "headers.Authorization",
       renew},
      {{.body = R"({"error":{"message":"Token Expired"}})"},
       "credential_expired",
       "HTTP 401: the server says that the credential has expired",
       "headers.Authorization",
       renew},
      {{.entry = helper, .challenge = "Bearer error=\"invalid_token\"", .body = "expired"},
       "credential_expired",
       "HTTP 401: the server says that the credential has expired",
       "headersHelper",
       "run the headersHelper by hand; get a new one where it gets it from"},
      // 401: not taken
      {{},
       "credential_rejected",
       "HTTP 401: the server does not take this credential: it is mistyped, revoked, or another server's",
       "headers.Authorization",
       again},
      {{.value = lives},
       "credential_rejected",
       "HTTP 401: the server does not take this credential: it is mistyped, revoked, or another server's",
       "headers.Authorization",
       again},
      {{.body = "The token is invalid or has expired."},
       "credential_rejected",
       "HTTP 401: the server does not take this credential; it may have expired or been revoked",
       "headers.Authorization",
       again},
      {{.entry = literal},
       "credential_rejected",
       "HTTP 401: the server does not take this credential: it is mistyped, revoked, or another server's",
       "headers.Authorization",
       "check it, or get a new one and keep it in a variable: write ${API_TOKEN} there, then: export "
       "API_TOKEN=…"},
      // 401: good, but
      {{.body = "your token lacks the permission items.write"},
       "permission_missing",
       "HTTP 401: the credential is good, but its owner may not do this",
       "headers.Authorization",
       grant},
      {{.entry = tenant_header, .body = "unknown workspace"},
       "tenant_rejected",
       "HTTP 401: the credential is good, but not for this tenant, workspace or organization",
       "headers.X-Workspace-ID",
       "check its id, then: export WORKSPACE_ID=…; or use a credential that belongs to it"},
      // 403
      {{.status = 403, .challenge = R"(Bearer error="insufficient_scope", scope="files:read files:write")"},
       "scope_missing",
       "HTTP 403: the credential is good, but lacks a scope; asked for: files:read files:write",
       "headers.Authorization",
       "get one with that scope, then: export API_TOKEN=…"},
      {{.entry = oauth, .status = 403, .challenge = R"(Bearer error="insufficient_scope", scope="a")"},
       "scope_missing",
       "HTTP 403: the credential is good, but lacks a scope; asked for: a",
       "oauth.scopes",
       "sign in anew: countersign login api"},
      {{.status = 403, .body = "Missing required scope"},
       "scope_missing",
       "HTTP 403: the credential is good, but lacks a scope",
       "headers.Authorization",
       "get one with that scope, then: export API_TOKEN=…"},
      {{.entry = tenant_header, .status = 403, .body = R"({"error":"wrong_workspace"})"},
       "tenant_rejected",
       "HTTP 403: the credential is good, but not for this tenant, workspace or organization",
       "headers.X-Workspace-ID",
       "check its id, then: export WORKSPACE_ID=…; or use a credential that belongs to it"},
      {{.entry = tenant_url, .status = 403, .body = "Not a member of this ORGANIZATION"},
       "tenant_rejected",
       "HTTP 403: the credential is good, but not for this tenant, workspace or organization",
       "url",
       "check its id, then: export TENANT_ID=…; or use a credential that belongs to it"},
      {{.status = 403, .body = "no tenant given"},
       "tenant_rejected",
       "HTTP 403: the server speaks of a tenant, workspace or organization, and the entry names none",
       "headers",
       "add the header that the server's manual names: \"X-Tenant-ID\": \"${TENANT_ID}\""},
      {{.status = 403, .body = "Waiting for admin approval in your workspace"},
       "permission_missing",
       "HTTP 403: the credential is good, but its owner may not do this; the server speaks of an "
       "administrator's "
       "approval",
       "headers.Authorization",
       grant},
      {{.status = 403, .body = "forbidden"},
       "permission_missing",
       "HTTP 403: the credential is good, but its owner may not do this",
       "headers.Authorization",
       grant},
      {{.entry = tenant_header, .status = 403},
       "permission_missing",
       "HTTP 403: the credential is good, but its owner may not do this",
       "headers.Authorization",
       "give the credential's owner the permission; an administrator may have to approve it; check "
       "WORKSPACE_ID too"},
      {{.status = 403, .body = "token expired"},
       "credential_expired",
       "HTTP 403: the server says that the credential has expired",
       "headers.Authorization",
       renew},
      // neither
      {{.status = 404},
       "unexpected_status",
       "HTTP 404: there is nothing at this path",
       "url",
       "check the path in \"url\": often /mcp, /sse or /"},
      {{.status = 405},
       "unexpected_status",
       "HTTP 405: the server wants another method at this path",
       "url",
       "check \"type\": a server at /sse is \"sse\", one at /mcp is \"http\""},
      {{.status = 307},
       "unexpected_status",
       "HTTP 307: the server sends callers elsewhere, and a credential is not taken there",
       "url",
       "put the address that it gives into \"url\", if you trust it"},
      {{.status = 503},
       "unexpected_status",
       "HTTP 503: the server failed by itself; the credential is not to blame",
       "url",
       "try later, or ask who runs it"},
      {{.status = 418},
       "unexpected_status",
       "HTTP 418: the server answered what nobody expected",
       "url",
       "check \"type\" and \"url\""},
  };
  for (auto const& row : table)
    BOOST_TEST(shown(diagnosed(row.about)) == std::string(row.code) + "|" + std::string(row.message) + "|" +
                                                  std::string(row.where) + "|" + std::string(row.fix));
}

BOOST_AUTO_TEST_CASE(words_that_only_repeat_what_was_sent_decide_nothing) {
  BOOST_TEST(shown(diagnosed({.value = "Bearer expired-tenant-scope",
                              .body = "you sent Bearer expired-tenant-scope"}))
                 .starts_with("credential_rejected"));
  BOOST_TEST(
      shown(diagnosed({.status = 403, .body = "sk-canary-7f3a9b41 tenant"})).starts_with("tenant_rejected"));
}

BOOST_AUTO_TEST_CASE(a_value_without_a_scheme_that_is_repeated_decides_nothing_either) {
  BOOST_TEST(shown(diagnosed({.name = "X-API-Key", .value = "expired-tenant", .body = "expired-tenant?"}))
                 .starts_with("credential_rejected"));
}

BOOST_AUTO_TEST_CASE(only_so_much_of_a_body_is_looked_at) {
  std::string body(mcp::max_diagnosed_body - 7, ' ');
  BOOST_TEST(shown(diagnosed({.body = body + "expired"})).starts_with("credential_expired"));
  BOOST_TEST(shown(diagnosed({.body = body + " expired"})).starts_with("credential_rejected"));
}

BOOST_AUTO_TEST_CASE(a_challenge_that_cannot_be_read_is_none_but_its_words_count) {
  BOOST_TEST(shown(diagnosed({.challenge = "Bearer error=\"invalid_token, the token expired"}))
                 .starts_with("credential_expired"));
}

// A server that wants to know how far it comes puts what it was sent into every place that could be shown.
BOOST_AUTO_TEST_CASE(nothing_of_what_was_sent_is_repeated) {
  cs::secret hex, base64;
  cs::append_hex(hex, token);
  cs::append_base64(base64, token.substr(1, 15));  // no byte of it in line with the whole token's
  for (auto const& said : {std::string(token), std::string(token.substr(4, 10)), std::string(hex.reveal()),
                           std::string(base64.reveal()), "x" + std::string(token.substr(2)),
                           std::string("a\x01"
                                       "b"),
                           std::string(65, 'a')})
    for (int const status : {401, 403, 418}) {
      auto const challenge = "Bearer error=\"insufficient_scope\", scope=\"read " + said +
                             " write\", realm=\"" + said + "\", error_description=\"" + said + "\"";
      auto const scheme = std::string(token) + " realm=\"x\"";
      for (std::string_view const asked : {std::string_view(challenge), std::string_view(scheme)}) {
        auto const one = diagnosed({.status = status, .challenge = asked, .body = said});
        auto const text = shown(one);
        BOOST_TEST(text.find(said.substr(0, 8)) == std::string::npos, text);
        for (std::size_t at = 0; at + 8 <= token.size(); ++at)
          BOOST_TEST(text.find(token.substr(at, 8)) == std::string::npos, text);
      }
    }
  BOOST_TEST(
      shown(diagnosed({.status = 403,
                       .challenge = R"(Bearer error="insufficient_scope", scope="read sk-canary-7 write")"}))
          .find("asked for: read write|") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(scopes_are_shown_within_limits) {
  auto const asked = [](std::string const& scope) {
    return shown(diagnosed(
        {.status = 403, .challenge = "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\""}));
  };
  BOOST_TEST(asked(std::string(64, 'a')).find("asked for: " + std::string(64, 'a') + "|") !=
             std::string::npos);
  BOOST_TEST(asked(std::string(65, 'a')).find("asked for") == std::string::npos);
  std::string const one(49, 'a'), two(50, 'b');
  BOOST_TEST(asked(one + " " + two).find(one + " " + two + "|") != std::string::npos);
  BOOST_TEST(asked(one + " " + two + "b").find(one + "|") != std::string::npos);
  BOOST_TEST(asked("a<b>").find("asked for") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(failures_before_an_answer_have_codes_too) {
  fake::entry const api(bearer), child(R"("command":"c")");
  struct {
    cs::errc code;
    std::string_view expected, where;
  } const table[] = {
      {cs::errc::insecure, "insecure_http", "url"},
      {cs::errc::not_sent, "unreachable", "url"},
      {cs::errc::unanswered, "unreachable", "url"},
      {cs::errc::transient, "unreachable", "url"},
      {cs::errc::bad_field, "wrong_format", "headers.Authorization"},
      {cs::errc::fatal, "invalid_entry", "url"},
  };
  for (auto const& row : table) {
    auto const one = mcp::diagnose(api.server, cs::error{row.code, "what it said"});
    BOOST_TEST(name(one.code) == row.expected);
    BOOST_TEST(one.where.view() == row.where);
    BOOST_TEST(one.message.view() == "what it said");
    BOOST_TEST(!one.fix.empty());
  }
  BOOST_TEST(mcp::diagnose(child.server, cs::error{cs::errc::unanswered, "x"}).where.view() == "command");
}

BOOST_AUTO_TEST_SUITE_END()
