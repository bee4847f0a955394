#include <countersign/mcp/configured.hpp>

#include <countersign/mcp/config.hpp>
#include <countersign/text/base64.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>
#include <fake/sources.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

static_assert(cs::remote_source<mcp::configured> && cs::is_offline<mcp::configured>);
static_assert(cs::is_renewable<mcp::configured>);

namespace {

mcp::config parsed(std::string_view rest) {
  auto const text = R"({"api":{"type":"http","url":"https://h/mcp",)" + std::string(rest) + "}}";
  auto config = mcp::config::parse(cs::secret(text), "/c/f.json");
  BOOST_REQUIRE_MESSAGE(config, config.error().message());
  return std::move(*config);
}

cs::result<cs::issued<mcp::server_credential>> acquire(std::string_view rest, fake::world& world) {
  auto const config = parsed(rest);
  mcp::configured const source(*config.find("api"), world.context());
  mcp::configured::memory kept;
  return fake::ask(source, world.context(), kept);
}

std::string text_of(cs::result<cs::issued<mcp::server_credential>> const& got) {
  if (!got) return std::string(got.error().message());
  std::string all;
  got->credential.fields.each(
      [&](std::string_view n, std::string_view v) { all += std::string(n) + ": " + std::string(v) + ";"; });
  return all;
}

// "Name: value;" of each field, or the error.
std::string headers(std::string_view rest, std::string_view value = "") {
  fake::world world;
  world.variables["T"] = value;
  world.variables["USER"] = "Aladdin";
  world.variables["PASSWORD"] = "open sesame";
  return text_of(acquire(rest, world));
}

// The claims of a token, not verified.
std::string claims_of(std::string_view token) {
  auto const first = token.find('.'), second = token.find('.', first + 1);
  auto const claims = cs::decode_base64(token.substr(first + 1, second - first - 1), cs::base64::url);
  return claims ? std::string(claims->reveal()) : "no token";
}

constexpr std::string_view jwt_entry =
    R"("auth":{"type":"jwt","algorithm":"HS256","key":"${JWT_KEY}","claims":{"iss":"${WHO}","aud":["a","b"],"n":1.50},"ttl":60})";

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_configured)

BOOST_AUTO_TEST_CASE(headers_come_in_the_order_of_the_file_with_variables_expanded) {
  BOOST_TEST(headers(R"("headers":{"X-API-Key":"${T}","X-Tenant":"acme","X-Zone":"${NONE:-eu}-1"})", "k1") ==
             "X-API-Key: k1;X-Tenant: acme;X-Zone: eu-1;");
  BOOST_TEST(headers(R"("headers":{"Authorization":"Bearer ${T}"})", "abc.def") ==
             "Authorization: Bearer abc.def;");
  BOOST_TEST(headers(R"("headers":{"X":"$T ${1} ${T:-}"})", "v").starts_with("server \"api\": headers.X: "));
  BOOST_TEST(headers(R"("headers":{"X":"$T"})", "v") == "X: $T;");
  BOOST_TEST(headers("\"headers\":{}") == "");
}

// What looks like a variable inside a value is a value.
BOOST_AUTO_TEST_CASE(values_are_not_expanded_again) {
  BOOST_TEST(headers(R"("headers":{"X":"${T}"})", "${PASSWORD}") == "X: ${PASSWORD};");
}

