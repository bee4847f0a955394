// RFC 7616 §3.4, §3.9; RFC 2617 §3.5; RFC 2069
#include <countersign/format/detail/digest_answer.hpp>

#include "fake/digest_server.hpp"
#include "vectors/tally.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;
using cs::detail::digest_qop;
using text = cs::detail::digest_session_texts;

namespace {

cs::detail::digest_session session(std::string_view algorithm, std::string_view realm,
                                   std::string_view nonce) {
  cs::detail::digest_session made;
  made.number = 1;
  made.uses = 1;
  made.facts.algorithm = cs::detail::digest_algorithm_of(algorithm);
  for (auto const& [which, value] : {std::pair(text::origin, std::string_view("https://a.example")),
                                     std::pair(text::realm, realm), std::pair(text::nonce, nonce)})
    made.texts.add(which, value);
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(format_digest_answer)

BOOST_AUTO_TEST_CASE(the_examples_of_the_rfcs) {
  auto const all = vectors::json("rfc-misc/rfc-misc.json");
  vectors::tally count("rfc-misc/rfc-misc.json#rfc7616_digest");
  int hashed = 0;
  for (auto const& [key, row] : all.get_child("rfc7616_digest")) {
    auto const at = [&row = row](char const* name) { return row.get<std::string>(name); };
    auto const of = session(at("algorithm"), at("realm"), at("nonce"));
    auto const cnonce = at("cnonce"), nc = at("nc"), method = at("method"), uri = at("uri");
    cs::detail::digest_turn const turn{nc, cnonce};
    auto const ha1 = cs::detail::digest_key(of, at("username"), at("password"), turn);
    BOOST_TEST(cs::detail::digest_proof(of, ha1, turn, digest_qop::auth, method, uri).view() ==
               at("response"));
    ++count;
    if (auto const user = row.get_optional<std::string>("username_hashed")) {
      BOOST_TEST(cs::detail::hash_joined(of.facts.algorithm.hash, {at("username"), at("realm")}).view() ==
                 *user);
      ++hashed;
    }
  }
  BOOST_TEST(hashed == 1);
}

// RFC 7616 prints for its third example what truncated SHA-512 gives (erratum 4897).
BOOST_AUTO_TEST_CASE(sha_512_256_is_not_sha_512_cut_short) {
  auto const of = session("SHA-512-256", "api@example.org", "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK");
  cs::detail::digest_turn const turn{"00000001", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"};
  auto const got =
      cs::detail::digest_proof(of, cs::detail::digest_key(of, "J\u00e4s\u00f8n Doe", "Secret, or not?", turn),
                               turn, digest_qop::auth, "GET", "/doe.json");
  BOOST_TEST(got.view().substr(0, 8) == "3798d413");
  BOOST_TEST(got.view().substr(0, 8) != "ae66e67d");
}

BOOST_AUTO_TEST_CASE(a_session_s_key_holds_the_nonces_that_began_it) {
  auto of = session("SHA-256-sess", "r", "n2");
  of.texts.add(text::first_nonce, "n1");
  cs::detail::digest_turn const turn{"00000001", "c"};
  auto const first = fake::digest_of("SHA-256", {"u", "r", "p"});
  BOOST_TEST(cs::detail::digest_key(of, "u", "p", turn).view() ==
             fake::digest_of("SHA-256", {first, "n1", "c"}));
  auto const plain = session("SHA-256-sess", "r", "n2");
  BOOST_TEST(cs::detail::digest_key(plain, "u", "p", turn).view() ==
             fake::digest_of("SHA-256", {first, "n2", "c"}));
}

BOOST_AUTO_TEST_CASE(the_better_qop_is_chosen_that_can_be_done) {
  auto const chosen = [](bool auth, bool auth_int, bool integrity, bool shown) -> std::string {
    cs::detail::digest_facts facts;
    facts.auth = auth, facts.auth_int = auth_int;
    auto const got = cs::detail::choose_qop(facts, integrity, shown);
    return got ? std::string(name(*got)) : std::string(got.error().message());
  };
  std::string const unreadable = "digest: the server wants qop auth-int, which covers the body, and this "
                                 "request can't show its body; give it one that is in memory";
  for (bool const integrity : {true, false})
    for (bool const shown : {true, false}) {
      BOOST_TEST(chosen(false, false, integrity, shown) == "");
      BOOST_TEST(chosen(true, false, integrity, shown) == "auth");
      BOOST_TEST(chosen(false, true, integrity, shown) == (shown ? "auth-int" : unreadable));
      BOOST_TEST(chosen(true, true, integrity, shown) == (shown && integrity ? "auth-int" : "auth"));
    }
}

BOOST_AUTO_TEST_CASE(quotes_and_backslashes_are_escaped) {
  BOOST_TEST(cs::detail::quoted("plain").view() == "plain");
  BOOST_TEST(cs::detail::quoted("").view() == "");
  BOOST_TEST(cs::detail::quoted("a\"b\\c").view() == "a\\\"b\\\\c");
  BOOST_TEST(cs::detail::extended_value("J\u00e4s\u00f8n Doe").reveal() ==
             "UTF-8''J%C3%A4s%C3%B8n%20Doe");  // RFC 7616 §3.9.2
  BOOST_TEST(cs::detail::extended_value("a'%*\"(b)!#$&+-.^_`|~").reveal() ==
             "UTF-8''a%27%25%2A%22%28b%29!#$&+-.^_`|~");
}

BOOST_AUTO_TEST_CASE(a_login_that_no_server_could_read_is_refused) {
  auto const told = [](std::string_view user, std::string_view password) {
    auto const ok = cs::detail::check_digest_login(user, password);
    return ok ? std::string() : std::string(ok.error().message());
  };
  BOOST_TEST(told("u", "p") == "");
  BOOST_TEST(told("u", "") == "");
  BOOST_TEST(told("J\u00e4s\u00f8n \"x\" \\y", "a:b \u2603") == "");
  BOOST_TEST(told("", "p") == "digest: the user name is empty");
  BOOST_TEST(told("a:b", "p") ==
             "digest: the user name holds a colon, which ends it for the server; the password may hold one");
  BOOST_TEST(told("a\n", "p") ==
             "digest: the user name holds a control character; look for a stray line end");
  BOOST_TEST(told("a", "p\x7f") ==
             "digest: the password holds a control character; look for a stray line end");
  BOOST_TEST(told("\xff", "p") == "digest: the user name is not UTF-8");
  BOOST_TEST(told("a", "\xc3") == "digest: the password is not UTF-8");
}

BOOST_AUTO_TEST_SUITE_END()
