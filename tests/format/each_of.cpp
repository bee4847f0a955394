#include <countersign/format/each_of.hpp>

#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/written.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <tuple>

namespace cs = countersign;
using namespace std::literals;

namespace {

// Writes all fields that it sees, and the request line, as a signature would cover them.
struct covers {
  std::string_view name = "X-Signature";
  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const& view, cs::draft& out,
                               cs::moment const&) const {
    std::string seen = std::string(view.method()) + " " + std::string(view.target()) + "|";
    view.fields(
        [&](std::string_view n, std::string_view v) { seen += std::string(n) + "=" + std::string(v) + ";"; });
    out.set(name, key.reveal(), "(", seen, ")");
    return cs::stamp{};
  }
};

// Keeps a number, stamps what it writes with it, and learns a new one from a response.
struct counts {
  struct memory {
    cs::stamp number = 0;
    cs::stamp heard = 0;
  };
  std::string_view name = "X-Count";
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&, memory& kept) const {
    out.set(name, std::to_string(kept.number));
    return kept.number;
  }
  cs::heard learn(cs::secret const&, cs::request_view auto const&, cs::response_head const& head,
                  cs::stamp sent, memory& kept) const {
    kept.heard = sent;
    if (head.status() != 401) return cs::heard::nothing;
    ++kept.number;
    return cs::heard::try_again;
  }
};

struct stamps_and_hears_nothing {
  struct memory {
    cs::stamp number = 0;
  };
  std::string_view name = "X-Mute";
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&, memory& kept) const {
    out.set(name, std::to_string(kept.number));
    return kept.number;
  }
};

struct signs {
  static constexpr bool signs_body = true;
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const&, cs::draft&,
                               cs::moment const&) const {
    return cs::stamp{};
  }
};

struct refuses {
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const&, cs::draft&,
                               cs::moment const&) const {
    return cs::error(cs::errc::fatal, "refuses: always");
  }
};

struct hears {
  cs::result<cs::stamp> format(cs::secret const&, cs::request_view auto const&, cs::draft&,
                               cs::moment const&) const {
    return cs::stamp{};
  }
  cs::heard learn(cs::secret const&, cs::request_view auto const&, cs::response_head const& head,
                  cs::stamp) const {
    return head.status() == 401 ? cs::heard::try_again : cs::heard::nothing;
  }
};

using secrets2 = std::tuple<cs::secret, cs::secret>;
secrets2 two(std::string_view a, std::string_view b) { return {cs::secret(a), cs::secret(b)}; }

}  // namespace

// It is constant, or signs the body, or has a memory, exactly where its parts say so.
static_assert(cs::is_constant<cs::each_of<cs::bearer, cs::header>>);
static_assert(!cs::is_constant<cs::each_of<cs::bearer, covers>>);
static_assert(cs::signs_body<cs::each_of<cs::bearer, signs>> &&
              !cs::signs_body<cs::each_of<cs::bearer, covers>>);
static_assert(cs::max_learned_of<cs::each_of<cs::header, cs::bearer_or_dpop>> == 1 &&
              cs::max_learned_of<cs::each_of<cs::bearer, covers>> == cs::default_max_learned);
static_assert(std::same_as<cs::memory_of<cs::each_of<cs::bearer, covers>>, cs::detail::no_memory_wanted>);
static_assert(std::same_as<cs::memory_of<cs::each_of<counts, covers>>,
                           std::tuple<counts::memory, cs::detail::no_memory_wanted>>);
// Each part must be able to write what it is dealt.
static_assert(cs::header_formatter<cs::each_of<cs::header, cs::header>, secrets2>);
static_assert(cs::header_formatter<cs::each_of<cs::header, cs::header>, cs::secret>);
static_assert(
    cs::header_formatter<cs::each_of<cs::basic, cs::header>, std::tuple<cs::basic_login, cs::secret>>);
static_assert(
    !cs::header_formatter<cs::each_of<cs::basic, cs::header>, std::tuple<cs::secret, cs::basic_login>>);
static_assert(!cs::header_formatter<cs::each_of<cs::basic, cs::header>, cs::secret>);
static_assert(!cs::header_formatter<cs::each_of<cs::header, cs::header>,
                                    std::tuple<cs::secret, cs::secret, cs::secret>>);
// A tuple of another size goes whole to each: to basic, two secrets are a login.
static_assert(cs::header_formatter<cs::each_of<cs::basic>, secrets2>);

BOOST_AUTO_TEST_SUITE(format_each_of)

BOOST_AUTO_TEST_CASE(a_tuple_is_dealt_out_in_order) {
  cs::each_of const formatter{cs::header("X-Id"), cs::header("X-Key", "k:")};
  BOOST_TEST(fake::write(formatter, two("me", "k3y")).text() == "X-Id: me; X-Key: k:k3y");
  cs::each_of const mixed{cs::basic(), cs::header("X-Key")};
  std::tuple const parts{cs::basic_login{.user = cs::secret("u"), .password = cs::secret("p")},
                         cs::secret("k3y")};
  BOOST_TEST(fake::write(mixed, parts).text() == "Authorization: Basic dTpw; X-Key: k3y");
}

BOOST_AUTO_TEST_CASE(any_other_credential_goes_whole_to_each) {
  cs::each_of const formatter{cs::bearer(), cs::header("X-Key")};
  BOOST_TEST(fake::write(formatter, cs::secret("abc")).text() == "Authorization: Bearer abc; X-Key: abc");
  BOOST_TEST(fake::write(cs::each_of{cs::basic()}, two("u", "p")).text() == "Authorization: Basic dTpw");
}

