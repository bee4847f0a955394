// RFC 7616, RFC 2617
#include <countersign/format/digest.hpp>

#include "fake/digest_server.hpp"
#include "fake/plain_request.hpp"
#include "fake/written.hpp"

#include <countersign/auth/any_authenticator.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/only.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/format/with_fields.hpp>
#include <countersign/refresh/renewal.hpp>
#include <countersign/source/fixed.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace cs = countersign;

static_assert(cs::header_formatter<cs::digest, cs::basic_login> &&
              cs::header_formatter<cs::digest, std::tuple<cs::secret, cs::secret>>);
static_assert(!cs::header_formatter<cs::digest, cs::secret>);
static_assert(!cs::is_constant<cs::digest> && !cs::signs_body<cs::digest> &&
              cs::max_learned_of<cs::digest> == 3);
static_assert(cs::max_learned_of<cs::each_of<cs::digest, cs::header>> == 3 &&
              cs::max_learned_of<cs::with_fields<cs::digest>> == 3);

namespace {

using options = fake::digest_server::options;

cs::basic_login login(std::string_view user = "Mufasa", std::string_view password = "Circle of Life") {
  return {cs::secret(user), cs::secret(password)};
}

auto client(cs::basic_login as = login(), cs::digest how = {}) {
  return cs::authenticator(cs::fixed{std::move(as)}, std::move(how), cs::only{"https://api.example"});
}

struct bench {
  fake::digest_server server;
  std::vector<cs::request> carried = {};

