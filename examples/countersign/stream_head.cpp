#include "stream_head.hpp"

#include <countersign/adapt/curl_headers.hpp>
#include <countersign/text/origin.hpp>

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

namespace cs = countersign;

namespace program {

namespace {

constexpr std::size_t max_head = 64 * 1024, max_body = 8 * 1024;

struct heard {
  cs::fields head;
  cs::secret body;
  std::size_t size = 0;
  int status = 0;
  bool enough = false;

  // Whether the rest is of no interest.
  [[nodiscard]] bool is_stream() const { return status == 101 || (status >= 200 && status < 300); }
};

std::size_t take_line(char* bytes, std::size_t, std::size_t size, void* to) noexcept {
  auto& so_far = *static_cast<heard*>(to);
  std::string_view line(bytes, size);
  if ((so_far.size += size) > max_head) return 0;
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {  // another one follows 100 and 103
    so_far.head.clear();
    so_far.status = 0;
    for (char const c : line.substr(0, 12).substr(line.find(' ') + 1))
      if (c >= '0' && c <= '9') so_far.status = so_far.status * 10 + (c - '0');
    return size;
  }
  if (line.empty()) return (so_far.enough = so_far.is_stream()) ? 0 : size;
  auto const colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  auto value = line.substr(colon + 1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  so_far.head.append(line.substr(0, colon), value);
  return size;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* to) noexcept {
  auto& so_far = *static_cast<heard*>(to);
  auto const room = max_body - so_far.body.size();
  so_far.body.append({bytes, size < room ? size : room});
  so_far.enough = size >= room;
  return so_far.enough ? 0 : size;
}

}  // namespace

cs::result<cs::response> stream_head(cs::request const& what, cs::mcp::tls_files const& tls,
                                     cs::duration timeout) {
  auto const origin = cs::origin_of(what.url());
  if (!origin) return origin.error();
  auto const as_http = what.url().starts_with("ws");
  std::string_view const zero("\0", 1);
  cs::secret const url(as_http ? "http" : "", what.url().substr(as_http ? 2 : 0), zero);
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> const handle(curl_easy_init(), curl_easy_cleanup);
  cs::curl_headers headers;
  bool ok = handle && url.ok();
  what.fields([&](std::string_view name, std::string_view value) { ok = ok && headers(name, value); });
  heard so_far;
  auto const set = [&](CURLoption option, auto value) {
    ok = ok && curl_easy_setopt(handle.get(), option, value) == CURLE_OK;
  };
  set(CURLOPT_URL, url.reveal().data());
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.ms));
  if (origin->loopback()) set(CURLOPT_PROXY, "");
  cs::secret const ca(tls.ca.view(), zero), certificate(tls.certificate.view(), zero),
      key(tls.key.view(), zero), passphrase(tls.passphrase.reveal(), zero);
  if (!tls.ca.empty()) set(CURLOPT_CAINFO, ca.reveal().data());
  if (!tls.certificate.empty()) {
    set(CURLOPT_SSLCERT, certificate.reveal().data());
    if (!tls.key.empty()) set(CURLOPT_SSLKEY, key.reveal().data());
    set(CURLOPT_KEYPASSWD, passphrase.reveal().data());  // an empty one keeps OpenSSL from asking
  }
  ok = ok && ca.ok() && certificate.ok() && key.ok() && passphrase.ok();
  set(CURLOPT_HEADERFUNCTION, &take_line);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&so_far));
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&so_far));
  if (!ok) return cs::error{cs::errc::fatal, "curl: the request can't be made"};
  auto const code = curl_easy_perform(handle.get());
  if (code != CURLE_OK && !so_far.enough)
    return cs::error{so_far.status == 0 && code != CURLE_OPERATION_TIMEDOUT ? cs::errc::not_sent
                                                                            : cs::errc::unanswered,
                     "curl: ",
                     what.method(),
                     " ",
                     origin->view(),
                     ": ",
                     curl_easy_strerror(code)};
  cs::response got(so_far.status, std::move(so_far.body));
  got.headers = std::move(so_far.head);
  return got;
}

}  // namespace program
