// Asks a server that wants Digest with one authenticator: interop_digest URL USER PASSWORD COUNT [BODY]. A COUNT with a pause
// behind it, "3+1500", waits so many milliseconds and asks once more. Prints each status, or the error, then how many
// requests went out and how many of them without a credential.
#include <countersign/adapt/curl.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/text/origin.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace cs = countersign;

int main(int count, char** words) {
  if (count < 5) return 2;
  std::string const url = words[1], body = count > 5 ? words[5] : "";
  auto const where = cs::origin_of(url);
  if (!where) return 2;
  cs::authenticator auth{cs::fixed{cs::basic_login{cs::secret(words[2]), cs::secret(words[3])}}, cs::digest{},
                         cs::only{where->view()}};
  cs::curl_transport curl;
  int sent = 0, bare = 0;
  auto const http = [&](cs::request const& request) {
    ++sent;
    bare += !request.get("Authorization");
    return curl(request);
  };
  auto const ask = [&] {
    cs::request const request(body.empty() ? "GET" : "POST", url, cs::secret(body));
    auto const got = cs::send(auth, request, http);
    if (got) std::printf("%d ", got->status());
    else std::printf("%.*s ", static_cast<int>(got.error().message().size()), got.error().message().data());
  };
  char* rest = nullptr;
  for (auto turns = std::strtol(words[4], &rest, 10); turns > 0; --turns) ask();
  if (*rest == '+') {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::strtol(rest, nullptr, 10)));
    ask();
  }
  std::printf("(%d sent, %d bare)\n", sent, bare);
}
