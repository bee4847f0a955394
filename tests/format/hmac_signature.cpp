#include <countersign/format/hmac_signature.hpp>

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

namespace {

// What a bash script prints, with these variables in its environment.
std::string bash(std::map<std::string, std::string> const& variables, std::string const& script) {
  for (auto const& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  setenv("SCRIPT", script.c_str(), 1);
  auto* const out = popen("bash -c \"$SCRIPT\"", "r");
  if (out == nullptr) throw std::runtime_error("no bash");
  std::string all;
  for (int c; (c = std::fgetc(out)) != EOF;) all += static_cast<char>(c);
  if (pclose(out) != 0) throw std::runtime_error("the script failed");
  while (all.ends_with('\n')) all.pop_back();
  return all;
}
// HMAC by the openssl command.
std::string openssl(std::string const& message, std::string const& key, std::string const& hash,
                    std::string const& then) {
  return bash({{"MESSAGE", message}, {"KEY", key}},
              "printf %s \"$MESSAGE\" | openssl dgst -" + hash + " -hmac \"$KEY\" -binary | " + then);
}
auto const as_hex = "od -An -v -tx1 | tr -d ' \\n'"s;
auto const as_base64 = "base64 -w0"s;
auto const as_base64url = "base64 -w0 | tr '+/' '-_' | tr -d ="s;

cs::key_pair pair(std::string_view id = "app-1", std::string_view key = "s3cret-k3y") {
  return {.id = cs::secret(id), .key = cs::secret(key)};
}
cs::hmac_scheme signs(std::string_view message) {
  return {.message = message, .headers = {{"X-Signature", "{signature}"}}};
}
cs::request some_request() {
  cs::request request("POST", "https://api.example.com/v1/items%2Fa/?b=c%20d&e", cs::secret("{\"n\":1}"));
  request.set("Content-Type", "application/json");
  return request;
}
std::string mistake(cs::hmac_scheme scheme) {
  auto const ok = cs::hmac_body_signature(std::move(scheme)).check();
  return ok ? "none" : std::string(ok.error().message());
}

struct twice : cs::blank_request {
  template <class Function>
  void fields(Function&& function) const {
    function("Date", "1"), function("date", "2");
  }
};

constexpr auto world_time = "2001-09-09T01:46:40+00:00";

}  // namespace

static_assert(cs::header_formatter<cs::hmac_signature, cs::key_pair>);
static_assert(cs::header_formatter<cs::hmac_signature, cs::secret>);
static_assert(cs::header_formatter<cs::hmac_signature, std::tuple<cs::secret, cs::secret>>);
static_assert(!cs::header_formatter<cs::hmac_signature, cs::token>);
static_assert(!cs::is_constant<cs::hmac_signature> && !cs::signs_body<cs::hmac_signature>);
static_assert(cs::signs_body<cs::hmac_body_signature>);

BOOST_AUTO_TEST_SUITE(format_hmac_signature)

// The script of the page on which the project was founded, with the time set.
BOOST_AUTO_TEST_CASE(a_default_made_one_writes_what_the_shell_script_writes) {
  for (auto const key :
       {"s3cret-k3y", "k",
        "a key of more than one block of the hash, which is hashed before it is used as a key"}) {
    auto const script = bash({{"TIMESTAMP", world_time}, {"SECRET_KEY", key}, {"API_KEY", "app-1"}}, R"(
      SIGNATURE=$(echo -n "$TIMESTAMP" | openssl dgst -sha256 -hmac "$SECRET_KEY" | cut -d' ' -f2)
      echo "X-Timestamp: $TIMESTAMP; X-Signature: $SIGNATURE; X-API-Key: $API_KEY")");
    BOOST_TEST(fake::write(cs::hmac_signature(), pair("app-1", key)).text() == script);
    BOOST_TEST(fake::write(cs::hmac_body_signature(), pair("app-1", key)).text() == script);
  }
}

BOOST_AUTO_TEST_CASE(the_time_is_written_as_date_writes_it) {
  BOOST_TEST(bash({}, "date -u -Iseconds -d @1000000000") == world_time);
  BOOST_TEST(bash({}, "date -u +%Y-%m-%dT%H:%M:%SZ -d @1000000000") == "2001-09-09T01:46:40Z");
  std::map<cs::time_form, std::string> const expected = {{cs::time_form::iso8601, world_time},
                                                         {cs::time_form::iso8601_z, "2001-09-09T01:46:40Z"},
                                                         {cs::time_form::unix_seconds, "1000000000"}};
  for (auto const& [form, text] : expected)
    BOOST_TEST(fake::write(cs::hmac_signature(
                               {.timestamp = form, .headers = {{"T", "{timestamp}"}, {"S", "{signature}"}}}),
                           pair())
                   .text() == "T: " + text + "; S: " + openssl(text, "s3cret-k3y", "sha256", as_hex));
}

BOOST_AUTO_TEST_CASE(every_hash_and_encoding_agrees_with_openssl) {
  auto const template_ = "{method}\n{path}\n{query}\n{host}\n{timestamp}\n{key_id}\n{body}"s;
  auto const message =
      "POST\n/v1/items%2Fa/\nb=c%20d&e\napi.example.com\n"s + world_time + "\napp-1\n{\"n\":1}";
  for (auto const& [hash, hash_name] :
       {std::pair(cs::sha2::bits_256, "sha256"), std::pair(cs::sha2::bits_384, "sha384"),
        std::pair(cs::sha2::bits_512, "sha512")})
    for (auto const& [form, then] :
         {std::pair(cs::digest_form::hex, as_hex), std::pair(cs::digest_form::base64, as_base64),
          std::pair(cs::digest_form::base64url, as_base64url)}) {
      cs::hmac_body_signature const formatter(
          {.hash = hash,
           .encoding = form,
           .message = template_,
           .headers = {{"X-Signature", "v1={signature}"}, {"X-Digest", "{digest}"}}});
      BOOST_TEST(fake::write(formatter, pair(), some_request()).text() ==
                 "X-Signature: v1=" + openssl(message, "s3cret-k3y", hash_name, then) + "; X-Digest: " +
                     bash({{"BODY", "{\"n\":1}"}},
                          "printf %s \"$BODY\" | openssl dgst -"s + hash_name + " -binary | " + then));
    }
}

// Every placeholder, by what a signature over it alone is.
BOOST_AUTO_TEST_CASE(each_placeholder_stands_for_the_bytes_that_are_sent) {
  auto const same = [](std::string_view message, std::string const& expected, cs::request const& request) {
    auto const got = fake::write(cs::hmac_body_signature(signs(message)), pair(), request).text();
    BOOST_TEST(got == "X-Signature: " + openssl(expected, "s3cret-k3y", "sha256", as_hex),
               message << " of " << request.url());
  };
  auto const plain = some_request();
  same("{method}", "POST", plain);
  same("{target}", "/v1/items%2Fa/?b=c%20d&e", plain);
  same("{path}", "/v1/items%2Fa/", plain);
  same("{query}", "b=c%20d&e", plain);
  same("{host}", "api.example.com", plain);
  same("{header:content-TYPE}", "application/json", plain);
  same("{body}", "{\"n\":1}", plain);
  same("{key_id}", "app-1", plain);
  same("a{{b}}c", "a{b}c", plain);
  same("{{timestamp}}", "{timestamp}", plain);
  same("{method}{method}", "POSTPOST", plain);
  same("lines\r\n\tand bytes \xff", "lines\r\n\tand bytes \xff", plain);
  // No path, no query, a query that is empty or alone (RFC 9112 §3.2.1: sent with a slash before it).
  same("{path}|{query}|{target}", "/||/", cs::request("GET", "https://a.example"));
  same("{path}|{query}|{target}", "/x||/x", cs::request("GET", "https://a.example/x#part"));
  same("{path}|{query}|{target}", "/x||/x?", cs::request("GET", "https://a.example/x?"));
  same("{path}|{query}|{target}", "/|q=/?|/?q=/?", cs::request("GET", "https://a.example?q=/?"));
  same("{path}", "//a//../%7e", cs::request("GET", "https://a.example//a//../%7e"));
}

BOOST_AUTO_TEST_CASE(the_host_is_the_one_that_is_sent) {
  auto const host = [](std::string_view url, char const* given = nullptr) {
    cs::request request("GET", url);
    if (given != nullptr) request.set("host", given);
    return fake::write(
               cs::hmac_signature({.message = "{host}", .headers = {{"H", "{host}"}, {"S", "{signature}"}}}),
               pair(), request)
        .fields.at(0)
        .second;
  };
  BOOST_TEST(host("https://a.example:8443/") == "a.example:8443");
  BOOST_TEST(host("https://a.example:443/") == "a.example");
  BOOST_TEST(host("wss://a.example:443/") == "a.example");
  BOOST_TEST(host("https://a.example:80/") == "a.example:80");
  BOOST_TEST(host("http://127.0.0.1:80/") == "127.0.0.1");
  BOOST_TEST(host("http://127.0.0.1:443/") == "127.0.0.1:443");
  BOOST_TEST(host("https://[::1]:443/") == "[::1]");
  BOOST_TEST(host("https://user:pw@a.example/") == "a.example");
  BOOST_TEST(host("https://a.example/", "other.example") == "other.example");
}

BOOST_AUTO_TEST_CASE(time_and_nonce_are_the_same_wherever_they_stand) {
  cs::hmac_signature const formatter(
      {.message = "{nonce}{timestamp}",
       .headers = {{"A", "{nonce}"}, {"B", "{nonce}:{timestamp}"}, {"S", "{signature}"}}});
  fake::world w;
  w.tick = cs::seconds(1);
  auto const outside = w.context();
  cs::memory_of<cs::hmac_signature> memory;
  std::string nonces[2];
  for (auto& nonce : nonces) {
    cs::draft out;
    auto const before = w.entropy_bytes();
    BOOST_TEST(formatter.format(pair(), cs::blank_request(), out, cs::moment(outside), memory).has_value());
    BOOST_TEST(w.entropy_bytes() - before == 16u);
    nonce = *out.get("A");
    auto const both = std::string(*out.get("B"));
    BOOST_TEST(nonce.size() == 32u);
    BOOST_TEST(both.substr(0, 33) == nonce + ":");
    BOOST_TEST(*out.get("S") == openssl(nonce + both.substr(33), "s3cret-k3y", "sha256", as_hex));
  }
  BOOST_TEST(nonces[0] != nonces[1]);
  w.entropy_fails = true;
  cs::draft out;
  auto const failed = formatter.format(pair(), cs::blank_request(), out, cs::moment(outside), memory);
  BOOST_TEST(failed.error().message() == "hmac_signature: entropy: the system gave no random bytes");
}

BOOST_AUTO_TEST_CASE(what_no_template_says_is_not_asked_for) {
  fake::world w;
  auto const outside = w.context();
  cs::memory_of<cs::hmac_signature> memory;
  cs::draft out;
  BOOST_TEST(cs::hmac_signature(signs("{method}"))
                 .format(pair("", "k"), cs::blank_request(), out, cs::moment(outside), memory)
                 .has_value());
  BOOST_TEST(w.entropy_bytes() == 0u);
  BOOST_TEST(w.clock_reads() == 0u);
}

BOOST_AUTO_TEST_CASE(a_pair_two_secrets_or_a_key_alone_are_taken) {
  std::tuple const two(cs::secret("app-1"), cs::secret("s3cret-k3y"));
  BOOST_TEST(fake::write(cs::hmac_signature(), two).text() ==
             fake::write(cs::hmac_signature(), pair()).text());
  auto const alone = signs("{timestamp}");
  BOOST_TEST(fake::write(cs::hmac_signature(alone), cs::secret("s3cret-k3y")).text() ==
             fake::write(cs::hmac_signature(alone), pair()).text());
  BOOST_TEST(fake::write(cs::hmac_signature(), cs::secret("k")).text() ==
             "fatal: hmac_signature: a template says {key_id}, and the credential is a key alone; give "
             "key_pair{id, key}, or leave {key_id} out");
  BOOST_TEST(fake::write(cs::hmac_signature(), pair("", "k")).text() ==
             "bad_input: hmac_signature: the key's id is empty");
  BOOST_TEST(fake::write(cs::hmac_signature(), pair("id", "")).text() ==
             "bad_input: hmac_signature: the key is empty");
}

BOOST_AUTO_TEST_CASE(a_key_may_be_written_in_hex_or_base64) {
  auto const with = [](cs::key_form form, std::string_view key) {
    auto scheme = signs("{method}");
    scheme.key = form;
    return fake::write(cs::hmac_signature(scheme), cs::secret(key), cs::request("GET", "https://a.example/"))
        .text();
  };
  auto const expected = "X-Signature: " + openssl("GET", "key?>", "sha256", as_hex);
  BOOST_TEST(with(cs::key_form::raw, "key?>") == expected);
  BOOST_TEST(with(cs::key_form::hex, "6b65793F3e") == expected);
  BOOST_TEST(with(cs::key_form::base64, "a2V5Pz4=") == expected);
  BOOST_TEST(with(cs::key_form::base64, "a2V5Pz4") == expected);
  BOOST_TEST(with(cs::key_form::base64url, "a2V5Pz4") == expected);
  BOOST_TEST(with(cs::key_form::base64, "a2V5*z4=") ==
             "bad_input: hmac_signature: the key is not written as was said: base64: the character at offset "
             "4 is not of the alphabet; expected letters, digits, '+' and '/'");
}

BOOST_AUTO_TEST_CASE(each_mistake_in_a_template_is_told_with_its_column) {
  struct row {
    std::string_view message, expected;
  };
  for (auto const& [message, expected] : std::initializer_list<row>{
           {"{method} {pth}", "message, column 10: unknown placeholder {pth}; did you mean {path}?"},
           {"{TIMESTAMP}", "message, column 1: unknown placeholder {TIMESTAMP}; did you mean {timestamp}?"},
           {"ab{zzzzzzzz}",
            "message, column 3: unknown placeholder {zzzzzzzz}; known are timestamp, nonce, method, target, "
            "path, query, host, header:NAME, body, digest, key_id, signature"},
           {"{method} {", "message, column 10: a '{' that is not closed; write {{ for the sign itself"},
           {"{{{method", "message, column 3: a '{' that is not closed; write {{ for the sign itself"},
           {"a}b", "message, column 2: a '}' that closes nothing; write }} for the sign itself"},
           {"{}", "message, column 1: no placeholder; write {{ and }} for braces that stand for themselves"},
           {"{\"a\": 1}",
            "message, column 1: no placeholder; write {{ and }} for braces that stand for themselves"},
           {"{header}", "message, column 1: {header} needs a name: {header:NAME}"},
           {"{header:}", "message, column 1: {header:NAME} needs the name of a header"},
           {"x{header:a b}", "message, column 2: {header:NAME} needs the name of a header"},
           {"{method}{signature}",
            "message, column 9: {signature} is made of the message and can't stand in it"},
           {"{method}{header:x-signature}",
            "message, column 9: header x-signature is written here; put what it says in its place"},
           {"", "message: it is empty, so that every signature would be the same"}})
    BOOST_TEST(mistake(signs(message)) == "hmac_signature: " + std::string(expected));
  BOOST_TEST(
      mistake({.headers = {{"X-S", "{signature}"}, {"X-T", "at {tmestamp}"}}}) ==
      "hmac_signature: header X-T, column 4: unknown placeholder {tmestamp}; did you mean {timestamp}?");
  BOOST_TEST(mistake({.headers = {{"X-S", "{signature}{body}"}}}) ==
             "hmac_signature: header X-S, column 12: a body can't stand in a header; {digest} can");
  BOOST_TEST(mistake({.headers = {{"X-S", "{signature}"}, {"x-s", "1"}}}) ==
             "hmac_signature: header X-S is listed twice");
  BOOST_TEST(mistake({.headers = {{"X-S", "{signature}"}, {"X S", "1"}}}) ==
             "hmac_signature: header number 2 has a name that no header has (RFC 9110)");
  BOOST_TEST(mistake({.headers = {{"X-T", "{timestamp}"}}}) ==
             "hmac_signature: no header says {signature}, so that nothing would prove anything");
  BOOST_TEST(mistake({.headers = {}}) ==
             "hmac_signature: no header says {signature}, so that nothing would prove anything");
  BOOST_TEST(mistake({}) == "none");
}

BOOST_AUTO_TEST_CASE(a_mistake_is_told_by_each_request_too) {
  auto const got = fake::write(cs::hmac_signature(signs("{pth}")), pair());
  BOOST_TEST(got.text() ==
             "bad_input: hmac_signature: message, column 1: unknown placeholder {pth}; did you mean {path}?");
}

BOOST_AUTO_TEST_CASE(what_reads_the_body_is_refused_where_requests_need_not_show_it) {
  for (auto const name : {"body", "digest"}) {
    auto const ok = cs::hmac_signature(signs("{method}{" + std::string(name) + "}")).check();
    BOOST_REQUIRE(!ok);
    BOOST_TEST(ok.error().message() ==
               "hmac_signature: message, column 9: {" + std::string(name) +
                   "} reads the body; use hmac_body_signature, which takes requests that show it");
  }
  auto const in_header = cs::hmac_signature({.headers = {{"S", "{signature}"}, {"D", "x{digest}"}}}).check();
  BOOST_REQUIRE(!in_header);
  BOOST_TEST(in_header.error().message() == "hmac_signature: header D, column 2: {digest} reads the body; "
                                            "use hmac_body_signature, which takes requests that show it");
}

BOOST_AUTO_TEST_CASE(a_body_that_cannot_be_shown_is_refused) {
  fake::world w;
  auto const outside = w.context();
  cs::memory_of<cs::hmac_body_signature> memory;
  for (auto const message : {"{body}", "{digest}"}) {
    cs::draft out;
    auto const got = cs::hmac_body_signature(signs(message))
                         .format(pair(), cs::blank_request(), out, cs::moment(outside), memory);
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().message() == "hmac_signature: the body is signed, and this request can't show it; "
                                        "give it a body that is in memory");
  }
}