BOOST_AUTO_TEST_CASE(a_later_one_sees_what_the_earlier_ones_wrote_in_place_of_the_users) {
  cs::request request("PUT", "https://api.example/a?b");
  request.set("Accept", "*/*");
  request.set("X-Id", "the user's");
  cs::each_of const formatter{cs::header("X-Id"), covers(), covers{"X-Outer"}};
  std::tuple const parts{cs::secret("me"), cs::secret("k1"), cs::secret("k2")};
  BOOST_TEST(fake::write(formatter, parts, request).text() ==
             "X-Id: me; X-Signature: k1(PUT /a?b|Accept=*/*;X-Id=me;); "
             "X-Outer: k2(PUT /a?b|Accept=*/*;X-Id=me;X-Signature=k1(PUT /a?b|Accept=*/*;X-Id=me;);)");
}

BOOST_AUTO_TEST_CASE(one_may_stand_in_another) {
  cs::request request("GET", "https://api.example/");
  request.set("Accept", "*/*");
  cs::each_of const formatter{cs::header("X-Id"), cs::each_of{cs::header("X-Key"), covers()}};
  std::tuple const parts{cs::secret("me"), two("k3y", "s")};
  BOOST_TEST(fake::write(formatter, parts, request).text() ==
             "X-Id: me; X-Key: k3y; X-Signature: s(GET /|Accept=*/*;X-Id=me;X-Key=k3y;)");
}

BOOST_AUTO_TEST_CASE(two_that_write_one_name_are_refused_and_nothing_is_written) {
  for (auto const* name : {"Authorization", "AUTHORIZATION"}) {
    auto const got = fake::write(cs::each_of{cs::bearer(), cs::header(name)}, cs::secret("abc"));
    BOOST_TEST((got.failure.code() == cs::errc::fatal));
    BOOST_TEST(got.fields.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_first_failure_ends_it_and_nothing_is_written) {
  auto const got =
      fake::write(cs::each_of{cs::header("X-Id"), refuses(), cs::bearer()}, cs::secret("not a token"));
  BOOST_TEST(got.text() == "fatal: refuses: always");
  BOOST_TEST(got.fields.empty());
}

// The others return a stamp and are not heard of it, or keep a memory and hear nothing.
BOOST_AUTO_TEST_CASE(each_keeps_a_memory_of_its_own_and_the_one_that_learns_has_the_stamp) {
  cs::each_of const formatter{stamps_and_hears_nothing{}, counts{"X-One"}, covers(),
                              stamps_and_hears_nothing{"X-Other"}};
  cs::memory_of<decltype(formatter)> memory;
  std::get<0>(memory).number = 20;
  std::get<1>(memory).number = 7;
  std::get<3>(memory).number = 30;
  cs::secret const key("k");
  auto const got = fake::write(formatter, key, cs::request("GET", "https://a/"), memory);
  BOOST_TEST(got.text() == "X-Mute: 20; X-One: 7; X-Signature: k(GET /|X-Mute=20;X-One=7;); X-Other: 30");
  BOOST_TEST(got.sent == 7u);
  auto const hear = [&](int status) {
    return cs::detail::learn(formatter, key, cs::blank_request(), cs::response_head(status), got.sent,
                             memory);
  };
  BOOST_TEST((hear(200) == cs::heard::nothing));
  BOOST_TEST((hear(401) == cs::heard::try_again));
  BOOST_TEST(std::get<1>(memory).number == 8u);
  BOOST_TEST(std::get<1>(memory).heard == 7u);
  BOOST_TEST(std::get<0>(memory).number == 20u);
}

BOOST_AUTO_TEST_CASE(the_stamp_of_a_part_that_learns_nothing_is_not_passed_on) {
  cs::each_of const formatter{cs::bearer(), stamps_and_hears_nothing{}};
  cs::memory_of<decltype(formatter)> memory;
  std::get<1>(memory).number = 5;
  BOOST_TEST(fake::write(formatter, cs::secret("k"), {}, memory).sent == 0u);
}

BOOST_AUTO_TEST_CASE(one_that_learns_may_stand_in_another) {
  cs::each_of const formatter{cs::header("X-Id"), cs::each_of{covers(), counts{"X-One"}}};
  cs::memory_of<decltype(formatter)> memory;
  std::get<1>(std::get<1>(memory)).number = 7;
  cs::secret const key("k");
  BOOST_TEST(fake::write(formatter, key, cs::request("GET", "https://a/"), memory).sent == 7u);
  BOOST_TEST((cs::detail::learn(formatter, key, cs::blank_request(), cs::response_head(401), 7, memory) ==
              cs::heard::try_again));
  BOOST_TEST(std::get<1>(std::get<1>(memory)).heard == 7u);
}

BOOST_AUTO_TEST_CASE(parts_without_memory_may_learn_too) {
  cs::each_of const formatter{cs::bearer(), hears()};
  cs::memory_of<decltype(formatter)> none;
  cs::secret const key("k");
  for (int status : {200, 401})
    BOOST_TEST((cs::detail::learn(formatter, key, cs::blank_request(), cs::response_head(status), 0, none) ==
                (status == 401 ? cs::heard::try_again : cs::heard::nothing)));
}

BOOST_AUTO_TEST_SUITE_END()
