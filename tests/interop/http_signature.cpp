// `make COUNT`: prints random messages, one a line as JSON, signed by http_signature, with the public key; http_signature.mjs
// verifies them by the npm package http-message-signatures, and signs them itself. `check`: verifies those, from its standard input.
#include <countersign/adapt/openssl_key.hpp>
#include <countersign/adapt/openssl_public_key.hpp>
#include <countersign/core/message.hpp>
#include <countersign/format/http_signature.hpp>
#include <countersign/format/verify_signature.hpp>
#include <countersign/os/system.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include "fake/arrived.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;

namespace {

std::mt19937 generator(9421);
std::size_t below(std::size_t n) { return generator() % n; }
std::string some(std::string_view from, std::size_t most) {
  std::string out;
  for (auto n = below(most + 1); n > 0; --n) out += from[below(from.size())];
  return out;
}
// Escapes and letters whose form is one to both sides: the package takes URLs as browsers do.
std::string escaped(std::size_t most) {
  static constexpr std::string_view pieces[] = {"a",   "Z",      "7",   "-",   "_",  "%20",
                                                "%2F", "%C3%A9", "%26", "%3D", "%25"};
  std::string out;
  for (auto n = below(most + 1); n > 0; --n) out += pieces[below(std::size(pieces))];
  return out;
}

constexpr std::string_view shared = "a key that both sides know";
constexpr cs::jws_algorithm algorithms[] = {cs::jws_algorithm::eddsa, cs::jws_algorithm::es256,
                                            cs::jws_algorithm::es384, cs::jws_algorithm::ps512,
                                            cs::jws_algorithm::rs256};

struct message {
  fake::arrived asked, answer;
  bool is_answer = false;
  std::string components;
};
message some_message() {
  message made;
  auto& asked = made.asked;
  asked.said_method = below(2) == 0 ? "POST" : "PUT";
  asked.said_origin = (below(2) == 0 ? "https://h" : "http://h") + some("abc", 3) +
                      (below(3) == 0 ? ".example:8443" : ".example");
  asked.said_target = "/x" + escaped(4);
  for (auto n = below(3); n > 0; --n) asked.said_target += "/y" + escaped(5);
  bool const query = below(2) == 0;
  if (query) asked.said_target += "?a=" + escaped(6) + "&b=" + escaped(6) + "&c%20d=" + escaped(3);
  asked.content = some("abc{}\": \n", 200);
  made.is_answer = below(4) == 0;
  made.answer.said_status = 200 + static_cast<int>(below(300));
  made.answer.content = some("abc{}\": \n", 200);
  auto& target = made.is_answer ? made.answer : asked;
  target.set("content-type", "application/json" + some(" ;=", 4) + "x");
  target.set("x-dict", "a=1,  b=(1   \"x\");y, c=:YQ==:;z=?1");
  target.set("x-bytes", "v" + some("ab, ;", 20) + "v");
  target.set("x-plain", "v" + some("ab, ;\"", 20) + "v");
  std::string const end = made.is_answer ? ";req" : "";
  for (std::string_view const one : {"@method", "@target-uri", "@authority", "@scheme", "@path", "@query"})
    if (below(2) == 0) made.components += std::string(one) + end + " ";
  if (query)
    for (std::string_view const one : {"a", "b", "c%20d"})
      if (below(2) == 0) made.components += "@query-param;name=\"" + std::string(one) + "\"" + end + " ";
  if (made.is_answer) made.components += "@status ";
  for (std::string_view const one : {"content-type", "x-dict", "x-dict;sf", "x-dict;key=\"b\"",
                                     "x-dict;key=\"c\"", "x-bytes;bs", "x-plain", "content-digest"})
    if (below(2) == 0) made.components += std::string(one) + " ";
  return made;
}

void write(cs::json_writer& to, std::string_view name, fake::arrived const& one) {
  to.name(name)
      .open_object()
      .member("method", std::string_view(one.said_method))
      .member("url", std::string_view(one.said_origin + one.said_target));
  to.member("status", one.said_status).name("headers").open_object();
  for (auto const& [field, value] : one.lines) to.member(field, std::string_view(value));
  to.close().member("body", std::string_view(one.content)).close();
}

int make(int wanted) {
  auto const outside = cs::system_context;
  std::vector<cs::openssl_key> keys;
  for (auto const alg : algorithms) keys.push_back(*cs::openssl_key::generate(alg));
  for (int i = 0; i < wanted; ++i) {
    auto made = some_message();
    cs::http_signature const formatter{{.components = made.components,
                                        .key_id = "own",
                                        .lifetime = cs::seconds(below(2) == 0 ? 0 : 600),
                                        .algorithm = below(2) == 0,
                                        .nonce = below(2) == 0,
                                        .tag = below(2) == 0 ? "" : "t\"" + some("ab \\", 5),
                                        .structured = {{"x-dict", "dictionary"}}}};
    auto const request = cs::signed_request(made.asked);
    auto const seen =
        made.is_answer ? cs::signed_response(made.answer, made.answer.content, &request) : request;
    cs::draft out;
    cs::memory_of<cs::http_signature> memory;
    auto const which = below(std::size(algorithms) + 1);
    auto const ok = which == std::size(algorithms)
                        ? formatter.sign(cs::key_pair{cs::secret("shared"), cs::secret(shared)}, seen, out,
                                         cs::moment(outside), memory)
                        : formatter.sign(keys[which], seen, out, cs::moment(outside), memory);
    if (!ok) return std::cerr << made.components << ": " << ok.error().message() << "\n", 1;
    auto& target = made.is_answer ? made.answer : made.asked;
    out.each([&](std::string_view name, std::string_view value) {
      target.set(std::string(name), std::string(value));
    });
    cs::secret line;
    cs::json_writer json(line);
    json.open_object();
    write(json, "request", made.asked);
    if (made.is_answer) write(json, "response", made.answer);
    json.member("components", std::string_view(made.components));
    json.member("alg", cs::message_algorithm(which == std::size(algorithms) ? "HS256" : keys[which].alg()));
    if (which == std::size(algorithms)) {
      json.member("key", shared);
    } else {
      json.name("jwk").raw(keys[which].public_jwk());
      json.name("private").raw(keys[which].private_jwk()->reveal());
    }
    json.close();
    if (!json.finish()) return 1;
    std::cout << line.reveal() << "\n";
  }
  return 0;
}

fake::arrived read(cs::json_value from) {
  fake::arrived made;
  std::string const url(from["url"].string());
  auto const slash = url.find('/', url.find("://") + 3);
  made.said_method = from["method"].string(), made.said_origin = url.substr(0, slash),
  made.said_target = slash == url.npos ? "" : url.substr(slash);
  made.said_status = static_cast<int>(from["status"].integer().value_or(0));
  for (auto const [name, value] : from["headers"].members())
    made.lines.emplace_back(name.string(), value.string());
  made.content = from["body"].string();
  return made;
}

int check() {
  std::size_t all = 0, bad = 0;
  for (std::string line; std::getline(std::cin, line);) {
    auto const said = cs::json_document::parse(cs::secret(line));
    if (!said) return std::cerr << said.error().message() << "\n", 1;
    auto const asked = read((*said)["request"]), answer = read((*said)["response"]);
    auto const request = cs::signed_request(asked);
    bool const is_answer = bool((*said)["response"]);
    auto const seen = is_answer ? cs::signed_response(answer, answer.content, &request) : request;
    auto const hmac = *cs::hmac_verifier::make(cs::sha2::bits_256, shared);
    std::optional<cs::openssl_public_key> key;
    if (auto const jwk = (*said)["jwk"]) {
      cs::secret text;
      cs::json_writer(text).value(jwk);
      for (auto const alg : algorithms)
        if (cs::message_algorithm(cs::detail::properties_of(alg).name) == (*said)["alg"].string())
          key = *cs::openssl_public_key::from_jwk(text.reveal(), alg);
    }
    auto const got = cs::verify_signature(
        seen,
        {.components = (*said)["components"].string(),
         .uncovered = true,
         .label = "theirs",
         .structured = {{"x-dict", "dictionary"}}},
        [&](std::string_view) { return key ? cs::verifier_ref(*key) : cs::verifier_ref(hmac); },
        cs::system_context.now().wall);
    ++all;
    if (!got && ++bad <= 5) std::cerr << got.error().message() << ": " << line.substr(0, 300) << "\n";
  }
  std::printf("%zu signatures of theirs, %zu not verified\n", all, bad);
  return all > 0 && bad == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1 && std::string_view(arguments[1]) == "check") return check();
  return make(count > 2 ? std::atoi(arguments[2]) : 1000);
}
