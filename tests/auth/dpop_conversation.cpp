// RFC 9449 §8, §9: nonces in whole conversations, and who is to blame for a 401.
#include <countersign/auth/authenticator.hpp>

#include "fake/context.hpp"
#include "fake/jws_verifier.hpp"

#include <countersign/adapt/openssl_key.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cs = countersign;

namespace {

/// A resource that wants a nonce in every proof, and proofs that are good and new.
class resource {
public:
  std::string want = "n1";         ///< empty: any proof will do
  std::string next = {};           ///< given on a 200
  bool insatiable = false;         ///< asks for another nonce each time
  bool silent = false;             ///< asks for one and gives none
  std::string refuses_token = {};  ///< answers invalid_token to it
  int calls = 0, faults = 0;

  cs::result<cs::response> operator()(cs::request const& what) {
    std::lock_guard const guard(lock_);
    ++calls;
    fake::jws const proof(what.get("DPoP").value_or(""));
    auto const claims = proof.payload();
    bool const fresh = seen_.insert(claims.get<std::string>("jti")).second;
    if (!fresh || !fake::verifies(proof) || claims.get<std::string>("htu") != "https://api.example/things")
      ++faults;
    if (insatiable) want = "again" + std::to_string(calls);
    auto const carried = claims.get_optional<std::string>("nonce").value_or("");
    if (!want.empty() && carried != want) return refusal("use_dpop_nonce", silent ? "" : want);
    if (!refuses_token.empty() && *what.get("Authorization") == "DPoP " + refuses_token)
      return refusal("invalid_token", "");
    cs::response good(200);
    if (!next.empty()) {
      want = next;
      good.headers.append("DPoP-Nonce", next);
    }
    return good;
  }

private:
  static cs::response refusal(std::string const& error, std::string const& nonce) {
    cs::response made(401);
    made.headers.append("WWW-Authenticate", "DPoP error=\"" + error + "\", algs=\"ES256\"");
    if (!nonce.empty()) made.headers.append("DPoP-Nonce", nonce);
    return made;
  }
  std::mutex lock_;
  std::set<std::string> seen_;
};

cs::openssl_key const& key() {
  static auto const made = cs::openssl_key::generate();
  return *made;
}

/// Tokens t1, t2, …, one each time that it is asked.
struct numbered {
  using credential = cs::bound_token;
  static constexpr bool renewable = true;
  std::atomic<int>* asked;
  cs::result<cs::issued<cs::bound_token>> acquire(cs::occasion const& why, cs::context const&) const {
    return cs::issued<cs::bound_token>{
        {{cs::secret("t" + std::to_string(++*asked)), cs::secret("DPoP")}, key()},
        why.now.wall + cs::seconds(3600)};
  }
};

struct bench {
  fake::world world;
  std::atomic<int> asked = 0;
  resource api;
  cs::authenticator<numbered, cs::bearer_or_dpop, cs::renewal, cs::only<1>> auth{
      numbered{&asked}, cs::bearer_or_dpop{}, cs::renewal{}, cs::only{"https://api.example"},
      world.context()};
  cs::request const call{"GET", "https://api.example/things?page=1"};

  cs::result<cs::response> send() {
    return cs::send(auth, call, [this](cs::request const& what) { return api(what); });
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(auth_dpop_conversation)

BOOST_AUTO_TEST_CASE(a_demand_for_a_nonce_is_answered_and_the_nonce_kept) {
  bench b;
  BOOST_REQUIRE(b.send().has_value());
  BOOST_TEST(b.api.calls == 2);
  BOOST_REQUIRE(b.send().has_value());
  BOOST_TEST(b.api.calls == 3);
  b.api.want = "n2";
  BOOST_REQUIRE(b.send().has_value());
  BOOST_TEST(b.api.calls == 5);
  BOOST_TEST(b.asked == 1);  // the token was not to blame
  BOOST_TEST(b.api.faults == 0);
}

BOOST_AUTO_TEST_CASE(a_nonce_of_a_200_is_used_by_the_next_request) {
  bench b;
  b.api.next = "n2";
  BOOST_REQUIRE(b.send().has_value());
  BOOST_TEST(b.api.calls == 2);
  for (int i = 3; i < 6; ++i) {
    b.api.next = "n" + std::to_string(i);
    BOOST_REQUIRE(b.send().has_value());
    BOOST_TEST(b.api.calls == i);
  }
  BOOST_TEST(b.api.faults == 0);
}

BOOST_AUTO_TEST_CASE(a_second_demand_is_not_looped_and_costs_no_token) {
  bench b;
  b.api.insatiable = true;
  auto const got = b.send();
  BOOST_REQUIRE(!got.has_value());
  BOOST_TEST((got.error().code() == cs::errc::rejected));
  BOOST_TEST(got.error().message().find("asks for a nonce") != std::string_view::npos);
  BOOST_TEST(b.api.calls == 2);
  BOOST_TEST(b.asked == 1);
  b.api.insatiable = false;
  BOOST_TEST(b.send().has_value());
  BOOST_TEST(b.asked == 1);
}

BOOST_AUTO_TEST_CASE(a_demand_without_a_nonce_is_given_up_at_once) {
  bench b;
  b.api.silent = true;
  BOOST_TEST(!b.send().has_value());
  BOOST_TEST(b.api.calls == 1);
  BOOST_TEST(b.asked == 1);
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_renewed_and_proved_anew) {
  bench b;
  b.api.refuses_token = "t1";
  BOOST_REQUIRE(b.send().has_value());
  BOOST_TEST(b.api.calls == 3);  // a nonce is wanted, t1 is refused, t2 is good
  BOOST_TEST(b.asked == 2);
  BOOST_TEST(b.api.faults == 0);
}

BOOST_AUTO_TEST_CASE(a_token_that_never_changes_is_proved_as_well) {
  fake::world world;
  resource api;
  cs::bound_token const token{{cs::secret("t1"), cs::secret("DPoP")}, key()};
  cs::authenticator auth{cs::fixed{token}, cs::bearer_or_dpop{}, cs::only{"https://api.example"},
                         world.context()};
  cs::request const call("GET", "https://api.example/things");
  BOOST_TEST(cs::send(auth, call, [&](cs::request const& what) { return api(what); }).has_value());
  BOOST_TEST(api.calls == 2);
  api.insatiable = true;
  BOOST_TEST(!cs::send(auth, call, [&](cs::request const& what) { return api(what); }).has_value());
  BOOST_TEST(api.calls == 4);
}

BOOST_AUTO_TEST_CASE(threads_that_leave_without_a_nonce_are_all_served_and_the_token_stays) {
  for (int round = 0; round < 10; ++round) {
    bench b;
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) good += b.send().has_value();
      });
    for (auto& each : threads) each.join();
    BOOST_TEST(good == 40);
    BOOST_TEST(b.asked == 1);
    BOOST_TEST(b.api.calls <= 48);
    BOOST_TEST(b.api.faults == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
