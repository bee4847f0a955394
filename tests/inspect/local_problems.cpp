#include <countersign/inspect/local_problems.hpp>

#include <countersign/text/base64.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/context.hpp>
#include <fake/entry.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace mcp = countersign::mcp;

namespace {

// All that is found, a line each: "CODE[?]|where|message|fix"; '?' where it is not certain.
std::string found(std::string_view entry, fake::world& world) {
  fake::entry const api(entry);
  std::string all;
  mcp::each_local_problem(api.server, world.context(), [&](mcp::problem const& one) {
    all += std::string(name(one.code)) + (one.certain ? "|" : "?|") + std::string(one.where.view()) + "|" +
           std::string(one.message.view()) + "|" + std::string(one.fix.view()) + "\n";
  });
  return all;
}

std::string jwt(std::string_view exp) {
  cs::secret text;
  cs::append_base64(text, R"({"alg":"none"})", cs::base64::url).append(".");
  cs::append_base64(text, "{\"exp\":" + std::string(exp) + "}", cs::base64::url).append(".c2ln");
  return std::string(text.reveal());
}

constexpr std::string_view bearer = R"("url":"https://h/mcp","headers":{"Authorization":"Bearer ${TOKEN}"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_local_problems)

BOOST_AUTO_TEST_CASE(an_entry_with_everything_in_its_place_has_none) {
  fake::world world;
  world.variables = {
      {"TOKEN", "sk-1"}, {"EMPTY", ""}, {"PATH", "/usr/bin:/bin"}, {"KEY", std::string(32, 'k')}};
  world.files["/bin/server"] = "";
  world.files["./tool"] = "";
  for (std::string_view const entry : {
           bearer,
           std::string_view(R"("url":"https://h/${P:-mcp}")"),
           std::string_view(R"("url":"http://h/mcp")"),
           std::string_view(R"("url":"http://127.0.0.1:1/mcp","headers":{"X-Key":"${TOKEN}"})"),
           std::string_view(R"("url":"http://h/mcp","allowHttp":true,"headers":{"X-Key":"${TOKEN}"})"),
           std::string_view(R"("url":"https://h","headers":{"X-Key":"${EMPTY:-}"})"),
           std::string_view(R"("url":"https://h","auth":{"type":"basic","user":"u","password":"${TOKEN}"})"),
           std::string_view(R"("command":"server","env":{"A":"${EMPTY}"})"),
           std::string_view(R"("command":"./tool")"),
       })
    BOOST_TEST(found(entry, world) == "");
}

BOOST_AUTO_TEST_CASE(each_mistake_is_named_with_its_place_and_its_fix) {
  fake::world world;
  world.variables = {{"TOKEN", "sk-1"},
                     {"EMPTY", ""},
                     {"PATH", "/usr/bin:/bin"},
                     {"LINE", "sk-1\n"},
                     {"TWICE", "Bearer sk-1"},
                     {"QUOTED", "'sk-1'"},
                     {"MANUAL", "your-secret-token-here"},
                     {"SLASH", "evil/"},
                     {"JWT", jwt("999900000")},
                     {"LIVES", jwt("1000000001")}};
  struct {
    std::string_view entry, expected;
  } const table[] = {
      {R"("url":"https://h/mcp","headers":{"Authorization":"Bearer ${API_TOKEN}"})",
       "variable_missing|headers.Authorization|variable API_TOKEN is not set|export API_TOKEN=…\n"},
      {R"("url":"https://${T}.h/mcp","headers":{"A":"${U}${T}","B":"${U}${V:-x}${V}"})",
       "variable_missing|url|variable T is not set|export T=…\n"
       "variable_missing|headers.A|variable U is not set|export U=…\n"
       "variable_missing|headers.B|variable V is not set|export V=…\n"},
      {R"("url":"https://h","headers":{"X-API-Key":"${EMPTY}"})",
       "variable_empty|headers.X-API-Key|variable EMPTY is set, but empty|export EMPTY=…\n"},
      {R"("url":"https://h","auth":[{"type":"basic","user":"u","password":"${W}"}])",
       "variable_missing|auth.password|variable W is not set|export W=…\n"},
      {R"("command":"c","args":["-x","${A}"],"env":{"DB_PASSWORD":"${DB_PASSWORD}"})",
       "variable_missing|args[1]|variable A is not set|export A=…\n"
       "variable_missing|env.DB_PASSWORD|variable DB_PASSWORD is not set|export DB_PASSWORD=…\n"},
      {R"("url":"https://h","headersHelper":["get","${A}"])",
       "variable_missing|headersHelper[1]|variable A is not set|export A=…\n"},
      {R"("url":"https://h","headers":{"X-Key":"${LINE}"})",
       "wrong_format|headers.X-Key|variable LINE holds a line end, which no header can carry|"
       "export LINE=\"$(printf %s \"$LINE\" | tr -d '\\r\\n')\"\n"},
      {R"("url":"https://${SLASH}.h/mcp")",
       "invalid_url|url|server \"api\": url: variable SLASH stands in the host, and its value holds one of / "
       "? # @ \\ "
       "or a blank: it could name another server|check the value of SLASH\n"},
      {R"("url":"http://h/mcp","headers":{"Authorization":"Bearer ${TOKEN}"})",
       "insecure_http|url|the credential would travel in the clear|write https:// in \"url\"; or "
       "\"allowHttp\": true "
       "if another layer protects it\n"},
      {R"("type":"ws","url":"ws://h/mcp","headersHelper":"get")",
       "insecure_http|url|the credential would travel in the clear|write wss:// in \"url\"; or "
       "\"allowHttp\": true if "
       "another layer protects it\n"},
      {R"("url":"https://h","headers":{"Authorization":"${TOKEN}"})",
       "wrong_format?|headers.Authorization|no scheme stands before the credential in Authorization|"
       "write \"Bearer \" before it: \"Authorization\": \"Bearer ${API_TOKEN}\"\n"},
      {R"("url":"https://h","headers":{"authorization":"Bearer ${TWICE}"})",
       "wrong_format|headers.authorization|the scheme stands twice: in the config and in the variable|"
       "set the variable to the token alone, without the scheme\n"},
      {R"("url":"https://h","headers":{"Authorization":"Bearer"})",
       "wrong_format|headers.Authorization|only a scheme stands in Authorization, and no credential behind "
       "it|"
       "write \"Authorization\": \"Bearer ${API_TOKEN}\"\n"},
      {R"("url":"https://h","headers":{"X-API-Key":"${QUOTED}"})",
       "wrong_format?|headers.X-API-Key|the credential stands in quotes, which are sent too|"
       "set the variable without the quotes\n"},
      {R"("url":"https://h","headers":{"X-API-Key":"$TOKEN"})",
       "wrong_format?|headers.X-API-Key|$TOKEN is sent as it stands: in a config a variable needs braces|"
       "write ${TOKEN}\n"},
      {R"("url":"https://h","headers":{"X-API-Key":"${MANUAL}"})",
       "wrong_format?|headers.X-API-Key|the credential is a placeholder out of a manual|"
       "put the real one in its place\n"},
      {R"("url":"https://h","headers":{"X-Tenant-ID":"${MANUAL}"})", ""},
      {R"("url":"https://h","headers":{"Authorization":"Bearer ${JWT}"})",
       "credential_expired?|headers.Authorization|the credential is a JWT that expired 27 hours ago|"
       "get a new one, then: export JWT=…\n"},
      {R"("url":"https://h","headers":{"Authorization":"Bearer ${LIVES}"})", ""},
      {R"("command":"server")", "command_not_found|command|server is in no folder of PATH|install it, or "
                                "write its whole path in \"command\"\n"},
      {R"("command":"./gone")",
       "command_not_found|command|there is no file ./gone|check the path in \"command\"\n"},
  };
  for (auto const& row : table)
    BOOST_TEST(found(row.entry, world) == row.expected, row.entry << "\n" << found(row.entry, world));
}

// RFC 7518 §3.2
BOOST_AUTO_TEST_CASE(a_key_to_sign_with_is_as_long_as_the_hash) {
  struct {
    std::string_view algorithm;
    std::size_t least;
  } const table[] = {{"HS256", 32}, {"HS384", 48}, {"HS512", 64}};
  for (auto const& row : table) {
    auto const entry = R"("url":"https://h","auth":{"type":"jwt","algorithm":")" +
                       std::string(row.algorithm) + R"(","key":"${KEY}","claims":{}})";
    fake::world world;
    world.variables["KEY"] = std::string(row.least - 1, 'k');
    auto const size = std::to_string(row.least);
    BOOST_TEST(found(entry, world) == "key_too_short|auth.key|a key of " + std::to_string(row.least - 1) +
                                          " bytes is too short for " + std::string(row.algorithm) +
                                          ", which asks for " + size +
                                          "|make one, and tell the server: openssl rand -hex " + size + "\n");
    world.variables["KEY"] += "k";
    BOOST_TEST(found(entry, world).find("key_too_short") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(an_env_file_gives_variables_or_is_a_problem_itself) {
  constexpr std::string_view entry =
      R"("url":"https://h","envFile":"e","headers":{"Authorization":"Bearer ${TOKEN}"})";
  fake::world world;
  BOOST_TEST(found(entry, world).starts_with("env_file|envFile|server \"api\": envFile: "));
  world.files["e"] = "TOKEN='sk-canary-7f3a9b41";
  auto const broken = found(entry, world);
  BOOST_TEST(broken.starts_with("env_file|envFile|server \"api\": envFile: "));
  BOOST_TEST(broken.find("line 1") != std::string::npos, broken);
  BOOST_TEST(broken.find("canary") == std::string::npos);
  world.files["e"] = "TOKEN=sk-canary-7f3a9b41\n";
  BOOST_TEST(found(entry, world) == "");
}

BOOST_AUTO_TEST_CASE(a_signature_that_could_not_be_made_is_told) {
  fake::world world;
  auto const entry = [&](std::string const& rest) { return found(R"("url":"https://h","auth":{"type":"http_signature",)" + rest + "}", world); };
  BOOST_TEST(entry(R"("key":"k")") == "");
  BOOST_TEST(entry(R"("key":"k","components":["@method","content-type","accept"])") == "");
  BOOST_TEST(entry(R"("key":"k","components":["@metod"])") ==
             "invalid_entry|url|server \"api\": auth: http_signature: component 1: unknown component; did you mean @method?|mend the entry in the config\n");
  // Whether a private key is one, only an adapter can say; that its file can't be read is seen from here.
  world.files["k.pem"] = "no key\n";
  BOOST_TEST(entry(R"("keyFile":"k.pem","algorithm":"ed25519")") == "");
  BOOST_TEST(entry(R"("keyFile":"gone.pem","algorithm":"ed25519")").find("auth.keyFile: file: there is no file ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_value_of_a_variable_is_shown) {
  for (std::string_view const value : {"canary-7f3a9b41\n", "'canary-7f3a9b41'", "Bearer canary-7f3a9b41",
                                       "canary-7f3a9b41/", "a canary-7f3a9b41", "canary-7f3a9b41\x01"}) {
    fake::world world;
    world.variables["V"] = value;
    for (std::string_view const entry : {
             R"("url":"https://${V}.h/mcp")",
             R"("url":"https://h","headers":{"Authorization":"Bearer ${V}"})",
             R"("url":"https://h","headers":{"Authorization":"${V}"})",
             R"("url":"https://h","headers":{"Authorization":"Basic ${V}"})",
             R"("url":"https://h","headers":{"X-Key":"${V}"})",
             R"("url":"https://h","auth":{"type":"basic","user":"${V}","password":"${V}"})",
             R"("command":"${V}","args":["${V}"],"env":{"A":"${V}"})",
         })
      BOOST_TEST(found(entry, world).find("canary-7") == std::string::npos, entry << found(entry, world));
  }
}

BOOST_AUTO_TEST_SUITE_END()
