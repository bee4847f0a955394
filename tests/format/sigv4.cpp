#include <countersign/format/sigv4.hpp>

#include <countersign/auth/authenticator.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/aws_service.hpp"
#include "fake/plain_request.hpp"
#include "fake/written.hpp"
#include "vectors/aws_sigv4.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

namespace cs = countersign;
using namespace std::literals;
using fake::plain_request;

namespace {

constexpr auto key_id = "AKIDEXAMPLE", key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
cs::aws_credentials some_key(std::string_view token = "") {
  return {cs::secret(key_id), cs::secret(key), cs::secret(token)};
}
cs::sigv4_options in(std::string_view service) { return {.region = "us-east-1", .service = service}; }

struct outcome {
  std::map<std::string, std::string> fields;
  std::string failure;
};
template <class Formatter, class Credential, class Request>
outcome composed(Formatter const& formatter, Credential const& as, Request const& request, cs::wall_time now,
                 cs::memory_of<Formatter>& memory) {
  fake::world outside;
  outside.set_wall(now);
  auto const context = outside.context();
  cs::draft out;
  outcome got;
  auto const made = cs::detail::format(formatter, as, request, out, cs::moment(context), memory);
  if (!made)
    return got.failure = std::string(name(made.error().code())) + ": " + std::string(made.error().message()),
           got;
  if (auto const ok = out.check(); !ok) return got.failure = ok.error().message(), got;
  out.each([&](std::string_view name, std::string_view value) { got.fields[std::string(name)] = value; });
  return got;
}
// The same straight to a sink.
template <class Formatter, class Credential, class Request>
outcome straight(Formatter const& formatter, Credential const& as, Request const& request, cs::wall_time now,
                 cs::memory_of<Formatter>& memory) {
  fake::world outside;
  outside.set_wall(now);
  auto const context = outside.context();
  outcome got;
  auto sink = [&](std::string_view name, std::string_view value) {
    got.fields[std::string(name)] = value;
    return true;
  };
  auto const made = formatter.write(as, request, sink, cs::moment(context), memory);
  if (!made) got.failure = made.error().message();
  return got;
}
template <class Formatter, class Credential, class Request>
outcome sign(Formatter const& formatter, Credential const& as, Request const& request, cs::wall_time now,
             cs::memory_of<Formatter>& memory) {
  auto got = composed(formatter, as, request, now, memory);
  auto const other = straight(formatter, as, request, now, memory);
  if (got.fields != other.fields || got.failure.empty() != other.failure.empty() ||
      !got.failure.ends_with(other.failure))
    got.failure = "format and write differ: " + got.failure + ", " + other.failure;
  return got;
}
template <class Formatter, class Credential, class Request>
outcome sign(Formatter const& formatter, Credential const& as, Request const& request,
             cs::wall_time now = {1'440'938'160'000}) {
  cs::memory_of<Formatter> memory;
  return sign(formatter, as, request, now, memory);
}
// What a service says to it.
template <class Formatter>
std::string verdict(Formatter const& formatter, plain_request request,
                    cs::aws_credentials const& as = some_key()) {
  auto const signed_ = sign(formatter, as, request);
  if (!signed_.failure.empty()) return signed_.failure;
  for (auto const& [name, value] : signed_.fields) request(name, value);
  bool host = false;
  for (auto const& [name, value] : request.lines) host = host || cs::equal_without_case(name, "host");
  if (!host) request("Host", request.host.substr(request.host.find("//") + 2));
  return fake::aws::verify({request.verb, request.path_and_query, request.content, request.lines}, key);
}
plain_request target(std::string_view path_and_query) {
  return {.path_and_query = std::string(path_and_query)};
}
plain_request with(std::vector<std::pair<std::string, std::string>> lines) {
  return {.lines = std::move(lines)};
}

}  // namespace

