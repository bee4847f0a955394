#include <countersign/auth/authenticator.hpp>

#include "archetypes/origin_binding.hpp"
#include "fake/context.hpp"
#include "fake/sources.hpp"

#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/source/all_of.hpp>
#include <countersign/source/chain.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <concepts>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace cs = countersign;

namespace {

constexpr std::string_view url = "https://api.example/things";

/// A source that knows where its credential belongs, and can only be moved.
class own_origin {
public:
  using credential = cs::secret;
  static constexpr bool renewable = true;
  explicit own_origin(std::string value) : value_(std::make_unique<std::string>(std::move(value))) {}
  [[nodiscard]] std::string_view origin() const { return "https://api.example"; }
  [[nodiscard]] cs::result<cs::secret> acquire(cs::occasion const&, cs::context const&) const {
    return cs::secret(*value_);
  }

private:
  std::unique_ptr<std::string> value_;
};
static_assert(!std::copyable<own_origin>);
struct own_origin_for_ever : own_origin {
  using own_origin::own_origin;
  static constexpr bool renewable = false;
};

/// Counts what it is asked, and keeps the count from one use to the next.
struct counting {
  using credential = cs::secret;
  static constexpr bool renewable = true;
  struct memory {
    int asked = 0;
  };
  [[nodiscard]] cs::result<cs::issued<cs::secret>> acquire(cs::occasion const& why, cs::context const&,
                                                           memory& kept) const {
    return cs::issued<cs::secret>{cs::secret("k" + std::to_string(++kept.asked)),
                                  why.now.wall + cs::seconds(1000)};
  }
};

/// Writes what it reads of the request.
struct reading {
  cs::result<cs::stamp> format(cs::secret const& value, cs::request_view auto const& view, cs::draft& out,
                               cs::moment const&) const {
    std::string seen;
    view.fields([&](std::string_view name, std::string_view) { seen.append(" ").append(name); });
    out.set("X-Seen", value.reveal(), " ", view.method(), " ", view.origin(), " ", view.target(), seen);
    return cs::stamp{};
  }
};

/// Another library's request.
struct foreign {
  std::string path = "/things";
  std::multimap<std::string, std::string> headers = {};
};

}  // namespace

template <>
struct countersign::request_traits<foreign> {
  struct view_type {
    foreign const& viewed;
    [[nodiscard]] std::string_view method() const { return "GET"; }
    [[nodiscard]] std::string_view origin() const { return "https://api.example"; }
    [[nodiscard]] std::string_view target() const { return viewed.path; }
    template <class Function>
    void fields(Function&& function) const {
      for (auto const& [name, value] : viewed.headers)
        function(std::string_view(name), std::string_view(value));
    }
  };
  struct sink_type {
    foreign& written;
    bool operator()(std::string_view name, std::string_view value) const {
      written.headers.erase(std::string(name));
      written.headers.emplace(name, value);
      return true;
    }
  };
  static view_type view(foreign const& r) { return {r}; }
  static sink_type sink(foreign& r) { return {r}; }
};

