// RFC 9421 §3.2: every demand, by a message that lacks just that. Signatures by public keys: tests/adapt/openssl_public_key.cpp.
#include <countersign/format/verify_signature.hpp>

#include "fake/arrived.hpp"
#include "fake/context.hpp"

#include <countersign/format/http_signature.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

namespace {

auto const key = *cs::hmac_verifier::make(cs::sha2::bits_256, "shared");
cs::verifier_ref trusted(std::string_view id) {
  return id == "me" ? cs::verifier_ref(key) : cs::verifier_ref();
}
constexpr cs::wall_time then{1000000000'000};

fake::arrived plain() {
  return fake::read_message("POST /a?b=c HTTP/1.1\nHost: api.example.com\nContent-Type: text/plain\n\nhello");
}
// A message that was signed by `how` at `then`.
fake::arrived with_signature(cs::http_signature_options how, fake::arrived message = plain()) {
  fake::world outside;
  auto const context = outside.context();
  cs::memory_of<cs::http_signature> memory;
  cs::draft out;
  auto const ok = cs::http_signature(std::move(how))
                      .sign(cs::key_pair{cs::secret("me"), cs::secret("shared")}, cs::signed_request(message),
                            out, cs::moment(context), memory);
  BOOST_TEST_REQUIRE(ok.has_value(), ok.error().message());
  out.each([&](std::string_view name, std::string_view value) {
    message.set(std::string(name), std::string(value));
  });
  return message;
}
std::string verdict(fake::arrived const& message, cs::signature_demands wanted = {},
                    cs::wall_time now = then) {
  if (wanted.components.empty()) wanted.components = "@method, content-digest";
  auto const got = cs::verify_signature(cs::signed_request(message), wanted, trusted, now);
  return got ? "good" : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}
std::string after(fake::arrived message, std::function<void(fake::arrived&)> const& change) {
  change(message);
  return verdict(message);
}
std::string replaced(std::string text, std::string_view what, std::string_view by) {
  auto const at = text.find(what);
  BOOST_TEST_REQUIRE(at != text.npos, what);
  return text.replace(at, what.size(), by);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verify_signature)

BOOST_AUTO_TEST_CASE(a_good_signature_tells_what_it_says) {
  auto const message = with_signature(
      {.label = "abc", .lifetime = cs::seconds(60), .algorithm = true, .nonce = true, .tag = "mine"});
  auto const got = cs::verify_signature(
      cs::signed_request(message),
      {.components = "@method, @target-uri, content-digest", .label = "abc", .tag = "mine", .nonce = true},
      trusted, then);
  BOOST_TEST_REQUIRE(got.has_value(), got.error().message());
  BOOST_TEST(got->label.reveal() == "abc");
  BOOST_TEST(got->key_id.reveal() == "me");
  BOOST_TEST(got->tag.reveal() == "mine");
  BOOST_TEST(got->nonce.size() == 32u);
  BOOST_TEST(got->components.reveal() == "(\"@method\" \"@target-uri\" \"content-digest\")");
  BOOST_TEST((got->created == then));
  BOOST_TEST((got->expires == then + cs::seconds(60)));
}

BOOST_AUTO_TEST_CASE(what_was_covered_may_not_change) {
  auto const message = with_signature({.components = "@method, @target-uri, content-digest, content-type"});
  auto const bad = "rejected: signature sig1: HS256: the signature is not one by this key";
  BOOST_TEST(verdict(message) == "good");
  BOOST_TEST(after(message, [](auto& m) { m.said_method = "PUT"; }) == bad);
  BOOST_TEST(after(message, [](auto& m) { m.said_target = "/a?b=d"; }) == bad);
  BOOST_TEST(after(message, [](auto& m) { m.said_origin = "http://api.example.com"; }) == bad);
  BOOST_TEST(after(message, [](auto& m) { m.set("Content-Type", "text/html"); }) == bad);
  BOOST_TEST(after(message, [](auto& m) { m.lines.emplace_back("content-type", "x"); }) == bad);
  BOOST_TEST(
      after(message, [](auto& m) { m.content = "Hello"; }) ==
      "rejected: signature sig1: Content-Digest: the body is not the one that the sha-256 was made of");
  BOOST_TEST(after(message, [](auto& m) { m.shows_body = false; }) ==
             "fatal: signature sig1: it covers Content-Digest, and the body was not given to compare");
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature", replaced(m.get("Signature"), "sig1=:", "sig1=:AAAA"));
             }) == bad);
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature-Input", m.get("Signature-Input") + ";tag=\"x\"");
             }) == bad);
  BOOST_TEST(after(message, [](auto& m) { m.set("X-Other", "not covered"); }) == "good");
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature-Input", replaced(m.get("Signature-Input"), "\" \"", "\"   \""));
             }) == "good");
}

