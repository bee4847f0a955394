#include <countersign/auth/detail/settled.hpp>

#include "fake/context.hpp"
#include "fake/sources.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

// What a constant formatter may declare of its fields, and what it writes.
template <unsigned Written>
struct silent {
  static constexpr bool constant = true;
  static cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out, cs::moment const&) {
    constexpr std::string_view names[] = {"X-One", "X-Two", "X-Three"};
    for (unsigned i = 0; i < Written; ++i) out.set(names[i], key.reveal());
    return cs::stamp{};
  }
};
template <unsigned Written, std::size_t Declared>
struct counting : silent<Written> {
  static constexpr std::size_t field_count = Declared;
};
template <unsigned Written>
struct naming_one : silent<Written> {
  static constexpr std::string_view names[] = {"X-One"};
};
template <unsigned Written>
struct naming_two : silent<Written> {
  static constexpr std::string_view names[] = {"X-One", "X-Two"};
};
struct misnaming : silent<1> {
  static constexpr std::string_view names[] = {"X-Two"};
};

struct written {
  std::string text;
  bool operator()(std::string_view name, std::string_view value) {
    text.append(name).append("=").append(value).append(";");
    return true;
  }
};

template <class F>
std::string settled_with(F formatter) {
  cs::authenticator auth{cs::fixed{"k"}, formatter, cs::only{"https://api.example.com"}};
  written out;
  auto const done = auth.authorize("https://api.example.com/", out);
  return done ? out.text : out.text + std::string(done.error().message());
}
template <class F>
std::string cached_with(F formatter) {
  fake::world w;
  fake::script said{fake::says("k", w.now().wall + cs::seconds(3600))};
  cs::authenticator auth{fake::remote(said), formatter, cs::only{"https://api.example.com"}, w.context()};
  cs::request const request("GET", "https://api.example.com/");
  auto talk = auth.begin(request);
  talk.supply(cs::response(200), w.now());
  if (talk.wants() == cs::want::done) return std::string(std::move(talk).outcome().error().message());
  written out;
  return talk.write(out) ? out.text : "not written";
}

constexpr std::string_view misdeclared = "authenticator: the formatter declares other fields than it writes";

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_settled)

BOOST_AUTO_TEST_CASE(however_a_formatter_declares_its_fields_they_are_written_in_order) {
  for (auto const& text : {settled_with(silent<2>()), settled_with(counting<2, 2>()), settled_with(naming_two<2>()), cached_with(silent<2>()),
                           cached_with(counting<2, 2>()), cached_with(naming_two<2>())})
    BOOST_TEST(text == "X-One=k;X-Two=k;");
  for (auto const& text : {settled_with(silent<1>()), settled_with(counting<1, 1>()), settled_with(naming_one<1>()), cached_with(silent<1>()),
                           cached_with(counting<1, 1>()), cached_with(naming_one<1>())})
    BOOST_TEST(text == "X-One=k;");
  for (auto const& text : {settled_with(silent<0>()), cached_with(silent<0>())}) BOOST_TEST(text == "");
}

BOOST_AUTO_TEST_CASE(a_formatter_that_declares_other_fields_than_it_writes_is_told) {
  for (auto const& text : {settled_with(counting<1, 2>()), settled_with(counting<3, 2>()), settled_with(naming_one<2>()),
                           settled_with(naming_one<0>()), settled_with(naming_two<1>()), settled_with(misnaming()),
                           cached_with(naming_one<2>()), cached_with(naming_one<0>()), cached_with(misnaming())})
    BOOST_TEST(text == misdeclared);
}

BOOST_AUTO_TEST_CASE(moving_keeps_what_stands_ready) {
  cs::authenticator first{cs::fixed{"token"}, cs::bearer{}, cs::only{"https://api.example.com"}};
  cs::authenticator second(std::move(first));
  written out;
  BOOST_REQUIRE(second.authorize("https://api.example.com/", out).has_value());
  BOOST_TEST(out.text == "Authorization=Bearer token;");
}

BOOST_AUTO_TEST_CASE(without_a_credential_a_conversation_ends_before_anything_is_sent) {
  fake::world w;
  fake::script said{fake::fails(cs::errc::not_mine, "not here")};
  cs::authenticator auth{fake::immediate<false>(said), cs::bearer{},
                         cs::only{"https://api.example.com"}, w.context()};
  cs::request const request("GET", "https://api.example.com/");
  auto talk = auth.begin(request);
  BOOST_REQUIRE((talk.wants() == cs::want::done));
  BOOST_TEST(std::move(talk).outcome().error().message() == "not here");
}

BOOST_AUTO_TEST_SUITE_END()
