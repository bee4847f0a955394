// RFC 9421; its Appendix B is in tests/adapt/rfc9421.cpp. Codes are checked by OpenSSL's HMAC.
#include <countersign/format/http_signature.hpp>

#include "fake/arrived.hpp"
#include "fake/written.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>
#include <string_view>
#include <tuple>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::header_formatter<cs::http_signature, cs::key_pair>);
static_assert(cs::header_formatter<cs::http_signature, cs::secret>);
static_assert(cs::header_formatter<cs::http_signature, std::tuple<cs::secret, cs::secret>>);
static_assert(cs::header_formatter<cs::http_signature, cs::hmac_signer>);
static_assert(cs::header_formatter<cs::http_signature, cs::any_signer>);
static_assert(!cs::header_formatter<cs::http_signature, cs::token>);
static_assert(cs::signs_body<cs::http_signature> && !cs::signs_body<cs::http_signature_without_body>);
static_assert(!cs::is_constant<cs::http_signature>);

namespace {

constexpr auto key = "a key of some bytes";
cs::key_pair pair(std::string_view id = "key-1") { return {.id = cs::secret(id), .key = cs::secret(key)}; }
cs::request some_request() {
  cs::request request("POST", "https://api.example.com/v1/items%2Fa/?b=c%20d&e", cs::secret("{\"n\":1}"));
  request.set("Content-Type", "application/json");
  return request;
}

// The value of Signature for a base, by OpenSSL.
std::string code(std::string const& base, std::string_view with = key) {
  unsigned char out[32], text[48];
  unsigned size = sizeof out;
  HMAC(EVP_sha256(), with.data(), static_cast<int>(with.size()),
       reinterpret_cast<unsigned char const*>(base.data()), base.size(), out, &size);
  return {reinterpret_cast<char*>(text), static_cast<std::size_t>(EVP_EncodeBlock(text, out, sizeof out))};
}
std::string text(cs::http_signature_options how, cs::request const& request = some_request()) {
  return fake::write(cs::http_signature(std::move(how)), pair(), request).text();
}
std::string both(std::string const& input, std::string const& lines, std::string const& label = "sig1") {
  return "Signature-Input: " + label + "=" + input + "; Signature: " + label +
         "=:" + code(lines + "\"@signature-params\": " + input) + ":";
}
std::string mistake(cs::http_signature_options how) {
  auto const ok = cs::http_signature(std::move(how)).check();
  return ok ? "none" : std::string(ok.error().message());
}

// A signer that shows what it was given.
struct shows {
  std::string_view named = "ES256";
  std::string_view alg() const { return named; }
  cs::result<void> sign(std::string_view input, cs::secret& signature) const {
    signature.append("<").append(input).append(">");
    return {};
  }
};
struct without_body : cs::blank_request {
  [[nodiscard]] std::string_view method() const noexcept { return "GET"; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(format_http_signature)

BOOST_AUTO_TEST_CASE(a_default_made_one_covers_method_uri_and_body) {
  auto const input = "(\"@method\" \"@target-uri\" \"content-digest\");created=1000000000;keyid=\"key-1\""s;
  auto const got = text({});
  auto const written = got.substr(0, got.find(';'));
  auto const lines = "\"@method\": POST\n\"@target-uri\": "
                     "https://api.example.com/v1/items%2Fa/?b=c%20d&e\n\"content-digest\": " +
                     written.substr(written.find(' ') + 1) + "\n";
  BOOST_TEST(written.starts_with("Content-Digest: sha-256=:"));
  BOOST_TEST(got == written + "; " + both(input, lines));
}

BOOST_AUTO_TEST_CASE(each_parameter_is_said_when_it_is_wanted) {
  auto const with = [](cs::http_signature_options how) {
    how.components = "@method";
    return text(std::move(how));
  };
  auto const line = "\"@method\": POST\n"s;
  BOOST_TEST(with({}) == both("(\"@method\");created=1000000000;keyid=\"key-1\"", line));
  BOOST_TEST(with({.created = false}) == both("(\"@method\");keyid=\"key-1\"", line));
  BOOST_TEST(with({.lifetime = cs::seconds(60)}) ==
             both("(\"@method\");created=1000000000;expires=1000000060;keyid=\"key-1\"", line));
  BOOST_TEST(with({.created = false, .lifetime = cs::seconds(1)}) ==
             both("(\"@method\");expires=1000000001;keyid=\"key-1\"", line));
  BOOST_TEST(with({.algorithm = true}) ==
             both("(\"@method\");created=1000000000;keyid=\"key-1\";alg=\"hmac-sha256\"", line));
  BOOST_TEST(with({.tag = "a \"b\\"}) ==
             both("(\"@method\");created=1000000000;keyid=\"key-1\";tag=\"a \\\"b\\\\\"", line));
  BOOST_TEST(with({.label = "my-1"}) ==
             both("(\"@method\");created=1000000000;keyid=\"key-1\"", line, "my-1"));
  BOOST_TEST(with({.key_id = "other", .created = false}) == both("(\"@method\");keyid=\"key-1\"", line));
  auto const nonced = with({.created = false, .nonce = true});
  auto const nonce = nonced.substr(nonced.find("nonce=\"") + 7, 32);
  BOOST_TEST(nonce.find_first_not_of("0123456789abcdef") == nonce.npos);
  BOOST_TEST(nonced == both("(\"@method\");keyid=\"key-1\";nonce=\"" + nonce + "\"", line));
}

BOOST_AUTO_TEST_CASE(the_key_may_come_with_an_id_or_without_and_in_any_form) {
  cs::http_signature const plain{{.components = "@method", .created = false}};
  auto const line = "\"@method\": POST\n"s;
  BOOST_TEST(fake::write(plain, cs::secret(key), some_request()).text() == both("(\"@method\")", line));
  BOOST_TEST(fake::write(plain, std::tuple(cs::secret("i\"d"), cs::secret(key)), some_request()).text() ==
             both("(\"@method\");keyid=\"i\\\"d\"", line));
  cs::http_signature const named{{.components = "@method", .key_id = "k", .created = false}};
  BOOST_TEST(fake::write(named, cs::secret(key), some_request()).text() ==
             both("(\"@method\");keyid=\"k\"", line));
  cs::http_signature const encoded{{.components = "@method", .key = cs::key_form::base64, .created = false}};
  BOOST_TEST(fake::write(encoded, cs::secret("YSBrZXkgb2Ygc29tZSBieXRlcw=="), some_request()).text() ==
             both("(\"@method\")", line));
  BOOST_TEST(fake::write(encoded, cs::secret("!"), some_request())
                 .text()
                 .starts_with("bad_input: http_signature: the key is not written as was said: base64: "));
}

BOOST_AUTO_TEST_CASE(a_signer_is_given_the_base_and_says_its_algorithm) {
  cs::http_signature const formatter{
      {.components = "@method", .key_id = "k", .created = false, .algorithm = true}};
  auto const base =
      "\"@method\": POST\n\"@signature-params\": (\"@method\");keyid=\"k\";alg=\"ecdsa-p256-sha256\""s;
  cs::secret encoded;
  cs::append_base64(encoded, "<" + base + ">");
  BOOST_TEST(fake::write(formatter, shows{}, some_request()).text() ==
             "Signature-Input: sig1=(\"@method\");keyid=\"k\";alg=\"ecdsa-p256-sha256\"; Signature: sig1=:" +
                 std::string(encoded.reveal()) + ":");
  for (auto const& [of_key, said] : {std::pair("HS256"sv, "hmac-sha256"sv),
                                     {"EdDSA", "ed25519"},
                                     {"ES256", "ecdsa-p256-sha256"},
                                     {"ES384", "ecdsa-p384-sha384"},
                                     {"PS512", "rsa-pss-sha512"},
                                     {"RS256", "rsa-v1_5-sha256"}})
    BOOST_TEST(fake::write(formatter, shows{of_key}, some_request())
                   .text()
                   .find(";alg=\"" + std::string(said) + "\"") != std::string::npos);
  BOOST_TEST(
      fake::write(formatter, shows{"PS256"}, some_request()).text() ==
      "bad_input: http_signature: RFC 9421 has no name for the key's algorithm; set .algorithm to false");
  cs::http_signature const silent{{.components = "@method"}};
  BOOST_TEST(fake::write(silent, shows{"PS256"}, some_request()).ok());
}

BOOST_AUTO_TEST_CASE(a_digest_is_made_where_there_is_none_and_checked_where_there_is_one) {
  BOOST_TEST(text({.components = "content-digest", .digest = cs::content_digest::sha_512})
                 .starts_with("Content-Digest: sha-512=:"));
  auto request = some_request();
  request.set("content-digest", "sha-256=:AAAA:");
  BOOST_TEST(
      text({}, request) ==
      "bad_input: http_signature: Content-Digest: the body is not the one that the sha-256 was made of; "
      "leave the header out, and it is made");
  auto const made = text({.components = "content-digest"});
  auto const value = made.substr(16, made.find(';') - 16);
  request.set("content-digest", value);
  auto const again = text({.components = "content-digest"}, request);
  BOOST_TEST(again.starts_with("Signature-Input: "));
  BOOST_TEST(made.ends_with(again));
  BOOST_TEST(text({.components = "content-digest;key=\"sha-256\""}).starts_with("Content-Digest: sha-256=:"));
  BOOST_TEST(text({.components = "@method"}).starts_with("Signature-Input: "));
}

BOOST_AUTO_TEST_CASE(a_body_that_can_t_be_shown_needs_its_digest_before) {
  fake::world outside;
  auto const context = outside.context();
  cs::memory_of<cs::http_signature> memory;
  auto const told = [&](auto const& formatter, auto const& view) {
    cs::draft out;
    auto const made = formatter.format(pair(), view, out, cs::moment(context), memory);
    return made ? std::string(*out.get("Signature-Input")) : std::string(made.error().message());
  };
  auto const refused = "http_signature: Content-Digest is covered, and this request can't show its body; "
                       "give it a body that is in "
                       "memory, or set the header before";
  BOOST_TEST(told(cs::http_signature{{.components = "content-digest"}}, without_body()) == refused);
  fake::arrived streamed = fake::read_message("PUT / HTTP/1.1\nHost: a\n\n");
  streamed.shows_body = false;
  BOOST_TEST(told(cs::http_signature{{.components = "content-digest"}}, streamed) == refused);
  BOOST_TEST(told(cs::http_signature_without_body{{.components = "@method"}}, without_body()) ==
             "sig1=(\"@method\");created=1000000000;keyid=\"key-1\"");
  streamed.set("Content-Digest", "sha-256=:AAAA:");
  BOOST_TEST(told(cs::http_signature{{.components = "content-digest"}}, streamed) ==
             "sig1=(\"content-digest\");created=1000000000;keyid=\"key-1\"");
}

BOOST_AUTO_TEST_CASE(several_signatures_stand_side_by_side) {
  cs::each_of const two{
      cs::header{"X-Extra"},
      cs::http_signature{{.components = "@method, x-extra", .label = "a", .created = false}},
      cs::http_signature{
          {.components = "@path, signature;key=\"a\", content-digest", .label = "b", .created = false}}};
  auto const credential = std::tuple(cs::secret("v"), pair("1"), pair("2"));
  auto const got = fake::write(two, credential, some_request());
  BOOST_TEST_REQUIRE(got.ok(), got.text());
  BOOST_TEST_REQUIRE(got.fields.size() == 4u);
  BOOST_TEST(got.fields[0].first == "X-Extra");
  BOOST_TEST(got.fields[1].first == "Content-Digest");
  auto const first = "(\"@method\" \"x-extra\");keyid=\"1\""s,
             second = "(\"@path\" \"signature\";key=\"a\" \"content-digest\");keyid=\"2\""s;
  BOOST_TEST(got.fields[2].second == "a=" + first + ", b=" + second);
  auto const a = code("\"@method\": POST\n\"x-extra\": v\n\"@signature-params\": " + first);
  BOOST_TEST(got.fields[3].second == "a=:" + a + ":, b=:" +
                                         code("\"@path\": /v1/items%2Fa/\n\"signature\";key=\"a\": :" + a +
                                              ":\n\"content-digest\": " + got.fields[1].second +
                                              "\n\"@signature-params\": " + second) +
                                         ":");
  cs::each_of const same{cs::http_signature{{.components = "@method"}},
                         cs::http_signature{{.components = "@path"}}};
  BOOST_TEST(fake::write(same, std::tuple(pair(), pair()), some_request()).text() ==
             "fatal: http_signature: two formatters sign with the label sig1; give each its own .label");
}

BOOST_AUTO_TEST_CASE(signatures_of_others_stay_and_ours_is_made_anew) {
  auto request = some_request();
  request.set("Signature-Input", "proxy=(\"@path\");created=1,  sig1=(\"@method\")");
  request.set("signature", "proxy=:YQ==:,sig1=:Yg==:");
  auto const input = "(\"@method\");keyid=\"key-1\""s;
  auto const expected =
      "Signature-Input: proxy=(\"@path\");created=1, sig1=" + input +
      "; Signature: proxy=:YQ==:, sig1=:" + code("\"@method\": POST\n\"@signature-params\": " + input) + ":";
  BOOST_TEST(text({.components = "@method", .created = false}, request) == expected);
  request.set("Signature-Input", "proxy=(\"@path");
  BOOST_TEST(text({.components = "@method"}, request)
                 .starts_with(
                     "bad_input: http_signature: the request's own Signature-Input: structured field, byte"));
}

BOOST_AUTO_TEST_CASE(a_request_may_be_authorized_twice) {
  cs::authenticator api{cs::fixed{pair()}, cs::http_signature{}, cs::only{"https://api.example.com"}};
  auto request = some_request();
  BOOST_TEST_REQUIRE(api.authorize(request).has_value());
  std::string const first(*request.get("Signature-Input"));
  BOOST_TEST_REQUIRE(api.authorize(request).has_value());
  BOOST_TEST(request.get("Signature-Input")->substr(0, 60) == std::string_view(first).substr(0, 60));
  std::size_t lines = 0;
  request.fields(
      [&](std::string_view name, std::string_view) { lines += name.starts_with("Signature") ? 1u : 0u; });
  BOOST_TEST(lines == 2u);
}

BOOST_AUTO_TEST_CASE(a_response_is_signed_by_the_same_formatter) {
  auto answer = fake::read_message("HTTP/1.1 200 OK\nContent-Type: text/plain\n\ngood");
  auto const request = some_request();
  auto const asked = cs::signed_request(request);
  fake::world outside;
  auto const context = outside.context();
  cs::draft out;
  cs::memory_of<cs::http_signature> memory;
  cs::http_signature const formatter{
      {.components = "@status, content-digest, @method;req", .label = "r", .created = false}};
  BOOST_TEST(
      formatter
          .sign(pair(), cs::signed_response(answer, answer.content, &asked), out, cs::moment(context), memory)
          .has_value());
  auto const input = "(\"@status\" \"content-digest\" \"@method\";req);keyid=\"key-1\""s;
  BOOST_TEST((out.get("Signature-Input") == "r=" + input));
  BOOST_TEST((out.get("Signature") ==
              "r=:" +
                  code("\"@status\": 200\n\"content-digest\": " + std::string(*out.get("Content-Digest")) +
                       "\n\"@method\";req: POST\n\"@signature-params\": " + input) +
                  ":"));
}

BOOST_AUTO_TEST_CASE(mistakes_in_the_options_are_told) {
  BOOST_TEST(mistake({}) == "none");
  BOOST_TEST(mistake({.components = "@metod"}) ==
             "http_signature: component 1: unknown component; did you mean @method?");
  BOOST_TEST(mistake({.label = "Sig"}).starts_with("http_signature: the label must be lower case"));
  BOOST_TEST(mistake({.label = ""}).starts_with("http_signature: the label must be lower case"));
  BOOST_TEST(mistake({.tag = "\x01"}) == "http_signature: the tag holds a byte that is no visible ASCII");
  BOOST_TEST(mistake({.key_id = "\xc3\xa9"}) ==
             "http_signature: the key id holds a byte that is no visible ASCII");
  BOOST_TEST(mistake({.lifetime = cs::milliseconds(999)}) ==
             "http_signature: a lifetime of less than a second");
  BOOST_TEST(mistake({.lifetime = cs::milliseconds(-1)}) ==
             "http_signature: a lifetime of less than a second");
  BOOST_TEST(mistake({.lifetime = cs::seconds(std::int64_t{1} << 60)}) ==
             "http_signature: a lifetime of more than a hundred years");
  BOOST_TEST(mistake({.components = "x;sf"})
                 .ends_with("it is not known which structured field it is; say so in .structured: item, list "
                            "or dictionary"));
  BOOST_TEST(mistake({.components = "x;sf", .structured = {{"X", "dictionary"}}}) == "none");
  BOOST_TEST(mistake({.structured = {{"X", "set"}}}) ==
             "http_signature: structured X: expected item, list or dictionary");
  BOOST_TEST(mistake({.structured = {{"X Y", "list"}}}) ==
             "http_signature: structured lists what is no name of a header (RFC 9110)");
  std::string const long_one(257, 'a');
  BOOST_TEST(mistake({.label = std::string(64, 'a')}) == "none");
  BOOST_TEST(mistake({.label = std::string(65, 'a')}) == "http_signature: the label is longer than 64 bytes");
  BOOST_TEST(mistake({.key_id = long_one.substr(1)}) == "none");
  BOOST_TEST(mistake({.key_id = long_one}) == "http_signature: the key id is longer than 256 bytes");
  BOOST_TEST(mistake({.tag = long_one.substr(1)}) == "none");
  BOOST_TEST(mistake({.tag = long_one}) == "http_signature: the tag is longer than 256 bytes");
  BOOST_TEST(fake::write(cs::http_signature{{.label = "Sig"}}, pair(), some_request())
                 .text()
                 .starts_with("bad_input: http_signature: the label"));
}

BOOST_AUTO_TEST_CASE(bad_keys_and_requests_are_told_without_a_byte_of_the_key) {
  cs::http_signature const formatter{{.components = "@method, x-missing"}};
  BOOST_TEST(fake::write(formatter, pair(), some_request()).text() ==
             "bad_input: http_signature: component \"x-missing\": the message has no such header; set it "
             "before it is signed, or "
             "leave it out here");
  cs::http_signature const plain{{.components = "@method"}};
  BOOST_TEST(fake::write(plain, cs::secret(), some_request()).text() ==
             "bad_input: http_signature: the key is empty");
  BOOST_TEST(fake::write(plain, pair("\n"), some_request()).text() ==
             "bad_input: http_signature: the key's id holds a byte that is no visible ASCII");
  BOOST_TEST(fake::write(plain, pair(std::string(256, 'a')), some_request()).ok());
  BOOST_TEST(fake::write(plain, pair(std::string(257, 'a')), some_request()).text() ==
             "too_large: http_signature: the key's id is longer than 256 bytes");
  if (fake::heap::is_ours)
    BOOST_TEST(
        fake::write(plain, cs::key_pair{cs::secret("a"), fake::broken_secret()}, some_request()).text() ==
        "no_memory: http_signature: out of memory");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_not_set_is_told) {
  cs::http_signature const formatter{{.components = "@method"}};
  for (auto const& [ms, ok] :
       {std::pair(std::int64_t{0}, true), {-1, false}, {253402300799999, true}, {253402300800000, false}}) {
    fake::world outside;
    outside.set_wall({ms});
    auto const context = outside.context();
    cs::draft out;
    cs::memory_of<cs::http_signature> memory;
    auto const made = formatter.format(pair(), cs::view_of(some_request()), out, cs::moment(context), memory);
    BOOST_TEST(made.has_value() == ok, ms);
    if (!ok)
      BOOST_TEST(made.error().message() ==
                 "http_signature: the clock is out of the years 1970 to 9999; set it");
  }
  fake::world outside;
  outside.set_wall({-1}), outside.entropy_fails = true;
  auto const context = outside.context();
  cs::draft out;
  cs::memory_of<cs::http_signature> memory;
  BOOST_TEST(cs::http_signature({.components = "@method", .created = false})
                 .format(pair(), cs::view_of(some_request()), out, cs::moment(context), memory)
                 .has_value());
  BOOST_TEST(!cs::http_signature({.components = "@method", .created = false, .nonce = true})
                  .format(pair(), cs::view_of(some_request()), out, cs::moment(context), memory)
                  .has_value());
}

BOOST_AUTO_TEST_CASE(once_warm_it_takes_no_memory) {
  if (!fake::heap::is_ours) return;
  cs::http_signature const formatter{
      {.components = "@method, @target-uri, content-digest", .algorithm = true, .nonce = true, .tag = "t"}};
  auto const credential = pair();
  auto const request = some_request();
  fake::world outside;
  auto const context = outside.context();
  cs::memory_of<cs::http_signature> memory;
  for (int i = 0; i < 2; ++i) {
    cs::draft out;
    fake::heap::counter const taken;
    auto const made = formatter.format(credential, cs::view_of(request), out, cs::moment(context), memory);
    auto const count = taken.count();
    BOOST_TEST(made.has_value());
    if (i > 0) BOOST_TEST(count == 0);
  }
}

BOOST_AUTO_TEST_CASE(without_memory_it_fails_or_is_whole) {
  if (!fake::heap::is_ours) return;
  auto request = some_request();
  request.set("Signature-Input", "proxy=(\"@path\")");
  request.set("Signature", "proxy=:YQ==:");
  request.set("X", "a=1");
  cs::http_signature const formatter{{.components = "@method, x;key=\"a\", x;bs, content-digest"}};
  auto const whole = fake::write(formatter, pair(), request).text();
  BOOST_TEST(whole.starts_with("Content-Digest"));
  for (long block = 0;; ++block) {
    fake::world outside;
    auto const context = outside.context();
    cs::memory_of<cs::http_signature> memory;
    cs::draft out;
    auto const credential = pair();
    bool made = false;
    cs::errc why{};
    {
      fake::heap::exhausted const none(block);
      auto const got = formatter.format(credential, cs::view_of(request), out, cs::moment(context), memory);
      made = got && out.check();
      why = got ? cs::errc::no_memory : got.error().code();
    }
    if (made) break;
    BOOST_TEST((why == cs::errc::no_memory));
  }
}

BOOST_AUTO_TEST_SUITE_END()