BOOST_AUTO_TEST_CASE(what_is_demanded_must_be_there) {
  auto const message = with_signature({.components = "@method, content-digest;sf"});
  BOOST_TEST(verdict(message, {.components = "@method"}) == "good");
  BOOST_TEST(verdict(message, {.components = "content-digest;sf"}) == "good");
  BOOST_TEST(verdict(message, {.components = "@method, @path"}) ==
             "rejected: signature sig1: it does not cover \"@path\"");
  BOOST_TEST(verdict(message, {.components = "content-digest"}) ==
             "rejected: signature sig1: it does not cover \"content-digest\"");
  BOOST_TEST(verdict(message, {.components = "@method", .tag = "t"}) ==
             "rejected: no signature of the message has the label or the tag that is wanted");
  BOOST_TEST(verdict(message, {.components = "@method", .label = "other"}) ==
             "rejected: no signature of the message has the label or the tag that is wanted");
  BOOST_TEST(verdict(message, {.components = "@method", .nonce = true}) ==
             "rejected: signature sig1: it has no nonce");
  BOOST_TEST(verdict(with_signature({.created = false})) ==
             "rejected: signature sig1: it does not say when it was created");
  BOOST_TEST(verdict(with_signature({.created = false}), {.created = false}) == "good");
  BOOST_TEST(verdict(message, {.components = "@metod"}) ==
             "bad_input: verify_signature: component 1: unknown component; did you mean @method?");
  auto const nothing = cs::verify_signature(cs::signed_request(message), {}, trusted, then);
  BOOST_TEST((!nothing && nothing.error().code() == cs::errc::fatal));
  auto const bare = with_signature({.components = ""});
  BOOST_TEST(cs::verify_signature(cs::signed_request(bare), {.uncovered = true}, trusted, then).has_value());
}

BOOST_AUTO_TEST_CASE(times_are_compared_with_the_clock_that_is_given) {
  auto const message = with_signature({.lifetime = cs::seconds(60)});
  auto const at = [&](std::int64_t ms, cs::signature_demands wanted = {}) {
    return verdict(message, std::move(wanted), {then.ms + ms});
  };
  BOOST_TEST(at(0) == "good");
  BOOST_TEST(at(-5000) == "good");
  BOOST_TEST(at(-5001) == "rejected: signature sig1: it was created in the future; does a clock go wrong?");
  BOOST_TEST(at(-1, {.tolerance = cs::seconds(0)}) ==
             "rejected: signature sig1: it was created in the future; does a clock go wrong?");
  BOOST_TEST(at(64999) == "good");
  BOOST_TEST(at(65000) == "rejected: signature sig1: it has expired");
  BOOST_TEST(at(60000, {.tolerance = cs::seconds(0)}) == "rejected: signature sig1: it has expired");
  BOOST_TEST(at(59999, {.tolerance = cs::seconds(0)}) == "good");
  BOOST_TEST(at(40000, {.max_age = cs::seconds(35)}) == "good");
  BOOST_TEST(at(40001, {.max_age = cs::seconds(35)}) ==
             "rejected: signature sig1: it was created too long ago; does a clock go wrong?");
  auto const old = with_signature({});
  BOOST_TEST(verdict(old, {.max_age = {}}, then + cs::seconds(std::int64_t{1} << 40)) == "good");
  // No sum may run over.
  for (std::string_view const created : {"999999999999999", "-999999999999999"})
    for (auto const now : {cs::wall_time{std::numeric_limits<std::int64_t>::max()},
                           cs::wall_time{std::numeric_limits<std::int64_t>::min()}}) {
      auto odd = message;
      odd.set("Signature-Input", replaced(odd.get("Signature-Input"), "1000000000", created));
      BOOST_TEST(verdict(odd, {}, now).starts_with("rejected"));
    }
}

BOOST_AUTO_TEST_CASE(the_key_decides_the_algorithm) {
  auto const message = with_signature({.algorithm = true});
  BOOST_TEST(verdict(message) == "good");
  for (std::string_view const other : {"ed25519", "rsa-v1_5-sha256", "HS256", "none", ""})
    BOOST_TEST(after(message, [&](auto& m) {
                 m.set("Signature-Input", replaced(m.get("Signature-Input"), "hmac-sha256", other));
               }) == "rejected: signature sig1: it says another algorithm than its key's, which is HS256");
  auto const strong = *cs::hmac_verifier::make(cs::sha2::bits_512, "shared");
  auto const got = cs::verify_signature(
      cs::signed_request(message), {.components = "@method"},
      [&](std::string_view) { return cs::verifier_ref(strong); }, then);
  BOOST_TEST(got.error().message() ==
             "signature sig1: it says another algorithm than its key's, which is HS512");
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature-Input", replaced(m.get("Signature-Input"), "\"me\"", "\"you\""));
             }) == "rejected: signature sig1: its key is not among those that are trusted");
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature-Input", replaced(m.get("Signature-Input"), ";keyid=\"me\"", ""));
             }) == "rejected: signature sig1: it names no key, and none is trusted without");
}

