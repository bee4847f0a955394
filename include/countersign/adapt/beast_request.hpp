#pragma once
// Boost.Beast's messages as they are: a request is authorized in place, a response is judged by its head.

#include <countersign/core/head.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/text/origin.hpp>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <concepts>
#include <cstddef>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

namespace detail {

[[nodiscard]] inline std::string_view plain_text(boost::beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

template <class Body>
concept beast_shown_body = std::same_as<Body, boost::beast::http::empty_body> ||
    std::convertible_to<typename Body::value_type const&, std::string_view> ||
    std::convertible_to<typename Body::value_type const&, boost::beast::string_view>;

template <class Body, class Fields>
[[nodiscard]] std::string_view beast_bytes(boost::beast::http::request<Body, Fields> const& of) {
  if constexpr (std::same_as<Body, boost::beast::http::empty_body>) return {};
  else if constexpr (std::convertible_to<typename Body::value_type const&, std::string_view>)
    return of.body();
  else return plain_text(of.body());
}

template <class Fields, class Function>
void each_beast_field(Fields const& of, Function&& function) {
  for (auto const& one : of) function(plain_text(one.name_string()), plain_text(one.value()));
}

template <class Fields>
bool set_beast_field(Fields& to, std::string_view name, std::string_view value) noexcept {
  try {
    to.set(boost::beast::string_view(name.data(), name.size()),
           boost::beast::string_view(value.data(), value.size()));
    return true;
  } catch (std::exception const&) {
    return false;  // no memory, or longer than the 64 KiB that Beast takes
  }
}

// What of a message is the same wherever it goes.
template <class Body, class Fields>
class beast_view {
public:
  using message = boost::beast::http::request<Body, Fields>;
  explicit beast_view(message const& viewed) noexcept : message_(&viewed) {}

  [[nodiscard]] std::string_view method() const noexcept { return plain_text(message_->method_string()); }
  [[nodiscard]] std::string_view target() const noexcept { return plain_text(message_->target()); }
  [[nodiscard]] std::string_view body() const requires beast_shown_body<Body> {
    return beast_bytes(*message_);
  }
  template <class Function>
  void fields(Function&& function) const {
    each_beast_field(message_->base(), function);
  }

protected:
  message const* message_;
};

}  // namespace detail

/// A Beast request together with the origin it is sent to; view and sink of `authorize`:
///
///     auto call = countersign::sent_to(request, "https://api.example.com");
///     if (auto ok = api.authorize(call); !ok) …
///
/// Refers to both.
template <class Body, class Fields>
class beast_call : public detail::beast_view<Body, Fields> {
public:
  using message = boost::beast::http::request<Body, Fields>;
  beast_call(message& written, std::string_view origin) noexcept
      : detail::beast_view<Body, Fields>(written), written_(&written), origin_(origin) {}

  [[nodiscard]] std::string_view origin() const noexcept { return origin_; }
  bool operator()(std::string_view name, std::string_view value) const noexcept {
    return detail::set_beast_field(*written_, name, value);
  }

private:
  message* written_;
  std::string_view origin_;
};

/// @param origin of the server that the connection leads to: "https://host", "wss://host:port", or any URL
/// there
template <class Body, class Fields>
[[nodiscard]] beast_call<Body, Fields> sent_to(boost::beast::http::request<Body, Fields>& written,
                                               std::string_view origin) noexcept {
  return {written, origin};
}

/// A Beast request by itself. It says its host in the field Host, and nothing of TLS: so it is taken for
/// plain http, and a credential that is for https is not written. `sent_to` says where a request really goes.
///
/// Formatters that sign the body take requests whose body is a string (a view of one, or none).
template <class Body, class Fields>
struct request_traits<boost::beast::http::request<Body, Fields>> {
  using message = boost::beast::http::request<Body, Fields>;

  class view_type : public detail::beast_view<Body, Fields> {
  public:
    explicit view_type(message const& viewed) noexcept : detail::beast_view<Body, Fields>(viewed) {
      constexpr std::string_view scheme = "http://";
      auto const host = detail::plain_text(viewed[boost::beast::http::field::host]);
      if (host.empty() || host.size() > sizeof origin_ - scheme.size()) return;  // it has no origin
      if (viewed.count(boost::beast::http::field::host) != 1) return;  // RFC 9112 §3.2: a server refuses it
      std::memcpy(origin_, scheme.data(), scheme.size());
      std::memcpy(origin_ + scheme.size(), host.data(), host.size());
      size_ = scheme.size() + host.size();
    }
    [[nodiscard]] std::string_view origin() const noexcept { return {origin_, size_}; }

  private:
    char origin_[sizeof "http://" + max_host_size + sizeof ":65535"] = {};
    std::size_t size_ = 0;
  };
  class sink_type {
  public:
    explicit sink_type(message& written) noexcept : message_(&written) {}
    bool operator()(std::string_view name, std::string_view value) const noexcept {
      return detail::set_beast_field(*message_, name, value);
    }

  private:
    message* message_;
  };

  static view_type view(message const& viewed) noexcept { return view_type(viewed); }
  static sink_type sink(message& written) noexcept { return sink_type(written); }
};

template <class Body, class Fields>
struct response_traits<boost::beast::http::response<Body, Fields>> {
  using message = boost::beast::http::response<Body, Fields>;

  class view_type {
  public:
    explicit view_type(message const& viewed) noexcept : message_(&viewed) {}
    [[nodiscard]] int status() const noexcept { return static_cast<int>(message_->result_int()); }
    template <class Function>
    void fields(Function&& function) const {
      detail::each_beast_field(message_->base(), function);
    }

  private:
    message const* message_;
  };
  static view_type view(message const& viewed) noexcept { return view_type(viewed); }
};

}  // namespace countersign::inline v0
