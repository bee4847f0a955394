// RFC 9110 §11.2 to §11.6.1, §5.6; RFC 6750 §3, RFC 7616 §3.9.1, RFC 7617 §2, RFC 9449 §7.1 and §9, RFC 9728
// §5.1 (the samples).
#include <countersign/text/challenge.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace cs = countersign;
using namespace std::literals;

namespace {

// "scheme token68 name=value|name=value;…": values unquoted.
std::string shown(cs::challenges const& all) {
  std::string out;
  for (cs::challenge const one : all) {
    if (!out.empty()) out += ';';
    out += one.scheme();
    if (!one.token68().empty()) out.append(" ").append(one.token68());
    for (std::size_t i = 0; i < one.size(); ++i)
      out.append(i == 0 ? " " : "|").append(one.name(i)).append("=").append(one.value(i));
  }
  return out;
}

std::string read(std::string_view field) {
  auto const all = cs::challenges::parse(field);
  return all ? shown(*all) : std::string(all.error().message());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(challenge)

BOOST_AUTO_TEST_CASE(what_servers_send_is_read) {
  struct {
    std::string_view field, wanted;
  } const cases[] = {
      {"Basic", "Basic"},
      {"Basic realm=\"x\", Bearer", "Basic realm=x;Bearer"},
      {"Bearer resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource\", scope=\"a "
       "b\", error=\"insufficient_scope\"",
       "Bearer resource_metadata=https://mcp.example.com/.well-known/oauth-protected-resource|scope=a "
       "b|error=insufficient_scope"},
      {"DPoP error=\"use_dpop_nonce\", error_description=\"Resource server requires nonce in DPoP proof\"",
       "DPoP error=use_dpop_nonce|error_description=Resource server requires nonce in DPoP proof"},
      {"DPoP algs=\"ES256 PS256\"", "DPoP algs=ES256 PS256"},
      {"Bearer realm=\"example\", error=\"invalid_token\", error_description=\"The access token expired\"",
       "Bearer realm=example|error=invalid_token|error_description=The access token expired"},
      // RFC 9110 §11.6.1
      {"Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"",
       "Basic realm=simple;Newauth realm=apps|type=1|title=Login to \"apps\""},
      // RFC 7616 §3.9.1
      {"Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
       "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
       "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
       "Digest realm=http-auth@example.org|qop=auth, "
       "auth-int|algorithm=SHA-256|nonce=7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v|"
       "opaque=FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"},
      {"Basic realm=\"foo\", charset=\"UTF-8\"", "Basic realm=foo|charset=UTF-8"},
      {"Negotiate, NTLM, Basic realm=\"x\"", "Negotiate;NTLM;Basic realm=x"},
      {"Negotiate YIIBhg==, Bearer", "Negotiate YIIBhg==;Bearer"},
      {"Bearer, Bearer realm=a, Basic realm=b, Bearer realm=c",
       "Bearer;Bearer realm=a;Basic realm=b;Bearer realm=c"},
  };
  for (auto const& c : cases) BOOST_TEST(read(c.field) == c.wanted, c.field);
}

BOOST_AUTO_TEST_CASE(blanks_commas_and_cases_are_read_as_the_grammar_says) {
  struct {
    std::string_view field, wanted;
  } const cases[] = {
      {"", ""},
      {" , ,\t, ", ""},
      {",Basic,,Bearer,", "Basic;Bearer"},
      {"Basic realm=a,,charset=b", "Basic realm=a|charset=b"},
      {"Basic  \t realm = a\t,\tcharset= \"b\" ,Bearer ", "Basic realm=a|charset=b;Bearer"},
      {"Bearer ,realm=a", "Bearer realm=a"},
      {"Bearer,realm=a", "Bearer realm=a"},
      {"X a=\"\"", "X a="},
      {"X a=\", Bearer realm=\\\"b\\\"\", c=d", "X a=, Bearer realm=\"b\"|c=d"},
      {"X a=\"\\\\\\\"\\a\\,\"", "X a=\\\"a,"},
      {"X a=\"\x80\xff\t~\"", "X a=\x80\xff\t~"},
      {"X abc", "X abc"},
      {"X a=", "X a="},  // a token68 with one '='
      {"X a==", "X a=="},
      {"X a/b+c-d._~e=", "X a/b+c-d._~e="},
      {"X a = , Y", "expected a value"},
      {"X a=b=", "expected ','"},
      {"!#$%&'*+-.^_`|~09azAZ x=y", "!#$%&'*+-.^_`|~09azAZ x=y"},
  };
  for (auto const& c : cases) {
    auto const got = read(c.field);
    if (c.wanted.starts_with("expected")) BOOST_TEST(got.find(c.wanted) != std::string::npos, c.field);
    else BOOST_TEST(got == c.wanted, c.field);
  }
}

BOOST_AUTO_TEST_CASE(what_the_grammar_does_not_allow_is_refused_where_it_stands) {
  struct {
    std::string_view field, message;
  } const cases[] = {
      {"=", "challenge, byte 1: expected a scheme or a parameter"},
      {"\"Basic\"", "challenge, byte 1: expected a scheme or a parameter"},
      {"realm=x", "challenge, byte 6: a parameter before any scheme"},
      {"Bearer=x", "challenge, byte 7: a parameter before any scheme"},
      {"Bearer:x", "challenge, byte 7: expected ' ' or ',' after a scheme"},
      {"Bearer\r\n", "challenge, byte 7: expected ' ' or ',' after a scheme"},
      {"Bearer realm", "accepted"},
      {"Bearer realm x", "challenge, byte 14: expected a parameter: name=value"},
      {"Bearer realm=\"x\" error=y", "challenge, byte 18: expected ','"},
      {"Bearer realm=\"x\"y", "challenge, byte 17: expected ','"},
      {"Bearer realm=\"x", "challenge, byte 16: a string that does not end"},
      {"Bearer realm=\"x\\\"", "challenge, byte 18: a string that does not end"},
      {"Bearer realm=\"x\\", "challenge, byte 17: a string that does not end"},
      {"Bearer realm=http:x", "challenge, byte 18: expected ','"},
      {"Bearer realm=http:/x", "challenge, byte 18: expected ','"},
      {"Bearer realm=ftp://x", "challenge, byte 17: expected ','"},
      {"Bearer realm=xhttps://x", "challenge, byte 20: expected ','"},
      {"Bearer realm=x://y", "challenge, byte 15: expected ','"},
      {"Bearer realm=https://x\"y\"", "challenge, byte 23: expected ','"},
      {"Bearer realm=https://x;y<z", "challenge, byte 25: expected ','"},
      {"Bearer realm=https://x\x80", "challenge, byte 23: expected ','"},
      {"Bearer realm=https://x\r\n", "challenge, byte 23: expected ','"},
      {"Bearer realm=https://x y", "challenge, byte 24: expected ','"},
      {"Bearer realm=,x=y", "challenge, byte 16: a parameter where the scheme has a token68"},
      {"Bearer a=b, realm=,x=y",
       "challenge, byte 19: expected a value: a token, or a string in double quotes"},
      {"Bearer realm='x'y, =z", "challenge, byte 20: expected a scheme or a parameter"},
      {"Bearer realm=\"a\rb\"", "challenge, byte 16: a control byte in a string"},
      {"Bearer realm=\"a\nb\"", "challenge, byte 16: a control byte in a string"},
      {"Bearer realm=\"a\0b\""sv, "challenge, byte 16: a control byte in a string"},
      {"Bearer realm=\"a\\\nb\"", "challenge, byte 17: a control byte in a string"},
      {"Bearer realm=\"a\x7f\"", "challenge, byte 16: a control byte in a string"},
      {"Bearer realm=a\x80", "challenge, byte 15: expected ','"},
      {"Bearer realm=a, REALM=b", "challenge, byte 22: a parameter twice in one challenge"},
      {"Negotiate abc==, realm=x", "challenge, byte 23: a parameter where the scheme has a token68"},
      {"Negotiate abc== def", "challenge, byte 15: expected a value: a token, or a string in double quotes"},
  };
  for (auto const& c : cases) {
    if (c.message == "accepted") BOOST_TEST(static_cast<bool>(cs::challenges::parse(c.field)), c.field);
    else BOOST_TEST(read(c.field) == c.message, c.field);
  }
  auto const refused = cs::challenges::parse("Bearer realm=\"x");
  BOOST_TEST((refused.error().code() == cs::errc::bad_input));
}

// Beyond the grammar: servers send such values without quotes.
BOOST_AUTO_TEST_CASE(a_url_without_quotes_is_taken_up_to_a_blank_or_a_comma) {
  struct {
    std::string_view field, wanted;
  } const cases[] = {
      {"Bearer resource_metadata=https://mcp.example.com/.well-known/oauth-protected-resource",
       "Bearer resource_metadata=https://mcp.example.com/.well-known/oauth-protected-resource"},
      {"Bearer realm=\"r\", resource_metadata=http://[::1]:8080/a%20b?c=d&e=f;g , scope=\"x y\"",
       "Bearer realm=r|resource_metadata=http://[::1]:8080/a%20b?c=d&e=f;g|scope=x y"},
      {"Bearer resource_metadata=HTTPS://a/b,c=d", "Bearer resource_metadata=HTTPS://a/b|c=d"},
      {"Bearer resource_metadata=https://a, Basic realm=x", "Bearer resource_metadata=https://a;Basic realm=x"},
      {"Bearer a=https://", "Bearer a=https://"},
  };
  for (auto const& c : cases) BOOST_TEST(read(c.field) == c.wanted, c.field);
}

BOOST_AUTO_TEST_CASE(schemes_and_names_are_found_without_case) {
  auto const all = cs::challenges::parse("Basic realm=\"a\", bEARER Scope=\"x y\", REALM=\"\"");
  BOOST_REQUIRE(all);
  auto const bearer = all->find("Bearer");
  BOOST_REQUIRE(static_cast<bool>(bearer));
  BOOST_TEST(bearer.scheme() == "bEARER");
  BOOST_TEST(bearer.is("BEARER"));
  BOOST_TEST(!bearer.is("Bear"));
  BOOST_TEST(bearer.parameter("scope").value() == "x y");
  BOOST_TEST(bearer.parameter("realm").value().empty());
  BOOST_TEST(!bearer.parameter("error"));
  auto const none = all->find("DPoP");
  BOOST_TEST(!none);
  BOOST_TEST((none.scheme().empty() && none.token68().empty() && none.size() == 0 &&
              !none.parameter("realm") && !none.is("")));
  BOOST_TEST(!(*all)[2]);
}

BOOST_AUTO_TEST_CASE(several_fields_add_up_and_a_bad_one_adds_nothing) {
  cs::challenges all;
  BOOST_TEST(static_cast<bool>(all.add("Basic realm=\"a \\\"b\\\"\"")));
  BOOST_TEST(!all.add("Bearer realm=x, error=\"y"));
  BOOST_TEST(!all.add("Digest realm=x, realm=y"));
  BOOST_TEST(shown(all) == "Basic realm=a \"b\"");
  BOOST_TEST(static_cast<bool>(all.add("Bearer scope=\"c\"")));
  BOOST_TEST(shown(all) == "Basic realm=a \"b\";Bearer scope=c");
  // A parameter does not reach over from one field into the next.
  BOOST_TEST(!all.add("error=d"));
  BOOST_TEST(static_cast<bool>(all.add("")));
  BOOST_TEST(all.size() == 2u);
  cs::challenges const moved = std::move(all);
  BOOST_TEST(shown(moved) == "Basic realm=a \"b\";Bearer scope=c");
}

BOOST_AUTO_TEST_CASE(size_challenges_and_parameters_are_limited) {
  auto const of_size = [](std::size_t size) { return "X a=\"" + std::string(size - 6, 'b') + "\""; };
  BOOST_TEST(cs::max_challenge_size == 8192u);
  BOOST_TEST(static_cast<bool>(cs::challenges::parse(of_size(8192))));
  BOOST_TEST((cs::challenges::parse(of_size(8193)).error().code() == cs::errc::too_large));
  cs::challenges both;
  BOOST_TEST(static_cast<bool>(both.add(of_size(8000))));
  BOOST_TEST((both.add(of_size(193)).error().code() == cs::errc::too_large));
  BOOST_TEST(static_cast<bool>(both.add(of_size(192))));

  auto const parameters = [](std::size_t count) {
    std::string field = "X";
    for (std::size_t i = 0; i < count; ++i) field += (i == 0 ? " p" : ", p") + std::to_string(i) + "=v";
    return field;
  };
  BOOST_TEST(cs::max_challenge_parameters == 64u);
  BOOST_TEST(cs::challenges::parse(parameters(64)).value()[0].size() == 64u);
  BOOST_TEST(read(parameters(65)).find("more parameters than the limit") != std::string::npos);
  BOOST_TEST((cs::challenges::parse(parameters(65)).error().code() == cs::errc::too_large));

  auto const schemes = [](std::size_t count) {
    std::string field;
    for (std::size_t i = 0; i < count; ++i) field += "X,";
    return field;
  };
  BOOST_TEST(cs::max_challenges == 32u);
  BOOST_TEST(cs::challenges::parse(schemes(32)).value().size() == 32u);
  BOOST_TEST((cs::challenges::parse(schemes(33)).error().code() == cs::errc::too_large));
}

BOOST_AUTO_TEST_CASE(what_was_refused_takes_no_room) {
  std::string parameters = "X";
  for (int i = 0; i < 60; ++i) parameters += (i == 0 ? " p" : ", p") + std::to_string(i) + "=v";
  std::string const large = "X a=\"" + std::string(8000, 'b') + "\"";
  cs::challenges all;
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(!all.add(parameters + ", q=\"never closed"));
    BOOST_TEST(!all.add(large + " x"));
  }
  BOOST_TEST(static_cast<bool>(all.add(parameters)));
  BOOST_TEST(all[0].size() == 60u);
  cs::challenges other;
  BOOST_TEST(!other.add(large + " x"));
  BOOST_TEST(static_cast<bool>(other.add(large)));
}

BOOST_AUTO_TEST_CASE(every_byte_anywhere_is_answered) {
  std::string const field = "Negotiate YII=, Bearer realm=\"a\\\"b\", scope=c";
  for (std::size_t at = 0; at < field.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      auto changed = field;
      changed[at] = static_cast<char>(static_cast<unsigned char>(byte));
      auto const all = cs::challenges::parse(changed);
      if (all && (byte < 0x20 || byte == 0x7f)) BOOST_TEST(byte == '\t', changed);
    }
    static_cast<void>(cs::challenges::parse(field.substr(0, at)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