BOOST_AUTO_TEST_CASE(one_good_signature_of_several_is_enough) {
  auto message = with_signature({.label = "good"});
  auto const input = message.get("Signature-Input"), signature = message.get("Signature");
  message.set("Signature-Input", "bad=(\"@method\");keyid=\"me\";created=1000000000, " + input);
  message.set("Signature", "bad=:YQ==:, " + signature);
  BOOST_TEST(verdict(message) == "good");
  BOOST_TEST(verdict(message, {.label = "bad"}).starts_with("rejected: signature bad: "));
  // As two headers, too.
  auto split = message;
  split.set("Signature-Input", "bad=(\"@method\");keyid=\"me\";created=1000000000");
  split.lines.emplace_back("signature-input", input);
  BOOST_TEST(verdict(split) == "good");
  std::string inputs, signatures;
  for (std::size_t i = 0; i < cs::max_signatures_tried; ++i) {
    inputs += "x" + std::to_string(i) + "=(\"@method\");keyid=\"me\", ",
        signatures += "x" + std::to_string(i) + "=:YQ==:, ";
    auto crowd = with_signature({.label = "good"});
    crowd.set("Signature-Input", inputs + input);
    crowd.set("Signature", signatures + signature);
    BOOST_TEST(verdict(crowd).substr(0, 10) == (i + 1 < cs::max_signatures_tried ? "good" : "too_large:"));
  }
}

BOOST_AUTO_TEST_CASE(malformed_messages_are_answered) {
  auto const message = with_signature({});
  BOOST_TEST(verdict(plain()) == "rejected: the message has no Signature-Input header, so it is not signed");
  BOOST_TEST(after(message, [](auto& m) {
               std::erase_if(m.lines, [](auto const& l) { return l.first == "Signature"; });
             }) == "rejected: the message has no Signature header, so it is not signed");
  BOOST_TEST(after(message, [](auto& m) { m.set("Signature", "other=:YQ==:"); }) ==
             "rejected: signature sig1: Signature has no bytes of that label");
  BOOST_TEST(after(message, [](auto& m) { m.set("Signature", "sig1=\"YQ==\""); }) ==
             "rejected: signature sig1: Signature has no bytes of that label");
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature", "sig1=:YQ=:");
             }).starts_with("bad_input: Signature: structured field, byte"));
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature-Input", "sig1=(\"@method");
             }).starts_with("bad_input: Signature-Input: structured field, byte"));
  BOOST_TEST(after(message, [](auto& m) { m.set("Signature-Input", "sig1=\"@method\""); }) ==
             "bad_input: signature sig1: structured field, byte 7: expected an inner list of components, "
             "found a string");
  BOOST_TEST(
      after(
          message,
          [](auto& m) { m.set("Signature-Input", "sig1=(\"@method\" \"content-digest\");created=\"1\""); }) ==
      "bad_input: signature sig1: created: structured field, byte 44: expected an integer, found a string");
  BOOST_TEST(
      after(message, [](auto& m) {
        m.set("Signature-Input", "sig1=(\"@method\" \"content-digest\");keyid=me");
      }) == "bad_input: signature sig1: keyid: structured field, byte 41: expected a string, found a token");
  BOOST_TEST(after(message,
                   [](auto& m) {
                     m.set("Signature-Input",
                           "sig1=(\"@method\" \"content-digest\" \"x\");created=1000000000;keyid=\"me\"");
                   }) == "bad_input: signature sig1: component \"x\": the message has no such header; set it "
                         "before it is signed, or leave it out here");
  BOOST_TEST(after(message, [](auto& m) {
               m.set("Signature-Input",
                     "sig1=(\"@method\" \"content-digest\" \"@method\");created=1000000000;keyid=\"me\"");
             }) == "bad_input: signature sig1: component 3: \"@method\" is covered twice");
}

BOOST_AUTO_TEST_CASE(a_response_is_verified_with_the_request_that_it_answers) {
  auto const asked = with_signature({});
  auto const request = cs::signed_request(asked);
  auto answer = fake::read_message("HTTP/1.1 200 OK\nContent-Type: text/plain\n\ngood");
  fake::world outside;
  auto const context = outside.context();
  cs::memory_of<cs::http_signature> memory;
  cs::draft out;
  BOOST_TEST(
      cs::http_signature({.components = "@status, content-digest, \"signature\";req;key=\"sig1\", @path;req"})
          .sign(cs::key_pair{cs::secret("me"), cs::secret("shared")},
                cs::signed_response(answer, answer.content, &request), out, cs::moment(context), memory)
          .has_value());
  out.each([&](std::string_view name, std::string_view value) {
    answer.set(std::string(name), std::string(value));
  });
  cs::signature_demands const wanted{.components = "@status, content-digest, signature;req;key=\"sig1\""};
  auto const ok = [&](cs::signed_message const& seen) {
    return cs::verify_signature(seen, wanted, trusted, then).has_value();
  };
  BOOST_TEST(ok(cs::signed_response(answer, answer.content, &request)));
  BOOST_TEST(!ok(cs::signed_response(answer, "bad", &request)));
  BOOST_TEST(!ok(cs::signed_response(answer, answer.content)));
  auto const other = with_signature({.tag = "another request"});
  auto const another = cs::signed_request(other);
  BOOST_TEST(!ok(cs::signed_response(answer, answer.content, &another)));
  answer.said_status = 201;
  BOOST_TEST(!ok(cs::signed_response(answer, answer.content, &request)));
}

BOOST_AUTO_TEST_SUITE_END()