static_assert(cs::header_formatter<cs::sigv4, cs::aws_credentials>);
static_assert(cs::header_formatter<cs::sigv4, cs::key_pair>);
static_assert(cs::header_formatter<cs::sigv4, std::tuple<cs::secret, cs::secret>>);
static_assert(cs::header_formatter<cs::sigv4, std::tuple<cs::secret, cs::secret, cs::secret>>);
static_assert(!cs::header_formatter<cs::sigv4, cs::token> && !cs::header_formatter<cs::sigv4, cs::secret>);
static_assert(cs::signs_body<cs::sigv4> && !cs::signs_body<cs::sigv4_without_body>);
static_assert(!cs::is_constant<cs::sigv4>);

BOOST_AUTO_TEST_SUITE(format_sigv4)

BOOST_AUTO_TEST_CASE(every_case_of_the_suite_is_signed_as_it_says) {
  vectors::tally count("aws-sigv4/v4#header");
  for (auto const& one : vectors::aws_cases()) {
    BOOST_TEST_CONTEXT(one.name) {
      auto const got = sign(cs::sigv4(one.options), one.credentials, one.request, one.time);
      BOOST_TEST(got.failure == "");
      plain_request sent = one.request;
      std::string wanted;
      std::size_t written = 0;
      std::istringstream lines(one.text("header-signed-request.txt"));
      for (std::string line; std::getline(lines, line) && !line.empty();) {
        if (line.starts_with("Authorization:")) wanted = line.substr(14);
        for (auto const& [name, value] : got.fields) {
          if (!cs::equal_without_case(line.substr(0, line.find(':')), name)) continue;
          BOOST_TEST(line.substr(line.find(':') + 1) == value);
          ++written;
        }
      }
      BOOST_TEST(written == got.fields.size());
      BOOST_TEST(wanted.ends_with(one.text("header-signature.txt")));
      BOOST_TEST(got.fields.count("Authorization") == 1u);
      ++count;
    }
  }
}

BOOST_AUTO_TEST_CASE(all_forms_of_a_key_sign_alike) {
  auto const wanted = sign(cs::sigv4(in("iam")), some_key(), target("/")).fields;
  BOOST_TEST(wanted.size() == 2u);
  BOOST_TEST(wanted.at("X-Amz-Date") == "20150830T123600Z");
  BOOST_CHECK(
      sign(cs::sigv4(in("iam")), cs::key_pair{cs::secret(key_id), cs::secret(key)}, target("/")).fields ==
      wanted);
  std::tuple const two(cs::secret(key_id), cs::secret{key});
  BOOST_CHECK(sign(cs::sigv4(in("iam")), two, target("/")).fields == wanted);
  std::tuple const three(cs::secret(key_id), cs::secret(key), cs::secret("a-session"));
  auto const with_token = sign(cs::sigv4(in("iam")), three, target("/")).fields;
  BOOST_TEST(with_token.at("X-Amz-Security-Token") == "a-session");
  BOOST_CHECK(sign(cs::sigv4(in("iam")), some_key("a-session"), target("/")).fields == with_token);
  BOOST_TEST(with_token.at("Authorization").find("SignedHeaders=host;x-amz-date;x-amz-security-token,") !=
             std::string::npos);
}

