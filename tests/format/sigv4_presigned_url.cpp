#include <countersign/format/sigv4_presigned_url.hpp>

#include <countersign/core/message.hpp>

#include "fake/aws_service.hpp"
#include "fake/plain_request.hpp"
#include "fake/written.hpp"
#include "vectors/aws_sigv4.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <sstream>
#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

namespace {

constexpr auto key_id = "AKIDEXAMPLE", key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr cs::wall_time some_time{1'440'938'160'000};  // 2015-08-30T12:36:00Z

cs::sigv4_options in(std::string_view service) { return {.region = "us-east-1", .service = service}; }
cs::aws_credentials some_key(std::string_view token = "") {
  return {cs::secret(key_id), cs::secret(key), cs::secret(token)};
}
template <class Request>
std::string url_of(cs::sigv4_options const& how, Request const& request,
                   cs::duration lifetime = cs::seconds(900), cs::wall_time now = some_time,
                   cs::aws_credentials const& as = some_key()) {
  auto const url = cs::sigv4_presigned_url(how, as, request, lifetime, now);
  if (url) return std::string(url->reveal());
  BOOST_TEST(!fake::holds_piece(url.error().message(), key));
  return std::string(cs::name(url.error().code())) + ": " + std::string(url.error().message());
}
std::string url_to(cs::sigv4_options const& how, std::string_view url) {
  return url_of(how, cs::request("GET", url));
}

// Whether a service takes a URL, with nothing but the Host header.
bool works(std::string const& url, std::string const& payload) {
  auto const host = url.find("://") + 3, path = url.find('/', host);
  fake::aws::arrived const got{"GET", url.substr(path), "", {{"Host", url.substr(host, path - host)}}};
  std::map<std::string, std::string> said;
  for (auto const& field : fake::aws::split(url.substr(url.find('?') + 1), '&'))
    said[field.substr(0, field.find('='))] = fake::aws::decode(field.substr(field.find('=') + 1));
  auto const& credential = said.at("X-Amz-Credential");
  auto const scope = credential.substr(credential.find('/') + 1);
  return said.at("X-Amz-Signature") == fake::aws::expected(got, said.at("X-Amz-SignedHeaders"), payload,
                                                           said.at("X-Amz-Date"), scope, key,
                                                           scope.find("/s3/") != std::string::npos);
}
auto const of_nothing = fake::aws::hex(fake::aws::sha256(""));

}  // namespace

BOOST_AUTO_TEST_SUITE(format_sigv4_presigned_url)

BOOST_AUTO_TEST_CASE(every_case_of_the_suite_is_signed_as_it_says) {
  vectors::tally count("aws-sigv4/v4#query");
  for (auto const& one : vectors::aws_cases()) {
    BOOST_TEST_CONTEXT(one.name) {
      std::istringstream lines(one.text("query-signed-request.txt"));
      std::string line;
      std::getline(lines, line);
      auto const begin = line.find(' ') + 1;
      auto const wanted = line.substr(begin, line.rfind(' ') - begin);
      BOOST_TEST(wanted.ends_with(one.text("query-signature.txt")));
      BOOST_TEST(url_of(one.options, one.request, cs::seconds(one.lifetime), one.time, one.credentials) ==
                 one.request.host + wanted);
      ++count;
    }
  }
}

