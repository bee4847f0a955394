#include <countersign/drive/send.hpp>

#include "fake/context.hpp"
#include "os/forked.hpp"

#include <countersign/auth/authenticator.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/oauth/client_credentials.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

namespace cs = countersign;

/// An API whose newest token is revoked, or expires, as soon as it has served some calls: an epoch.
class restless {
public:
  explicit restless(fake::world& world) : world_(world) {}

  cs::result<cs::response> operator()(cs::request const& what) {
    std::lock_guard const guard(lock_);
    if (what.target() == "/token") return give_token();
    auto const carried = what.get("Authorization").value_or("");
    bool const newest = carried == "Bearer t" + std::to_string(posts);
    if (newest && armed_ && --left_ == 0) end_epoch();
    if (!newest && !expired_) return cs::response(401);
    if (revoked_) return cs::response(401);
    return cs::response(200);
  }

  int posts = 0, epochs = 0;

  /// The tokens that so many epochs want: one each, and one more once the next has begun.
  [[nodiscard]] int wanted() const { return epochs + (armed_ ? 1 : 0); }

private:
  cs::response give_token() {
    armed_ = true;
    revoked_ = expired_ = false;
    left_ = 16;
    return cs::response(200, cs::secret("{\"access_token\":\"t" + std::to_string(++posts) +
                                        "\",\"token_type\":\"bearer\",\"expires_in\":3600}"));
  }
  void end_epoch() {
    armed_ = false;
    if (++epochs % 2 == 0) {
      revoked_ = true;
    } else {
      expired_ = true;
      world_.jump_wall(
          cs::seconds(2 * 3600));  // those who wait have only as much patience as the boot clock says
    }
  }

  fake::world& world_;
  std::mutex lock_;
  bool armed_ = false, revoked_ = false, expired_ = false;
  int left_ = 0;
};

/// As `bearer`, but every request is written anew.
struct anew {
  cs::result<cs::stamp> format(cs::token const& value, cs::request_view auto const&, cs::draft& out,
                               cs::moment const&) const {
    out.set("Authorization", "Bearer ", value.value.reveal());
    return cs::stamp{};
  }
};

template <class Formatter>
void run() {
  constexpr int threads = 8, calls = 200;
  fake::world world;
  restless api(world);
  // A call may meet the end of more than one epoch.
  cs::authenticator auth(cs::oauth::client_credentials{.token_endpoint = "https://api.example/token",
                                                       .client = {.id = "c", .secret = cs::secret("s")}},
                         Formatter(), cs::renewal{.renewals = 8}, cs::only{"https://api.example"},
                         world.context());
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i)
      all.emplace_back([&] {
        cs::request const call("GET", "https://api.example/things");
        for (int n = 0; n < calls; ++n) {
          auto const got = cs::send(auth, call, api);
          good += got && got->status() == 200;
        }
      });
  }
  BOOST_TEST(good == threads * calls);
  BOOST_TEST(api.posts == api.wanted());
  BOOST_TEST(api.epochs > threads * calls / 32);
}

#if defined(__SANITIZE_ADDRESS__)
// Its allocator does not survive a fork() in the middle of an allocation.
using in_children = boost::unit_test::enable_if<false>;
#else
using in_children = boost::unit_test::enable_if<true>;
#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(drive_stress)

BOOST_AUTO_TEST_CASE(of_eight_threads_all_calls_succeed_and_each_epoch_costs_one_token_as_bytes) {
  run<cs::bearer>();
}
BOOST_AUTO_TEST_CASE(of_eight_threads_all_calls_succeed_and_each_epoch_costs_one_token_written_anew) {
  run<anew>();
}

// SECURITY: fork in the middle of a refresh. The threads of the parent renew again and again; a child, in
// which none of them is there to go on, gets its own call through.
BOOST_AUTO_TEST_CASE(a_child_of_fork_gets_through_whatever_its_parents_threads_were_renewing,
                     *in_children()) {
  constexpr int forks = 1000;
  fake::world world;
  auto outside = world.context();  // but nothing of it that the world's lock guards
  outside.write_trace = nullptr;
  outside.read_entropy = [](void*, void*, std::size_t) noexcept { return false; };
  cs::authenticator auth(cs::oauth::client_credentials{.token_endpoint = "https://api.example/token",
                                                       .client = {.id = "c", .secret = cs::secret("s")}},
                         anew(), cs::renewal{}, cs::only{"https://api.example"}, outside);
  cs::request const call("GET", "https://api.example/things");
  std::atomic<int> tokens = 0;
  auto const http = [&](cs::request const& what) -> cs::result<cs::response> {
    if (what.target() != "/token") return cs::response(what.get("Authorization") ? 200 : 400);
    return cs::response(200, cs::secret("{\"access_token\":\"t" + std::to_string(++tokens) +
                                        "\",\"token_type\":\"Bearer\",\"expires_in\":1}"));
  };
  std::atomic<bool> enough = false;
  std::atomic<int> bad = 0;
  {
    auto const busy = [&] {
      while (!enough) {
        auto const got = cs::send(auth, call, http);
        bad += !got || got->status() != 200;
        world.jump_wall(cs::seconds(2));
      }
    };
    std::jthread const first(busy), second(busy);
    for (int i = 0; i < forks; ++i)
      bad += !in_child([&] {
        ::alarm(20);  // a child that hangs is ended by it
        world.jump_wall(cs::seconds(100));
        for (int n = 0; n < 2; ++n) {
          auto const got = cs::send(auth, call, http);
          if (!got || got->status() != 200) return false;
        }
        return true;
      });
    enough = true;
  }
  BOOST_TEST(bad == 0);
  BOOST_TEST(tokens > forks / 10);
}

BOOST_AUTO_TEST_SUITE_END()