// RFC 7617 §2: the example of the RFC.
BOOST_AUTO_TEST_CASE(auth_basic_adds_authorization) {
  BOOST_TEST(
      headers(R"("headers":{"X":"y"},"auth":{"type":"basic","user":"${USER}","password":"${PASSWORD}"})") ==
      "X: y;Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==;");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_credential_is_told_with_server_field_and_variable) {
  struct {
    std::string_view rest, value, error;
  } const table[] = {
      {R"("headers":{"Authorization":"Bearer ${NONE}"})", "",
       "server \"api\": headers.Authorization: variable NONE is not set; set it, or give a default: "
       "${NONE:-…}"},
      {R"("headers":{"X-A":"v","X-B":"${NONE}"})", "",
       "server \"api\": headers.X-B: variable NONE is not set; set it, or give a default: ${NONE:-…}"},
      {R"("headers":{"X-Key":"${T}"})", "",
       "server \"api\": headers.X-Key: variable T is set but empty; give it a value, or allow it: ${T:-}"},
      {R"("headers":{"X-Key":"${T}"})", "abc\n",
       "server \"api\": headers.X-Key: variable T holds a line end, which no header can carry; set it "
       "without"},
      {R"("headers":{"X-Key":"${T}"})", "a\r\nX-Evil: 1",
       "server \"api\": headers.X-Key: variable T holds a line end, which no header can carry; set it "
       "without"},
      {R"("headers":{"X-Key":"${T}"})",
       "a\x01"
       "b",
       "server \"api\": headers.X-Key: variable T holds a control byte, which no header can carry; set it "
       "without"},
      {R"("headers":{"X-Key":"${T}"})", " abc",
       "server \"api\": headers.X-Key: the value holds a control byte, or begins or ends with a blank"},
      {R"("headers":{"X-Key":"a\nb"})", "",
       "server \"api\": headers.X-Key: the value holds a control byte, or begins or ends with a blank"},
      {R"("headers":{"X-Key":"${API-KEY}"})", "",
       "server \"api\": headers.X-Key: \"${\" stands here, but no variable; write ${NAME} or "
       "${NAME:-default}"},
      {R"("headers":{"X-Key":"${NONE:-${T}}"})", "v",
       "server \"api\": headers.X-Key: variable NONE: its default holds \"${\"; a default is plain text"},
      {R"("headers":{"X-Key":"${v%x}"})", "",
       "server \"api\": headers.X-Key: \"${\" stands here, but no variable; write ${NAME} or "
       "${NAME:-default}"},
      {R"("headers":{"authorization":"Bearer ${T:-}"})", "",
       "server \"api\": headers.authorization: bearer: the token is empty"},
      {R"("headers":{"Authorization":"Bearer "})", "",
       "server \"api\": headers.Authorization: bearer: the token is empty"},
      {R"("headers":{"Authorization":"Bearer"})", "",
       "server \"api\": headers.Authorization: bearer: the token is empty"},
      {R"("headers":{"Authorization":"Bearer ${T}"})", "Bearer abc",
       "server \"api\": headers.Authorization: bearer: the token already begins with \"Bearer \"; give the "
       "token alone, the "
       "scheme is added here"},
      {R"("headers":{"Authorization":"bearer ${T}"})", "a b",
       "server \"api\": headers.Authorization: bearer: the token holds a byte that no bearer token has (RFC "
       "6750: letters, "
       "digits, -._~+/ and = at its end); look for a stray blank, quote or line end"},
      {R"("headers":{"Authorization":"Basic ${T}"})", "user:password",
       "server \"api\": headers.Authorization: Basic is followed by the base64 of user:password; \"auth\": "
       "{\"type\": "
       "\"basic\", …} makes it of the two"},
      {R"("auth":{"type":"basic","user":"u","password":"${NONE}"})", "",
       "server \"api\": auth.password: variable NONE is not set; set it, or give a default: ${NONE:-…}"},
      {R"("auth":{"type":"basic","user":"${T}","password":"p"})", "",
       "server \"api\": auth.user: variable T is set but empty; give it a value, or allow it: ${T:-}"},
      {R"("auth":{"type":"basic","user":"${T}","password":"p"})", "a:b",
       "server \"api\": auth: basic: the user id holds a colon, which RFC 7617 does not allow; the password "
       "may"},
      {R"("auth":{"type":"basic","user":"${x-y}","password":"p"})", "",
       "server \"api\": auth.user: \"${\" stands here, but no variable; write ${NAME} or ${NAME:-default}"},
      {R"("auth":{"type":"digest","user":"u","password":"${NONE}"})", "",
       "server \"api\": auth.password: variable NONE is not set; set it, or give a default: ${NONE:-…}"},
      {R"("auth":{"type":"digest","user":"${T}","password":"p"})", "a:b",
       "server \"api\": auth: digest: the user name holds a colon, which ends it for the server; the password may hold one"},
      {R"("auth":{"type":"digest","user":"u","password":"${T}"})", "p\n",
       "server \"api\": auth.password: variable T holds a line end, which no header can carry; set it without"},
      {R"("oauth":{})", "", "server \"api\": oauth: somebody has to sign in for it; open the server with a store"},
      {R"("auth":{"type":"sigv4","region":"r","service":"s","accessKeyId":"i","secretAccessKey":"${NONE}"})", "",
       "server \"api\": auth.secretAccessKey: variable NONE is not set; set it, or give a default: ${NONE:-…}"},
      {R"("auth":{"type":"sigv4","region":"r","service":"s","accessKeyId":"${T}","secretAccessKey":"k"})", "",
       "server \"api\": auth.accessKeyId: variable T is set but empty; give it a value, or allow it: ${T:-}"},
      {R"("auth":{"type":"sigv4","region":"r","service":"s","accessKeyId":"i","secretAccessKey":"k","sessionToken":"${NONE}"})", "",
       "server \"api\": auth.sessionToken: variable NONE is not set; set it, or give a default: ${NONE:-…}"},
      {R"("auth":{"type":"http_signature","key":"${NONE}"})", "",
       "server \"api\": auth.key: variable NONE is not set; set it, or give a default: ${NONE:-…}"},
      {R"("auth":{"type":"http_signature","key":"k","keyId":"${T}"})", "",
       "server \"api\": auth.keyId: variable T is set but empty; give it a value, or allow it: ${T:-}"},
      {R"("auth":{"type":"http_signature","keyFile":"gone.key"})", "",
       "server \"api\": auth.keyFile: file: there is no file /c/gone.key; create it with mode 600"},
      {R"("auth":{"type":"http_signature","algorithm":"ed25519","keyFile":"gone.pem"})", "",
       "server \"api\": auth.algorithm: this program has nothing that reads private keys"},
  };
  for (auto const& row : table)
    BOOST_TEST(headers(row.rest, row.value) == row.error, row.rest << " " << headers(row.rest, row.value));
}

