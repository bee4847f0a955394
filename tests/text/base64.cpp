#include <countersign/text/base64.hpp>

#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/evp.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>
#endif
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#endif

namespace cs = countersign;
using cs::base64;

namespace {

constexpr bool encodes_in_constant_expressions(std::string_view bytes, base64 form, std::string_view text) {
  char out[16] = {};
  return std::string_view(out, static_cast<std::size_t>(cs::encode_base64(out, bytes, form) - out)) == text;
}
static_assert(encodes_in_constant_expressions("fooba", base64::padded, "Zm9vYmE="));
static_assert(encodes_in_constant_expressions("fooba", base64::unpadded, "Zm9vYmE"));
static_assert(encodes_in_constant_expressions("foobar\xfb\xff", base64::url, "Zm9vYmFy-_8"));
static_assert(encodes_in_constant_expressions("foobar\xfb\xff", base64::url_padded, "Zm9vYmFy-_8="));

constexpr base64 forms[] = {base64::padded, base64::unpadded, base64::url, base64::url_padded};

std::string encoded(std::string_view bytes, base64 form = base64::padded) {
  cs::secret out;
  cs::append_base64(out, bytes, form);
  BOOST_TEST(out.ok());
  return std::string(out.reveal());
}

// What each processor runs: the name, and encoder and decoder without padding; those that this processor
// lacks are left out.
struct path {
  char const* name;
  char* (*encode)(char* out, std::string_view bytes, bool url);
  bool (*decode)(char* out, std::string_view text, bool url);
};
std::vector<path> const& paths() {
  static std::vector<path> const all = [] {
    using namespace cs::detail;
    std::vector<path> found = {{"plain", base64_plain::encode, base64_plain::decode}};
    if (base64_ssse3::available()) found.push_back({"ssse3", base64_ssse3::encode, base64_ssse3::decode});
    if (base64_vbmi::available())
      found.push_back({"avx512vbmi",
                       [](char* out, std::string_view bytes, bool url) {
                         return base64_vbmi::encode(out, bytes, url, false);
                       },
                       base64_vbmi::decode});
    return found;
  }();
  return all;
}

std::string with(path const& path, std::string_view bytes, bool url) {
  std::string out(bytes.size() * 2 + 8, '#');
  auto const end = path.encode(out.data(), bytes, url) - out.data();
  auto const size = static_cast<std::size_t>(end);
  BOOST_TEST(out.find_first_not_of('#', size) == out.npos);  // nothing is written behind the end
  out.resize(size);
  return out;
}

// What every path makes of `text`: the bytes, or nothing where it is refused. They must agree.
std::optional<std::string> decoded(std::string_view text, bool url) {
  std::optional<std::string> first;
  bool good = false;
  for (auto const& path : paths()) {
    std::string out(text.size() * 3 / 4 + 8, '#');
    auto const size = text.size() * 3 / 4;
    good = path.decode(out.data(), text, url);
    if (out.find_first_not_of('#', size) != out.npos) BOOST_ERROR(path.name << " writes behind the end");
    out.resize(size);
    std::optional<std::string> made;
    if (good) made = out;
    if (&path == &paths().front()) first = made;
    else if (made != first) BOOST_ERROR(path.name << " reads otherwise than the plain path");
  }
  return first;
}

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

// Characters of the alphabet, and none of their bits left over.
void base64_plain_text(std::mt19937& random, std::string& text, bool url) {
  auto const bytes = random_bytes(random, text.size() * 3 / 4);
  BOOST_REQUIRE(cs::detail::base64_plain::encode(text.data(), bytes, url) == text.data() + text.size());
}

std::string by_openssl(std::string_view bytes) {
  std::string out(bytes.size() / 3 * 4 + 5, '\0');
  auto const size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string without_padding(std::string text) { return text.substr(0, text.find('=')); }
std::string url_alphabet(std::string text) {
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base64_of_rfc_4648)

BOOST_AUTO_TEST_CASE(the_vectors_of_section_10_hold_both_ways) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc4648_base64");
  for (auto const& [_, row] : all.get_child("rfc4648_base64")) {
    auto const bytes = row.get<std::string>("in");
    auto const padded = row.get<std::string>("base64");
    auto const url = row.get<std::string>("base64url_nopad");
    BOOST_TEST(encoded(bytes) == padded);
    BOOST_TEST(encoded(bytes, base64::url_padded) == padded);
    BOOST_TEST(encoded(bytes, base64::unpadded) == url);
    BOOST_TEST(encoded(bytes, base64::url) == url);
    BOOST_TEST(cs::decode_base64(padded).value().reveal() == bytes);
    BOOST_TEST(cs::decode_base64(url, base64::url).value().reveal() == bytes);
    ++count;
  }
}

BOOST_AUTO_TEST_CASE(what_a_lenient_decoder_would_take_is_refused) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc4648_reject");
  for (auto const& [_, row] : all.get_child("rfc4648_reject")) {
    auto const read = cs::decode_base64(row.get<std::string>("in"));
    BOOST_TEST_CONTEXT(row.get<std::string>("why")) BOOST_TEST(!read);
    if (!read) BOOST_TEST((read.error().code() == cs::errc::bad_input));
    ++count;
  }
}

