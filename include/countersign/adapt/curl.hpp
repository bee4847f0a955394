#pragma once
// libcurl as a transport.

#include <countersign/adapt/curl_headers.hpp>
#include <countersign/adapt/curl_listener.hpp>
#include <countersign/adapt/detail/curl_answer.hpp>
#include <countersign/adapt/detail/curl_sockets.hpp>
#include <countersign/adapt/detail/destination.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/text/host_reach.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/url.hpp>

#include <curl/curl.h>

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How a `curl_transport` sends. Each field has a default.
struct curl_options {
  /// For the whole exchange, connecting included; 0: none.
  duration timeout = seconds(30);
  duration connect_timeout = seconds(10);
  /// Bytes of a response's body; one more is errc::too_large.
  std::size_t max_body = std::size_t{1} << 20;
  /// Bytes of all its header lines, names and values; one more is errc::too_large.
  std::size_t max_headers = std::size_t{1} << 16;
  /// A file with PEM certificates; empty: the system's.
  owned_text ca_file = {};
  /// PEM files that servers are shown which ask for a certificate; empty: none. The key may stand in the certificate's file.
  owned_text certificate = {}, key = {};
  /// A URL: only servers of its origin are shown the certificate, and those of requests that say so
  /// (`request::with_certificate`). Empty: all that ask.
  owned_text certificate_for = {};
  /// Of an encrypted key.
  secret passphrase = {};
  /// Empty: as the environment says (http_proxy, no_proxy, …), but none for loopback.
  owned_text proxy = {};
  /// "host:port:address": where a name is, without asking a resolver.
  owned_text resolve = {};
};