// RFC 9110 §5.5, every byte: it passes or it is an error, and it is never stripped.
BOOST_AUTO_TEST_CASE(every_byte_of_a_variable_passes_whole_or_not_at_all) {
  for (int byte = 1; byte < 256; ++byte) {
    std::string const value = std::string("a") + static_cast<char>(byte) + "b";
    auto const got = headers(R"("headers":{"X":"${T}"})", value);
    bool const allowed = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    BOOST_TEST((got == "X: " + value + ";") == allowed, byte);
    BOOST_TEST(got.starts_with("server \"api\": headers.X: ") != allowed, byte);
  }
}

BOOST_AUTO_TEST_CASE(an_expanded_value_has_a_limit) {
  auto const of = [](std::size_t size) {
    return headers(R"("headers":{"X":"${T}"})", std::string(size, 'v'));
  };
  BOOST_TEST(of(cs::max_field_value).size() == cs::max_field_value + 4);
  BOOST_TEST(of(cs::max_field_value + 1) ==
             "server \"api\": headers.X: longer than 131072 bytes once expanded");
}

BOOST_AUTO_TEST_CASE(an_unset_variable_is_not_mine_so_that_a_chain_goes_on) {
  fake::world world;
  auto const got = acquire(R"("headers":{"X":"${NONE}"})", world);
  BOOST_REQUIRE(!got);
  BOOST_TEST(name(got.error().code()) == name(cs::errc::not_mine));
}

