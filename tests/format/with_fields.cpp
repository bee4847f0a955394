#include <countersign/format/with_fields.hpp>

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/hmac_signature.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

struct learns {
  struct memory {
    cs::stamp heard = 0;
  };
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const&, cs::draft&, cs::moment const&,
                               memory&) const {
    return cs::stamp{9};
  }
  cs::heard learn(cs::secret const&, cs::request_view auto const&, cs::response_head const&, cs::stamp sent,
                  memory& kept) const {
    kept.heard = sent;
    return cs::heard::try_again;
  }
};
struct hears {
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const&, cs::draft&,
                               cs::moment const&) const {
    return cs::stamp{};
  }
  cs::heard learn(cs::secret const&, cs::request_view auto const&, cs::response_head const&,
                  cs::stamp) const {
    return cs::heard::try_again;
  }
};

}  // namespace

// It is what its formatter is.
static_assert(cs::is_constant<cs::with_fields<cs::bearer>> &&
              !cs::is_constant<cs::with_fields<cs::hmac_signature>>);
static_assert(cs::max_learned_of<cs::with_fields<cs::bearer_or_dpop>> == 1);
static_assert(cs::signs_body<cs::with_fields<cs::hmac_body_signature>> &&
              !cs::signs_body<cs::with_fields<cs::bearer>>);
static_assert(std::same_as<cs::memory_of<cs::with_fields<cs::bearer>>, cs::detail::no_memory_wanted>);
static_assert(std::same_as<cs::memory_of<cs::with_fields<learns>>, learns::memory>);
static_assert(cs::header_formatter<cs::with_fields<cs::bearer>, cs::secret> &&
              !cs::header_formatter<cs::with_fields<cs::bearer>, cs::basic_login>);
static_assert(!cs::detail::learns<cs::with_fields<cs::bearer>, cs::secret> &&
              cs::detail::learns<cs::with_fields<learns>, cs::secret>);

BOOST_AUTO_TEST_SUITE(format_with_fields)

BOOST_AUTO_TEST_CASE(the_fields_stand_before_what_the_formatter_writes) {
  BOOST_TEST(
      fake::write(cs::with_fields{cs::bearer{}, {{"X-Tenant-ID", "acme"}}}, cs::secret("abc")).text() ==
      "X-Tenant-ID: acme; Authorization: Bearer abc");
  BOOST_TEST(fake::write(cs::with_fields{cs::bearer{}, {{"A", "1"}, {"B", "2"}}}, cs::secret("abc")).text() ==
             "A: 1; B: 2; Authorization: Bearer abc");
  BOOST_TEST(fake::write(cs::with_fields{cs::bearer{}, {}}, cs::secret("abc")).text() ==
             "Authorization: Bearer abc");
}

BOOST_AUTO_TEST_CASE(the_names_may_be_known_at_run_time_only) {
  cs::header_list listed;
  listed.append(std::string("X-Tenant-ID"), std::string("acme"));
  BOOST_TEST(fake::write(cs::with_fields{cs::bearer{}, listed}, cs::secret("abc")).text() ==
             "X-Tenant-ID: acme; Authorization: Bearer abc");
}

BOOST_AUTO_TEST_CASE(they_can_be_signed) {
  cs::with_fields const formatter{
      cs::hmac_signature{{.message = "{header:x-tenant-id}",
                          .headers = {{"S", "{signature}"}, {"T", "{header:X-Tenant-ID}"}}}},
      {{"X-Tenant-ID", "acme"}}};
  cs::request request("GET", "https://a/");
  request.set("X-Tenant-ID", "the user's");
  auto const got = fake::write(formatter, cs::secret("key"), request);
  BOOST_REQUIRE(got.fields.size() == 3u);
  BOOST_TEST(got.fields[2].second == "acme");
  auto const same = fake::write(cs::hmac_signature{{.message = "acme", .headers = {{"S", "{signature}"}}}},
                                cs::secret("key"));
  BOOST_TEST(got.fields[1].second == same.fields[0].second);
}

BOOST_AUTO_TEST_CASE(a_field_that_both_write_or_that_no_header_may_hold_is_refused) {
  auto const twice = fake::write(cs::with_fields{cs::bearer{}, {{"authorization", "x"}}}, cs::secret("abc"));
  BOOST_TEST((twice.failure.code() == cs::errc::fatal));
  BOOST_TEST(twice.fields.empty());
  for (auto const value : {"a\nb", " a", "a\r"})
    BOOST_TEST(
        (fake::write(cs::with_fields{cs::bearer{}, {{"X", value}}}, cs::secret("abc")).failure.code() ==
         cs::errc::bad_field));
}

BOOST_AUTO_TEST_CASE(the_formatters_failure_and_its_stamp_are_its_own) {
  BOOST_TEST(fake::write(cs::with_fields{cs::bearer{}, {{"X", "1"}}}, cs::secret("")).text() ==
             "bad_input: bearer: the token is empty");
  cs::with_fields const formatter{learns{}, {{"X", "1"}}};
  learns::memory memory;
  cs::secret const key("k");
  BOOST_TEST(fake::write(formatter, key, {}, memory).sent == 9u);
  BOOST_TEST((cs::detail::learn(formatter, key, cs::blank_request(), cs::response_head(401), 9, memory) ==
              cs::heard::try_again));
  BOOST_TEST(memory.heard == 9u);
  cs::detail::no_memory_wanted none;
  BOOST_TEST((cs::detail::learn(cs::with_fields{hears{}, {{"X", "1"}}}, key, cs::blank_request(),
                                cs::response_head(401), 0, none) == cs::heard::try_again));
}

BOOST_AUTO_TEST_CASE(an_authenticator_writes_them_with_the_credential) {
  fake::world w;
  cs::authenticator api{cs::fixed{"t0ken"}, cs::with_fields{cs::bearer{}, {{"X-Tenant-ID", "acme"}}},
                        cs::only{"https://api.example.com"}, w.context()};
  cs::request request("GET", "https://api.example.com/");
  BOOST_TEST(api.authorize(request).has_value());
  BOOST_TEST(*request.get("X-Tenant-ID") == "acme");
  BOOST_TEST(*request.get("Authorization") == "Bearer t0ken");
}

BOOST_AUTO_TEST_CASE(fields_that_found_no_memory_are_not_left_out) {
  if (!fake::heap::is_ours) return;
  cs::header_list const listed = [] {
    fake::heap::exhausted const none;
    return cs::header_list{{"X-Tenant-ID", "acme"}};
  }();
  BOOST_TEST((fake::write(cs::with_fields{cs::bearer{}, listed}, cs::secret("abc")).failure.code() ==
              cs::errc::no_memory));
}

BOOST_AUTO_TEST_SUITE_END()
