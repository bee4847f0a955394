#pragma once
// libcurl as a transport.

#include <countersign/adapt/curl_headers.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/text/origin.hpp>

#include <curl/curl.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How a `curl_transport` sends. Each field has a default.
struct curl_options {
  duration timeout = seconds(30);                ///< for the whole exchange, connecting included
  duration connect_timeout = seconds(10);
  std::size_t max_body = std::size_t{1} << 20;   ///< bytes of a response's body; one more is errc::too_large
  std::size_t max_headers = std::size_t{1} << 16;///< bytes of a response's header lines, names and values
  /// Whether POST and other methods that are not safe (RFC 9110 §9.2.1) may use a kept connection. It saves connecting, but
  /// where such a connection dies before an answer libcurl sends the request again, and offers no way to forbid it.
  bool reuse_if_unsafe = false;
  owned_text ca_file = {};                       ///< PEM; empty: the system's
  owned_text proxy = {};                         ///< empty: as the environment says (http_proxy, no_proxy, …)
  owned_text resolve = {};                       ///< "host:port:address": where a name is, without asking a resolver
};

/// Sends the toolkit's requests with libcurl: `result<response> operator()(request const&)`. http and https only; follows
/// no redirect, decodes nothing, sends no header but the request's (and what HTTP itself needs), keeps the path as it
/// is, and sends nothing twice. Connections are kept for the next safe request. One thread at a time: give each thread its own.
///
/// Errors: not_sent where no byte of the request left, else unanswered; too_large beyond the caps; bad_input for a URL
/// or a field that can't be sent. The text names method and origin, and says what libcurl says.
class curl_transport {
public:
  curl_transport() : curl_transport(curl_options()) {}
  explicit curl_transport(curl_options options) noexcept : options_(std::move(options)), handle_(curl_easy_init()) {}
  curl_transport(curl_transport&& other) noexcept : options_(std::move(other.options_)), handle_(std::exchange(other.handle_, nullptr)) {}
  curl_transport& operator=(curl_transport&& other) noexcept {
    std::swap(options_, other.options_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~curl_transport() { curl_easy_cleanup(handle_); }

  [[nodiscard]] result<response> operator()(request const& what) {
    auto const where = origin_of(what.url());
    if (!where) return where.error().within("curl: ");
    if (handle_ == nullptr || !what.ok()) return error{errc::no_memory, "curl: out of memory"};
    auto const failed = [&](errc code, std::string_view reason) { return error{code, "curl: ", what.method(), " ", where->view(), ": ", reason}; };
    if (!is_token(what.method())) return error{errc::bad_input, "curl: the method is no token (RFC 9110 §9.1)"};

    curl_headers headers;
    secret const url(what.url(), std::string_view("\0", 1)), method(what.method(), std::string_view("\0", 1));
    if (!url.ok() || !method.ok()) return failed(errc::no_memory, "out of memory");
    if (!fill(headers, what)) return failed(errc::bad_field, "a header can't be sent: its name or value holds bytes that RFC 9110 does not allow");

    incoming answer{options_.max_body, options_.max_headers};
    curl_easy_reset(handle_);  // keeps connections
    bool ok = set(CURLOPT_URL, url.reveal().data()) && set(CURLOPT_HTTPHEADER, headers.get()) && set_constants() && set_method(what, method.reveal().data());
    ok = ok && set(CURLOPT_WRITEDATA, static_cast<void*>(&answer)) && set(CURLOPT_HEADERDATA, static_cast<void*>(&answer));
    resolved_names resolve(options_.resolve);
    if (!options_.resolve.empty()) ok = ok && resolve.lines != nullptr && set(CURLOPT_RESOLVE, resolve.lines);
    if (!ok) return failed(errc::fatal, "libcurl does not take an option; version 7.85 or newer is needed");

    auto const code = curl_easy_perform(handle_);
    if (answer.too_large) return failed(errc::too_large, answer.in_body ? "the response's body is too large" : "the response's headers are too large");
    if (!answer.head.ok() || !answer.body.ok()) return failed(errc::no_memory, "out of memory");
    if (code != CURLE_OK) return failed(sent_nothing(code) ? errc::not_sent : errc::unanswered, curl_easy_strerror(code));
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    response got(static_cast<int>(status), std::move(answer.body));
    got.headers = std::move(answer.head);
    return got;
  }

private:
  struct incoming {
    std::size_t max_body, max_headers;
    fields head = {};
    secret body = {};
    std::size_t header_bytes = 0;
    bool too_large = false, in_body = false;
  };
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
    return set(CURLOPT_PROTOCOLS_STR, "http,https") && set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_NOSIGNAL, 1L) &&
           set(CURLOPT_HTTP_CONTENT_DECODING, 0L) && set(CURLOPT_PATH_AS_IS, 1L) &&
           set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.ms)) && set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.ms)) &&
           set(CURLOPT_WRITEFUNCTION, &take_body) && set(CURLOPT_HEADERFUNCTION, &take_header) &&
           set_text(CURLOPT_CAINFO, options_.ca_file) && set_text(CURLOPT_PROXY, options_.proxy);
  }
  bool set_method(request const& what, char const* method) noexcept {
    bool const safe = what.method() == "GET" || what.method() == "HEAD" || what.method() == "OPTIONS";
    if (!safe && !options_.reuse_if_unsafe && !set(CURLOPT_FRESH_CONNECT, 1L)) return false;
    if (what.method() == "HEAD") return set(CURLOPT_NOBODY, 1L);
    bool const with_body = !what.body.empty() || what.method() == "POST" || what.method() == "PUT" || what.method() == "PATCH";
    if (with_body && !(set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what.body.size())) && set(CURLOPT_POSTFIELDS, what.body.empty() ? "" : what.body.reveal().data()))) return false;
    return set(CURLOPT_CUSTOMREQUEST, method);
  }
  // What the request says and nothing that libcurl would add of its own.
  static bool fill(curl_headers& headers, request const& what) {
    bool ok = true;
    for (std::string_view name : {"Accept", "Content-Type", "Expect", "User-Agent"}) ok = ok && headers.suppress(name);
    ok = ok && headers("Accept-Encoding", "identity");
    what.fields([&](std::string_view name, std::string_view value) { ok = ok && headers(name, value); });
    return ok;
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
      case CURLE_PROXY: return true;
      default: break;
    }
    long sent = 0;
    return curl_easy_getinfo(handle_, CURLINFO_REQUEST_SIZE, &sent) == CURLE_OK && sent == 0;
  }

  static std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) noexcept {
    auto& answer = *static_cast<incoming*>(to);
    if (count > answer.max_body - answer.body.size()) {
      answer.too_large = answer.in_body = true;
      return 0;  // ends the transfer
    }
    answer.body.append({bytes, count});
    return answer.body.ok() ? count : 0;
  }
  static std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* to) noexcept {
    auto& answer = *static_cast<incoming*>(to);
    std::string_view line(bytes, count);
    answer.header_bytes += count;
    if (answer.header_bytes > answer.max_headers) {
      answer.too_large = true;
      return 0;
    }
    if (line.starts_with("HTTP/")) {  // of an interim response (1xx), or of the final one: the last head counts
      answer.head.clear();
      return count;
    }
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) return count;
    auto const blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    auto value = line.substr(colon + 1);
    while (!value.empty() && blank(value.front())) value.remove_prefix(1);
    while (!value.empty() && blank(value.back())) value.remove_suffix(1);
    answer.head.append(line.substr(0, colon), value);
    return answer.head.ok() ? count : 0;
  }

  curl_options options_;
  CURL* handle_;
};

static_assert(transport<curl_transport>);

}  // namespace countersign::inline v0
