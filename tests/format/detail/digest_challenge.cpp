// RFC 7616 §3.3, §3.7
#include <countersign/format/detail/digest_challenge.hpp>

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

namespace {

cs::response asked(std::vector<std::string> const& fields) {
  cs::response made(401);
  for (auto const& one : fields) made.headers.append("WWW-Authenticate", one);
  return made;
}
// "algorithm realm nonce", or the error.
std::string chosen(std::vector<std::string> const& fields, cs::detail::digest_rules rules = {true, ""}) {
  auto const response = asked(fields);
  cs::detail::digest_offer const offer(cs::response_head(response), rules);
  if (!offer.chosen())
    return std::string(cs::name(offer.chosen().error().code())) + ": " +
           std::string(offer.chosen().error().message());
  auto const& one = *offer.chosen();
  return std::string(name(one.algorithm)) + " " + std::string(one.realm) + " " + std::string(one.nonce);
}
bool asks(std::vector<std::string> const& fields) {
  auto const response = asked(fields);
  return cs::detail::digest_offer(cs::response_head(response), {true, ""}).asks();
}

std::string const md5 = R"(Digest realm="r", nonce="m", qop="auth", algorithm=MD5)",
                  sha256 = R"(Digest realm="r", nonce="s", qop="auth", algorithm=SHA-256)",
                  sha512 = R"(Digest realm="r", nonce="t", qop="auth", algorithm=SHA-512-256)",
                  session = R"(Digest realm="r", nonce="u", qop="auth", algorithm=SHA-256-sess)",
                  unknown = R"(Digest realm="r", nonce="v", qop="auth", algorithm=SHA3-256)",
                  basic = R"(Basic realm="r")";

}  // namespace

BOOST_AUTO_TEST_SUITE(format_digest_challenge)

BOOST_AUTO_TEST_CASE(the_first_that_is_not_md5_is_chosen_and_md5_where_nothing_better_is_offered) {
  BOOST_TEST(chosen({md5}) == "MD5 r m");
  BOOST_TEST(chosen({md5, sha256}) == "SHA-256 r s");
  BOOST_TEST(chosen({sha256, md5}) == "SHA-256 r s");
  BOOST_TEST(chosen({md5, sha512, sha256}) == "SHA-512-256 r t");
  BOOST_TEST(chosen({session, sha256, md5}) == "SHA-256-sess r u");
  BOOST_TEST(chosen({unknown, md5}) == "MD5 r m");
  BOOST_TEST(chosen({unknown, basic, md5, sha256}) == "SHA-256 r s");
  BOOST_TEST(chosen({basic + ", " + md5 + ", " + sha256}) == "SHA-256 r s");  // several in one field
  BOOST_TEST(chosen({R"(Digest realm="r", nonce="1")", R"(Digest realm="r", nonce="2")"}) == "MD5 r 1");
  BOOST_TEST(chosen({"Bearer x=", "=nonsense", sha256}) ==
             "SHA-256 r s");  // what can't be read hides nothing
}

BOOST_AUTO_TEST_CASE(md5_can_be_switched_off) {
  BOOST_TEST(chosen({md5, sha256}, {false, ""}) == "SHA-256 r s");
  BOOST_TEST(chosen({md5}, {false, ""}) ==
             "fatal: digest: the server wants MD5, and md5 is switched off here");
  BOOST_TEST(chosen({R"(Digest realm="r", nonce="m", qop=auth, algorithm=MD5-sess)"}, {false, ""}) ==
             "fatal: digest: the server wants MD5-sess, and md5 is switched off here");
}

