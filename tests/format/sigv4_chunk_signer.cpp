#include <countersign/format/sigv4_chunk_signer.hpp>

#include <countersign/format/sigv4.hpp>

#include "fake/aws_service.hpp"
#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using namespace std::literals;

namespace {

constexpr auto key_id = "AKIAIOSFODNN7EXAMPLE", key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
cs::aws_credentials some_key() { return {cs::secret(key_id), cs::secret(key), {}}; }
constexpr auto date = "20130524T000000Z";

// The example in Amazon S3's API reference, "Signature Calculations for the Authorization Header: Transferring Payload in
// Multiple Chunks": 66,560 times an "a" in chunks of 64 KiB.
std::string seed_of_the_example() {
  cs::request put("PUT", "https://s3.amazonaws.com/examplebucket/chunkObject.txt");
  put.set("x-amz-storage-class", "REDUCED_REDUNDANCY");
  put.set("Content-Encoding", "aws-chunked");
  put.set("x-amz-decoded-content-length", "66560");
  put.set("Content-Length", "66824");
  cs::sigv4_without_body const formatter({.region = "us-east-1",
                                          .service = "s3",
                                          .payload = cs::sigv4_payload::chunked,
                                          .also_signed = "Content-Encoding, Content-Length"});
  fake::world outside;
  outside.set_wall({1'369'353'600'000});
  auto const context = outside.context();
  cs::draft out;
  cs::sigv4_without_body::memory memory;
  auto const made = formatter.format(some_key(), cs::view_of(put), out, cs::moment(context), memory);
  BOOST_REQUIRE_MESSAGE(made.has_value(), made.error().message());
  BOOST_TEST(out.get("X-Amz-Date").value() == date);
  return std::string(out.get("Authorization").value());
}
std::string failure(std::string_view authorization, std::string_view when = date,
                    cs::aws_credentials const& as = some_key()) {
  auto const made = cs::sigv4_chunk_signer::after(as, authorization, when);
  if (made) return "none";
  BOOST_TEST(!fake::holds_piece(made.error().message(), key));
  return std::string(made.error().message());
}

}  // namespace

static_assert(cs::sigv4_chunk_signer::wire_size(66560, 65536) == 66824);
static_assert(cs::sigv4_chunk_signer::wire_size(0, 65536) == "0;chunk-signature="sv.size() + 64 + 4);

BOOST_AUTO_TEST_SUITE(format_sigv4_chunk_signer)

BOOST_AUTO_TEST_CASE(the_example_of_s3) {
  auto const seed = seed_of_the_example();
  BOOST_TEST(seed.ends_with("Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"));
  auto signer = cs::sigv4_chunk_signer::after(some_key(), seed, date);
  BOOST_REQUIRE_MESSAGE(signer.has_value(), signer.error().message());
  BOOST_TEST(signer->next(std::string(65536, 'a')) ==
             "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n");
  BOOST_TEST(signer->next(std::string(1024, 'a')) ==
             "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n");
  BOOST_TEST(signer->next("") ==
             "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n");
}

BOOST_AUTO_TEST_CASE(the_wire_size_is_what_is_sent) {
  auto const seed = seed_of_the_example();
  for (std::size_t const size : {0u, 1u, 15u, 16u, 17u, 31u, 32u, 33u, 256u, 1000u})
    for (std::size_t const chunk : {1u, 15u, 16u, 17u, 255u, 256u}) {
      auto signer = *cs::sigv4_chunk_signer::after(some_key(), seed, date);
      std::size_t sent = 0;
      for (std::size_t at = 0;;) {
        std::string const part(std::min(chunk, size - at), 'x');
        sent += signer.next(part).size() + part.size() + 2;
        at += part.size();
        if (part.empty()) break;
      }
      BOOST_TEST(sent == cs::sigv4_chunk_signer::wire_size(size, chunk));
    }
}

// Each by what a service computes for it.
BOOST_AUTO_TEST_CASE(a_chunk_is_signed_with_all_before_it) {
  auto const seed = seed_of_the_example();
  auto signer = *cs::sigv4_chunk_signer::after(some_key(), seed, date);
  auto before = seed.substr(seed.size() - 64);
  auto const signing = fake::aws::signing_key(key, "20130524", "us-east-1", "s3");
  for (auto const& chunk : {"one"s, "two"s, std::string(100, '\0'), "two"s, ""s}) {
    // Appended: g++ 12 takes a sum of strings for one that writes out of bounds.
    std::string text = "AWS4-HMAC-SHA256-PAYLOAD\n";
    text.append(date).append("\n20130524/us-east-1/s3/aws4_request\n").append(before);
    text.append("\n").append(fake::aws::hex(fake::aws::sha256("")));
    text.append("\n").append(fake::aws::hex(fake::aws::sha256(chunk)));
    before = fake::aws::hex(fake::aws::hmac(signing, text));
    std::string const line(signer.next(chunk));
    BOOST_TEST(line.ends_with(";chunk-signature=" + before + "\r\n"));
  }
}

BOOST_AUTO_TEST_CASE(what_no_signer_wrote_is_refused) {
  auto const good = seed_of_the_example();
  BOOST_TEST(failure(good) == "none");
  auto const unread =
      "sigv4_chunk_signer: these are not Authorization and X-Amz-Date of a request that sigv4 signed";
  auto const changed = [&](std::string const& from, std::string const& to) {
    auto text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (auto const& wrong :
       {""s, "Bearer x"s, "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/"s,
        good.substr(0, good.size() - 1), good + "0", changed("aws4_request", "aws4_requests"),
        changed("/s3/", "/s3/s3/"), changed("/s3/", "/"), changed("20130524/", "20130525/"),
        changed("20130524/", "2013052/"), changed("20130524/", "/"),
        changed("us-east-1", std::string(200, 'r')), changed("Signature=4f", "Signature=4F"),
        changed("Signature=", "Sig=")})
    BOOST_TEST(failure(wrong) == unread, wrong);
  for (auto const when : {"", "20130524", "20130525T000000Z", "20130524T000000Z "})
    BOOST_TEST(failure(good, when) == unread, when);
  for (auto const id : {"AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7" "EXAMPLF", "AKIAIOSFODNN7EXAMPLE/", "B"})
    BOOST_TEST(failure(good, date, {cs::secret(id), cs::secret(key), {}}) ==
                   "sigv4_chunk_signer: the request was signed by another access key",
               id);
  BOOST_TEST(failure(good, date, {cs::secret(key_id), cs::secret(), {}}) ==
             "sigv4: the secret access key is empty");
}

BOOST_AUTO_TEST_SUITE_END()
