#include <countersign/core/error.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

using namespace countersign;
using namespace std::literals;

static_assert(std::is_trivially_copyable_v<error> && std::is_trivially_destructible_v<error>);
static_assert(sizeof(error) <= 248);
static_assert(error::capacity == 236);
static_assert(!std::is_convertible_v<errc, error>, "a failure says more than its kind");
// Made at compile time too.
static_assert(error(errc::fatal, "n=", 1).message() == "n=1");
static_assert(error().code() == errc::none && error().message().empty());

namespace {

std::string text(error const& e) { return std::string(e.message()); }

constexpr auto ellipsis = "\xe2\x80\xa6"sv;

}  // namespace

BOOST_AUTO_TEST_SUITE(core_error)

BOOST_AUTO_TEST_CASE(each_kind_has_a_name_of_its_own) {
  std::set<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(errc::unknown_client); ++i) seen.insert(name(static_cast<errc>(i)));
  BOOST_TEST(seen.size() == 18u);
  BOOST_TEST(seen.count("unknown") == 0u);
  BOOST_TEST(name(errc::none) == "none");
  BOOST_TEST(name(errc::too_large) == "too_large");
  BOOST_TEST(name(errc::locked) == "locked");
  BOOST_TEST(name(static_cast<errc>(18)) == "unknown");
  BOOST_TEST(name(static_cast<errc>(255)) == "unknown");
}

BOOST_AUTO_TEST_CASE(the_pieces_follow_one_another) {
  std::string const variable = "TOKEN";
  error const e{errc::not_mine, "env: ", variable, " is not set", ""};
  BOOST_TEST((e.code() == errc::not_mine));
  BOOST_TEST(text(e) == "env: TOKEN is not set");
  BOOST_TEST(text(error{errc::fatal}) == "");
}

BOOST_AUTO_TEST_CASE(a_text_ends_in_a_zero_for_printf) {
  for (std::size_t const size : {0u, 1u, 237u, 238u, 239u, 1000u}) {
    error const e{errc::fatal, std::string(size, 'x')};
    BOOST_TEST(std::string(e.message().data()) == e.message());
  }
}

BOOST_AUTO_TEST_CASE(integers_of_every_size_are_written) {
  BOOST_TEST(text({errc::fatal, 0}) == "0");
  BOOST_TEST(text({errc::fatal, -1, " ", 42u}) == "-1 42");
  BOOST_TEST(text({errc::fatal, std::numeric_limits<std::int64_t>::min()}) == "-9223372036854775808");
  BOOST_TEST(text({errc::fatal, std::numeric_limits<std::int64_t>::max()}) == "9223372036854775807");
  BOOST_TEST(text({errc::fatal, std::numeric_limits<std::uint64_t>::max()}) == "18446744073709551615");
  BOOST_TEST(text({errc::fatal, std::int8_t{-128}, std::uint8_t{255}, std::int16_t{-32768}}) ==
             "-128255-32768");
  BOOST_TEST(text({errc::fatal, std::numeric_limits<std::int32_t>::min()}) == "-2147483648");
}

BOOST_AUTO_TEST_CASE(control_bytes_show_as_question_marks) {
  for (int c = 0; c < 256; ++c) {
    char const byte = static_cast<char>(c);
    bool const control = c < 0x20 || c == 0x7f;
    BOOST_TEST(text({errc::fatal, std::string_view(&byte, 1)}) == std::string(1, control ? '?' : byte), c);
  }
  BOOST_TEST(text({errc::fatal, "a\r\nb\0c\x1b[31m"sv}) == "a??b?c?[31m");
}