namespace {

template <class Authenticator>
std::string written(Authenticator& auth, std::string_view to = url) {
  cs::request r("GET", to);
  auto const ok = auth.authorize(r);
  if (!ok) return std::string(cs::name(ok.error().code()));
  return std::string(r.get("Authorization").value_or("nothing"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_authenticator)

BOOST_AUTO_TEST_CASE(what_may_be_left_out_is_deduced) {
  fake::world w;
  w.variables["TOKEN"] = "t";
  auto const outside = w.context();
  fake::script said{fake::says("t")};
  cs::only const here{"https://api.example"};

  cs::authenticator a1{cs::fixed{"t"}, cs::bearer{}, here};
  static_assert(std::same_as<decltype(a1),
                             cs::authenticator<cs::fixed<cs::secret>, cs::bearer, cs::never, cs::only<1>>>);
  cs::authenticator a2{cs::env{"TOKEN"}, cs::bearer{}, here, outside};
  static_assert(std::same_as<decltype(a2)::strategy_type, cs::never>);
  cs::authenticator a3{fake::remote(said), cs::bearer{}, here, outside};
  static_assert(std::same_as<decltype(a3)::strategy_type, cs::renewal>);
  cs::authenticator a4{cs::fixed{"t"}, cs::bearer{}, cs::renewal{}, here};
  cs::authenticator a5{cs::fixed{"t"}, cs::bearer{}, cs::renewal{},
                       cs::only{"https://api.example", "https://b.example"}, outside};
  static_assert(std::same_as<decltype(a5),
                             cs::authenticator<cs::fixed<cs::secret>, cs::bearer, cs::renewal, cs::only<2>>>);
  cs::authenticator a6{own_origin("t"), cs::bearer{}};
  static_assert(
      std::same_as<decltype(a6), cs::authenticator<own_origin, cs::bearer, cs::renewal, cs::only<1>>>);
  cs::authenticator a7{own_origin("t"), cs::bearer{}, outside};
  static_assert(std::same_as<decltype(a7), decltype(a6)>);
  cs::authenticator a8{own_origin_for_ever("t"), cs::bearer{}, cs::renewal{}};
  cs::authenticator a9{own_origin_for_ever("t"), cs::bearer{}, cs::never{}, outside};
  static_assert(
      std::same_as<decltype(a9), cs::authenticator<own_origin_for_ever, cs::bearer, cs::never, cs::only<1>>>);
  cs::authenticator a10{own_origin("t"), cs::bearer{}, cs::only{"https://b.example"}};

  static_assert(decltype(a1)::local && decltype(a2)::local && !decltype(a3)::local && decltype(a6)::local);
  BOOST_TEST(written(a1) == "Bearer t");
  BOOST_TEST(written(a2) == "Bearer t");
  BOOST_TEST(written(a4) == "Bearer t");
  BOOST_TEST(written(a5, "https://b.example/") == "Bearer t");
  BOOST_TEST(written(a6) == "Bearer t");
  BOOST_TEST(written(a7) == "Bearer t");
  BOOST_TEST(written(a8) == "Bearer t");
  BOOST_TEST(written(a9) == "Bearer t");
  BOOST_TEST(written(a10) == "wrong_origin");
  BOOST_TEST(written(a10, "https://b.example") == "Bearer t");
  cs::request const call("GET", url);
  BOOST_TEST((a3.begin(call).wants() == cs::want::send));
}

BOOST_AUTO_TEST_CASE(a_binding_of_ones_own_needs_no_template_arguments) {
  fake::world w;
  auto const outside = w.context();
  cs::authenticator a1{cs::fixed{"t"}, cs::bearer{}, archetypes::one_host{}};
  static_assert(std::same_as<decltype(a1), cs::authenticator<cs::fixed<cs::secret>, cs::bearer, cs::never, archetypes::one_host>>);
  cs::authenticator a2{cs::fixed{"t"}, cs::bearer{}, archetypes::one_host{}, outside};
  static_assert(std::same_as<decltype(a2), decltype(a1)>);
  cs::authenticator a3{cs::fixed{"t"}, cs::bearer{}, cs::renewal{}, archetypes::one_host{}};
  static_assert(std::same_as<decltype(a3), cs::authenticator<cs::fixed<cs::secret>, cs::bearer, cs::renewal, archetypes::one_host>>);
  cs::authenticator a4{cs::fixed{"t"}, cs::bearer{}, cs::renewal{}, archetypes::one_host{}, outside};
  static_assert(std::same_as<decltype(a4), decltype(a3)>);
  BOOST_TEST(written(a1) == "Bearer t");
  BOOST_TEST(written(a4) == "Bearer t");
}

BOOST_AUTO_TEST_CASE(a_request_gets_its_credential_and_keeps_the_rest) {
  cs::authenticator auth{cs::fixed{"t0k"}, cs::bearer{}, cs::only{"https://api.example"}};
  cs::request r("POST", url, cs::secret("{}"));
  r.set("X-Mine", "1");
  r.set("authorization", "Bearer stale");
  BOOST_REQUIRE(auth.authorize(r).has_value());
  BOOST_TEST(*r.get("Authorization") == "Bearer t0k");
  BOOST_TEST(*r.get("X-Mine") == "1");
  std::size_t count = 0;
  r.fields([&](std::string_view, std::string_view) { ++count; });
  BOOST_TEST(count == 2u);
}

BOOST_AUTO_TEST_CASE(a_foreign_request_a_view_or_a_url_with_a_sink_will_do) {
  cs::authenticator auth{cs::fixed{"t0k"}, cs::bearer{}, cs::only{"https://api.example"}};
  foreign f;
  f.headers.emplace("Authorization", "stale");
  BOOST_REQUIRE(auth.authorize(f).has_value());
  BOOST_TEST(f.headers.count("Authorization") == 1u);
  BOOST_TEST(f.headers.find("Authorization")->second == "Bearer t0k");

  std::string seen;
  auto sink = [&](std::string_view name, std::string_view value) {
    seen.append(name).append("=").append(value).append(";");
    return true;
  };
  BOOST_REQUIRE(auth.authorize(cs::view_of(cs::request("GET", url)), sink).has_value());
  BOOST_REQUIRE(auth.authorize(url, sink).has_value());
  BOOST_TEST(seen == "Authorization=Bearer t0k;Authorization=Bearer t0k;");
  BOOST_TEST((auth.authorize("https://b.example", sink).error().code() == cs::errc::wrong_origin));
  BOOST_TEST(seen == "Authorization=Bearer t0k;Authorization=Bearer t0k;");
}

BOOST_AUTO_TEST_CASE(a_formatter_that_is_not_constant_sees_each_request) {
  cs::authenticator auth{cs::fixed{"v"}, reading{}, cs::only{"https://api.example"}};
  cs::request r("PUT", "https://api.example/a%2F?b");
  r.set("X-Mine", "1");
  BOOST_REQUIRE(auth.authorize(r).has_value());
  BOOST_TEST(*r.get("X-Seen") == "v PUT https://api.example /a%2F?b X-Mine");
  foreign f;
  BOOST_REQUIRE(auth.authorize(f).has_value());
  BOOST_TEST(f.headers.find("X-Seen")->second == "v GET https://api.example /things");
}

BOOST_AUTO_TEST_CASE(a_source_that_is_not_renewable_is_asked_once_and_when_it_is_built) {
  fake::world w;
  w.variables["TOKEN"] = "first";
  cs::authenticator auth{cs::env{"TOKEN"}, cs::bearer{}, cs::only{"https://api.example"}, w.context()};
  w.variables["TOKEN"] = "second";
  w.advance(cs::seconds(1'000'000));
  for (int i = 0; i < 100; ++i) BOOST_REQUIRE(written(auth) == "Bearer first");
  BOOST_TEST(w.variable_reads() == 1u);
  BOOST_TEST(w.clock_reads() <= 1u);
}

BOOST_AUTO_TEST_CASE(what_went_wrong_when_it_was_built_is_told_at_each_use_and_nothing_is_written) {
  fake::world w;
  w.variables["EMPTY"] = "";
  w.variables["WORDS"] = "two words";
  w.variables["SCHEME"] = "Bearer abc";
  w.variables["LINE"] = "abc\n";
  auto const outside = w.context();
  struct row {
    char const* variable;
    cs::errc code;
    std::string_view says;
  };
  for (row const& r : {row{"UNSET", cs::errc::not_mine, "variable UNSET is not set"},
                       row{"EMPTY", cs::errc::not_mine, "variable EMPTY is set but empty"},
                       row{"WORDS", cs::errc::bad_input, "bearer: "},
                       row{"SCHEME", cs::errc::bad_input, "already begins with"},
                       row{"LINE", cs::errc::bad_input, "stray"}}) {
    BOOST_TEST_CONTEXT(r.variable) {
      cs::authenticator auth{cs::env{r.variable}, cs::bearer{}, cs::only{"https://api.example"}, outside};
      for (int i = 0; i < 2; ++i) {
        cs::request request("GET", url);
        request.set("Authorization", "as it was");
        auto const told = auth.authorize(request);
        BOOST_REQUIRE(!told.has_value());
        BOOST_TEST(name(told.error().code()) == name(r.code));
        BOOST_TEST(told.error().message().find(r.says) != std::string_view::npos, told.error().message());
        BOOST_TEST(*request.get("Authorization") == "as it was");
      }
      BOOST_TEST(written(auth, "https://b.example") == "wrong_origin");
      cs::request request("GET", url);
      auto talk = auth.begin(request);
      cs::request attempt = request;
      if (talk.wants() == cs::want::call) BOOST_TEST(!talk.write(attempt).has_value());
      BOOST_REQUIRE((talk.wants() == cs::want::done));
      BOOST_TEST(name(std::move(talk).outcome().error().code()) == name(r.code));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_header_that_may_not_be_sent_is_told_when_it_is_built) {
  cs::authenticator bad_value{cs::fixed{"a\r\nX-Evil: 1"}, cs::header{"X-Key"},
                              cs::only{"https://api.example"}};
  BOOST_TEST(written(bad_value) == "bad_field");
  cs::authenticator bad_name{cs::fixed{"v"}, cs::header{"X Key"}, cs::only{"https://api.example"}};
  BOOST_TEST(written(bad_name) == "bad_field");
  cs::authenticator twice{cs::all_of{cs::fixed{"a"}, cs::fixed{"b"}},
                          cs::each_of{cs::header{"X-Key"}, cs::header{"x-key"}},
                          cs::only{"https://api.example"}};
  BOOST_TEST(written(twice) == "fatal");
}

BOOST_AUTO_TEST_CASE(all_fields_are_written_or_none) {
  cs::authenticator auth{cs::all_of{cs::fixed{"k1"}, cs::fixed{"two\nlines"}},
                         cs::each_of{reading{}, cs::header{"X-Two"}}, cs::only{"https://api.example"}};
  cs::request r("GET", url);
  BOOST_TEST(!auth.authorize(r).has_value());
  r.fields([](std::string_view name, std::string_view) { BOOST_ERROR(name); });
}

BOOST_AUTO_TEST_CASE(nothing_is_written_on_a_request_that_goes_elsewhere) {
  fake::world w;
  cs::authenticator constant{cs::fixed{"t"}, cs::bearer{}, cs::only{"https://api.example"}};
  cs::authenticator per_request{cs::fixed{"t"}, reading{}, cs::only{"https://api.example"}};
  cs::authenticator renewable{counting{}, cs::bearer{}, cs::only{"https://api.example"}, w.context()};
  auto const refuses = [](auto& auth) {
    for (std::string_view elsewhere :
         {"https://api.example.evil/", "http://api.example/", "https://b.example/", "nonsense", ""}) {
      cs::request r("GET", elsewhere);
      if (auth.authorize(r)) return false;
      bool any = false;
      r.fields([&](std::string_view, std::string_view) { any = true; });
      if (any) return false;
    }
    return true;
  };
  BOOST_TEST(refuses(constant));
  BOOST_TEST(refuses(per_request));
  BOOST_TEST(refuses(renewable));
  BOOST_TEST(written(renewable) == "Bearer k1");
}

BOOST_AUTO_TEST_CASE(a_request_without_room_is_told) {
  fake::world w;
  auto const full = [](std::string_view, std::string_view) { return false; };
  cs::authenticator constant{cs::fixed{"t"}, cs::bearer{}, cs::only{"https://api.example"}};
  BOOST_TEST(name(constant.authorize(url, full).error().code()) == "no_memory");
  cs::authenticator unnamed{cs::fixed{"t"}, cs::header{"X-Key"}, cs::only{"https://api.example"}};
  BOOST_TEST(name(unnamed.authorize(url, full).error().code()) == "no_memory");
  cs::authenticator renewable{counting{}, cs::bearer{}, cs::only{"https://api.example"}, w.context()};
  BOOST_TEST(name(renewable.authorize(url, full).error().code()) == "no_memory");
}

BOOST_AUTO_TEST_CASE(a_renewable_source_that_answers_at_once_needs_no_transport) {
  fake::world w;
  cs::authenticator auth{counting{}, cs::bearer{},
                         cs::renewal{.early = cs::seconds(100), .jitter_percent = 0},
                         cs::only{"https://api.example"}, w.context()};
  BOOST_TEST(written(auth) == "Bearer k1");
  w.advance(cs::seconds(898));
  BOOST_TEST(written(auth) == "Bearer k1");
  w.advance(cs::seconds(2));
  BOOST_TEST(written(auth) == "Bearer k2");  // due; the clock of the hot path may lag by one second
  w.advance(cs::seconds(5000));
  BOOST_TEST(written(auth) == "Bearer k3");
}

BOOST_AUTO_TEST_CASE(a_source_that_only_works_and_waits_needs_no_transport) {
  fake::world w;
  fake::script said{fake::says("t1", w.now().wall + cs::seconds(60)), fake::says("t2")};
  said.wants = {cs::want::work, cs::want::wait, cs::want::work};
  w.tick = cs::seconds(1);  // so that what waits sees the time come
  cs::authenticator auth(fake::worker(said), cs::bearer{}, cs::only{"https://api.example"}, w.context());
  static_assert(decltype(auth)::local);
  BOOST_TEST(written(auth) == "Bearer t1");
  BOOST_TEST((said.heard == std::vector<std::string>{"worked", "time", "worked"}));
  w.advance(cs::seconds(61));
  BOOST_TEST(written(auth) == "Bearer t2");
}

BOOST_AUTO_TEST_CASE(while_one_thread_renews_at_once_the_others_get_the_same) {
  fake::world w;
  cs::authenticator auth{counting{}, cs::bearer{}, cs::only{"https://api.example"}, w.context()};
  std::atomic<int> other = 0;
  for (int epoch = 1; epoch <= 50; ++epoch) {
    auto const expected = "Bearer k" + std::to_string(epoch);
    {
      std::jthread threads[4];
      for (auto& one : threads)
        one = std::jthread([&] {
          for (int i = 0; i < 20; ++i) other += written(auth) != expected;
        });
    }
    w.advance(cs::seconds(2000));
  }
  BOOST_TEST(other == 0);
}

BOOST_AUTO_TEST_CASE(moving_takes_the_credential_along) {
  fake::world w;
  w.variables["TOKEN"] = "t";
  cs::authenticator constant{cs::env{"TOKEN"}, cs::bearer{}, cs::only{"https://api.example"}, w.context()};
  auto moved_constant = std::move(constant);
  BOOST_TEST(written(moved_constant) == "Bearer t");
  cs::authenticator pair{cs::all_of{cs::fixed{"a"}, cs::fixed{"b"}},
                         cs::each_of{cs::header{"X-A"}, cs::header{"X-B"}}, cs::only{"https://api.example"}};
  auto moved_pair = std::move(pair);
  cs::request r("GET", url);
  BOOST_REQUIRE(moved_pair.authorize(r).has_value());
  BOOST_TEST(*r.get("X-A") == "a");
  BOOST_TEST(*r.get("X-B") == "b");
  cs::authenticator renewable{counting{}, cs::bearer{}, cs::only{"https://api.example"}, w.context()};
  BOOST_TEST(written(renewable) == "Bearer k1");
  auto moved_renewable = std::move(renewable);
  BOOST_TEST(written(moved_renewable) == "Bearer k1");
  w.advance(cs::seconds(5000));
  BOOST_TEST(written(moved_renewable) == "Bearer k2");  // what the source keeps has come along
}

static_assert(cs::composable<cs::fixed<cs::secret>, cs::bearer, cs::never>);
static_assert(!cs::composable<cs::fixed<cs::key_pair>, cs::bearer, cs::never>);
static_assert(!cs::composable<cs::bearer, cs::bearer, cs::never>);
static_assert(!cs::composable<cs::fixed<cs::secret>, cs::bearer, int>);

// A conversation refers to its request, so one that is about to end is not taken.
template <class Authenticator, class Request>
concept begins_with = requires(Authenticator& auth, Request&& request) {
  auth.begin(std::forward<Request>(request));
};
using plain = cs::authenticator<cs::fixed<cs::secret>, cs::bearer, cs::never, cs::only<1>>;
static_assert(begins_with<plain, cs::request&> && begins_with<plain, cs::request const&>);
static_assert(!begins_with<plain, cs::request> && !begins_with<plain, cs::request const>);

BOOST_AUTO_TEST_SUITE_END()