  explicit bench(options how = {}) : server(std::move(how)) {}
  // "200", "401" or "errc: text".
  template <class Authenticator>
  std::string send(Authenticator& auth,
                   cs::request const& request = cs::request("GET", "https://api.example/dir/index.html")) {
    auto const got = cs::send(auth, request, [&](cs::request const& sent) -> cs::result<cs::response> {
      carried.push_back(sent);
      return server.answer(sent);
    });
    return got ? std::to_string(got->status())
               : std::string(cs::name(got.error().code())) + ": " + std::string(got.error().message());
  }
  // bare, let in, stale, refused
  std::string seen() const {
    auto const all = server.seen();
    return std::to_string(all.bare) + " " + std::to_string(all.let_in) + " " + std::to_string(all.stale) +
           " " + std::to_string(all.refused);
  }
};

// A server that says what a test lays down.
struct script {
  std::vector<cs::response> answers;
  std::vector<std::string> carried = {};
  template <class Authenticator>
  cs::result<cs::response> send(Authenticator& auth,
                                cs::request const& request = cs::request("GET", "https://api.example/")) {
    return cs::send(auth, request, [&](cs::request const& sent) -> cs::result<cs::response> {
      carried.emplace_back(sent.get("Authorization").value_or(""));
      if (answers.empty()) return cs::error{cs::errc::unanswered, "the script is at its end"};
      auto next = std::move(answers.front());
      answers.erase(answers.begin());
      return next;
    });
  }
};
cs::response answered(int status, std::vector<std::pair<std::string, std::string>> const& fields = {}) {
  cs::response made(status);
  for (auto const& [name, value] : fields) made.headers.append(name, value);
  return made;
}
cs::response challenged(std::string const& rest) {
  return answered(401, {{"WWW-Authenticate", "Digest " + rest}});
}

// Could be asked for another login.
struct logins {
  using credential = cs::basic_login;
  static constexpr bool renewable = true;
  cs::result<cs::basic_login> acquire(cs::occasion const&, cs::context const&) const {
    ++*asked;
    return login();
  }
  int* asked;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(format_digest)

BOOST_AUTO_TEST_CASE(the_first_request_goes_bare_and_the_others_carry_an_answer_at_once) {
  bench b;
  auto auth = client();
  for (int i = 0; i < 5; ++i) BOOST_TEST(b.send(auth) == "200");
  BOOST_TEST(b.seen() == "1 5 0 0");
  BOOST_TEST(b.server.complaints().empty());
}

// Every combination against a server that was written for itself.
BOOST_AUTO_TEST_CASE(all_combinations_of_what_a_server_may_want) {
  struct as {
    std::string user, password, realm;
  };
  as const logins[] = {{"Mufasa", "Circle of Life", "http-auth@example.org"},
                       {"q\"uo\\te d", "p\"a\\s:s", "the \"realm\" \\ here"},
                       {"J\u00e4s\u00f8n \u732b", "S\u00e9cret, or not?", "r\u00e9alm"}};
  enum body { none, shown, hidden };
  std::map<std::string, int> counts;
  int conversations = 0, requests = 0, wrong = 0;
  for (std::string const algorithm :
       {"", "MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"})
    for (std::string const qop : {"", "auth", "auth-int", "auth,auth-int", "auth-int, auth"})
      for (bool const userhash : {false, true})
        for (bool const charset : {false, true})
          for (int const opaque : {0, 1, 2})
            for (bool const runs_out : {false, true})
              for (bool const next_nonce : {false, true})
                for (bool const proves : {false, true})
                  for (auto const& who : logins)
                    for (auto const content : {none, shown, hidden}) {
                      bool const session = algorithm.ends_with("-sess");
                      bool const answerable =
                          !(session && qop.empty()) && !(qop == "auth-int" && content == hidden);
                      fake::digest_server server({.user = who.user,
                                                  .password = who.password,
                                                  .realm = who.realm,
                                                  .algorithm = algorithm,
                                                  .qop = qop,
                                                  .opaque = opaque == 2 ? "o\"p\\q" : "",
                                                  .has_opaque = opaque > 0,
                                                  .userhash = userhash,
                                                  .charset = charset,
                                                  .next_nonce = next_nonce,
                                                  .proves = proves,
                                                  .lifetime = runs_out ? 1 : 1000});
                      auto auth = client(login(who.user, who.password));
                      fake::plain_request request{.verb = content == none ? "GET" : "POST",
                                                  .host = "https://api.example",
                                                  .path_and_query = "/a/b?c=d%20e",
                                                  .content = content == none ? "" : "some body",
                                                  .can_show_body = content != hidden};
                      int good = 0, failed = 0;
                      for (int i = 0; i < 3; ++i) {
                        auto const got = cs::send(
                            auth, request, [&](fake::plain_request const& sent) -> cs::result<cs::response> {
                              ++requests;
                              std::optional<std::string_view> field;
                              sent.fields([&](std::string_view name, std::string_view value) {
                                if (name == "Authorization") field = value;
                              });
                              return server.answer(sent.verb, sent.path_and_query, sent.content, field);
                            });
                        good += got && got->status() == 200;
                        failed += !got;
                      }
                      auto const seen = server.seen();
                      ++conversations;
                      counts[answerable               ? "answered"
                             : session && qop.empty() ? "-sess without qop: told"
                                                      : "auth-int without a body: told"]++;
                      // A nonce that serves one request has run out at the second, unless the answer to the first named the next.
                      int const stale = answerable && runs_out && !next_nonce ? 2 : 0;
                      bool const right = (answerable ? good == 3 && seen.let_in == 3 && seen.bare == 1
                                                     : good == 0 && failed == 3) &&
                                         seen.stale == stale && seen.refused == 0 &&
                                         server.complaints().empty();
                      if (!right && ++wrong <= 10)
                        BOOST_ERROR("algorithm="
                                    << algorithm << " qop=" << qop << " userhash=" << userhash
                                    << " charset=" << charset << " opaque=" << opaque
                                    << " runs_out=" << runs_out << " nextnonce=" << next_nonce
                                    << " rspauth=" << proves << " user=" << who.user << " body=" << content
                                    << ": " << good << " good, " << failed << " failed, " << seen.bare
                                    << " bare, " << seen.stale << " stale, " << seen.refused << " refused"
                                    << (server.complaints().empty() ? "" : ", " + server.complaints()[0]));
                    }
  std::printf("digest: %d combinations, %d requests:", conversations, requests);
  for (auto const& [what, count] : counts) std::printf(" %d %s;", count, what.c_str());
  std::printf("\n");
  BOOST_TEST(wrong == 0);
  BOOST_TEST(conversations == 7 * 5 * 2 * 2 * 3 * 2 * 2 * 2 * 3 * 3);
  BOOST_TEST(counts["-sess without qop: told"] == 3 * 1 * 2 * 2 * 3 * 2 * 2 * 2 * 3 * 3);
  BOOST_TEST(counts["auth-int without a body: told"] == 7 * 1 * 2 * 2 * 3 * 2 * 2 * 2 * 3);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_refused_and_asked_for_anew_next_time) {
  bench b;
  auto auth = client(login("Mufasa", "Circle of life"));
  auto const told = "rejected: https://api.example answered 401 to this credential; it can't be renewed "
                    "here: check that it is current and meant for this server";
  BOOST_TEST(b.send(auth) == told);
  BOOST_TEST(b.seen() == "1 0 0 1");  // one try of the user's
  BOOST_TEST(b.send(auth) == told);
  BOOST_TEST(b.seen() == "2 0 0 2");
}

BOOST_AUTO_TEST_CASE(a_nonce_that_has_run_out_is_renewed_and_costs_neither_credential_nor_try) {
  bench b({.lifetime = 2});
  int asked = 0;
  cs::authenticator auth(logins{&asked}, cs::digest{}, cs::renewal{}, cs::only{"https://api.example"});
  for (int i = 0; i < 6; ++i) BOOST_TEST(b.send(auth) == "200");
  BOOST_TEST(b.seen() == "1 6 2 0");
  BOOST_TEST(asked == 1);
  BOOST_TEST(b.server.complaints().empty());
}

BOOST_AUTO_TEST_CASE(a_server_that_never_says_stale_is_believed_once_where_the_nonce_was_good_before) {
  bench b({.says_stale = false, .lifetime = 2});
  auto auth = client();
  for (int i = 0; i < 6; ++i) BOOST_TEST(b.send(auth) == "200");
  BOOST_TEST(b.seen() == "1 6 2 0");
  // Of a nonce that was never good the refusal is about the login.
  bench other({.says_stale = false, .lifetime = 0});
  BOOST_TEST(other.send(auth).starts_with("rejected: "));
}

BOOST_AUTO_TEST_CASE(a_server_whose_nonces_run_out_at_once_ends_the_tries) {
  bench b({.lifetime = 0});
  auto auth = client();
  BOOST_TEST(b.send(auth) == "rejected: https://api.example answered 401 to this credential; it asks for a "
                             "nonce, also of a request that carries its newest one");
  BOOST_TEST(b.seen() == "1 0 3 0");
}

BOOST_AUTO_TEST_CASE(who_does_not_prove_that_it_knows_the_password_is_not_believed) {
  for (std::string const qop : {"", "auth"}) {
    bench b({.qop = qop, .lies = true});
    auto auth = client();
    BOOST_TEST(b.send(auth) ==
               "fatal: https://api.example: digest: the server did not prove that it knows the password "
               "(rspauth, RFC 7616 §3.5): the answer may be somebody else's and is withheld");
  }
  // Over auth-int the proof covers a body that is not read here.
  bench b({.qop = "auth-int", .lies = true});
  auto auth = client();
  BOOST_TEST(b.send(auth) == "200");
}

BOOST_AUTO_TEST_CASE(a_challenge_that_can_not_be_answered_is_told_with_the_origin_and_heard_anew) {
  auto auth = client();
  script s{{challenged(R"(realm="r", nonce="n", algorithm=SHA-1)")}};
  auto const told = s.send(auth);
  BOOST_REQUIRE(!told);
  BOOST_TEST(told.error().message() ==
             "https://api.example: digest: the server wants algorithm \"SHA-1\", which is not known here; "
             "known are MD5, SHA-256, SHA-512-256 and their -sess");
  for (auto const& [response, words] :
       {std::pair(challenged(R"(realm="r")"), "has no nonce"),
        std::pair(challenged(R"(realm="r", nonce="1", Digest realm="s", nonce="2")"),
                  "asks in one answer for realm \"r\" and for realm \"s\""),
        std::pair(challenged(R"(realm="r", realm="s", nonce="n")"), "a parameter twice"),
        std::pair(answered(401, {{"WWW-Authenticate", "Basic realm=\"r\""}}), "it asks for Basic"),
        std::pair(answered(401), "without saying what it wants"),
        std::pair(challenged("realm=\"r\", nonce=\"" + std::string(513, 'n') + "\""),
                  "longer than 512 bytes")}) {
    script one{{response}};
    auto const got = one.send(auth);
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().message().find(words) != std::string_view::npos);
    BOOST_TEST(one.carried == std::vector<std::string>{""});
  }
  // What was wrong there is not held against the server.
  bench mended;
  BOOST_TEST(mended.send(auth) == "200");
  // No challenge at all to a request with an answer says nothing of Digest: it is judged as any 401.
  script bad{{answered(401)}};
  auto const refused = bad.send(auth);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code() == cs::errc::rejected));
}