// RFC 4648 tables 1 and 2
BOOST_AUTO_TEST_CASE(all_six_bits_have_their_character_on_every_path) {
  std::string const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  for (unsigned i = 0; i < 64; i += 4) {
    auto const group = i << 18 | (i + 1) << 12 | (i + 2) << 6 | (i + 3);
    bytes += {static_cast<char>(group >> 16), static_cast<char>(group >> 8), static_cast<char>(group)};
  }
  for (auto const& path : paths()) BOOST_TEST_CONTEXT(path.name) {
      BOOST_TEST(with(path, bytes, false) == standard);
      BOOST_TEST(with(path, bytes, true) == url_alphabet(standard));
    }
  BOOST_TEST(cs::decode_base64(standard).value().reveal() == bytes);
  BOOST_TEST(cs::decode_base64(url_alphabet(standard), base64::url).value().reveal() == bytes);
}

BOOST_AUTO_TEST_CASE(every_path_agrees_with_openssl_for_every_size_up_to_300) {
  std::mt19937 random(4648);
  for (std::size_t size = 0; size <= 300; ++size) {
    auto const bytes = random_bytes(random, size);
    auto const expected = by_openssl(bytes);
    auto const bare = without_padding(expected);
    for (auto const& path : paths()) {
      BOOST_TEST(with(path, bytes, false) == bare);
      BOOST_TEST(with(path, bytes, true) == url_alphabet(bare));
    }
    BOOST_TEST((decoded(bare, false) == bytes));
    BOOST_TEST((decoded(url_alphabet(bare), true) == bytes));
    for (auto const form : forms) {
      bool const padded = form == base64::padded || form == base64::url_padded;
      bool const url = form == base64::url || form == base64::url_padded;
      auto text = padded ? expected : bare;
      if (url) text = url_alphabet(text);
      BOOST_TEST(encoded(bytes, form) == text);
      BOOST_TEST(cs::base64_size(size, form) == text.size());
      BOOST_TEST(cs::decode_base64(text, form).value().reveal() == bytes);
    }
  }
}

// Since what is read is written again as it was, and as many tails are read as there are values, no
// other is read.
BOOST_AUTO_TEST_CASE(of_all_tails_of_two_and_three_bytes_only_those_that_are_written_are_read) {
  for (auto const form : {base64::unpadded, base64::url}) {
    unsigned two = 0;
    unsigned three = 0;
    for (unsigned i = 0; i < 1U << 24; ++i) {
      char const tail[3] = {static_cast<char>(i >> 16), static_cast<char>(i >> 8), static_cast<char>(i)};
      // most are refused: without the error's text, this takes a second and not a minute
      char out[2], other[2];
      bool const url = form == base64::url;
      if (i < 1U << 16 && cs::detail::base64_plain::decode(out, {tail + 1, 2}, url)) {
        two += encoded({out, 1}, form) == std::string_view(tail + 1, 2);
        BOOST_TEST(cs::decode_base64({tail + 1, 2}, form).has_value());
      } else if (i < 1U << 16) {
        BOOST_TEST(!cs::decode_base64({tail + 1, 2}, form));
      }
      bool const good = cs::detail::base64_plain::decode(out, {tail, 3}, url);
      if (good) {
        ++three;
        char again[3];
        cs::encode_base64(again, {out, 2}, form);
        if (std::string_view(again, 3) != std::string_view(tail, 3)) BOOST_ERROR(i);
      }
      for (auto const& path : paths())
        if (path.decode(other, {tail, 3}, url) != good || (good && std::memcmp(other, out, 2) != 0))
          BOOST_ERROR(path.name << " reads tail " << i << " otherwise than the plain path");
    }
    BOOST_TEST(two == 1U << 8);
    BOOST_TEST(three == 1U << 16);
  }
}