BOOST_AUTO_TEST_CASE(what_a_challenge_says_is_read) {
  auto const response = asked(
      {R"(Digest realm="a \"b\" \\c", nonce="n\\1", opaque="", domain="/a /b", stale=TRUE, userhash="true", charset=utf-8, qop="auth , foo,AUTH-INT")"});
  cs::detail::digest_offer const offer(cs::response_head(response), {true, ""});
  BOOST_REQUIRE(offer.chosen().has_value());
  auto const& one = *offer.chosen();
  BOOST_TEST(one.realm == "a \"b\" \\c");
  BOOST_TEST(one.nonce == "n\\1");
  BOOST_TEST(one.opaque.value_or("-") == "");
  BOOST_TEST(one.domain == "/a /b");
  BOOST_TEST((one.stale && one.userhash && one.utf8 && one.auth && one.auth_int && !one.names_algorithm));

  auto const plain =
      asked({R"(Digest realm="r", nonce="n", stale=false, userhash=no, charset=latin1, qop="")"});
  cs::detail::digest_offer const other(cs::response_head(plain), {true, ""});
  BOOST_REQUIRE(other.chosen().has_value());
  BOOST_TEST((!other.chosen()->stale && !other.chosen()->userhash && !other.chosen()->utf8 &&
              !other.chosen()->has_qop() && !other.chosen()->opaque));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_answered_is_told_in_a_sentence_that_names_it) {
  BOOST_TEST(chosen({unknown}) == "bad_input: digest: the server wants algorithm \"SHA3-256\", which is not "
                                  "known here; known are MD5, SHA-256, SHA-512-256 and their -sess");
  BOOST_TEST(chosen({R"(Digest realm="r", qop="auth")"}) ==
             "bad_input: digest: the server's challenge has no nonce (RFC 7616 §3.3)");
  BOOST_TEST(chosen({R"(Digest realm="r", nonce="")"}) ==
             "bad_input: digest: the server's challenge has no nonce (RFC 7616 §3.3)");
  BOOST_TEST(chosen({R"(Digest nonce="n")"}) ==
             "bad_input: digest: the server's challenge names no realm (RFC 7616 §3.3)");
  BOOST_TEST(chosen({R"(Digest realm="r", nonce="n", qop="auth-conf")"}) ==
             "bad_input: digest: the server wants qop \"auth-conf\"; known are auth and auth-int");
  BOOST_TEST(chosen({R"(Digest realm="r", nonce="n", algorithm=MD5-sess)"}) ==
             "bad_input: digest: the server wants MD5-sess and names no qop, without which there is no "
             "session (RFC 7616 §3.4.2)");
  BOOST_TEST(chosen({R"(Digest realm="one", nonce="n", realm="two")"}) ==
             "bad_input: digest: WWW-Authenticate: challenge, byte 37: a parameter twice in one challenge");
  BOOST_TEST(chosen({}) ==
             "bad_input: digest: the server answered 401 without saying what it wants (WWW-Authenticate)");
  BOOST_TEST(chosen({basic, "Bearer", "Negotiate"}) ==
             "bad_input: digest: the server does not ask for Digest; it asks for Basic, Bearer, Negotiate");
  BOOST_TEST(chosen({R"(Digest realm="r", nonce="n)"})
                 .starts_with("bad_input: digest: WWW-Authenticate: challenge, byte "));
  BOOST_TEST(chosen({"Digest realm=\"r\x01\", nonce=\"n\""})
                 .starts_with("bad_input: digest: WWW-Authenticate: challenge, byte "));
  BOOST_TEST(chosen({"Digest"}) ==
             "bad_input: digest: the server's challenge names no realm (RFC 7616 §3.3)");
  BOOST_TEST((asks({md5}) && asks({unknown}) && asks({"Digest realm=\""}) && !asks({basic}) && !asks({})));
}

BOOST_AUTO_TEST_CASE(two_realms_in_one_answer_are_told_unless_one_is_chosen) {
  std::vector<std::string> const both = {R"(Digest realm="staff", nonce="1")",
                                         R"(Digest realm="guests", nonce="2")"};
  BOOST_TEST(chosen(both) == "bad_input: digest: the server asks in one answer for realm \"staff\" and for "
                             "realm \"guests\"; say with .realm which one the login is for");
  BOOST_TEST(chosen(both, {true, "guests"}) == "MD5 guests 2");
  BOOST_TEST(chosen(both, {true, "staff"}) == "MD5 staff 1");
  BOOST_TEST(chosen(both, {true, "Staff"}) ==
             "fatal: digest: the server asks for another realm than \"Staff\", which alone is answered here");
}

BOOST_AUTO_TEST_CASE(texts_are_taken_up_to_their_limits) {
  auto const with = [](std::size_t realm, std::size_t nonce, std::size_t opaque) {
    return chosen({"Digest realm=\"" + std::string(realm, 'r') + "\", nonce=\"" + std::string(nonce, 'n') +
                   "\", opaque=\"" + std::string(opaque, 'o') + "\""});
  };
  BOOST_TEST(with(cs::max_digest_realm, cs::max_digest_nonce, cs::max_digest_opaque).starts_with("MD5 rrr"));
  BOOST_TEST(with(cs::max_digest_realm + 1, 1, 1) ==
             "too_large: digest: the server's realm is longer than 256 bytes");
  BOOST_TEST(with(1, cs::max_digest_nonce + 1, 1) ==
             "too_large: digest: the server's nonce is longer than 512 bytes");
  BOOST_TEST(with(1, 1, cs::max_digest_opaque + 1) ==
             "too_large: digest: the server's opaque is longer than 512 bytes");
  BOOST_TEST(
      with(9000, 1, 1).starts_with("too_large: digest: WWW-Authenticate: challenge: more than 8192 bytes"));
}

BOOST_AUTO_TEST_CASE(what_a_server_sent_is_shown_in_part_and_without_control_bytes) {
  std::string const long_name(5000, 'A');
  auto const told = chosen({"Digest realm=\"r\", nonce=\"n\", algorithm=" + long_name});
  BOOST_TEST(told.size() < 240u);
  BOOST_TEST(told.find(std::string(61, 'A')) == told.npos);
  BOOST_TEST(chosen({"Digest realm=\"r\", nonce=\"n\", qop=\"a\tb\""}) ==
             "bad_input: digest: the server wants qop \"a?b\"; known are auth and auth-int");
  std::string accents;
  for (int i = 0; i < 40; ++i) accents += "\xc3\xa9";
  BOOST_TEST(chosen({"Digest realm=\"r\", nonce=\"n\", qop=\"" + accents + "\""})
                 .find("\"" + accents.substr(0, 60) + "\"") != std::string::npos);
  BOOST_TEST(chosen({"Digest realm=\"r\", nonce=\"n\", qop=\"x" + accents + "\""})
                 .find("\"x" + accents.substr(0, 58) + "\"") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
