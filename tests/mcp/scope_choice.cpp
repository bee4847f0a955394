// MCP authorization 2026-07-28, "Scope Selection Strategy", "Step-Up Authorization Flow", "Refresh Tokens";
// RFC 6749 §3.3.
#include <countersign/mcp/scope_choice.hpp>

#include "fake/heap.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
namespace mcp = countersign::mcp;
namespace oauth = countersign::oauth;

namespace {

struct row {
  std::string_view name;
  mcp::scope_wishes wishes = {};
  std::string_view resource = {}, server = {};  // scopes_supported of each
  std::string_view wanted;
};

std::string chosen(mcp::scope_wishes const& wishes, std::string_view resource = "",
                   std::string_view server = "") {
  oauth::resource_metadata of_resource;
  of_resource.scopes_supported.add_words(resource);
  oauth::server_metadata of_server;
  of_server.scopes_supported.add_words(server);
  auto const got = mcp::choose_scope(wishes, of_resource, of_server);
  return got ? std::string(got->view())
             : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
}

std::string words(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += (all.empty() ? "s" : " s") + std::to_string(i);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_scope_choice)

BOOST_AUTO_TEST_CASE(the_first_that_names_scopes_is_asked_for) {
  row const rows[] = {
      {.name = "scope-from-www-authenticate",
       .wishes = {.challenged = "mcp:basic"},
       .resource = "mcp:basic mcp:read mcp:write",
       .wanted = "mcp:basic"},
      {.name = "scope-from-scopes-supported",
       .resource = "mcp:basic mcp:read mcp:write",
       .wanted = "mcp:basic mcp:read mcp:write"},
      {.name = "scope-omitted-when-undefined", .wanted = ""},
      {.name = "scope-step-up",
       .wishes = {.challenged = "mcp:write", .granted = "mcp:basic"},
       .resource = "mcp:basic mcp:write mcp:profile",
       .wanted = "mcp:basic mcp:write"},
      {.name = "offline-access-scope",
       .wishes = {.challenged = "a"},
       .server = "a offline_access",
       .wanted = "a offline_access"},
      {.name = "offline-access-not-supported", .wishes = {.challenged = "a"}, .server = "a", .wanted = "a"},
      {.name = "the user's words",
       .wishes = {.configured = "x y", .challenged = "a"},
       .resource = "b",
       .wanted = "x y"},
      {.name = "the user's words on step-up",
       .wishes = {.configured = "x", .challenged = "a", .granted = "b"},
       .wanted = "x"},
      {.name = "blanks of the user's",
       .wishes = {.configured = "  x   y x ", .challenged = "a"},
       .wanted = "x y"},
      {.name = "nothing but blanks", .wishes = {.configured = "  ", .challenged = "a"}, .wanted = "a"},
      {.name = "a blank challenge", .wishes = {.challenged = " "}, .resource = "b", .wanted = "b"},
      {.name = "the order is kept, and nothing is there twice",
       .wishes = {.challenged = "c a b b", .granted = "b d b"},
       .wanted = "b d c a"},
      {.name = "step-up that does not say to what",
       .wishes = {.granted = "b"},
       .resource = "a b c",
       .wanted = "b a c"},
      {.name = "step-up to what is there",
       .wishes = {.challenged = "a", .granted = "b a"},
       .resource = "c",
       .wanted = "b a"},
      {.name = "no refresh token is wanted",
       .wishes = {.challenged = "a", .refresh_token = false},
       .server = "offline_access",
       .wanted = "a"},
      {.name = "the server's default stays the default", .server = "a offline_access", .wanted = ""},
      {.name = "a resource can't ask for it", .resource = "a offline_access", .server = "a", .wanted = "a"},
      {.name = "nor a challenge", .wishes = {.challenged = "offline_access a"}, .wanted = "a"},
      {.name = "the user can",
       .wishes = {.configured = "a offline_access", .refresh_token = false},
       .wanted = "a offline_access"},
      {.name = "it is added to the user's words",
       .wishes = {.configured = "a"},
       .server = "offline_access",
       .wanted = "a offline_access"},
      {.name = "only once",
       .wishes = {.configured = "offline_access a"},
       .server = "offline_access",
       .wanted = "offline_access a"},
      {.name = "what was granted is kept",
       .wishes = {.challenged = "c", .granted = "b offline_access"},
       .wanted = "b offline_access c"},
      {.name = "a server's words that are no scopes",
       .wishes = {.challenged = "a b\"c \\ d\x7f \xc3\xa4 e\tf g"},
       .wanted = "a g"},
      {.name = "a challenge of nothing else",
       .wishes = {.challenged = "\" \\"},
       .resource = "b",
       .wanted = "b"},
  };
  for (auto const& one : rows)
    BOOST_TEST(chosen(one.wishes, one.resource, one.server) == one.wanted, one.name);
}

BOOST_AUTO_TEST_CASE(the_users_words_must_be_scopes) {
  for (auto const bad : {"a \"b\"", "a\\b", "a,\tb", "\xc3\xa4"})
    BOOST_TEST(chosen({.configured = bad}) == "bad_input: scope: oauth.scopes holds bytes that no scope has; "
                                              "write words with spaces between them",
               bad);
}

BOOST_AUTO_TEST_CASE(no_more_is_asked_for_than_the_limits) {
  constexpr auto refusal = "too_large: scope: more than 128 scopes or 4096 bytes would be asked for; say "
                           "which you need in oauth.scopes";
  auto const full = words(mcp::max_scopes);
  BOOST_TEST(chosen({}, full) == full);
  BOOST_TEST(chosen({.challenged = full}) == full);
  BOOST_TEST(chosen({.challenged = full, .granted = "s0 s1"}) == full);
  BOOST_TEST(chosen({}, words(mcp::max_scopes + 1)) == refusal);
  BOOST_TEST(chosen({.challenged = words(mcp::max_scopes + 1)}) == refusal);
  BOOST_TEST(chosen({.configured = words(mcp::max_scopes + 1)}) == refusal);
  BOOST_TEST(chosen({.challenged = "more", .granted = full}) == refusal);
  BOOST_TEST(chosen({.challenged = full}, "", "offline_access") == refusal);

  std::string const half(mcp::max_scope_size / 2, 'a');
  auto const whole = half + " " + std::string(mcp::max_scope_size - half.size() - 1, 'b');
  BOOST_TEST(chosen({.challenged = whole}) == whole);
  BOOST_TEST(chosen({.challenged = whole + "b"}) == refusal);
  BOOST_TEST(chosen({.challenged = std::string(mcp::max_scope_size, 'a')}).size() == mcp::max_scope_size);
  BOOST_TEST(chosen({.challenged = std::string(mcp::max_scope_size + 1, 'a')}) == refusal);
}

BOOST_AUTO_TEST_CASE(scopes_that_are_held_already_are_told) {
  BOOST_TEST(mcp::covers_scope("a b c", "c a"));
  BOOST_TEST(mcp::covers_scope("a", ""));
  BOOST_TEST(mcp::covers_scope("", " "));
  BOOST_TEST(mcp::covers_scope("a offline_access", "offline_access"));
  BOOST_TEST(!mcp::covers_scope("a b", "a c"));
  BOOST_TEST(!mcp::covers_scope("", "a"));
  BOOST_TEST(!mcp::covers_scope("ab", "a"));
  BOOST_TEST(!mcp::covers_scope("a", "ab"));
}

BOOST_AUTO_TEST_CASE(without_memory_no_scope_is_left_out_silently) {
  if (!fake::heap::is_ours) return;
  oauth::resource_metadata const resource;
  oauth::server_metadata const server;
  mcp::scope_wishes const wishes{.challenged = "mcp:write", .granted = "mcp:basic"};
  bool complete = false;
  for (long k = 0; !complete && k < 100; ++k) {
    cs::result<cs::owned_text> got = cs::error{};
    {
      fake::heap::refused_once const none(k);
      got = mcp::choose_scope(wishes, resource, server);
      complete = fake::heap::now.left >= 0;
    }
    if (got) BOOST_TEST(got->view() == "mcp:basic mcp:write");
    else BOOST_TEST((got.error().code() == cs::errc::no_memory));
  }
  BOOST_TEST(complete);
}

BOOST_AUTO_TEST_SUITE_END()