BOOST_AUTO_TEST_CASE(a_text_of_236_bytes_stands_whole_and_one_of_237_is_cut) {
  std::string const whole(236, 'x'), cut = std::string(233, 'x') + std::string(ellipsis);
  BOOST_TEST(text({errc::fatal, whole}) == whole);
  BOOST_TEST(text({errc::fatal, whole.substr(1), "y"}) == whole.substr(1) + "y");
  BOOST_TEST(text({errc::fatal, whole, ""}) == whole);
  BOOST_TEST(text({errc::fatal, whole, "y"}) == cut);
  BOOST_TEST(text({errc::fatal, whole + "y"}) == cut);
  BOOST_TEST(text({errc::fatal, std::string(100'000, 'x')}) == cut);
  BOOST_TEST(text({errc::fatal, std::string(235, 'x'), 12}) == cut);
}

// The cut falls on each byte of each length of sequence in turn.
BOOST_AUTO_TEST_CASE(no_character_is_cut_in_two) {
  for (auto const character : {"\xc3\xa4"sv, "\xe2\x82\xac"sv, "\xf0\x9f\x94\x91"sv}) {
    for (std::size_t shift = 0; shift < character.size(); ++shift) {
      std::string long_text(shift, 'x');
      while (long_text.size() < 300) long_text += character;
      auto const cut = text({errc::fatal, long_text});
      BOOST_TEST(cut.size() <= error::capacity);
      BOOST_TEST(cut.size() > error::capacity - 4);
      BOOST_REQUIRE(cut.ends_with(ellipsis));
      auto const kept = cut.substr(0, cut.size() - ellipsis.size());
      BOOST_TEST((kept.size() - shift) % character.size() == 0u);
      BOOST_TEST(long_text.starts_with(kept));
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_follows_the_ellipsis) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string long_text(shift, 'x');
    while (long_text.size() < 300) long_text += "\xf0\x9f\x94\x91";
    auto const cut = text({errc::fatal, long_text});
    BOOST_TEST(text({errc::fatal, long_text, "a", 1, "more"}) == cut, shift);
    BOOST_TEST(text(error{errc::fatal, long_text}.within(std::string(236, 'y'))) ==
               std::string(233, 'y') + std::string(ellipsis));
  }
}

BOOST_AUTO_TEST_CASE(the_text_is_ended_by_nul_where_it_ends) {
  BOOST_TEST(error().c_str() == ""s);
  BOOST_TEST(error(errc::fatal, "a", 1).c_str() == "a1"s);
  // Also where the cut is moved back in front of a character, so that bytes of it lie behind the end.
  for (std::size_t size = 225; size < 240; ++size) {
    error const cut{errc::fatal, std::string(size, 'x'), "\xf0\x9f\x94\x91", "zzzzzzzz"};
    BOOST_TEST(cut.c_str() == text(cut), size);
  }
  for (std::size_t shift = 0; shift < 5; ++shift) {
    error const cut{errc::fatal,
                    std::string(shift, 'x'),
                    std::string_view("\xf0\x9f\x94\x91"),
                    std::string(232 - shift, 'y'),
                    std::string_view("\xf0\x9f\x94\x91"),
                    "z"};
    BOOST_TEST(cut.c_str() == text(cut), shift);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_end_in_the_ellipsis_too) {
  BOOST_TEST(text({errc::fatal, std::string(300, '\x80')}) == ellipsis);
}

BOOST_AUTO_TEST_CASE(an_outer_part_stands_in_front_and_the_kind_stays) {
  error const inner{errc::transient, "token endpoint: 503"};
  auto const outer = inner.within("server \"", "api", "\": ");
  BOOST_TEST((outer.code() == errc::transient));
  BOOST_TEST(text(outer) == "server \"api\": token endpoint: 503");
  BOOST_TEST(text(inner) == "token endpoint: 503");
  BOOST_TEST((inner.within() == inner));
}

BOOST_AUTO_TEST_CASE(errors_are_equal_by_kind_and_text) {
  BOOST_TEST((error{errc::fatal, "a", "b"} == error{errc::fatal, "ab"}));
  BOOST_TEST((error{errc::fatal, "ab"} != error{errc::transient, "ab"}));
  BOOST_TEST((error{errc::fatal, "ab"} != error{errc::fatal, "abc"}));
}

BOOST_AUTO_TEST_SUITE_END()