BOOST_AUTO_TEST_CASE(a_login_that_can_not_be_written_is_told_before_anything_is_sent) {
  for (auto const& [as, words] :
       {std::pair(login("a:b"), "colon"), std::pair(login("a\nb"), "control character"),
        std::pair(login(""), "empty"), std::pair(login("a", "\r"), "control character"),
        std::pair(login("\xff"), "UTF-8")}) {
    bench b;
    auto auth = client(as);
    auto const told = b.send(auth);
    BOOST_TEST(told.find(words) != told.npos);
    BOOST_TEST(told.starts_with("bad_input: digest: the "));
    BOOST_TEST(b.carried.empty());
  }
  if (!fake::heap::is_ours) return;
  BOOST_TEST(fake::write(cs::digest{}, cs::basic_login{fake::broken_secret(), cs::secret("p")}).text() ==
             "no_memory: digest: out of memory");
}

BOOST_AUTO_TEST_CASE(a_target_of_any_length_is_answered_for_and_one_with_a_control_byte_is_not_sent) {
  bench b;
  auto auth = client();
  for (std::size_t const size : {std::size_t{0}, std::size_t{600}, std::size_t{1024}, std::size_t{5000}})
    BOOST_TEST(b.send(auth, cs::request("GET", "https://api.example/" + std::string(size, 'a') + "?q=%22")) ==
               "200");
  fake::plain_request odd{.host = "https://api.example", .path_and_query = "/a\x01"};
  auto const refused = auth.authorize(odd);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message().starts_with("header Authorization: the value holds a control byte"));
  fake::plain_request endless{.host = "https://api.example",
                              .path_and_query = "/" + std::string(cs::max_field_value, 'a')};
  auto const cut = auth.authorize(endless);
  BOOST_REQUIRE(!cut);
  BOOST_TEST((cut.error().code() == cs::errc::too_large));
  BOOST_TEST(odd.lines.empty());
  BOOST_TEST(endless.lines.empty());
}