// The example in Amazon S3's API reference, "Authenticating Requests: Using Query Parameters".
BOOST_AUTO_TEST_CASE(the_example_of_s3) {
  cs::aws_credentials const as{
      cs::secret("AKIAIOSFODNN7EXAMPLE"), cs::secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), {}};
  auto const url = url_of(in("s3"), cs::request("GET", "https://examplebucket.s3.amazonaws.com/test.txt"),
                          cs::seconds(86400), {1'369'353'600'000}, as);
  BOOST_TEST(
      url.ends_with("&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
}

BOOST_AUTO_TEST_CASE(what_a_url_says_verifies) {
  for (auto const url : {"https://h.example", "https://h.example/", "https://h.example?a=1",
                         "https://h.example/?", "https://h.example/a%2Fb?b=%20&A=1",
                         "https://h.example:8443/a//b/../c?z&a=", "http://h.example/a?X-Other=1#fragment"}) {
    BOOST_TEST(works(url_to(in("s3"), url), "UNSIGNED-PAYLOAD"), url);
    BOOST_TEST(works(url_to(in("iam"), url), of_nothing), url);
  }
  auto const whole = url_to(in("s3"), "https://h.example/a?b=c#d");
  BOOST_TEST(whole.starts_with("https://h.example/a?b=c&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="));
  BOOST_TEST(whole.find('#') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_payload_is_signed_as_was_said) {
  cs::request const put("PUT", "https://h.example/a", cs::secret("body"));
  auto how = in("iam");
  auto const hash = fake::aws::hex(fake::aws::sha256("body"));
  auto const by_body = url_of(how, put);
  how.payload = cs::sigv4_payload::given;
  how.payload_hash = hash;
  BOOST_TEST(url_of(how, put) == by_body);
  how = in("iam");
  how.payload = cs::sigv4_payload::empty;
  BOOST_TEST(url_of(how, put) == url_of(in("iam"), cs::request("PUT", "https://h.example/a")));
  how.payload = cs::sigv4_payload::unsigned_payload;
  BOOST_TEST(works(url_of(how, cs::request("GET", "https://h.example/a")), "UNSIGNED-PAYLOAD"));
  how.payload = cs::sigv4_payload::chunked;
  BOOST_TEST(
      url_of(how, put) ==
      "bad_input: sigv4_presigned_url: a body in signed chunks needs a signature in headers; use sigv4");
  fake::plain_request stream;
  stream.can_show_body = false;
  BOOST_TEST(url_of(in("iam"), stream) == "fatal: sigv4_presigned_url: the body is signed, and this request "
                                          "can't show it; give it a body that is in "
                                          "memory, or say sigv4_payload::given or unsigned_payload");
}

BOOST_AUTO_TEST_CASE(it_works_for_a_second_to_a_week) {
  auto const said = [](cs::duration lifetime) {
    return url_of(in("iam"), cs::request("GET", "https://h.example/"), lifetime);
  };
  auto const refused = "bad_input: sigv4_presigned_url: a URL may work for 1 to 604800 seconds";
  BOOST_TEST(said(cs::seconds(1)).find("&X-Amz-Expires=1&") != std::string::npos);
  BOOST_TEST(said(cs::milliseconds(1999)).find("&X-Amz-Expires=1&") != std::string::npos);
  BOOST_TEST(said(cs::seconds(604'800)).find("&X-Amz-Expires=604800&") != std::string::npos);
  for (auto const wrong : {cs::seconds(0), cs::milliseconds(999), cs::seconds(-1), cs::seconds(604'801),
                           cs::milliseconds(604'800'001)})
    BOOST_TEST(said(wrong) == refused, wrong.ms);
}

BOOST_AUTO_TEST_CASE(mistakes_are_told) {
  cs::request const get("GET", "https://h.example/");
  for (auto const field : {"X-Amz-Signature=1", "a=b&x-amz-algorithm", "X-Amz-Date=&c", "X-Amz-Credential=1",
                           "X-Amz-Expires=1", "X-Amz-SignedHeaders=1", "X-Amz-Security-Token=1"})
    BOOST_TEST(url_to(in("iam"), "https://h.example/?"s + field) ==
                   "bad_input: sigv4_presigned_url: the query holds X-Amz-… fields of a signature already; "
                   "sign the URL "
                   "without them",
               field);
  BOOST_TEST(url_of(in(""), get).starts_with("bad_input: sigv4: no service was given"));
  BOOST_TEST(url_of(in("iam"), get, cs::seconds(1), {-1}).starts_with("fatal: sigv4: the clock"));
  BOOST_TEST(url_of(in("iam"), get, cs::seconds(1), some_time, {cs::secret(), cs::secret(key), {}}) ==
             "bad_input: sigv4_presigned_url: the access key id is empty");
  BOOST_TEST(url_of(in("iam"), get, cs::seconds(1), some_time, {cs::secret(key_id), cs::secret(), {}}) ==
             "bad_input: sigv4: the secret access key is empty");
  if (fake::heap::is_ours)
    BOOST_TEST(
        url_of(in("iam"), get, cs::seconds(1), some_time, {cs::secret(key_id), fake::broken_secret(), {}}) ==
        "no_memory: sigv4_presigned_url: out of memory");
  BOOST_TEST(url_to(in("iam"), "https://h.example/?a=b+c").find("write %20 or %2B") != std::string::npos);
  BOOST_TEST(url_to(in("iam"), "").starts_with("bad_input: sigv4: the request says no host"));
  auto how = in("iam");
  how.also_signed = "Content-MD5";
  BOOST_TEST(url_of(how, get).starts_with("bad_input: sigv4: header Content-MD5 is to be signed"));
}

// Whatever block is refused, there is a whole URL or an error.
BOOST_AUTO_TEST_CASE(without_memory_it_says_so) {
  auto const how = in("iam");
  auto const as = some_key("token");
  cs::request const get("GET", "https://h.example/a/../b?c=d");
  auto const whole = url_of(how, get, cs::seconds(900), some_time, as);
  int failed = 0;
  for (long block = 0; block < 40; ++block) {
    auto const url = [&] {
      fake::heap::refused_once const refused(block);
      return cs::sigv4_presigned_url(how, as, get, cs::seconds(900), some_time);
    }();
    BOOST_TEST((url ? url->reveal() : cs::name(url.error().code())) == (url ? whole : "no_memory"));
    if (!url) ++failed;
  }
  BOOST_TEST((!fake::heap::is_ours || failed > 5));
}

BOOST_AUTO_TEST_SUITE_END()
