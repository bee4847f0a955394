#include <countersign/mcp/configured.hpp>

#include <countersign/mcp/config.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

static_assert(cs::immediate_source<mcp::configured>);
static_assert(!cs::is_renewable<mcp::configured>);

namespace {

cs::result<cs::header_list> acquire(std::string_view rest, fake::world& world) {
  auto const text = R"({"api":{"type":"http","url":"https://h/mcp",)" + std::string(rest) + "}}";
  auto const config = mcp::config::parse(cs::secret(text), "f.json");
  BOOST_REQUIRE_MESSAGE(config, config.error().message());
  mcp::configured const source(*config->find("api"));
  return source.acquire({}, world.context());
}

// "Name: value;" of each field, or the error.
std::string headers(std::string_view rest, std::string_view value = "") {
  fake::world world;
  world.variables["T"] = value;
  world.variables["USER"] = "Aladdin";
  world.variables["PASSWORD"] = "open sesame";
  auto const got = acquire(rest, world);
  if (!got) return std::string(got.error().message());
  std::string all;
  got->each(
      [&](std::string_view n, std::string_view v) { all += std::string(n) + ": " + std::string(v) + ";"; });
  return all;
}

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
      {R"("headersHelper":"get")", "", "server \"api\": headersHelper: not supported by this version"},
      {R"("oauth":{})", "", "server \"api\": oauth: not supported by this version"},
      {R"("tls":{})", "", "server \"api\": tls: not supported by this version"},
      {R"("auth":{"type":"sigv4"})", "", "server \"api\": auth type sigv4: not supported by this version"},
      {R"("auth":[{"type":"basic","user":"u","password":"p"},{"type":"http_signature"}])", "",
       "server \"api\": auth type http_signature: not supported by this version"},
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