BOOST_AUTO_TEST_CASE(each_origin_is_asked_by_itself) {
  bench b({.domain = "/dir https://other.example/x"});
  cs::authenticator auth(cs::fixed{login()}, cs::digest{},
                         cs::only{"https://api.example", "https://other.example"});
  BOOST_TEST(b.send(auth) == "200");
  BOOST_TEST(b.send(auth, cs::request("GET", "https://other.example/x")) == "200");
  BOOST_TEST(b.seen() == "2 2 0 0");
  BOOST_TEST(b.send(auth, cs::request("GET", "https://API.example:443/dir/other")) ==
             "200");  // spelled otherwise
  BOOST_TEST(b.seen() == "2 3 0 0");
  BOOST_TEST(b.send(auth, cs::request("GET", "https://api.example/outside")) == "200");
  BOOST_TEST(b.seen() == "3 4 0 0");
}

BOOST_AUTO_TEST_CASE(another_realm_or_algorithm_at_another_path_is_no_refusal) {
  bench one({.realm = "one", .algorithm = "MD5"}), two({.realm = "two"});
  auto auth = client();
  auto const send = [&](std::string const& path) {
    auto const got = cs::send(auth, cs::request("GET", "https://api.example" + path),
                              [&](cs::request const& sent) -> cs::result<cs::response> {
                                return sent.target().starts_with("/one") ? one.server.answer(sent)
                                                                         : two.server.answer(sent);
                              });
    return got && got->status() == 200;
  };
  for (int i = 0; i < 3; ++i) BOOST_TEST((send("/one/x") && send("/two/x")));
  BOOST_TEST(one.seen() == "1 3 0 0");
  // The first request there carried an answer to the other realm, which this server does not know.
  BOOST_TEST(two.seen() == "0 3 0 0");
  BOOST_TEST(two.server.complaints().size() == 1u);

  bench old({.algorithm = "MD5"});
  auto moved = client();
  BOOST_TEST(old.send(moved) == "200");
  bench renewed;
  BOOST_TEST(renewed.send(moved) == "200");
}

