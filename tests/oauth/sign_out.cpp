// RFC 7009
#include <countersign/oauth/sign_out.hpp>

#include <countersign/oauth/stored_refresh.hpp>

#include "fake/heap.hpp"
#include "oauth/stored_login.hpp"

#include <boost/test/unit_test.hpp>

using leaving = oauth::sign_out<watched_store>;
static_assert(cs::exchange<leaving> && std::is_nothrow_move_constructible_v<leaving>);

namespace {

struct frame {
  fake::world world = {};
  cs::context outside = world.context();
  watched_store store = {};
  std::vector<std::string> bodies = {}, named = {};
  std::function<fake::reply(std::string_view body)> server = [](std::string_view) { return fake::reply{}; };
  journey went = {};

  frame() { BOOST_REQUIRE(store.inside.compare_and_swap(here, 0, first_login(cs::never_expires)).value()); }
  auto http() {
    return [this](cs::request const& what) {
      BOOST_TEST(what.method() == "POST");
      BOOST_TEST(what.url() == "https://id.example/revoke");
      bodies.push_back(std::string(what.body.reveal()));
      named.emplace_back(what.named_by.reveal());
      return fake::as_response(server(bodies.back()));
    };
  }
  leaving start(oauth::refresh_means means = {}, cs::duration patience = cs::seconds(5)) {
    return leaving(store, here, std::move(means), outside, world.now(), patience);
  }
  cs::result<bool> leave(oauth::refresh_means means = {}) {
    auto talk = start(std::move(means));
    went = drive(talk, http(), world);
    BOOST_TEST(store.is_free());
    return std::move(talk).outcome();
  }
  bool forgotten() { return code(store.inside.load(here)) == errc::not_mine; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_sign_out)

BOOST_AUTO_TEST_CASE(both_tokens_are_revoked_and_the_login_forgotten) {
  frame f;
  BOOST_TEST(f.leave().value());
  BOOST_TEST(f.forgotten());
  BOOST_TEST((f.bodies == std::vector{"token=r-1&token_type_hint=refresh_token&client_id=client-17"s,
                                      "token=a-1&token_type_hint=access_token&client_id=client-17"s}));
}

BOOST_AUTO_TEST_CASE(it_is_forgotten_before_anything_is_sent) {
  frame f;
  f.server = [&](std::string_view) {
    BOOST_TEST(f.forgotten());
    BOOST_TEST(f.store.is_free());
    return fake::reply{};
  };
  BOOST_TEST(f.leave().value());
}

BOOST_AUTO_TEST_CASE(nobody_was_signed_in) {
  frame f;
  BOOST_TEST(f.leave().value());
  BOOST_TEST(!f.leave().value());
  BOOST_TEST(f.bodies.size() == 2u);
}

BOOST_AUTO_TEST_CASE(only_what_is_there_is_revoked) {
  {
    frame f;
    f.store.change([](cs::login& l) { l.refresh_token = {}; });
    BOOST_TEST(f.leave().value());
    BOOST_TEST((f.bodies == std::vector{"token=a-1&token_type_hint=access_token&client_id=client-17"s}));
  }
  {
    frame f;
    f.store.change([](cs::login& l) { l.refresh_token = {}, l.access_token = {}; });
    BOOST_TEST(!f.leave().value());
    BOOST_TEST(f.forgotten());
  }
  {
    frame f;
    f.store.change([](cs::login& l) { l.revocation_endpoint = {}; });
    BOOST_TEST(!f.leave().value());
    BOOST_TEST(f.forgotten());
    BOOST_TEST(f.bodies.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_revocation_that_fails_is_told_after_it_is_forgotten) {
  struct {
    fake::reply said;
    errc code;
    std::size_t requests;
  } const cases[] = {
      {{.status = 503}, errc::transient, 4},
      {{.status = 503, .fields = {{"Retry-After", "7"}}}, errc::transient, 2},
      {{.status = 500, .body = "<html>"}, errc::transient, 4},
      {{.lost = cs::lost::not_sent}, errc::transient, 4},
      {{.lost = cs::lost::unanswered}, errc::transient, 4},
      {{.status = 400, .body = R"({"error":"unsupported_token_type"})"}, errc::fatal, 2},
      {{.status = 401, .body = R"({"error":"invalid_client"})"}, errc::unknown_client, 2},
      {{.status = 302, .fields = {{"Location", "https://evil.example"}}}, errc::fatal, 2},
  };
  for (auto const& c : cases) {
    frame f;
    f.server = [&](std::string_view) { return c.said; };
    auto const got = f.leave();
    BOOST_TEST(cs::name(code(got)) == cs::name(c.code));
    BOOST_TEST(said(got).find("login: forgotten here, but not revoked at https://id.example: ") !=
               std::string::npos);
    BOOST_TEST(f.forgotten());
    BOOST_TEST(f.bodies.size() == c.requests);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_can_not_now_is_asked_once_more) {
  frame f;
  f.server = [&](std::string_view) { return fake::reply{.status = f.bodies.size() == 1 ? 503 : 200}; };
  BOOST_TEST(f.leave().value());
  BOOST_TEST(f.bodies.size() == 3u);
  BOOST_TEST(f.went.waited.ms == oauth::revocation_pause.ms);
}

BOOST_AUTO_TEST_CASE(one_failure_of_two_is_told) {
  frame f;
  f.server = [&](std::string_view body) {
    return fake::reply{.status = body.starts_with("token=r-1") ? 400 : 200};
  };
  BOOST_TEST((code(f.leave()) == errc::fatal));
  BOOST_TEST(f.bodies.size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_first_of_two_failures_is_told) {
  frame f;
  f.server = [&](std::string_view body) {
    return fake::reply{.status = body.starts_with("token=r-1") ? 400 : 500};
  };
  BOOST_TEST((code(f.leave()) == errc::fatal));
}

BOOST_AUTO_TEST_CASE(an_endpoint_in_the_clear_hears_nothing) {
  frame f;
  f.store.change([](cs::login& l) { l.revocation_endpoint = "http://id.example/revoke"; });
  BOOST_TEST((code(f.leave()) == errc::insecure));
  BOOST_TEST(f.forgotten());
  BOOST_TEST(f.bodies.empty());
}

BOOST_AUTO_TEST_CASE(the_client_authenticates_as_at_the_token_endpoint) {
  {
    frame f;  // registered with a secret
    f.store.change([](cs::login& l) {
      l.client.secret = cs::secret("s3cret");
      l.client.authentication = "client_secret_post";
    });
    BOOST_TEST(f.leave().value());
    BOOST_TEST(f.bodies[0].ends_with("&client_id=client-17&client_secret=s3cret"));
  }
  {
    frame f;  // configured, with a secret that the store never saw
    f.world.variables["CLIENT_SECRET"] = "s3cret";
    f.store.change([](cs::login& l) { l.client.authentication = "client_secret_post"; });
    BOOST_TEST(f.leave({.client = {.id = "client-17", .secret = cs::env("CLIENT_SECRET")}}).value());
    BOOST_TEST(f.bodies[0].ends_with("&client_secret=s3cret"));
  }
  {
    frame f;  // the configuration has changed since
    BOOST_TEST(f.leave({.client = {.id = "another", .secret = cs::secret("s3cret")}}).value());
    BOOST_TEST(f.bodies[0].ends_with("&client_id=client-17"));
  }
  {
    frame f;  // with a key
    f.store.change([](cs::login& l) { l.client.authentication = {}; });
    BOOST_TEST(f.leave({.client = {.id = "client-17"}, .client_key = toy_key()}).value());
    BOOST_TEST(f.bodies[0].find("&client_assertion=") != std::string::npos);
  }
  {
    frame f;  // its variable is gone
    f.store.change([](cs::login& l) { l.client.authentication = "client_secret_post"; });
    BOOST_TEST((code(f.leave({.client = {.id = "client-17", .secret = cs::env("CLIENT_SECRET")}})) ==
                errc::not_mine));
    BOOST_TEST(f.forgotten());
  }
}

BOOST_AUTO_TEST_CASE(a_store_that_fails_is_told_and_the_tokens_are_revoked) {
  frame f;
  f.store.before = [](std::string_view call) -> std::optional<cs::error> {
    if (call == "remove") return cs::error{errc::fatal, "read-only disk"};
    return {};
  };
  BOOST_TEST(said(f.leave()) == "fatal: login: not forgotten: read-only disk");
  BOOST_TEST(f.bodies.size() == 2u);
  f.store.before = [](std::string_view) { return cs::error{errc::insecure, "open to others"}; };
  BOOST_TEST((code(f.leave()) == errc::insecure));
  BOOST_TEST(f.bodies.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_saved_meanwhile_is_forgotten_too) {
  frame f;
  f.store.before = [&](std::string_view call) -> std::optional<cs::error> {
    if (call == "remove" && f.store.removals == 1)
      f.store.change([](cs::login& l) { l.refresh_token = cs::secret("r-2"); });
    return {};
  };
  BOOST_TEST(f.leave().value());
  BOOST_TEST(f.forgotten());
  BOOST_TEST(f.bodies[0].starts_with("token=r-2&"));
}

BOOST_AUTO_TEST_CASE(a_store_that_always_changes_ends_in_an_error) {
  frame f;
  f.store.before = [&](std::string_view call) -> std::optional<cs::error> {
    if (call == "remove") f.store.change([](cs::login&) {});
    return {};
  };
  BOOST_TEST((code(f.leave()) == errc::transient));
  BOOST_TEST(f.store.removals == static_cast<int>(oauth::max_overtaken) + 1);
}

// Else the tokens that it brings would outlive the sign-out.
BOOST_AUTO_TEST_CASE(a_renewal_that_is_under_way_is_waited_for) {
  frame f;
  f.store.change([](cs::login& l) { l.expires = {}; });
  fake::token_family family;
  oauth::stored_refresh renewal(f.store, here, {}, {}, f.outside, f.world.now());
  drive(renewal, f.http(), f.world, 3);
  BOOST_REQUIRE((renewal.wants() == want::send));
  auto talk = f.start();
  drive(talk, f.http(), f.world, 4);
  BOOST_REQUIRE((talk.wants() == want::wait));
  BOOST_TEST(!f.forgotten());
  drive(
      renewal, [&](cs::request const& what) { return fake::as_response(family.answer(what.body.reveal())); },
      f.world);
  BOOST_TEST(bool(std::move(renewal).outcome()));
  drive(talk, f.http(), f.world);
  BOOST_TEST(std::move(talk).outcome().value());
  BOOST_TEST(f.bodies[0].starts_with("token=r-2&"));
  BOOST_TEST(f.bodies[1].starts_with("token=a-2&"));
  BOOST_TEST(f.forgotten());
}

BOOST_AUTO_TEST_CASE(it_waits_no_longer_than_its_patience) {
  for (auto const patience : {cs::duration(), cs::milliseconds(300)}) {
    frame f;
    auto const held = f.store.inside.try_lock(here);
    auto talk = f.start({}, patience);
    BOOST_TEST(drive(talk, f.http(), f.world).waited.ms == patience.ms);
    BOOST_TEST(std::move(talk).outcome().value());
    BOOST_TEST(f.forgotten());
  }
}

BOOST_AUTO_TEST_CASE(dropped_at_any_step_it_frees_the_lock) {
  for (int events = 0;; ++events) {
    frame f;
    bool done = false;
    {
      auto talk = f.start();
      drive(talk, f.http(), f.world, events);
      done = talk.wants() == want::done;
      auto const moved = std::move(talk);
    }
    BOOST_TEST(f.store.is_free());
    BOOST_TEST((f.forgotten() || f.store.now().refresh_token.reveal() == "r-1"));
    if (done) break;
  }
}

BOOST_AUTO_TEST_CASE(no_message_holds_a_token) {
  for (int const status : {204, 400, 401, 500}) {
    frame f;
    f.store.change([](cs::login& l) {
      l.refresh_token = cs::secret("c4nary-refresh");
      l.access_token = cs::secret("c4nary-access");
    });
    f.server = [&](std::string_view body) {
      return fake::reply{.status = status, .body = std::string(body)};
    };
    auto const got = f.leave();
    BOOST_TEST(!got);
    BOOST_TEST(said(got).find("c4nary") == std::string::npos);
    BOOST_TEST(f.world.trace_text().find("c4nary") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(where_memory_ends_it_is_told_or_done) {
  if (!fake::heap::is_ours) return;
  bool ended = false;
  for (long k = 0; !ended && k < 2000; ++k) {
    frame f;
    cs::result<bool> got = false;
    {
      fake::heap::refused_once const at(k);
      auto talk = f.start();
      while (talk.wants() != want::done) {
        if (talk.wants() == want::send) talk.supply(cs::response(200), f.world.now());
        else if (talk.wants() == want::wait) f.world.advance(cs::seconds(1)), talk.resume(f.world.now());
        else talk.perform(), talk.resume(f.world.now());
      }
      got = std::move(talk).outcome();
      ended = fake::heap::now.left >= 0;
    }
    BOOST_TEST(f.store.is_free());
    BOOST_TEST((f.forgotten() || !got), "block " << k);
  }
  BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_leads_inside_hears_nothing_and_is_told) {
  frame f;
  f.server = [](std::string_view) { return fake::reply{.lost = cs::lost::refused}; };
  auto const got = f.leave();
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == errc::insecure));
  BOOST_TEST(f.bodies.size() == 2u);  // each once
  BOOST_TEST(f.forgotten());
  BOOST_TEST((f.named == std::vector{"https://mcp.example"s, "https://mcp.example"s}));
  frame g;
  BOOST_TEST(g.leave({.named_by = "https://id.example/metadata"}).value());
  BOOST_TEST((g.named == std::vector{""s, ""s}));
}

BOOST_AUTO_TEST_SUITE_END()