BOOST_AUTO_TEST_CASE(a_token_is_minted_with_the_expanded_claims_and_anew_each_time) {
  fake::world world;
  world.variables = {{"JWT_KEY", "0123456789abcdef0123456789abcdef"}, {"WHO", "ci \"quoted\""}};
  auto const config = parsed(jwt_entry);
  mcp::configured const source(*config.find("api"), world.context());
  mcp::configured::memory kept;
  auto const first = fake::ask(source, world.context(), kept);
  BOOST_REQUIRE_MESSAGE(first, first.error().message());
  auto const value = std::string(first->credential.fields.get("Authorization").value_or(""));
  BOOST_REQUIRE(value.starts_with("Bearer "));
  auto const claims = claims_of(value.substr(7));
  BOOST_TEST(claims.find(R"("iss":"ci \"quoted\"")") != std::string::npos, claims);
  BOOST_TEST(claims.find(R"("aud":["a","b"])") != std::string::npos, claims);
  BOOST_TEST(claims.find(R"("n":1.50)") != std::string::npos, claims);
  BOOST_TEST(claims.find(R"("exp":1000000060)") != std::string::npos, claims);
  BOOST_TEST(claims.find(R"("jti":")") != std::string::npos, claims);
  BOOST_TEST((first->expires == world.now().wall + cs::seconds(60)));
  world.advance(cs::seconds(50));
  world.variables["WHO"] = "another";  // was read when it was built
  auto const second = fake::ask(source, world.context(), kept, cs::why::due);
  BOOST_REQUIRE(second);
  auto const next = claims_of(second->credential.fields.get("Authorization")->substr(7));
  BOOST_TEST(next.find(R"("exp":1000000110)") != std::string::npos, next);
  BOOST_TEST(next.find("quoted") != std::string::npos, next);
}

BOOST_AUTO_TEST_CASE(a_token_may_stand_in_another_header_and_its_key_in_a_file) {
  fake::world world;
  world.files["/c/key"] = "0123456789abcdef0123456789abcdef\n";
  auto const got = text_of(acquire(
      R"("auth":[{"type":"jwt","algorithm":"HS256","keyFile":"key","claims":{"jti":"one"},"header":"X-Jwt"},)"
      R"({"type":"jwt","algorithm":"HS256","keyFile":"/c/key","claims":{},"header":"X-Other","prefix":"JWT "}])", world));
  BOOST_TEST(got.starts_with("X-Jwt: eyJ"), got);
  BOOST_TEST(got.find("X-Other: JWT eyJ") != std::string::npos, got);
  BOOST_TEST(claims_of(got.substr(7)).find(R"("jti":"one")") != std::string::npos, got);
}

BOOST_AUTO_TEST_CASE(as_many_tokens_as_the_limit_and_no_more) {
  auto const of = [](std::size_t count) {
    std::string entries;
    for (std::size_t i = 0; i < count; ++i)
      entries += (i > 0 ? "," : "") + std::string(R"({"type":"jwt","algorithm":"HS256","key":"0123456789abcdef0123456789abcdef","claims":{},"header":"X-)") + std::to_string(i) + "\"}";
    return headers("\"auth\":[" + entries + "]");
  };
  BOOST_TEST(of(mcp::max_minted).find("X-3: ey") != std::string::npos);
  BOOST_TEST(of(mcp::max_minted + 1) == "server \"api\": auth: more than 4 of type jwt");
}

BOOST_AUTO_TEST_CASE(what_a_program_prints_takes_the_place_of_headers_of_that_name) {
  fake::world world;
  world.programs = [](cs::command const&) -> cs::result<cs::command_output> {
    return cs::command_output{0, cs::secret(R"({"Authorization":"Bearer printed","x-b":"2"})")};
  };
  BOOST_TEST(text_of(acquire(R"("headers":{"X-A":"1","X-B":"b"},"headersHelper":"get")", world)) ==
             "X-A: 1;Authorization: Bearer printed;x-b: 2;");
}

BOOST_AUTO_TEST_CASE(the_program_runs_first_and_after_a_refusal_and_not_for_a_token_that_is_due) {
  fake::world world;
  world.variables = {{"JWT_KEY", "0123456789abcdef0123456789abcdef"}, {"WHO", "ci"}};
  world.programs = [n = 0](cs::command const&) mutable -> cs::result<cs::command_output> {
    return cs::command_output{0, cs::secret(R"({"X-N":")" + std::to_string(++n) + "\"}")};
  };
  auto const config = parsed(R"("headersHelper":"get",)" + std::string(jwt_entry));
  mcp::configured const source(*config.find("api"), world.context());
  mcp::configured::memory kept;
  struct {
    cs::why reason;
    std::string_view printed;
  } const table[] = {{cs::why::first, "1"},   {cs::why::due, "1"},     {cs::why::expired, "1"},
                     {cs::why::refused, "2"}, {cs::why::first, "2"}, {cs::why::insufficient_scope, "3"}};
  for (auto const& [reason, printed] : table) {
    auto const got = fake::ask(source, world.context(), kept, reason);
    BOOST_REQUIRE_MESSAGE(got, got.error().message());
    BOOST_TEST(got->credential.fields.get("X-N").value_or("") == printed, name(reason));
  }
}

BOOST_AUTO_TEST_CASE(what_a_program_does_wrong_is_told_without_its_output) {
  struct {
    int status;
    std::string_view out, error;
  } const table[] = {
      {0, "canary", "server \"api\": headersHelper: program /bin/sh: its output: "},
      {0, R"({"X-A":7})", "server \"api\": headersHelper: program /bin/sh: X-A: "},
      {0, "{\"X-A\":\"canary\\r\\nX-B: 1\"}", "server \"api\": headersHelper: program /bin/sh: X-A: the value holds a line end"},
      {0, "", "server \"api\": headersHelper: program /bin/sh: it printed nothing"},
      {1, "canary", "server \"api\": headersHelper: program /bin/sh: exit status 1"},
      {127, "", "server \"api\": headersHelper: program /bin/sh: exit status 127"},
  };
  for (auto const& row : table) {
    fake::world world;
    world.programs = [&](cs::command const&) -> cs::result<cs::command_output> {
      return cs::command_output{row.status, cs::secret(row.out)};
    };
    auto const got = text_of(acquire(R"("headersHelper":"get")", world));
    BOOST_TEST(got.starts_with(row.error), got);
    BOOST_TEST(got.find("canary") == std::string::npos, got);
  }
}

BOOST_AUTO_TEST_CASE(no_error_repeats_what_a_variable_holds) {
  for (std::string_view const rest :
       {R"("headers":{"X":"${T}"})", R"("headers":{"Authorization":"Bearer ${T}"})",
        R"("headers":{"Authorization":"Basic ${T}"})",
        R"("auth":{"type":"basic","user":"${T}","password":"p"})"}) {
    auto const got = headers(rest, "canary-7f3a:\x02 \xff");
    BOOST_TEST(got.starts_with("server \"api\""), got);
    BOOST_TEST(got.find("canary") == std::string::npos, got);
  }
}

BOOST_AUTO_TEST_SUITE_END()