BOOST_AUTO_TEST_CASE(options_narrow_what_is_answered) {
  bench b({.algorithm = "MD5"});
  auto strict = client(login(), {.md5 = false});
  BOOST_TEST(b.send(strict) ==
             "rejected: https://api.example: digest: the server wants MD5, and md5 is switched off here");
  auto narrow = client(login(), {.realm = "another"});
  BOOST_TEST(b.send(narrow) ==
             "rejected: https://api.example: digest: the server asks for another realm than "
             "\"another\", which alone is answered here");
  auto right = client(login(), {.realm = "http-auth@example.org"});
  BOOST_TEST(b.send(right) == "200");
  BOOST_TEST(b.send(right) == "200");
  bench both({.qop = "auth,auth-int"});
  auto without = client(login(), {.integrity = false}), with = client();
  BOOST_TEST((both.send(without) == "200" && both.send(with) == "200"));
  BOOST_TEST(both.carried[1].get("Authorization").value_or("").find(", qop=auth,") != std::string_view::npos);
  BOOST_TEST(both.carried[3].get("Authorization").value_or("").find(", qop=auth-int,") !=
             std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_body_that_can_be_sent_once_is_not_sent_twice) {
  bench b;
  auto auth = client();
  cs::request once("POST", "https://api.example/x", cs::secret("body"));
  once.may_replay = false;
  BOOST_TEST(b.send(auth, once) == "rejected: https://api.example answered 401 to this credential; its body "
                                   "can be sent once only, so it was not tried again");
  BOOST_TEST(b.carried.size() == 1u);
  BOOST_TEST(b.send(auth, once) == "200");  // the challenge was heard
}

BOOST_AUTO_TEST_CASE(it_goes_with_others_and_behind_an_erased_authenticator) {
  bench b({.qop = "auth-int"});
  cs::authenticator pair(cs::fixed{std::tuple(login(), cs::secret("k"))},
                         cs::each_of{cs::digest{}, cs::header{"X-Key"}}, cs::only{"https://api.example"});
  BOOST_TEST(b.send(pair) == "200");
  BOOST_TEST(b.carried.back().get("X-Key").value_or("") == "k");
  cs::authenticator beside(cs::fixed{login()}, cs::with_fields{cs::digest{}, {{"X-Tenant", "t"}}},
                           cs::only{"https://api.example"});
  BOOST_TEST(b.send(beside) == "200");
  BOOST_TEST(b.carried.back().get("X-Tenant").value_or("") == "t");
  cs::any_authenticator erased{client()};
  BOOST_TEST(b.send(erased, cs::request("POST", "https://api.example/", cs::secret("body"))) == "200");
  BOOST_TEST(b.send(erased) == "200");
  BOOST_TEST(b.server.complaints().empty());
  cs::authenticator secrets(cs::fixed{std::tuple(cs::secret("Mufasa"), cs::secret("Circle of Life"))},
                            cs::digest{}, cs::only{"https://api.example"});
  BOOST_TEST(b.send(secrets) == "200");
  // Each tells the formatter's own reason.
  script bad{{challenged("realm=\"r\"")}}, again{{challenged("realm=\"r\"")}},
      third{{challenged("realm=\"r\"")}};
  for (auto const& told : {bad.send(pair), again.send(beside), third.send(erased)}) {
    BOOST_REQUIRE(!told);
    BOOST_TEST(told.error().message() ==
               "https://api.example: digest: the server's challenge has no nonce (RFC 7616 §3.3)");
  }
}

BOOST_AUTO_TEST_CASE(eight_threads_use_each_count_once) {
  constexpr int threads = 8, each = 200;
  for (bool const next_nonce : {false, true}) {
    bench b({.next_nonce = next_nonce, .in_order = false});
    auto auth = client();
    std::mutex lock;
    std::multiset<std::string> used;
    std::map<std::string, unsigned> highest;
    int good = 0;
    std::vector<std::thread> all;
    for (int t = 0; t < threads; ++t)
      all.emplace_back([&] {
        for (int i = 0; i < each; ++i) {
          cs::request const request("GET", "https://api.example/x");
          auto const got = cs::send(auth, request, [&](cs::request const& sent) -> cs::result<cs::response> {
            if (auto const field = sent.get("Authorization")) {
              fake::digest_credentials const said(*field);
              std::lock_guard const guard(lock);
              used.insert(said["nonce"] + " " + said["nc"]);
              auto& most = highest[said["nonce"]];
              most = std::max(most, static_cast<unsigned>(std::stoul(said["nc"], nullptr, 16)));
            }
            return b.server.answer(sent);
          });
          std::lock_guard const guard(lock);
          good += got && got->status() == 200;
        }
      });
    for (auto& one : all) one.join();
    BOOST_TEST(good == threads * each);
    BOOST_TEST(used.size() == std::set<std::string>(used.begin(), used.end()).size());
    std::size_t sum = 0;
    for (auto const& [nonce, most] : highest) sum += most;
    BOOST_TEST(sum == used.size());  // without a gap
    BOOST_TEST(b.server.complaints().empty());
    if (!next_nonce) BOOST_TEST(b.server.seen().let_in + b.server.seen().refused == threads * each);
  }
}

BOOST_AUTO_TEST_CASE(eight_threads_meet_nonces_that_run_out) {
  bench b({.in_order = false, .lifetime = 50});
  auto auth = client();
  std::atomic<int> good = 0;
  std::vector<std::thread> all;
  for (int t = 0; t < 8; ++t)
    all.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        auto const got = cs::send(
            auth, cs::request("GET", "https://api.example/x"),
            [&](cs::request const& sent) -> cs::result<cs::response> { return b.server.answer(sent); });
        good += got && got->status() == 200;
      }
    });
  for (auto& one : all) one.join();
  BOOST_TEST(good == 1600);
  BOOST_TEST(b.server.complaints().empty());
  BOOST_TEST(b.server.seen().refused == 0);
}