BOOST_AUTO_TEST_CASE(every_byte_in_every_place_of_a_tail_of_four_is_read_only_where_it_is_written) {
  std::string const others = "AQgw9z+/-_= \n\xc3";
  for (auto const form : forms) {
    bool const padded = form == base64::padded || form == base64::url_padded;
    bool const url = form == base64::url || form == base64::url_padded;
    std::string const last_two = url ? "-_" : "+/";
    auto const in_alphabet = [&](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
             last_two.find(c) != last_two.npos;
    };
    // how many zero bits the last character ends in, where it is known to be of the alphabet
    auto const ends_in_zeros = [&](char c, unsigned bits) {
      std::string const alphabet =
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last_two;
      return alphabet.find(c) % (1U << bits) == 0;
    };
    for (std::size_t place = 0; place < 4; ++place)
      for (int byte = 0; byte < 256; ++byte)
        for (char a : others)
          for (char b : others)
            for (char c : others) {
              std::string tail = {a, b, c};
              tail.insert(place, 1, static_cast<char>(byte));
              bool expected = in_alphabet(tail[0]) && in_alphabet(tail[1]);
              if (padded && tail[3] == '=' && tail[2] == '=')
                expected = expected && ends_in_zeros(tail[1], 4);
              else if (padded && tail[3] == '=')
                expected = expected && in_alphabet(tail[2]) && ends_in_zeros(tail[2], 2);
              else expected = expected && in_alphabet(tail[2]) && in_alphabet(tail[3]);
              if (cs::decode_base64(tail, form).has_value() != expected)
                BOOST_ERROR("place " << place << " byte " << byte);
            }
  }
}