BOOST_AUTO_TEST_CASE(a_header_that_is_missing_or_there_twice_is_named) {
  auto request = some_request();
  BOOST_TEST(
      fake::write(cs::hmac_signature(signs("{header:Date}")), pair(), request).text() ==
      "bad_input: hmac_signature: header Date is to be signed, and the request has none; set it before");
  fake::world w;
  auto const outside = w.context();
  cs::memory_of<cs::hmac_signature> memory;
  cs::draft out;
  auto const got =
      cs::hmac_signature(signs("{header:Date}")).format(pair(), twice(), out, cs::moment(outside), memory);
  BOOST_REQUIRE(!got);
  BOOST_TEST(got.error().message() ==
             "hmac_signature: header Date is to be signed, and the request has it more than once");
}

BOOST_AUTO_TEST_CASE(what_an_earlier_formatter_wrote_can_be_signed) {
  cs::each_of const formatter{cs::header("X-Tenant"), cs::hmac_signature(signs("{header:X-Tenant}"))};
  std::tuple const parts(cs::secret("acme"), cs::secret("k"));
  BOOST_TEST(fake::write(formatter, parts).text() ==
             "X-Tenant: acme; X-Signature: " + openssl("acme", "k", "sha256", as_hex));
}

BOOST_AUTO_TEST_CASE(a_template_is_as_long_as_the_limit_and_no_longer) {
  BOOST_TEST(mistake(signs(std::string(cs::max_signing_template, 'a'))) == "none");
  BOOST_TEST(mistake(signs(std::string(cs::max_signing_template + 1, 'a'))) ==
             "hmac_signature: message: longer than 4096 bytes");
  cs::header_list many{{"S", "{signature}"}};
  for (std::size_t i = 1; i < cs::max_signed_headers; ++i) many.append("H" + std::to_string(i), "v");
  BOOST_TEST(mistake({.headers = many}) == "none");
  BOOST_TEST(fake::write(cs::hmac_signature({.headers = many}), pair()).fields.size() ==
             cs::max_signed_headers);
  many.append("H", "v");
  BOOST_TEST(mistake({.headers = many}) == "hmac_signature: more than 16 headers");
}

