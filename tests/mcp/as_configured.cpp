#include <countersign/mcp/as_configured.hpp>

#include <countersign/core/message.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/hex.hpp>

#include <boost/test/unit_test.hpp>

#include <fake/aws_service.hpp>
#include <fake/context.hpp>

#include <string>

namespace cs = countersign;
namespace mcp = countersign::mcp;

static_assert(cs::header_formatter<mcp::as_configured, mcp::server_credential>);

namespace {

mcp::config parsed(std::string_view auth) {
  auto config = mcp::config::parse(
      cs::secret(R"({"api":{"type":"http","url":"https://h/mcp","auth":)" + std::string(auth) + "}}"), "f.json");
  BOOST_REQUIRE_MESSAGE(config, config.error().message());
  return std::move(*config);
}

// "Name: value;" of each field that is written for a POST of `body`, or the error.
std::string written(std::string_view auth, std::string_view body = "") {
  auto const config = parsed(auth);
  mcp::as_configured const format(*config.find("api"));
  fake::world world;
  mcp::as_configured::memory kept;
  mcp::server_credential credential;
  credential.fields.append("X-Plain", "p");
  credential.fields.append("X-Both", "config");
  credential.aws = {cs::secret("AKIDEXAMPLE"), cs::secret("aws key"), cs::secret("session")};
  credential.login = {cs::secret("u"), cs::secret("p")};
  for (auto& key : credential.keys) key = cs::key_pair{cs::secret("id"), cs::secret("key")};
  for (auto& key : credential.http_signatures) key = {cs::secret("id"), cs::secret("key"), {}};
  cs::request request("POST", "https://h/mcp?q=1", cs::secret(body));
  request.set("Accept", "text/plain");
  request.set("X-Both", "request");
  cs::draft out;
  auto const ok = format.format(credential, cs::view_of(request), out, cs::moment(world.context()), kept);
  if (!ok) return std::string(ok.error().message());
  std::string all;
  out.each([&](std::string_view n, std::string_view v) { all += std::string(n) + ": " + std::string(v) + ";"; });
  return all;
}

std::string hex_hmac(std::string_view message) {
  auto const code = cs::hmac_sha256("key", message);
  std::string digits(2 * code.size(), 0);
  cs::encode_hex(digits.data(), cs::as_chars(code));
  return digits;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_as_configured)

BOOST_AUTO_TEST_CASE(without_more_words_the_time_is_signed_as_the_founding_document_does) {
  auto const time = "2001-09-09T01:46:40+00:00";
  BOOST_TEST(written(R"({"type":"hmac","key":"k"})") ==
             "X-Plain: p;X-Both: config;X-Timestamp: " + std::string(time) + ";X-Signature: " + hex_hmac(time) + ";X-API-Key: id;");
}

BOOST_AUTO_TEST_CASE(every_key_of_the_entry_counts) {
  BOOST_TEST(written(R"({"type":"hmac","key":"k","timestamp":"unix","encoding":"hex","message":"{method} {path}?{query} {timestamp} {body}","headers":{"X-S":"v1={signature}"}})",
                     "hello") == "X-Plain: p;X-Both: config;X-S: v1=" + hex_hmac("POST /mcp?q=1 1000000000 hello") + ";");
  auto const wide = written(R"({"type":"hmac","algorithm":"sha512","encoding":"base64","key":"k","message":"m","headers":{"X-S":"{signature}"}})");
  BOOST_TEST(wide.size() == std::string("X-Plain: p;X-Both: config;X-S: ;").size() + 88, wide);
  auto const url = written(R"({"type":"hmac","algorithm":"sha384","encoding":"base64url","key":"k","message":"m","headers":{"X-S":"{signature}"}})");
  BOOST_TEST(url.size() == std::string("X-Plain: p;X-Both: config;X-S: ;").size() + 64, url);
}

BOOST_AUTO_TEST_CASE(a_signature_covers_headers_of_the_request_and_of_the_config) {
  auto const sign = [](std::string_view name) {
    return written(R"({"type":"hmac","key":"k","message":"{header:)" + std::string(name) + R"(}","headers":{"X-S":"{signature}"}})");
  };
  BOOST_TEST(sign("x-plain") == "X-Plain: p;X-Both: config;X-S: " + hex_hmac("p") + ";");
  BOOST_TEST(sign("Accept") == "X-Plain: p;X-Both: config;X-S: " + hex_hmac("text/plain") + ";");
  BOOST_TEST(sign("x-both") == "X-Plain: p;X-Both: config;X-S: " + hex_hmac("config") + ";");
}

BOOST_AUTO_TEST_CASE(several_may_sign_up_to_the_limit) {
  auto const of = [](std::size_t count) {
    std::string all = "[";
    for (std::size_t i = 0; i < count; ++i)
      all += (i > 0 ? "," : "") + std::string(R"({"type":"hmac","key":"k","message":"m","headers":{"X-)") + std::to_string(i) + R"(":"{signature}"}})";
    return written(all + "]");
  };
  BOOST_TEST(of(mcp::max_signatures).find("X-3: ") != std::string::npos);
  BOOST_TEST(of(mcp::max_signatures + 1) == "server \"api\": auth: more than 4 of type hmac");
}

BOOST_AUTO_TEST_CASE(a_header_that_stands_twice_is_told) {
  auto const got = written(R"({"type":"hmac","key":"k","headers":{"x-plain":"{signature}"}})");
  BOOST_TEST(got.find("x-plain") != std::string::npos, got);
}

BOOST_AUTO_TEST_CASE(a_request_to_aws_is_signed_with_what_the_config_adds) {
  auto const got = written(R"({"type":"sigv4","region":"eu-west-1","service":"execute-api","accessKeyId":"i","secretAccessKey":"k"})", "hello");
  auto const start = std::string("X-Plain: p;X-Both: config;X-Amz-Date: 20010909T014640Z;X-Amz-Security-Token: session;Authorization: "
                                 "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20010909/eu-west-1/execute-api/aws4_request, "
                                 "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=");
  BOOST_REQUIRE_MESSAGE(got.starts_with(start), got);
  fake::aws::arrived const sent{"POST", "/mcp?q=1", "hello",
                                {{"Host", "h"},
                                 {"X-Amz-Date", "20010909T014640Z"},
                                 {"X-Amz-Security-Token", "session"},
                                 {"Authorization", got.substr(got.find("AWS4"), got.size() - got.find("AWS4") - 1)}}};
  BOOST_TEST(fake::aws::verify(sent, "aws key") == "ok");
}

BOOST_AUTO_TEST_CASE(mistakes_in_an_entry_for_aws_are_told) {
  auto const entry = [](std::string_view region) {
    return R"({"type":"sigv4","region":")" + std::string(region) + R"(","service":"s","accessKeyId":"i","secretAccessKey":"k"})";
  };
  BOOST_TEST(written(entry("${REGION}")) ==
             "server \"api\": auth: sigv4: the region may hold letters, digits and -._ only, as us-east-1");
  BOOST_TEST(written("[" + entry("r") + "," + entry("r") + "]") == "server \"api\": auth: more than 1 of type sigv4");
}

BOOST_AUTO_TEST_CASE(one_login_answers_challenges) {
  auto const digest = std::string(R"({"type":"digest","user":"u","password":"p"})");
  BOOST_TEST(written(digest) == "X-Plain: p;X-Both: config;");  // nothing was asked yet
  BOOST_TEST(written("[" + digest + "," + digest + "]") == "server \"api\": auth: more than 1 of type digest");
  static_assert(cs::max_learned_of<mcp::as_configured> == cs::digest::max_learned);
  auto const config = parsed(R"({"type":"basic","user":"u","password":"p"})");
  mcp::as_configured const none(*config.find("api"));
  cs::response const refused(401);
  BOOST_TEST((none.refusal(cs::response_head(refused)).code() == cs::errc::none));
}

BOOST_AUTO_TEST_CASE(messages_are_signed_behind_all_that_they_may_cover) {
  auto const code = [](std::string_view base) {
    cs::secret text;
    cs::append_base64(text, cs::as_chars(cs::hmac_sha256("key", base)));
    return std::string(text.reveal());
  };
  auto const input = std::string(R"(("@method" "x-plain" "accept");created=1000000000;keyid="id")");
  BOOST_TEST(written(R"({"type":"http_signature","key":"k","components":["@method","X-Plain","accept"]})") ==
             "X-Plain: p;X-Both: config;Signature-Input: sig1=" + input + ";Signature: sig1=:" +
                 code("\"@method\": POST\n\"x-plain\": p\n\"accept\": text/plain\n\"@signature-params\": " + input) + ":;");
  auto const all = written(R"([{"type":"http_signature","key":"k","components":["x-signature"],"label":"a","created":false},
    {"type":"hmac","key":"k"},
    {"type":"http_signature","key":"k","components":["signature;key=\"a\"","content-digest"],"label":"b","ttl":60,"created":false,
     "tag":"t","alg":true,"digest":"sha-512"}])", "hello");
  auto const first = std::string(R"(("x-signature");keyid="id")"),
             second = std::string(R"(("signature";key="a" "content-digest");expires=1000000060;keyid="id";alg="hmac-sha256";tag="t")");
  BOOST_TEST(all.find("Content-Digest: sha-512=:") != std::string::npos, all);
  BOOST_TEST(all.find("Signature-Input: a=" + first + ", b=" + second + ";") != std::string::npos, all);
  auto const signed_time = hex_hmac("2001-09-09T01:46:40+00:00");
  BOOST_TEST(all.find("Signature: a=:" + code("\"x-signature\": " + signed_time + "\n\"@signature-params\": " + first) + ":, b=:") !=
                 std::string::npos, all);
}

BOOST_AUTO_TEST_CASE(a_mistake_in_a_message_signature_is_told_with_the_server) {
  auto const entry = [](std::string const& rest) { return R"({"type":"http_signature","key":"k",)" + rest + "}"; };
  BOOST_TEST(written(entry(R"("label":"A")")).starts_with("server \"api\": auth: http_signature: the label must be lower case"));
  std::string many;
  for (int i = 0; i < 5; ++i) many += (i > 0 ? "," : "") + entry("\"label\":\"l" + std::to_string(i) + "\",\"components\":[\"@method\"]");
  BOOST_TEST(written("[" + many + "]") == "server \"api\": auth: more than 4 of type http_signature");
  BOOST_TEST(written("[" + entry(R"("components":["@method"])") + "," + entry(R"("components":["@path"])") + "]") ==
             "http_signature: two formatters sign with the label sig1; give each its own .label");
}

BOOST_AUTO_TEST_SUITE_END()
