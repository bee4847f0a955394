#include <countersign/text/constant_text.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace cs = countersign;
using cs::base64;

namespace {

// RFC 4648 §10
static_assert(cs::constant_base64("").view() == "");
static_assert(cs::constant_base64("f").view() == "Zg==");
static_assert(cs::constant_base64("fo").view() == "Zm8=");
static_assert(cs::constant_base64("foobar").view() == "Zm9vYmFy");
static_assert(cs::constant_base64<base64::unpadded>("foob").view() == "Zm9vYg");
static_assert(cs::constant_base64("\xfb\xff").view() == "+/8=");
static_assert(cs::constant_base64<base64::url>("\xfb\xff").view() == "-_8");
static_assert(cs::constant_base64<base64::url_padded>("\xfb\xff").view() == "-_8=");
static_assert(cs::constant_base64("a\0b").view() == "YQBi");  // all bytes of the literal but its end

constexpr std::array<unsigned char, 3> digest = {0x00, 0xa1, 0xff};
static_assert(cs::constant_hex(digest).view() == "00a1ff");
static_assert(cs::constant_base64(digest).view() == "AKH/");
static_assert(cs::constant_base64<base64::url>(digest).view() == "AKH_");
static_assert(sizeof(cs::constant_base64("foobar")) == 8);  // the characters and nothing else

template <std::size_t Size>
consteval auto bytes_up_to() {
  std::array<unsigned char, Size> all{};
  for (std::size_t i = 0; i < Size; ++i) all[i] = static_cast<unsigned char>(7 * i + 1);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(constant_text)

// Every tail of a group, and the paths of vector instructions beside the compiler's.
BOOST_AUTO_TEST_CASE(the_compiler_encodes_as_the_program_does) {
  auto const check = [](auto const& raw, auto const& base, auto const& url, auto const& hex) {
    std::string_view const bytes(reinterpret_cast<char const*>(raw.data()), raw.size());
    cs::secret out;
    BOOST_TEST(cs::append_base64(out, bytes).reveal() == base.view());
    out.clear();
    BOOST_TEST(cs::append_base64(out, bytes, base64::url).reveal() == url.view());
    out.clear();
    BOOST_TEST(cs::append_hex(out, bytes).reveal() == hex.view());
  };
  constexpr auto a = bytes_up_to<1>();
  constexpr auto b = bytes_up_to<47>();
  constexpr auto c = bytes_up_to<48>();
  constexpr auto d = bytes_up_to<130>();
  check(a, cs::constant_base64(a), cs::constant_base64<base64::url>(a), cs::constant_hex(a));
  check(b, cs::constant_base64(b), cs::constant_base64<base64::url>(b), cs::constant_hex(b));
  check(c, cs::constant_base64(c), cs::constant_base64<base64::url>(c), cs::constant_hex(c));
  check(d, cs::constant_base64(d), cs::constant_base64<base64::url>(d), cs::constant_hex(d));
}

BOOST_AUTO_TEST_SUITE_END()
