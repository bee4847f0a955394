// A client that has an easy handle of its own keeps it: only its header list is written.
#include <countersign/adapt/curl.hpp>
#include <countersign/countersign.hpp>

#include <string_view>

namespace cs = countersign;

int main() {
  char const* const url = "https://api.example/things";
  // [use]
  cs::authenticator api{cs::fixed{"t0ken"}, cs::bearer{}, cs::only{"https://api.example"}};

  cs::curl_headers headers;  // wiped when it ends
  headers("Content-Type", "application/json");
  auto const ok = api.authorize(cs::curl_call{.verb = "POST", .address = url, .headers = &headers}, headers);
  if (!ok) return 1;  // nothing was written

  CURL* const handle = curl_easy_init();
  curl_easy_setopt(handle, CURLOPT_URL, url);
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);  // a redirect would take the credential along
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  // … curl_easy_perform(handle) …
  curl_easy_cleanup(handle);
  // [/use]
  bool found = false;
  headers.fields([&](std::string_view name, std::string_view value) {
    found = found || (name == "Authorization" && value == "Bearer t0ken");
  });
  return found ? 0 : 1;
}