BOOST_AUTO_TEST_CASE(a_warm_request_allocates_nothing_and_no_freed_block_holds_the_password) {
  if (!fake::heap::is_ours) return;
  fake::world outside;
  auto const context = outside.context();
  cs::digest const formatter;
  cs::detail::digest_sessions memory;
  auto const as = login("Mufasa", "the password is a canary");
  cs::request const request("GET", "https://api.example/dir/index.html");
  auto const view = cs::view_of(request);
  auto const response = challenged(R"(realm="r", nonce="n", qop="auth", algorithm=SHA-256, opaque="o")");
  BOOST_REQUIRE((formatter.learn(as, view, cs::response_head(response), 0, memory) == cs::heard::try_again));
  fake::heap::watch const canary("the password is a canary");
  fake::heap::counter const allocations;
  for (int i = 0; i < 10; ++i) {
    cs::draft out;
    auto const made = formatter.format(as, view, out, cs::moment(context), memory);
    if (!made) break;
    static_cast<void>(formatter.learn(as, view, cs::response_head(200), *made, memory));
  }
  auto const taken = allocations.count();
  BOOST_TEST(taken == 0);
  if (fake::heap::is_watching) BOOST_TEST(canary.found() == 0);
}

BOOST_AUTO_TEST_CASE(no_text_of_an_error_holds_a_secret) {
  auto auth = client(login("Mufasa", "sesame-sesame-sesame"));
  for (auto const& response :
       {challenged(R"(realm="r", nonce="n", algorithm=SHA-1)"), challenged(R"(realm="r")"), answered(401)}) {
    script s{{response}};
    auto const told = s.send(auth);
    BOOST_REQUIRE(!told);
    BOOST_TEST(!fake::holds_piece(told.error().message(), "sesame-sesame-sesame"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
