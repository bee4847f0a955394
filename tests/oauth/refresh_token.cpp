// RFC 6749 §6
#include <countersign/oauth/refresh_token.hpp>

#include <countersign/drive/run.hpp>

#include "fake/context.hpp"
#include "fake/token_endpoint.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cs = countersign;
namespace oauth = countersign::oauth;
using cs::want;

static_assert(cs::remote_source<oauth::refresh_token> && cs::is_renewable<oauth::refresh_token>);

namespace {

struct frame {
  fake::world world;
  cs::context outside = world.context();
  fake::token_endpoint net;
  oauth::refresh_token::memory kept;
  oauth::refresh_token source{.token_endpoint = "https://id.example/token",
                              .client = {.id = "app"},
                              .initial = cs::env("REFRESH_TOKEN")};
  bool rotates = true;

  frame() {
    world.variables["REFRESH_TOKEN"] = "r0";
    net.answer = [this](fake::token_post const&, std::size_t number) {
      auto const n = std::to_string(number);
      return fake::token_reply("{\"access_token\":\"t" + n + "\",\"token_type\":\"Bearer\"" +
                               (rotates ? ",\"refresh_token\":\"r" + n + "\"}" : "}"));
    };
  }
  auto begin() { return source.acquire({cs::why::first, {}, world.now()}, outside, kept); }
  static std::string text(cs::result<cs::issued<cs::bound_token>> const& got) {
    return got ? std::string(got->credential.access.value.reveal())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
  std::string get() { return text(cs::run(begin(), net, cs::nobody(), outside)); }
  [[nodiscard]] std::vector<std::string> used() const {
    std::vector<std::string> all;
    for (auto const& post : net.posts) all.push_back(post.form.at("refresh_token"));
    return all;
  }
};
using texts = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_refresh_token)

BOOST_AUTO_TEST_CASE(each_token_is_got_with_the_newest_refresh_token) {
  frame f;
  f.source.scope = "read";
  f.source.resource = "https://api.example/";
  for (auto const* const token : {"t1", "t2", "t3"}) BOOST_TEST(f.get() == token);
  BOOST_TEST((f.used() == texts{"r0", "r1", "r2"}));
  BOOST_TEST((f.net.posts[0].form == std::map<std::string, std::string>{{"grant_type", "refresh_token"},
                                                                        {"refresh_token", "r0"},
                                                                        {"scope", "read"},
                                                                        {"resource", "https://api.example/"},
                                                                        {"client_id", "app"}}));
}

BOOST_AUTO_TEST_CASE(where_none_comes_back_the_old_one_stays_good) {
  frame f;
  f.rotates = false;
  for (int turn = 0; turn < 3; ++turn) static_cast<void>(f.get());
  BOOST_TEST((f.used() == texts{"r0", "r0", "r0"}));
}

BOOST_AUTO_TEST_CASE(another_one_that_is_given_counts_more) {
  frame f;
  static_cast<void>(f.get());
  f.world.variables["REFRESH_TOKEN"] = "n0";
  static_cast<void>(f.get());
  static_cast<void>(f.get());
  BOOST_TEST((f.used() == texts{"r0", "n0", "r2"}));
}

// The server said no, or never saw it: it is good as before.
BOOST_AUTO_TEST_CASE(a_server_that_cannot_now_costs_no_refresh_token) {
  struct {
    fake::reply said;
    cs::errc code;
  } const rows[] = {{{.status = 503, .fields = {{"Retry-After", "60"}}}, cs::errc::transient},
                    {{.status = 400, .body = R"({"error":"invalid_scope"})"}, cs::errc::fatal},
                    {{.status = 401, .body = R"({"error":"invalid_client"})"}, cs::errc::unknown_client},
                    {{.status = 403, .body = R"({"error":"invalid_grant"})"}, cs::errc::fatal},
                    {{.status = 302}, cs::errc::fatal}};
  for (auto const& row : rows) {
    frame f;
    auto const usual = std::exchange(f.net.answer, [&](auto const&, std::size_t) { return row.said; });
    auto const got = cs::run(f.begin(), f.net, cs::nobody(), f.outside);
    BOOST_REQUIRE(!got);
    BOOST_TEST((got.error().code() == row.code));
    f.net.answer = usual;
    BOOST_TEST(f.get() == "t2");
    BOOST_TEST((f.used() == texts{"r0", "r0"}));
  }
}

BOOST_AUTO_TEST_CASE(one_that_is_void_or_may_be_used_up_is_not_sent_again) {
  struct {
    fake::reply said;
    std::string end;
  } const rows[] = {
      {{.status = 400, .body = R"({"error":"invalid_grant"})"},
       "oauth: the token endpoint answered 400, invalid_grant"},
      {{.lost = cs::lost::unanswered}, "oauth: the token endpoint did not answer"},
      {{.status = 200, .body = "<html>"}, "oauth: the token endpoint's answer is no JSON"},
  };
  for (auto const& row : rows) {
    frame f;
    auto const usual = std::exchange(f.net.answer, [&](auto const&, std::size_t) { return row.said; });
    BOOST_TEST(f.get() == "needs_person: refresh_token: https://id.example: " + row.end +
                              "; sign in again, and give the new refresh token");
    f.net.answer = usual;
    BOOST_TEST(f.get() ==
               "needs_person: refresh_token: it was used up; sign in again, and give the new refresh token");
    BOOST_TEST(f.net.posts.size() == 1u);
    f.world.variables["REFRESH_TOKEN"] = "n0";
    BOOST_TEST(f.get() == "t2");
    BOOST_TEST((f.used() == texts{"r0", "n0"}));
  }
}

BOOST_AUTO_TEST_CASE(who_leaves_in_the_middle_does_not_give_it_back) {
  frame f;
  {
    auto left = f.begin();
    BOOST_REQUIRE((left.wants() == want::send));
    BOOST_TEST(left.commits());
  }
  BOOST_TEST(f.get().starts_with("needs_person: "));
  BOOST_TEST(f.net.posts.empty());
}

BOOST_AUTO_TEST_CASE(what_it_could_not_ask_with_is_told_before_anything_is_sent) {
  frame f;
  f.world.variables.clear();
  BOOST_TEST(f.get() == "not_mine: refresh_token .initial: env: variable REFRESH_TOKEN is not set; export "
                        "it, then start again");
  f.source.initial = {};
  BOOST_TEST(f.get() == "bad_input: refresh_token: nothing to ask with; set .initial");
  f.source.initial = cs::secret("r");
  f.source.token_endpoint = "http://id.example/";
  BOOST_TEST(f.get().starts_with("insecure: "));
  f.source.token_endpoint = "https://id.example/token";
  BOOST_TEST(f.get() == "t1");
  BOOST_TEST(f.net.posts.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
