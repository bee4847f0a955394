// The cached credential while it is replaced all the time: what TSan is asked about.
#include <countersign/auth/authenticator.hpp>

#include <countersign/format/bearer.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/fixed.hpp>

#include "fake/context.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

namespace cs = countersign;
using namespace std::literals;

namespace {

constexpr auto lifetime = cs::seconds(2);

// What token n is: its number, then as many letters as make it short and long in turn, so that blocks grow and shrink.
std::string token_of(std::uint64_t n) {
  auto const fill = n % 4 == 0 ? 1500 + n % 700 : n % 60;
  return std::to_string(n) + '.' +
         std::string(static_cast<std::size_t>(fill), static_cast<char>('a' + n % 26));
}
// The number, if all that stands behind it is what belongs to it.
std::uint64_t number_of(std::string_view value) {
  std::uint64_t n = 0;
  for (char const c : value.substr(0, value.find('.'))) n = n * 10 + static_cast<std::uint64_t>(c - '0');
  return value == token_of(n) ? n : 0;
}

// Gives another token each time it is asked, of two seconds of the fake clock.
struct counting {
  using credential = cs::secret;
  static constexpr bool renewable = true;
  std::atomic<std::uint64_t>* given;
  cs::result<cs::issued<cs::secret>> acquire(cs::occasion const& why, cs::context const&) const {
    return cs::issued<cs::secret>{cs::secret(token_of(++*given)), why.now.wall + lifetime};
  }
};

// Takes the value as a client does, from its stack.
struct line {
  char bytes[4096];
  std::size_t size = 0;
  bool operator()(std::string_view, std::string_view value) {
    if (value.size() > sizeof bytes) return false;
    std::memcpy(bytes, value.data(), value.size());
    size = value.size();
    return true;
  }
};
// The same where it lends the place.
struct placing_line : line {
  char* place(std::string_view, std::size_t wanted) { return wanted > sizeof bytes ? nullptr : bytes; }
  void placed(std::size_t written) { size = written; }
};
static_assert(cs::placing_sink<placing_line> && !cs::placing_sink<line>);

struct get {
  std::string_view method() const { return "GET"; }
  std::string_view url() const { return "https://api.example.com/v1/items"; }
  std::string_view origin() const { return "https://api.example.com"; }
  std::string_view target() const { return "/v1/items"; }
  void fields(auto&&) const {}
};

struct counts {
  std::atomic<std::uint64_t> read = 0, torn = 0, older = 0, failed = 0, changes = 0;
};

template <class Sink, class Authenticator>
void read_until(Authenticator& auth, std::atomic<bool> const& enough, counts& all) {
  constexpr std::string_view scheme = "Bearer ";
  std::uint64_t last = 0, read = 0, changes = 0;
  while (!enough) {
    Sink sink;
    if (!auth.authorize(get(), sink)) {
      ++all.failed;
      continue;
    }
    auto const n = number_of(std::string_view(sink.bytes, sink.size).substr(scheme.size()));
    all.torn += n == 0;
    all.older += n < last;
    changes += n != last;
    last = n;
    ++read;
  }
  all.read += read;
  all.changes += changes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_hot_cache)

// A writer every millisecond, and a reader on each of two cores, one with each kind of sink. The clock of the fake world
// jumps past the expiry, whoever sees it first renews, and goes on being read by the others.
BOOST_AUTO_TEST_CASE(two_readers_see_whole_tokens_in_order_while_they_change_each_millisecond) {
  fake::world w;
  std::atomic<std::uint64_t> given = 0;
  cs::authenticator auth{counting{&given}, cs::bearer{},
                         cs::renewal{.early = cs::seconds(0), .jitter_percent = 0},
                         cs::only{"https://api.example.com"}, w.context()};
  counts all;
  std::atomic<bool> enough = false;
  {
    std::jthread const plain([&] { read_until<line>(auth, enough, all); });
    std::jthread const placing([&] { read_until<placing_line>(auth, enough, all); });
    constexpr std::uint64_t renewals = 300;
    auto next = std::chrono::steady_clock::now();
    while (given < renewals && all.failed == 0) {
      w.advance(lifetime);
      next += 1ms;
      while (std::chrono::steady_clock::now() < next) std::this_thread::yield();
    }
    enough = true;
  }
  BOOST_TEST(all.torn == 0u);
  BOOST_TEST(all.older == 0u);
  BOOST_TEST(all.failed == 0u);
  BOOST_TEST(all.changes > 100u);
  BOOST_TEST_MESSAGE(all.read << " reads of " << given << " tokens");
}

// The expiry is judged for the token that is written: a reader is never given one that had expired when it asked.
BOOST_AUTO_TEST_CASE(a_token_that_has_expired_is_written_to_nobody) {
  fake::world w;
  std::atomic<std::uint64_t> given = 0;
  cs::authenticator auth{counting{&given}, cs::bearer{},
                         cs::renewal{.early = cs::seconds(0), .jitter_percent = 0},
                         cs::only{"https://api.example.com"}, w.context()};
  for (std::uint64_t n = 1; n <= 50; ++n) {
    line sink;
    BOOST_REQUIRE(auth.authorize(get(), sink).has_value());
    BOOST_TEST(number_of(std::string_view(sink.bytes, sink.size).substr(7)) == n);
    BOOST_REQUIRE(auth.authorize(get(), sink).has_value());
    BOOST_TEST(number_of(std::string_view(sink.bytes, sink.size).substr(7)) == n);
    w.advance(lifetime);
  }
}

BOOST_AUTO_TEST_SUITE_END()