/// Sends the toolkit's requests with libcurl: `result<response> operator()(request const&)`. http and https
/// only; follows no redirect, decodes nothing, sends no header but the request's (and what HTTP itself
/// needs), keeps path and query as they are. Connections are kept for the next request; where a kept one
/// dies, libcurl repeats what is safe to repeat, and this adapter keeps it from repeating anything else.
/// One thread at a time: give each thread its own.
///
/// Errors: not_sent where no byte of the request left, else unanswered; insecure where a stranger's URL leads further in
/// than he is himself (`request::named_by`; through a proxy, names are the proxy's to judge); too_large beyond the caps;
/// bad_input for a URL and bad_field for a header that can't be sent. The text names method and origin, and
/// says what libcurl says.
class curl_transport {
public:
  curl_transport() : curl_transport(curl_options()) {}
  explicit curl_transport(curl_options options) noexcept
      : options_(std::move(options)), handle_(curl_easy_init()) {}
  curl_transport(curl_transport&& other) noexcept
      : options_(std::move(other.options_)), handle_(std::exchange(other.handle_, nullptr)) {}
  curl_transport& operator=(curl_transport&& other) noexcept {
    std::swap(options_, other.options_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~curl_transport() { curl_easy_cleanup(handle_); }

  /// @param by hears the response while it comes; none: it is put together here
  [[nodiscard]] result<response> operator()(request const& what, curl_listener* by = nullptr) {
    auto const where = origin_of(what.url());
    if (!where) return where.error().within("curl: ");
    if (handle_ == nullptr || !what.ok()) return error{errc::no_memory, "curl: out of memory"};
    auto const failed = [&](errc code, std::string_view reason) {
      return error{code, "curl: ", what.method(), " ", where->view(), ": ", reason};
    };
    if (!is_token(what.method()))
      return error{errc::bad_input, "curl: the method is no token (RFC 9110 §9.1)"};
    if (auto const fault = fault_in(what.url()); !fault.empty()) return failed(errc::bad_input, fault);
    if (what.method() == "HEAD" && !what.body.empty())
      return failed(errc::bad_input, "libcurl sends no body with HEAD");

    curl_headers headers;
    secret const url(what.url(), std::string_view("\0", 1)), method(what.method(), std::string_view("\0", 1));
    if (!url.ok() || !method.ok()) return failed(errc::no_memory, "out of memory");
    if (!frames_nothing(what))
      return failed(errc::bad_field,
                    "Content-Length and Transfer-Encoding are the transport's to write; leave them out");
    if (!fill(headers, what))
      return failed(errc::bad_field,
                    "a header can't be sent: its name or value holds bytes that RFC 9110 does not allow");

    detail::destination to(what);
    auto got = exchange(what, *where, to, url, method, headers, by);
    if (!got && to.refused() && to.widen(reach_of_server(to)))
      got = exchange(what, *where, to, url, method, headers, by);
    return got;
  }

private:
  result<response> exchange(request const& what, origin const& where, detail::destination& to,
                            secret const& url, secret const& method, curl_headers& headers,
                            curl_listener* by) {
    auto const failed = [&](errc code, std::string_view reason) {
      return error{code, "curl: ", what.method(), " ", where.view(), ": ", reason};
    };
    auto const proxy =
        where.loopback() || !options_.proxy.empty() ? options_.proxy.view() : detail::proxy_of_environment();
    detail::curl_sockets sockets(handle_, to, proxy);
    detail::curl_answer answer(options_.max_headers, options_.max_body, by);
    char said[CURL_ERROR_SIZE] = "";
    std::string_view unsent = what.body.reveal();
    curl_easy_reset(handle_);  // keeps connections
    bool ok = set(CURLOPT_URL, url.reveal().data()) && set(CURLOPT_HTTPHEADER, headers.get()) &&
              set_constants() && set_certificate(what, where) &&
              set_method(what, method.reveal().data(), unsent) && set_proxy(where);
    ok = ok && set(CURLOPT_WRITEDATA, static_cast<void*>(&answer)) &&
         set(CURLOPT_HEADERDATA, static_cast<void*>(&answer)) && set(CURLOPT_ERRORBUFFER, said);
    if (by != nullptr)
      ok = ok && set(CURLOPT_NOPROGRESS, 0L) && set(CURLOPT_XFERINFOFUNCTION, &detail::curl_answer::go_on) &&
           set(CURLOPT_XFERINFODATA, static_cast<void*>(&answer)) && set(CURLOPT_TCP_KEEPALIVE, 1L);
    resolved_names resolve(options_.resolve);
    if (!options_.resolve.empty()) ok = ok && resolve.lines != nullptr && set(CURLOPT_RESOLVE, resolve.lines);
    if (to.judged())
      ok = ok && set(CURLOPT_OPENSOCKETFUNCTION, &detail::curl_sockets::open) &&
           set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&sockets)) &&
           set(CURLOPT_PREREQFUNCTION, &detail::curl_sockets::before_sending) &&
           set(CURLOPT_PREREQDATA, static_cast<void*>(&sockets));
    if (!ok) return failed(errc::fatal, "libcurl does not take an option; version 7.85 or newer is needed");

    auto const code = curl_easy_perform(handle_);
    curl_easy_setopt(handle_, CURLOPT_ERRORBUFFER, nullptr);
    if (code != CURLE_OK && to.refused()) return failed(errc::insecure, detail::destination::fault);
    if (answer.head_too_large()) return failed(errc::too_large, "the response's headers are too large");
    if (answer.body_too_large()) return failed(errc::too_large, "the response's body is too large");
    if (!answer.ok()) return failed(errc::no_memory, "out of memory");
    if (answer.stopped()) return failed(errc::abandoned, "nobody listened any more");
    if (code == CURLE_SEND_FAIL_REWIND)
      return failed(errc::unanswered,
                    "a kept connection ended before an answer came, and the request is not sent twice");
    if (code != CURLE_OK)
      return failed(sent_nothing(code) ? errc::not_sent : errc::unanswered,
                    is_about_certificates(code) && said[0] != 0 ? said : curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    response got(static_cast<int>(status), std::move(answer.body));
    got.headers = std::move(answer.head);
    return got;
  }

  // Of who named a URL: a name says nothing of the network that it is in. Nothing is connected to.
  host_reach reach_of_server(detail::destination const& to) noexcept {
    detail::curl_addresses found;
    if (to.named_by().empty() || reach_of(to.named_by().host()) != host_reach::everywhere)
      return host_reach::unclear;
    secret const url(to.named_by().view(), std::string_view("\0", 1));
    resolved_names resolve(options_.resolve);
    curl_easy_reset(handle_);
    bool ok = url.ok() && set(CURLOPT_URL, url.reveal().data()) && set_constants() &&
              set(CURLOPT_PROXY, "") && set(CURLOPT_FRESH_CONNECT, 1L) &&
              set(CURLOPT_OPENSOCKETFUNCTION, &detail::curl_addresses::note) &&
              set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(&found));
    if (resolve.lines != nullptr) ok = ok && set(CURLOPT_RESOLVE, resolve.lines);
    if (ok) static_cast<void>(curl_easy_perform(handle_));
    return found.nearest;
  }
  struct resolved_names {  // CURLOPT_RESOLVE takes the same kind of list
    explicit resolved_names(owned_text const& line) : lines(line.empty() ? nullptr : append(line)) {}
    ~resolved_names() { curl_slist_free_all(lines); }
    resolved_names(resolved_names const&) = delete;
    static curl_slist* append(owned_text const& line) {
      secret const ended(line.view(), std::string_view("\0", 1));
      return ended.ok() ? curl_slist_append(nullptr, ended.reveal().data()) : nullptr;
    }
    curl_slist* lines;
  };

