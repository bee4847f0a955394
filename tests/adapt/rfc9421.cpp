// RFC 9421 Appendix B, all of it: each base to the byte, each signature verified, the deterministic ones made again.
#include <countersign/adapt/openssl_public_key.hpp>

#include "fake/arrived.hpp"
#include "fake/context.hpp"
#include "vectors/tally.hpp"

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/format/http_signature.hpp>
#include <countersign/format/verify_signature.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace {

// The public key of each id, and what it is used with in the examples.
struct keys {
  explicit keys(vectors::tree const& all) {
    for (auto const& [id, alg] : {std::pair("test-key-rsa-pss", cs::jws_algorithm::ps512),
                                  std::pair("test-key-ecc-p256", cs::jws_algorithm::es256),
                                  std::pair("test-key-ed25519", cs::jws_algorithm::eddsa)}) {
      auto const pem = all.get<std::string>(std::string(id) + ".public_pem");
      auto made = cs::openssl_public_key::from_pem(pem, alg);
      BOOST_TEST_REQUIRE(made.has_value(), made.error().message());
      public_ones.emplace(id, std::move(*made));
      auto mine = cs::openssl_key::from_pem(pem, {.algorithm = alg});
      BOOST_TEST_REQUIRE(mine.has_value(), mine.error().message());
      private_ones.emplace(id, std::move(*mine));
    }
    shared = *cs::decode_key(all.get<std::string>("test-shared-secret.base64"), cs::key_form::base64);
    hmac.emplace("test-shared-secret", *cs::hmac_verifier::make(cs::sha2::bits_256, shared.reveal()));
  }
  cs::verifier_ref operator()(std::string_view id) const {
    if (auto const found = hmac.find(id); found != hmac.end()) return found->second;
    if (auto const found = public_ones.find(id); found != public_ones.end()) return found->second;
    return {};
  }
  std::map<std::string, cs::openssl_public_key, std::less<>> public_ones;
  std::map<std::string, cs::openssl_key, std::less<>> private_ones;
  std::map<std::string, cs::hmac_verifier, std::less<>> hmac;
  cs::secret shared;
};

struct example {
  explicit example(vectors::tree const& row)
      : id(row.get<std::string>("id")), message(fake::read_message(row.get<std::string>("message"))),
        base(row.get<std::string>("signature_base")), valid(row.get<std::string>("valid") == "true"),
        deterministic(row.get<std::string>("deterministic") == "true"),
        key_id(row.get<std::string>("keyid")) {
    if (auto const input = row.get_optional<std::string>("signature_input")) {
      message.set("Signature-Input", *input);
      message.set("Signature", row.get<std::string>("signature"));
    }
    auto const input = message.get("Signature-Input");
    label = input.substr(0, input.find('='));
    components = input.substr(input.find('(') + 1, input.find(')') - input.find('(') - 1);
    auto const tag_at = input.find(";tag=\"");
    if (tag_at != input.npos) tag = input.substr(tag_at + 6, input.size() - tag_at - 7);
  }
  [[nodiscard]] cs::signed_message seen() const {
    return message.said_status != 0 ? cs::signed_response(message, message.content)
                                    : cs::signed_request(message);
  }
  std::string id;
  fake::arrived message;
  std::string base;
  bool valid, deterministic;
  std::string key_id, label, components, tag;
};

constexpr cs::wall_time then{1618884473'000};

std::string verified(cs::signed_message const& message, std::string_view components, keys const& trusted) {
  auto const got = cs::verify_signature(message, {.components = components, .uncovered = components.empty()},
                                        trusted, then + cs::seconds(10));
  return got ? "good" : std::string(cs::name(got.error().code()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rfc9421)

BOOST_AUTO_TEST_CASE(every_example_of_appendix_b) {
  auto const all = vectors::json("rfc9421/rfc9421.json");
  keys const trusted(all.get_child("keys"));
  vectors::tally count("rfc9421/rfc9421.json");
  for (auto const& [_, row] : all.get_child("tests")) {
    example const one(row);
    cs::detail::base_text base;
    cs::detail::covered_components covered;
    BOOST_TEST(covered.read(std::string_view(one.components)).has_value());
    cs::fields const none;
    auto const message = one.seen();
    BOOST_TEST(cs::detail::signature_lines(base, message, covered, none).write().has_value(), one.id);
    auto const input = one.message.get("Signature-Input");
    base.add(covered.last_line()).add(std::string_view(input).substr(one.label.size() + 1));
    if (one.valid) BOOST_TEST(*base.whole() == one.base, one.id);
    BOOST_TEST(verified(message, one.components, trusted) == (one.valid ? "good" : "rejected"), one.id);
    ++count;
  }
}

BOOST_AUTO_TEST_CASE(the_examples_are_made_again_to_the_byte_where_the_algorithm_allows) {
  auto const all = vectors::json("rfc9421/rfc9421.json");
  keys const trusted(all.get_child("keys"));
  unsigned same = 0, other = 0;
  for (auto const& [_, row] : all.get_child("tests")) {
    example one(row);
    if (!one.valid) continue;
    auto const input = one.message.get("Signature-Input"), signature = one.message.get("Signature");
    std::erase_if(one.message.lines, [](auto const& line) { return line.first.starts_with("Signature"); });
    cs::http_signature const formatter{
        {.components = one.components, .label = one.label, .key_id = one.key_id, .tag = one.tag}};
    fake::world outside;
    outside.set_wall(then);
    auto const context = outside.context();
    cs::draft out;
    cs::memory_of<cs::http_signature> memory;
    auto const ok = one.key_id == "test-shared-secret"
                        ? formatter.sign(trusted.shared, one.seen(), out, cs::moment(context), memory)
                        : formatter.sign(trusted.private_ones.at(one.key_id), one.seen(), out,
                                         cs::moment(context), memory);
    BOOST_TEST_REQUIRE(ok.has_value(), one.id << ": " << ok.error().message());
    if (one.id != "B.2.1")
      BOOST_TEST((out.get("Signature-Input") == input), one.id);  // whose nonce is its own
    if (one.deterministic) {
      BOOST_TEST((out.get("Signature") == signature), one.id);
      ++same;
    } else {
      one.message.set("Signature-Input", std::string(*out.get("Signature-Input")));
      one.message.set("Signature", std::string(*out.get("Signature")));
      BOOST_TEST(verified(one.seen(), one.components, trusted) == "good", one.id);
      ++other;
    }
  }
  BOOST_TEST(same == 6u);
  BOOST_TEST(other == 5u);
}

BOOST_AUTO_TEST_CASE(no_byte_of_a_base_may_be_another) {
  auto const all = vectors::json("rfc9421/rfc9421.json");
  keys const trusted(all.get_child("keys"));
  for (auto const& [_, row] : all.get_child("tests")) {
    example const one(row);
    if (!one.valid) continue;
    auto const key = trusted(one.key_id);
    auto const sent = cs::structured_field::parse_dictionary(cs::secret(one.message.get("Signature")));
    auto const signature = *(*sent)[one.label].bytes();
    BOOST_TEST(key.verify(one.base, signature).has_value());
    for (std::size_t at = 0; at < one.base.size(); at += 7) {
      auto changed = one.base;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      BOOST_TEST(!key.verify(changed, signature).has_value(), one.id << " at " << at);
    }
    for (std::size_t at = 0; at < signature.size(); at += 5) {
      std::string changed(signature);
      changed[at] = static_cast<char>(changed[at] ^ 1);
      BOOST_TEST(!key.verify(one.base, changed).has_value(), one.id << " at " << at);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
