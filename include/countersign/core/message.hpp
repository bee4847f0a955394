#pragma once
// The toolkit's own requests and responses: everything in them may hold a secret, so all of it is wiped.

#include <countersign/core/fields.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
// Length of `scheme://authority`; the whole when there is no "://".
constexpr std::size_t origin_size(std::string_view url) noexcept {
  auto const scheme = url.find("://");
  if (scheme == std::string_view::npos) return url.size();
  auto end = scheme + 3;  // by hand: find_first_of() calls a function for each byte
  while (end < url.size() && url[end] != '/' && url[end] != '?' && url[end] != '#') ++end;
  return end;
}
// Path and query without the fragment; "/" where there is neither (RFC 9112 §3.2.1).
constexpr std::string_view target_of(std::string_view url) noexcept {
  auto rest = url.substr(origin_size(url));
  rest = rest.substr(0, rest.find('#'));
  return rest.empty() ? std::string_view("/") : rest;
}
}  // namespace detail

/// A request that owns its bytes: a view and a sink at once. Copyable; copies are wiped like the original.
class request {
public:
  request() = default;
  /// @param url absolute; it is checked where it is used, by the authenticator or the transport
  explicit request(std::string_view method, std::string_view url, secret content = {}) noexcept
      : body(std::move(content)), method_(method), url_(url) {}

  secret body;
  /// False where `body` stands for something that can be sent once only.
  bool may_replay = true;
  /// The server whose word it is that the URL leads somewhere, where it was a stranger who chose it. A transport then connects
  /// to no address more private than that server's own (`reach_of_address`), and fails with errc::insecure. Empty: the user's.
  secret named_by;
  /// The client's certificate is meant for whoever it goes to (RFC 8705): a transport that keeps it for its own server shows it
  /// here too.
  bool with_certificate = false;

  [[nodiscard]] std::string_view method() const noexcept { return method_.reveal(); }
  [[nodiscard]] std::string_view url() const noexcept { return url_.reveal(); }
  [[nodiscard]] std::string_view origin() const noexcept { return url().substr(0, detail::origin_size(url())); }
  /// Path and query without the fragment; "/" where the URL has no path (RFC 9112 §3.2.1). An empty path before a
  /// query is the transport's to fill in, so it is shown as it stands.
  [[nodiscard]] std::string_view target() const noexcept { return detail::target_of(url()); }
  template <class Function>
  void fields(Function&& function) const {
    fields_.each(function);
  }
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept { return fields_.get(name); }
  [[nodiscard]] bool replayable() const noexcept { return may_replay; }

  /// Replaces every field of that name. False if there was no memory.
  bool set(std::string_view name, std::string_view value) noexcept { return fields_.set(name, value).ok(); }
  bool operator()(std::string_view name, std::string_view value) noexcept { return set(name, value); }

  /// False once an allocation has failed.
  [[nodiscard]] bool ok() const noexcept {
    return method_.ok() && url_.ok() && fields_.ok() && body.ok() && named_by.ok();
  }

private:
  secret method_, url_;
  class fields fields_;
};

// `body` is data here and a function in a view; a request is viewed through this.
template <>
struct request_traits<request> {
  class view_type {
  public:
    explicit view_type(request const& viewed) noexcept : request_(&viewed) {}
    [[nodiscard]] std::string_view method() const noexcept { return request_->method(); }
    [[nodiscard]] std::string_view url() const noexcept { return request_->url(); }
    [[nodiscard]] std::string_view origin() const noexcept { return request_->origin(); }
    [[nodiscard]] std::string_view target() const noexcept { return request_->target(); }
    [[nodiscard]] std::optional<std::string_view> body() const noexcept { return request_->body.reveal(); }
    [[nodiscard]] bool replayable() const noexcept { return request_->replayable(); }
    template <class Function>
    void fields(Function&& function) const {
      request_->fields(function);
    }

  private:
    request const* request_;
  };
  static view_type view(request const& viewed) noexcept { return view_type(viewed); }
  static request& sink(request& written) noexcept { return written; }
};

/// The answer to one of the toolkit's own requests, buffered under the transport's cap.
class response {
public:
  response() = default;
  explicit response(int status, secret content = {}) noexcept : body(std::move(content)), status_(status) {}

  class fields headers;
  secret body;

  [[nodiscard]] int status() const noexcept { return status_; }
  template <class Function>
  void fields(Function&& function) const {
    headers.each(function);
  }
  [[nodiscard]] bool ok() const noexcept { return headers.ok() && body.ok(); }

private:
  int status_ = 0;
};

}  // namespace countersign::inline v0