  template <class Value>
  bool set(CURLoption option, Value value) noexcept {
    return curl_easy_setopt(handle_, option, value) == CURLE_OK;
  }
  bool set_text(CURLoption option, owned_text const& text) noexcept {
    if (text.empty()) return true;
    secret const ended(text.view(), std::string_view("\0", 1));
    return ended.ok() && set(option, ended.reveal().data());  // libcurl keeps a copy
  }
  bool set_constants() noexcept {
    return set(CURLOPT_PROTOCOLS_STR, "http,https") && set(CURLOPT_FOLLOWLOCATION, 0L) &&
           set(CURLOPT_NOSIGNAL, 1L) && set(CURLOPT_HTTP_CONTENT_DECODING, 0L) &&
           set(CURLOPT_PATH_AS_IS, 1L) && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
           set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.ms)) &&
           set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.ms)) &&
           set(CURLOPT_WRITEFUNCTION, &detail::curl_answer::take_body) &&
           set(CURLOPT_HEADERFUNCTION, &detail::curl_answer::take_head) &&
           set_text(CURLOPT_CAINFO, options_.ca_file);
  }
  // libcurl keeps connections with one and without one apart.
  bool set_certificate(request const& what, origin const& where) noexcept {
    if (options_.certificate.empty() && options_.key.empty()) return true;
    if (!options_.certificate_for.ok()) return false;
    if (!options_.certificate_for.empty() && !what.with_certificate) {
      auto const home = origin_of(options_.certificate_for);
      if (!home || home->view() != where.view()) return true;
    }
    // An empty passphrase keeps OpenSSL from asking whoever sits at the terminal.
    secret const ended(options_.passphrase.reveal(), std::string_view("\0", 1));
    return ended.ok() && set_text(CURLOPT_SSLCERT, options_.certificate) &&
           set_text(CURLOPT_SSLKEY, options_.key) && set(CURLOPT_KEYPASSWD, ended.reveal().data());
  }
  // A credential may go to loopback in the clear because it stays on this machine; a proxy of the
  // environment's is elsewhere.
  bool set_proxy(origin const& where) noexcept {
    if (options_.proxy.empty() && where.loopback()) return set(CURLOPT_PROXY, "");
    return set_text(CURLOPT_PROXY, options_.proxy);
  }
  // Where a kept connection dies before an answer, libcurl sends the request again. A body that it reads
  // from us, and can't rewind, it does not; what has no body, and may not be repeated (RFC 9110 §9.2.2),
  // gets a connection of its own.
  bool set_method(request const& what, char const* method, std::string_view& unsent) noexcept {
    auto const is = [&](std::string_view name) { return what.method() == name; };
    if (is("HEAD")) return set(CURLOPT_NOBODY, 1L);
    if (!set(CURLOPT_CUSTOMREQUEST, method)) return false;
    if (!unsent.empty())
      return set(CURLOPT_POST, 1L) &&
             set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(unsent.size())) &&
             set(CURLOPT_READFUNCTION, &give_body) && set(CURLOPT_READDATA, static_cast<void*>(&unsent));
    bool const repeatable = is("GET") || is("OPTIONS") || is("PUT") || is("DELETE") || is("TRACE");
    if (!repeatable && !set(CURLOPT_FRESH_CONNECT, 1L)) return false;
    // RFC 9110 §8.6: an empty body of a method that means to have one is told.
    bool const counts = is("POST") || is("PUT") || is("PATCH");
    return !counts || (set(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{0}) && set(CURLOPT_POSTFIELDS, ""));
  }
  static std::size_t give_body(char* to, std::size_t, std::size_t room, void* from) noexcept {
    auto& unsent = *static_cast<std::string_view*>(from);
    auto const part = unsent.substr(0, room);
    std::memcpy(to, part.data(), part.size());
    unsent.remove_prefix(part.size());
    return part.size();
  }
  // What libcurl would take, but send otherwise than it is written here; empty: nothing.
  static std::string_view fault_in(std::string_view url) noexcept {
    auto const parts = parse_url(url);
    if (!parts) return "the URL holds a byte that no URL may hold, or is too long";
    if (parts->has_userinfo) return "the URL holds a user; give it to an authenticator";
    for (auto part : {parts->path, parts->query})
      for (char const c : part)
        if (static_cast<unsigned char>(c) >= 0x80)
          return "the URL's path or query holds a byte beyond ASCII; write it as %XX";
    return {};
  }
  // RFC 9112 §6: they say where the request ends. A false one would make a second request of its rest.
  static bool frames_nothing(request const& what) noexcept {
    return !what.get("Content-Length") && !what.get("Transfer-Encoding");
  }
  // What the request says and nothing that libcurl would add of its own.
  static bool fill(curl_headers& headers, request const& what) {
    bool ok = true;
    for (std::string_view name : {"Accept", "Content-Type", "Expect", "User-Agent"})
      ok = ok && headers.suppress(name);
    ok = ok && headers("Accept-Encoding", "identity");
    what.fields([&](std::string_view name, std::string_view value) { ok = ok && headers(name, value); });
    return ok;
  }

  // Then libcurl's short text does not tell an expired one from a stranger's.
  static bool is_about_certificates(CURLcode code) noexcept {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
           code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_CACERT_BADFILE;
  }
  bool sent_nothing(CURLcode code) const noexcept {
    switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PROXY:
      return true;
    default:
      break;
    }
    long sent = 0;
    return curl_easy_getinfo(handle_, CURLINFO_REQUEST_SIZE, &sent) == CURLE_OK && sent == 0;
  }

  curl_options options_;
  CURL* handle_;
};

static_assert(transport<curl_transport>);

}  // namespace countersign::inline v0
