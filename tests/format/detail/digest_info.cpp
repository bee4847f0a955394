// RFC 7616 §3.5, RFC 7615
#include <countersign/format/detail/digest_info.hpp>

#include "fake/digest_server.hpp"

#include <countersign/core/message.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cs = countersign;
using cs::detail::digest_qop;
using text = cs::detail::digest_session_texts;

namespace {

cs::detail::digest_session session() {
  cs::detail::digest_session made;
  made.number = 1;
  made.uses = 3;
  made.cnonce[0] = made.cnonce[1] = 0x0101010101010101;
  made.facts.algorithm = cs::detail::digest_algorithm_of("SHA-256");
  made.facts.auth = true;
  for (auto const& [which, value] : {std::pair(text::origin, "https://a.example"),
                                     std::pair(text::realm, "r"), std::pair(text::nonce, "n")})
    made.texts.add(which, value);
  return made;
}
std::string rspauth(std::string const& password, std::string const& uri, std::string const& nc = "00000003") {
  std::string client;
  for (int i = 0; i < 16; ++i) client += "01";
  return fake::digest_of("SHA-256", {fake::digest_of("SHA-256", {"u", "r", password}), "n", nc, client,
                                     "auth", fake::digest_of("SHA-256", {"", uri})});
}
bool proves(std::string const& field, digest_qop sent = digest_qop::auth) {
  return cs::detail::digest_info(field).proves(session(), "u", "p", sent, "/x?y");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(format_digest_info)

BOOST_AUTO_TEST_CASE(a_proof_is_taken_only_of_who_knows_the_password_and_for_this_request) {
  auto const good = rspauth("p", "/x?y");
  BOOST_TEST(proves("rspauth=\"" + good + "\""));
  BOOST_TEST(
      proves("qop=auth, rspauth=\"" + good + "\", nc=00000003, cnonce=\"01010101010101010101010101010101\""));
  auto upper = good;
  for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 32) : c;
  BOOST_TEST(proves("rspauth=" + upper));
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto other = good;
    other[i] = other[i] == '0' ? '1' : '0';
    BOOST_TEST(!proves("rspauth=\"" + other + "\""));
  }
  BOOST_TEST(!proves("rspauth=\"" + rspauth("q", "/x?y") + "\""));
  BOOST_TEST(!proves("rspauth=\"" + rspauth("p", "/x") + "\""));
  BOOST_TEST(!proves("rspauth=\"" + rspauth("p", "/x?y", "00000002") + "\""));
  // RFC 7616 §3.5: nc and cnonce are those of the request; an older answer is no answer.
  BOOST_TEST(!proves("rspauth=\"" + rspauth("p", "/x?y", "00000002") + "\", nc=00000002"));
  BOOST_TEST(!proves("rspauth=\"" + good + "\", nc=00000002"));
  BOOST_TEST(!proves("rspauth=\"" + good + "\", cnonce=\"x\""));
  BOOST_TEST(!proves("rspauth=\"\""));
  BOOST_TEST(!proves("rspauth=\"" + good.substr(1) + "\""));
  BOOST_TEST(!proves("rspauth=\"" + std::string(65, 'a') + "\""));
}

BOOST_AUTO_TEST_CASE(what_is_not_claimed_or_covers_the_body_is_not_judged) {
  for (auto const* const field : {"", "nextnonce=\"x\"", "qop=auth", "rubbish", "=", "rspauth"})
    BOOST_TEST(proves(field));
  BOOST_TEST(proves("rspauth=\"00\", qop=auth-int"));
  BOOST_TEST(proves("rspauth=\"00\"", digest_qop::auth_int));
  BOOST_TEST(!proves("rspauth=\"00\", qop=auth", digest_qop::auth_int));
}

BOOST_AUTO_TEST_CASE(the_next_nonce_is_heard_up_to_its_limit) {
  auto const next = [](std::string const& field) {
    return std::string(cs::detail::digest_info(field).next_nonce());
  };
  BOOST_TEST(next("nextnonce=\"a b\\\"c\"") == "a b\"c");
  BOOST_TEST(next("qop=auth, NextNonce=x") == "x");
  BOOST_TEST(next("") == "");
  BOOST_TEST(next("nextnonce=\"" + std::string(cs::max_digest_nonce, 'n') + "\"") ==
             std::string(cs::max_digest_nonce, 'n'));
  BOOST_TEST(next("nextnonce=\"" + std::string(cs::max_digest_nonce + 1, 'n') + "\"") == "");
}

BOOST_AUTO_TEST_CASE(the_field_is_taken_where_it_is_there_once) {
  auto const field = [](std::vector<std::pair<std::string, std::string>> const& all) {
    cs::response made(200);
    for (auto const& [name, value] : all) made.headers.append(name, value);
    return std::string(cs::detail::info_field(cs::response_head(made)).value_or("-"));
  };
  BOOST_TEST(field({}) == "-");
  BOOST_TEST(field({{"authentication-info", "a"}}) == "a");
  BOOST_TEST(field({{"Authentication-Info", "a"}, {"Authentication-Info", "b"}}) == "-");
  BOOST_TEST(
      field({{"Authentication-Info", "a"}, {"Authentication-Info", "b"}, {"Authentication-Info", "c"}}) ==
      "-");
  BOOST_TEST(field({{"Proxy-Authentication-Info", "a"}}) == "-");
}

BOOST_AUTO_TEST_SUITE_END()