// In every place of texts of every length, so behind whole vectors, at their ends, and in what is left.
BOOST_AUTO_TEST_CASE(every_path_takes_and_refuses_every_byte_in_every_place_alike) {
  std::mt19937 random(64);
  for (std::size_t size = 1; size <= 200; ++size) {
    if (size % 4 == 1) continue;
    for (bool const url : {false, true}) {
      std::string text(size, 'A');
      base64_plain_text(random, text, url);
      for (std::size_t place = 0; place < size; ++place) {
        auto const before = text[place];
        // all bytes near the end, where the bits of the last character count; elsewhere every second one
        auto const start = static_cast<int>(place + 4 < size ? random() % 2 : 0);
        for (int byte = start; byte < 256; byte += place + 4 < size ? 2 : 1) {
          text[place] = static_cast<char>(byte);
          auto const made = decoded(text, url);
          if (!made) continue;
          char again[201];
          auto const* const end = cs::detail::base64_plain::encode(again, *made, url);
          if (std::string_view(again, end) != text)
            BOOST_ERROR("size " << size << ", place " << place << ", byte " << byte);
        }
        text[place] = before;
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bad_byte_is_seen_at_every_offset) {
  std::string text(160, 'A');
  for (std::size_t at = 0; at < text.size(); ++at)
    for (char const bad : {'=', ' ', '\n', '\0', '-', '_', '@', '[', '`', '{', '\x80', '\xff'}) {
      text[at] = bad;
      bool const padding = bad == '=' && at + 1 == text.size();
      BOOST_TEST(cs::decode_base64(text).has_value() == padding);
      text[at] = 'A';
    }
}

BOOST_AUTO_TEST_CASE(an_error_says_what_is_wrong_and_where_and_shows_nothing) {
  struct {
    std::string_view text;
    base64 form;
    std::string_view message;
  } const rows[] = {
      {"Zm9vYg=", base64::padded,
       "base64: 7 characters, which is no multiple of 4; is it cut short, or '=' left out?"},
      {"Zm9vY", base64::url, "base64url: 5 characters, which no number of bytes gives; is it cut short?"},
      {"Zm9vYmF!", base64::padded,
       "base64: the character at offset 7 is not of the alphabet; expected letters, digits, '+' and '/'"},
      {"Zm9v/w", base64::url,
       "base64url: the character at offset 4 is not of the alphabet; expected letters, digits, '-' and '_'"},
      {"Zh==", base64::padded,
       "base64: the last character holds bits that belong to no byte; is it cut short?"},
  };
  for (auto const& row : rows) {
    auto const read = cs::decode_base64(row.text, row.form);
    BOOST_REQUIRE(!read);
    BOOST_TEST((read.error().code() == cs::errc::bad_input));
    BOOST_TEST(read.error().message() == row.message);
  }
}

BOOST_AUTO_TEST_CASE(it_is_appended_behind_what_was_there_in_linear_time) {
  cs::secret out("Basic ");
  cs::append_base64(out, "Aladdin:open sesame");
  BOOST_TEST(out.reveal() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617 section 2
  std::set<std::size_t> capacities;
  for (int i = 0; i < 1000; ++i) {
    cs::append_base64(out, "abc");
    capacities.insert(out.capacity());
  }
  BOOST_TEST(out.size() == 34U + 4000U);
  BOOST_TEST(capacities.size() < 12U);
}

BOOST_AUTO_TEST_CASE(an_input_of_a_size_that_would_overflow_is_an_error) {
  // volatile, or the compiler warns of what would be written
  for (std::size_t const volatile size :
       {cs::detail::encoded_input_max, cs::detail::encoded_input_max + 1, SIZE_MAX / 4 * 3 + 3}) {
    cs::secret out("kept");
    BOOST_TEST(!cs::append_base64(out, {"x", size}).ok());
    BOOST_TEST(out.reveal() == "kept");
  }
  BOOST_TEST((cs::decode_base64({"x", SIZE_MAX}, base64::url).error().code() == cs::errc::no_memory));
}

#if __has_include(<sys/mman.h>)
BOOST_AUTO_TEST_CASE(no_path_reads_or_writes_beyond_its_ends) {
  auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  auto const readable_page_between_two_others = [&] {
    void* const at = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    BOOST_REQUIRE(at != MAP_FAILED);
    char* const middle = static_cast<char*>(at) + page;
    BOOST_REQUIRE(mprotect(middle, page, PROT_READ | PROT_WRITE) == 0);
    return middle;
  };
  char* const in = readable_page_between_two_others();
  char* const out = readable_page_between_two_others();
  for (auto const& path : paths())
    for (std::size_t size = 0; size <= 300; ++size) {
      auto const written = (size * 8 + 5) / 6;
      // a wrong address ends the process
      path.encode(out + page - written, {in + page - size, size}, false);
      path.encode(out, {in, size}, false);
      if (size % 4 == 1) continue;  // which no number of bytes gives
      std::memset(in, 'A', page);
      auto const whole = size * 3 / 4;
      BOOST_TEST(path.decode(out + page - whole, {in + page - size, size}, false));
      BOOST_TEST(path.decode(out, {in, size}, false));
    }
  munmap(in - page, 3 * page);
  munmap(out - page, 3 * page);
}
#endif

#if defined(VALGRIND_MAKE_MEM_UNDEFINED)
// Says nothing but under Valgrind, which then reports branches and addresses that depend on the
// bytes.
BOOST_AUTO_TEST_CASE(no_branch_and_no_address_depends_on_what_is_encoded_or_decoded) {
  auto const errors = VALGRIND_COUNT_ERRORS;
  std::string bytes = "a secret of forty-three bytes, not one less";
  static_cast<void>(VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size()));
  char out[64] = {};
  cs::encode_base64(out, bytes);
  for (auto const& path : paths()) path.encode(out, bytes, true);
  char again[64] = {};
  for (auto const& path : paths()) {
    bool good = path.decode(again, {out, 58}, true);
    static_cast<void>(VALGRIND_MAKE_MEM_DEFINED(&good, sizeof good));
    BOOST_TEST(good);
  }
  BOOST_TEST(VALGRIND_COUNT_ERRORS == errors);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
