// A server that wants Digest: asked once for its challenge, and then each request carries an answer at once.
#include <countersign/countersign.hpp>

#include <string_view>

namespace cs = countersign;

int main() {
  // [use]
  cs::authenticator printer{cs::fixed{cs::basic_login{cs::secret("Mufasa"), cs::secret("Circle of Life")}},
                            cs::digest{}, cs::only{"https://printer.example.com"}};
  // [/use]
  // [strict]
  cs::digest const strict{.md5 = false, .realm = "http-auth@example.org"};
  // [/strict]

  int asked = 0, refused = 0;
  // Stands for any transport, and for a server behind it that looks at what an answer is made of.
  auto http = [&](cs::request const& what) -> cs::result<cs::response> {
    ++asked;
    auto const said = what.get("Authorization").value_or("");
    if (said.starts_with("Digest username=\"Mufasa\"") && said.find("uri=\"/jobs?all\"") != said.npos)
      return cs::response(200);
    ++refused;
    cs::response challenge(401);
    challenge.headers.append(
        "WWW-Authenticate",
        R"(Digest realm="http-auth@example.org", qop="auth", algorithm=SHA-256, nonce="7ypf/xlj9XX")");
    return challenge;
  };
  // [send]
  cs::request const jobs("GET", "https://printer.example.com/jobs?all");
  for (int i = 0; i < 3; ++i)
    if (auto reply = cs::send(printer, jobs, http); !reply || reply->status() != 200) return 1;
  // [/send]
  cs::authenticator other{cs::fixed{cs::basic_login{cs::secret("Mufasa"), cs::secret("Circle of Life")}},
                          strict, cs::only{"https://printer.example.com"}};
  if (auto reply = cs::send(other, jobs, http); !reply) return 1;
  return asked == 6 && refused == 2 ? 0 : 1;
}