// On the stack up to the limit, on the heap beyond it.
BOOST_AUTO_TEST_CASE(a_header_of_many_pieces_is_whole_whatever_its_length) {
  for (auto const size : {0u, 448u, 449u, 4000u}) {
    std::string const text(size, 'x');
    auto scheme = signs("{method}");
    scheme.headers = {{"X-Signature", text + "{signature}"}};
    auto const got = fake::write(cs::hmac_signature(scheme), pair(), some_request());
    BOOST_TEST(got.text() == "X-Signature: " + text + openssl("POST", "s3cret-k3y", "sha256", as_hex));
    scheme.headers = {{"X-Signature", "{signature}" + text + "}}|"}};
    BOOST_TEST(fake::write(cs::hmac_signature(scheme), pair(), some_request()).text() ==
               "X-Signature: " + openssl("POST", "s3cret-k3y", "sha256", as_hex) + text + "}|");
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_changes_is_used_at_once) {
  cs::hmac_signature const formatter(signs("{method}"));
  cs::memory_of<cs::hmac_signature> memory;
  for (auto const key : {"one", "one", "two", "one", "three"})
    BOOST_TEST(fake::write(formatter, cs::secret(key), some_request(), memory).text() ==
               "X-Signature: " + openssl("POST", key, "sha256", as_hex));
}

BOOST_AUTO_TEST_CASE(threads_that_use_different_keys_never_get_anothers) {
  cs::hmac_signature const formatter(signs("{method}"));
  cs::memory_of<cs::hmac_signature> memory;
  std::vector<std::string> wrong(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < wrong.size(); ++i)
    threads.emplace_back([&, i] {
      auto const key = "key-" + std::to_string(i % 2);
      fake::world w;
      auto const outside = w.context();
      std::string expected;
      cs::memory_of<cs::hmac_signature> own;
      for (int turn = 0; turn < 3000; ++turn) {
        cs::draft out;
        auto const ok = formatter.format(cs::secret(key), cs::blank_request(), out, cs::moment(outside),
                                         turn == 0 ? own : memory);
        auto const got = ok ? std::string(*out.get("X-Signature")) : "";
        if (turn == 0) expected = got;
        if (got.empty() || got != expected) wrong[i] = got.empty() ? "failed" : got;
      }
    });
  for (auto& each : threads) each.join();
  for (auto const& each : wrong) BOOST_TEST(each == "");
}

BOOST_AUTO_TEST_CASE(a_prepared_key_costs_no_allocation) {
  if (!fake::heap::is_ours) return;
  cs::hmac_body_signature const formatter(
      {.message = "{method}{target}{nonce}{digest}",
       .headers = {{"A", "v1 {key_id}:{signature}"}, {"T", "{timestamp}"}, {"N", "{nonce}"}}});
  fake::world w;
  auto const outside = w.context();
  auto const request = some_request();
  auto const credential = pair();
  cs::memory_of<cs::hmac_body_signature> memory;
  for (int turn = 0; turn < 2; ++turn) {
    cs::draft out;
    auto const write = [&] {
      return formatter.format(credential, cs::view_of(request), out, cs::moment(outside), memory).has_value();
    };
    if (turn == 0) {
      BOOST_TEST(write());
      continue;
    }
    fake::heap::exhausted const none;
    bool const ok = write();
    BOOST_TEST(ok);
  }
}

BOOST_AUTO_TEST_CASE(an_authenticator_signs_each_request_anew) {
  fake::world w;
  cs::authenticator api{cs::fixed{pair()}, cs::hmac_signature(), cs::only{"https://api.example.com"},
                        w.context()};
  for (auto const time : {"2001-09-09T01:46:40+00:00", "2001-09-09T01:46:41+00:00"}) {
    auto request = some_request();
    BOOST_TEST(api.authorize(request).has_value());
    BOOST_TEST(*request.get("X-Timestamp") == time);
    BOOST_TEST(*request.get("X-Signature") == openssl(time, "s3cret-k3y", "sha256", as_hex));
    w.advance(cs::seconds(1));
  }
}

BOOST_AUTO_TEST_CASE(nothing_of_the_key_stays_in_freed_memory) {
  constexpr auto canary = "c4nary-k3y-0f-the-signature"sv;
  fake::heap::watch const watch(canary);
  for (auto const& [form, written] :
       {std::pair(cs::key_form::raw, "c4nary-k3y-0f-the-signature"),
        std::pair(cs::key_form::base64, "YzRuYXJ5LWszeS0wZi10aGUtc2lnbmF0dXJl")}) {
    auto scheme = signs("{timestamp}");
    scheme.key = form;
    cs::memory_of<cs::hmac_signature> memory;
    BOOST_TEST(fake::write(cs::hmac_signature(scheme), cs::secret(written), {}, memory).ok());
    BOOST_TEST(fake::write(cs::hmac_signature(scheme), cs::secret("another"), {}, memory).ok() ==
               (form == cs::key_form::raw));
  }
  BOOST_TEST(watch.found() == 0);
}

BOOST_AUTO_TEST_CASE(no_error_repeats_the_key) {
  constexpr auto canary = "c4nary-0f-th3-k3y"sv;
  for (auto const form : {cs::key_form::hex, cs::key_form::base64, cs::key_form::base64url}) {
    auto scheme = signs("{timestamp}");
    scheme.key = form;
    auto const got = fake::write(cs::hmac_signature(scheme), cs::secret("c4nary-0f-th3-k3y!"));
    BOOST_TEST(!got.ok());
    BOOST_TEST(!fake::holds_piece(got.failure.message(), canary));
  }
  // A template that was filled from a variable by mistake.
  BOOST_TEST(!fake::holds_piece(mistake(signs("{" + std::string(canary) + " }")), canary));
}

BOOST_AUTO_TEST_SUITE_END()