// Each as a service computes it from what arrives.
BOOST_AUTO_TEST_CASE(what_arrives_verifies) {
  for (std::string_view const service : {"execute-api", "s3"})
    for (auto const path_and_query : {"/",
                                      "",
                                      "?a=1",
                                      "/a",
                                      "//",
                                      "/a//b",
                                      "/a/../b",
                                      "/a/./b/",
                                      "/..",
                                      "/a/..",
                                      "/a/b/../",
                                      "/a%2Fb",
                                      "/a%2fb/%7e",
                                      "/a+b",
                                      "/a=b;c,d:e@f!$&'()*",
                                      "/\xc3\xa9",
                                      "/%C3%A9",
                                      "/...",
                                      "/.a/..b",
                                      "/a?",
                                      "/a?&&",
                                      "/a?b",
                                      "/a?b&a",
                                      "/a?b=&a=",
                                      "/a?=v",
                                      "/a?=",
                                      "/a?a==b",
                                      "/a?a=b=c",
                                      "/a?a-b=1&a=2&a.b=3&aB=4&a=1&a=",
                                      "/a?%C3%A9=1&e=2&%65=1",
                                      "/a?x=\xc3\xa9",
                                      "/a?q=a%20b%2Bc",
                                      "/a?q=%2f%2F",
                                      "/a?z=1&Z=2&a=3&A=4&_=5&~=6&-=7&.=8&0=9",
                                      "/a?a=%7B&a=a&a=%7a&a=z",
                                      "/a?a=b/c?d:e@f",
                                      "/a?a[]=1&a[]=0"}) {
      auto const request = target(path_and_query);
      // What reaches a service has a path.
      auto sent = request;
      if (sent.path_and_query.empty() || sent.path_and_query[0] == '?') sent.path_and_query.insert(0, "/");
      auto const a = sign(cs::sigv4(in(service)), some_key(), request),
                 b = sign(cs::sigv4(in(service)), some_key(), sent);
      BOOST_CHECK(a.fields == b.fields);
      BOOST_TEST(verdict(cs::sigv4(in(service)), sent) == "ok", service << " " << path_and_query);
    }
}

BOOST_AUTO_TEST_CASE(random_requests_verify) {
  std::mt19937 random(1);
  auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  auto const text = [&](std::string_view from, std::size_t most) {
    std::string out;
    for (auto n = below(most); n-- > 0;) {
      auto const c = from[below(from.size())];
      if (c != '%') out += c;
      else out += std::vector<std::string>{"%2F", "%20", "%41", "%c3%a9", "%25", "%2b"}[below(6)];
    }
    return out;
  };
  for (int i = 0; i < 1000; ++i) {
    auto request = target("/" + text("abcXYZ019-._~/%!$'()*,:;=@", 60));
    request.verb = std::vector<std::string>{"GET", "POST", "PUT", "DELETE"}[below(4)];
    if (below(3) > 0) request.path_and_query += "?" + text("abcXYZ019-._~/%!$'()*,:;=@&&&==", 200);
    request.content = text("abc%", 300);
    std::string also;
    for (auto n = below(12); n-- > 0;) {
      auto const name =
          std::vector<std::string>{"X-Amz-", "My-", "x-", "X_"}[below(4)] + text("abcXYZ019-_", 9) + "e";
      request.lines.emplace_back(name, text("ab ,\t\"c", 20));
      also += name + (below(2) > 0 ? ", " : " ");
    }
    auto how = in(below(2) > 0 ? "s3" : "dynamodb");
    how.also_signed = also;
    how.hash_header = below(2) > 0 ? cs::sigv4_hash_header::always : cs::sigv4_hash_header::by_service;
    BOOST_TEST(verdict(cs::sigv4(how), request, some_key(below(2) > 0 ? "token" : "")) == "ok",
               i << ": " << request.path_and_query << " with " << also);
  }
}

