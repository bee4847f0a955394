#include <countersign/auth/authenticator.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "fake/sources.hpp"

#include <countersign/format/basic.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace {

constexpr std::string_view origin = "https://api.example.com";
constexpr long calls = 1'000'000;

// A client's own buffer: it allocates nothing either.
struct line {
  char bytes[8192];
  std::size_t size = 0;
  bool operator()(std::string_view name, std::string_view value) {
    if (size + name.size() + value.size() > sizeof bytes) return false;
    std::memcpy(bytes + size, name.data(), name.size());
    std::memcpy(bytes + size + name.size(), value.data(), value.size());
    size += name.size() + value.size();
    return true;
  }
};
struct get {
  std::string_view method() const { return "GET"; }
  std::string_view url() const { return "https://api.example.com/v1/items"; }
  std::string_view origin() const { return ::origin; }
  std::string_view target() const { return "/v1/items"; }
  void fields(auto&&) const {}
};

// Not constant: it writes each request anew.
struct marked {
  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const& view, cs::draft& out, cs::moment const&) const {
    out.set("X-Key", view.target(), " ", key.reveal());
    return cs::stamp{};
  }
};

template <class Authenticator>
void authorizes_without_allocating(Authenticator& auth, std::string_view expected) {
  line out;
  BOOST_REQUIRE(auth.authorize(get(), out).has_value());
  BOOST_TEST(std::string_view(out.bytes, out.size) == expected);
  long good = 0;
  fake::heap::counter const allocations;
  for (long i = 0; i < calls; ++i) {
    out.size = 0;
    good += auth.authorize(get(), out).has_value();
  }
  auto const count = allocations.count();
  BOOST_TEST(good == calls);
  if (fake::heap::is_ours) BOOST_TEST(count == 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_allocations)

BOOST_AUTO_TEST_CASE(both_malloc_and_new_are_counted) {
  if (!fake::heap::is_ours) return;
  fake::heap::counter const allocations;
  void* volatile plain = std::malloc(1);
  BOOST_TEST(allocations.count() == 1);
  auto* volatile made = new int(1);
  auto const with_new = allocations.count();
  auto* volatile array = new char[100];
  auto const with_array = allocations.count();
  std::free(plain);
  delete made;
  delete[] array;
  BOOST_TEST(with_new == 2);
  BOOST_TEST(with_array == 3);
}

BOOST_AUTO_TEST_CASE(a_local_credential_is_written_without_allocating) {
  std::string const token(40, 't');
  cs::authenticator bearer{cs::fixed{std::string_view(token)}, cs::bearer{}, cs::only{origin}};
  authorizes_without_allocating(bearer, "AuthorizationBearer " + token);

  cs::authenticator key{cs::fixed{std::string_view(token)}, cs::header{"X-API-Key"}, cs::only{origin}};
  authorizes_without_allocating(key, "X-API-Key" + token);

  cs::authenticator pair{cs::all_of{cs::fixed{"one"}, cs::fixed{"two"}}, cs::each_of{cs::header{"X-Key"}, cs::header{"X-Application"}},
                         cs::only{origin}};
  authorizes_without_allocating(pair, "X-KeyoneX-Applicationtwo");

  // RFC 7617 §2
  cs::authenticator basic{cs::fixed{cs::basic_login{cs::secret("Aladdin"), cs::secret("open sesame")}}, cs::basic{}, cs::only{origin}};
  authorizes_without_allocating(basic, "AuthorizationBasic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

BOOST_AUTO_TEST_CASE(a_formatter_that_writes_each_request_anew_allocates_nothing) {
  cs::authenticator auth{cs::fixed{"key"}, marked(), cs::only{origin}};
  authorizes_without_allocating(auth, "X-Key/v1/items key");
}

BOOST_AUTO_TEST_CASE(a_cached_token_is_written_without_allocating) {
  for (std::size_t const size : {std::size_t{40}, std::size_t{1900}}) {
    std::string const token(size, 't');
    fake::world w;
    fake::script said{fake::says(token, w.now().wall + cs::seconds(3600))};
    cs::authenticator auth{fake::remote(said), cs::bearer{}, cs::only{origin}, w.context()};
    get const request;
    {
      auto talk = auth.begin(request);
      talk.supply(cs::response(200), w.now());
      BOOST_REQUIRE((talk.wants() == cs::want::call));
    }
    line out;
    long good = 0;
    fake::heap::counter const allocations;
    for (long i = 0; i < calls; ++i) {
      out.size = 0;
      auto talk = auth.begin(request);
      good += talk.wants() == cs::want::call && talk.write(out).has_value();
    }
    auto const count = allocations.count();
    BOOST_TEST(good == calls);
    BOOST_TEST(std::string_view(out.bytes, out.size) == "AuthorizationBearer " + token);
    if (fake::heap::is_ours) BOOST_TEST(count == 0);
    BOOST_TEST(said.asked() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(one_that_answers_at_once_and_anew_is_cached_without_allocating) {
  fake::world w;
  fake::script said{fake::says("token", w.now().wall + cs::seconds(3600))};
  cs::authenticator auth{fake::immediate<true>(said), cs::header{"X-Key"}, cs::only{origin}, w.context()};
  authorizes_without_allocating(auth, "X-Keytoken");
}

BOOST_AUTO_TEST_SUITE_END()