BOOST_AUTO_TEST_CASE(the_payload_is_signed_as_was_said) {
  plain_request const post{
      .verb = "POST", .content = "{\"n\":1}", .lines = {{"Content-Type", "application/json"}}};
  auto const hash = fake::aws::hex(fake::aws::sha256(post.content));
  auto how = in("s3");
  BOOST_TEST(sign(cs::sigv4(how), some_key(), post).fields.at("X-Amz-Content-Sha256") == hash);
  BOOST_TEST(verdict(cs::sigv4(how), post) == "ok");
  how.payload = cs::sigv4_payload::given;
  how.payload_hash = hash;
  BOOST_TEST(sign(cs::sigv4_without_body(how), some_key(), post).fields.at("X-Amz-Content-Sha256") == hash);
  BOOST_TEST(verdict(cs::sigv4_without_body(how), post) == "ok");
  how.payload_hash = "";
  how.payload = cs::sigv4_payload::unsigned_payload;
  BOOST_TEST(sign(cs::sigv4_without_body(how), some_key(), post).fields.at("X-Amz-Content-Sha256") ==
             "UNSIGNED-PAYLOAD");
  BOOST_TEST(verdict(cs::sigv4_without_body(how), post) == "ok");
  how.payload = cs::sigv4_payload::empty;
  BOOST_TEST(verdict(cs::sigv4_without_body(how), target("/")) == "ok");
  how.payload = cs::sigv4_payload::chunked;
  BOOST_TEST(sign(cs::sigv4_without_body(how), some_key(), post).fields.at("X-Amz-Content-Sha256") ==
             "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  // The header is there for those who want it.
  BOOST_TEST(sign(cs::sigv4(in("iam")), some_key(), post).fields.count("X-Amz-Content-Sha256") == 0u);
  how = in("s3");
  how.hash_header = cs::sigv4_hash_header::never;
  BOOST_TEST(sign(cs::sigv4(how), some_key(), post).fields.count("X-Amz-Content-Sha256") == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_written_replaces_what_was_there) {
  auto const fresh = sign(cs::sigv4(in("s3")), some_key("t"), target("/")).fields;
  auto const again = sign(cs::sigv4(in("s3")), some_key("t"),
                          with({{"x-amz-date", "20010101T000000Z"},
                                {"X-AMZ-Security-Token", "old"},
                                {"x-amz-content-sha256", "old"},
                                {"authorization", "AWS4-HMAC-SHA256 old"}}))
                         .fields;
  BOOST_CHECK(fresh == again);
}

BOOST_AUTO_TEST_CASE(the_host_is_that_of_the_request) {
  auto how = in("iam");
  auto const names = [&](plain_request const& request) {
    auto const got = sign(cs::sigv4(how), some_key(), request);
    return got.failure.empty() ? got.fields.at("Authorization") : got.failure;
  };
  auto const plain = names(target("/"));
  BOOST_TEST(names({.host = "https://example.amazonaws.com:443"}) == plain);
  BOOST_TEST(names(with({{"HOST", " example.amazonaws.com\t"}})) == plain);
  BOOST_TEST(names(with({{"Host", "other.example"}})) != plain);
  BOOST_TEST(names({.host = "https://example.amazonaws.com:8443"}) != plain);
  BOOST_TEST(names({.host = ""}) == "bad_input: sigv4: the request says no host; give it an absolute URL");
}

BOOST_AUTO_TEST_CASE(mistakes_in_the_options_are_told) {
  auto const said = [](cs::sigv4_options how) {
    cs::sigv4 const formatter(how);
    auto const ok = formatter.check();
    auto const got = sign(formatter, some_key(), target("/"));
    BOOST_TEST((ok ? "" : std::string(name(ok.error().code())) + ": " + std::string(ok.error().message())) ==
               got.failure);
    return got.failure;
  };
  auto how = in("iam");
  BOOST_TEST(said(how) == "");
  how.region = "";
  BOOST_TEST(said(how) == "bad_input: sigv4: no region was given; say one, such as us-east-1");
  how.region = "us east";
  BOOST_TEST(said(how) == "bad_input: sigv4: the region may hold letters, digits and -._ only, as us-east-1");
  how.region = std::string(cs::max_sigv4_name, 'r');
  BOOST_TEST(said(how) == "");
  how.service = std::string(cs::max_sigv4_name, 's');
  BOOST_TEST(said(how) == "");
  how.region = std::string(cs::max_sigv4_name + 1, 'r');
  BOOST_TEST(said(how) == "too_large: sigv4: the region is longer than 64 bytes");
  how = in("");
  BOOST_TEST(said(how) == "bad_input: sigv4: no service was given; say one, such as execute-api");
  how = in("iam/aws4_request");
  BOOST_TEST(said(how) ==
             "bad_input: sigv4: the service may hold letters, digits and -._ only, as execute-api");
  how = in("iam");
  how.also_signed = "X-One, X Two:";
  BOOST_TEST(said(how) ==
             "bad_field: sigv4: also_signed lists what is no name of a header (RFC 9110); write names with "
             "commas between");
  how.also_signed = "authorization";
  BOOST_TEST(said(how) ==
             "bad_input: sigv4: also_signed lists Authorization, which says the signature itself");
  how = in("iam");
  how.payload_hash = std::string(64, '0');
  BOOST_TEST(said(how) ==
             "bad_input: sigv4: payload_hash is set, and payload is not sigv4_payload::given; choose one");
  how.payload = cs::sigv4_payload::given;
  BOOST_TEST(said(how) == "");
  for (auto const& hash :
       {""s, std::string(63, '0'), std::string(65, '0'), std::string(64, 'A'), std::string(64, 'g')}) {
    how.payload_hash = hash;
    BOOST_TEST(said(how) ==
               "bad_input: sigv4: payload_hash must be a SHA-256 in 64 hexadecimal digits, in lower case");
  }
  auto const bodiless = cs::sigv4_without_body(in("iam")).check();
  BOOST_REQUIRE(!bodiless.has_value());
  BOOST_TEST(bodiless.error().message() ==
             "sigv4_without_body: it can't sign a body; use sigv4, or say empty, given, "
             "unsigned_payload or chunked");
}

BOOST_AUTO_TEST_CASE(requests_that_cannot_be_signed_are_refused) {
  auto how = in("iam");
  how.also_signed = "My-Header";
  auto const said = [&](cs::sigv4_options const& options, plain_request const& request) {
    return sign(cs::sigv4(options), some_key(), request).failure;
  };
  BOOST_TEST(said(how, target("/")) ==
             "bad_input: sigv4: header My-Header is to be signed, and the request has none; set it before");
  BOOST_TEST(said(how, with({{"my-header", "1"}, {"My-Header", "2"}})) == "");
  for (auto const value : {"a\r\n b", "a\n b", "a\rb", "\n"})
    BOOST_TEST(said(how, with({{"My-Header", value}})) ==
               "bad_field: sigv4: header My-Header is to be signed, and its value goes over several lines; "
               "write it in one");
  BOOST_TEST(said(how, with({{"My-Header", std::string("a\0b", 3)}})).starts_with("bad_field"));
  // What is not signed is the sink's to judge.
  BOOST_TEST(said(in("iam"), with({{"My-Header", "a\r\n b"}})) == "");
  BOOST_TEST(said(in("iam"), with({{"Host", "a"}, {"host", "a"}})) ==
             "bad_input: sigv4: the request has the header Host more than once");
  BOOST_TEST(said(in("iam"), {.can_show_body = false}) ==
             "fatal: sigv4: the body is signed, and this request can't show it; give it a body that is in "
             "memory, or say "
             "sigv4_payload::given or unsigned_payload");
  for (auto const bad : {"/%", "/a%2", "/%zz", "/%2g"}) {
    BOOST_TEST(said(in("iam"), target(bad)) == "");  // a '%' there is a byte as any other
    BOOST_TEST(said(in("s3"), target(bad)).find("of the path is not followed by two hexadecimal digits") !=
                   std::string::npos,
               bad);
  }
  BOOST_TEST(said(in("s3"), target("/a%2")) ==
             "bad_input: sigv4: the '%' at offset 2 of the path is not followed by two "
             "hexadecimal digits; '%' itself is written %25");
  for (auto const service : {"iam", "s3"}) {
    BOOST_TEST(said(in(service), target("/?a=100%")) ==
               "bad_input: sigv4: the '%' at offset 5 of the query is not followed by two hexadecimal "
               "digits; '%' itself is "
               "written %25");
    BOOST_TEST(said(in(service), target("/?a=b+c")) ==
               "bad_input: sigv4: the query holds a '+', which is a blank to some services and a plus to "
               "others; write %20 "
               "or %2B");
    BOOST_TEST(said(in(service), target("*")) ==
               "bad_input: sigv4: the request's target does not begin with '/', so it has no path");
  }
}

BOOST_AUTO_TEST_CASE(every_limit_is_kept_and_reached) {
  auto const said = [](plain_request const& request) { return verdict(cs::sigv4(in("s3")), request); };
  BOOST_TEST(said(target("/" + std::string(cs::max_sigv4_target - 1, 'a'))) == "ok");
  BOOST_TEST(said(target("/" + std::string(cs::max_sigv4_target, 'a'))) ==
             "too_large: sigv4: path and query are longer than 65536 bytes");
  std::string query;
  for (std::size_t i = 0; i < cs::max_sigv4_query; ++i)
    query += "&a" + std::to_string(i * 7919 % 1000) + "=1";
  BOOST_TEST(said(target("/?" + query)) == "ok");
  BOOST_TEST(said(target("/?" + query + "&b=1")) == "too_large: sigv4: the query has more than 256 fields");
  std::vector<std::pair<std::string, std::string>> lines;
  for (std::size_t i = 0; i < cs::max_sigv4_headers - 3; ++i)
    lines.emplace_back("X-Amz-" + std::to_string(i), "1");
  BOOST_TEST(said(with(lines)) == "ok");  // with the host, the date and the hash
  lines.emplace_back("X-Amz-Last", "1");
  BOOST_TEST(said(with(lines)) == "too_large: sigv4: more than 64 headers are to be signed");
  lines.pop_back();
  lines.emplace_back("Host", "h");
  BOOST_TEST(said(with(lines)) == "ok");
  lines.emplace_back("X-Amz-Last", "1");
  BOOST_TEST(said(with(lines)) == "too_large: sigv4: more than 64 headers are to be signed");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_not_set_is_told) {
  auto const said = [](std::int64_t ms) { return sign(cs::sigv4(in("iam")), some_key(), target("/"), {ms}); };
  auto const wrong = "fatal: sigv4: the clock is out of the years 1970 to 9999; set it";
  BOOST_TEST(said(-1).failure == wrong);
  BOOST_TEST(said(0).fields.at("X-Amz-Date") == "19700101T000000Z");
  BOOST_TEST(said(cs::last_iso8601.ms).fields.at("X-Amz-Date") == "99991231T235959Z");
  BOOST_TEST(said(cs::last_iso8601.ms + 1).failure == wrong);
}

BOOST_AUTO_TEST_CASE(the_clock_that_costs_less_is_read) {
  fake::world outside;
  outside.coarse_behind = cs::seconds(1);
  auto const context = outside.context();
  cs::draft out;
  cs::sigv4::memory memory;
  BOOST_REQUIRE(
      cs::sigv4(in("iam")).format(some_key(), target("/"), out, cs::moment(context), memory).has_value());
  BOOST_TEST(out.get("X-Amz-Date").value() == "20010909T014639Z");
  BOOST_TEST(outside.clock_reads() == 0u);
}

BOOST_AUTO_TEST_CASE(keys_that_cannot_sign_are_told_and_not_shown) {
  auto const said = [](std::string_view id, std::string_view secret) {
    cs::aws_credentials const as{cs::secret(id), cs::secret(secret), {}};
    auto const got = sign(cs::sigv4(in("iam")), as, target("/")).failure;
    BOOST_TEST(!fake::holds_piece(got, key));
    return got;
  };
  BOOST_TEST(said("", key) == "bad_input: sigv4: the access key id is empty");
  BOOST_TEST(said(key_id, "") == "bad_input: sigv4: the secret access key is empty");
  for (auto const& stray : {key + "\n"s, key + "\r\n"s, " "s + key, key + "\t"s})
    BOOST_TEST(
        said(key_id, stray) ==
        "bad_input: sigv4: the secret access key begins or ends with a blank or a line end; remove that");
  BOOST_TEST(said(key_id, key + " b"s) == "");
  BOOST_TEST(said("AKID\n", key).find("Authorization") != std::string::npos);
  if (!fake::heap::is_ours) return;
  cs::aws_credentials const broken{cs::secret(key_id), fake::broken_secret(), {}};
  BOOST_TEST(sign(cs::sigv4(in("iam")), broken, target("/")).failure == "no_memory: sigv4: out of memory");
}

BOOST_AUTO_TEST_CASE(the_kept_key_is_that_of_the_day_and_of_the_credential) {
  cs::sigv4 const formatter(in("iam")), elsewhere({.region = "eu-west-1", .service = "iam"});
  cs::sigv4::memory memory;
  cs::aws_credentials const other{cs::secret(key_id), cs::secret("another secret"), {}};
  std::int64_t const midnight = 1'440'979'200'000;  // 2015-08-31
  for (int round = 0; round < 2; ++round)
    for (std::int64_t const at : {midnight - 1000, midnight - 1, midnight, midnight + 1000, midnight - 1})
      for (auto const& as : {some_key(), other})
        for (auto const* const how : {&formatter, &elsewhere}) {
          BOOST_CHECK(sign(*how, as, target("/"), {at}, memory).fields ==
                      sign(*how, as, target("/"), {at}).fields);
          BOOST_CHECK(sign(*how, as, target("/"), {at}, memory).fields ==
                      sign(*how, as, target("/"), {at}).fields);
        }
  // A key that can't sign leaves none behind.
  BOOST_TEST(
      !sign(formatter, cs::aws_credentials{cs::secret(key_id), {}, {}}, target("/"), {midnight}, memory)
           .failure.empty());
  BOOST_CHECK(sign(formatter, some_key(), target("/"), {midnight}, memory).fields ==
              sign(formatter, some_key(), target("/"), {midnight}).fields);
}

BOOST_AUTO_TEST_CASE(threads_share_a_kept_key) {
  cs::sigv4 const formatter(in("iam"));
  cs::sigv4::memory memory;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      cs::aws_credentials const as{cs::secret(key_id), cs::secret(t % 2 == 0 ? key : "another secret"), {}};
      cs::wall_time const days[] = {{1'440'979'199'999}, {1'440'979'200'000}};
      std::map<std::string, std::string> const wanted[] = {sign(formatter, as, target("/"), days[0]).fields,
                                                           sign(formatter, as, target("/"), days[1]).fields};
      for (int i = 0; i < 500; ++i)
        if (sign(formatter, as, target("/"), days[i / 3 % 2], memory).fields != wanted[i / 3 % 2]) ++wrong;
    });
  for (auto& each : threads) each.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_request_costs_no_allocation_once_the_key_is_there) {
  cs::sigv4 const formatter(in("s3"));
  cs::sigv4::memory memory;
  auto const as = some_key(std::string(700, 't'));
  auto request = target("/bucket/a%20key?prefix=b&delimiter=%2F&list-type=2");
  request.content = std::string(5000, 'x');
  BOOST_TEST(sign(formatter, as, request, {1'440'938'160'000}, memory).failure == "");
  fake::world outside;
  outside.set_wall({1'440'938'160'000});
  auto const context = outside.context();
  cs::draft out;
  fake::heap::counter const heap;
  auto const made = formatter.format(as, request, out, cs::moment(context), memory);
  BOOST_TEST(heap.count() == 0);
  BOOST_TEST(made.has_value());
}

BOOST_AUTO_TEST_CASE(in_an_authenticator) {
  cs::authenticator api{cs::fixed{some_key()}, cs::sigv4{in("iam")},
                        cs::only{"https://example.amazonaws.com"}};
  cs::request call("GET", "https://example.amazonaws.com/?Action=ListUsers&Version=2010-05-08");
  BOOST_REQUIRE(api.authorize(call).has_value());
  fake::aws::arrived got{
      "GET", "/?Action=ListUsers&Version=2010-05-08", "", {{"Host", "example.amazonaws.com"}}};
  call.fields([&](std::string_view name, std::string_view value) { got.fields.emplace_back(name, value); });
  BOOST_TEST(fake::aws::verify(got, key) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
