#pragma once
// Boost.Asio and Boost.Beast as a transport, with OpenSSL.

#include <countersign/adapt/detail/beast_http.hpp>
#include <countersign/adapt/detail/beast_tls.hpp>
#include <countersign/adapt/detail/beast_wire.hpp>
#include <countersign/adapt/detail/destination.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/text/origin.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How a `beast_transport` sends, and how a WebSocket is connected. Each field has a default.
struct beast_options {
  /// For the whole exchange, connecting included. A resolver keeps its own time.
  duration timeout = seconds(30);
  duration connect_timeout = seconds(10);
  /// Bytes of a response's body; one more is errc::too_large.
  std::size_t max_body = std::size_t{1} << 20;
  /// Bytes of its head, status line and interim responses included; one more is errc::too_large. A single
  /// header of more than 64 KiB is, whatever stands here.
  std::size_t max_headers = std::size_t{1} << 16;
  /// A file with PEM certificates; empty: the system's.
  owned_text ca_file = {};
  /// PEM files that servers are shown which ask for a certificate; empty: none. The key may stand in the certificate's file.
  owned_text certificate = {}, key = {};
  /// Of an encrypted key.
  secret passphrase = {};
  /// Set by another thread: what is under way ends within a second, as where its time is over. Borrowed.
  std::atomic<bool> const* called_off = nullptr;
};

namespace detail {

// The TLS context of one user, made when it is first needed: reading the system's certificates takes
// milliseconds.
class beast_dialer {
public:
  explicit beast_dialer(beast_options options) noexcept : options_(std::move(options)) {}

  [[nodiscard]] beast_options const& options() const noexcept { return options_; }
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> const& tls() const noexcept { return tls_; }

  [[nodiscard]] result<void> make_tls() {
    if (tls_ != nullptr) return {};
    auto made = beast_tls({options_.ca_file, options_.certificate, options_.key, options_.passphrase});
    if (!made) return made.error();
    tls_ = std::move(*made);
    return {};
  }
  /// Connects within its time; then the wire's deadline is that of the whole.
  [[nodiscard]] result<void> connect(beast_wire& wire, request const& what, origin const& to) {
    if (to.encrypted())
      if (auto ok = make_tls(); !ok) return ok;
    auto const whole = beast_time_after(options_.timeout);
    auto const connected = beast_time_after(options_.connect_timeout);
    wire.give_up_at(connected < whole ? connected : whole);
    wire.give_up_when(options_.called_off);
    destination judge(what);
    auto ok = wire.connect(to, to.encrypted() ? tls_.get() : nullptr, judge);
    wire.give_up_at(whole);
    return ok;
  }

private:
  beast_options options_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
};

// Nothing of Boost's or std's is thrown across here: an allocation, or a system without sockets.
template <class Answer, class Job>
[[nodiscard]] Answer without_throwing(Job&& job) noexcept {
  try {
    return job();
  } catch (std::bad_alloc const&) {
    return error(errc::no_memory, "out of memory");
  } catch (std::length_error const&) {
    return error(errc::too_large,
                 "the response holds a header of more than 64 KiB, which Beast does not take");
  } catch (std::exception const&) {
    return error(errc::fatal, "the system has no socket or no TLS for it");
  }
}

}  // namespace detail

/// Sends the toolkit's requests with Boost.Asio: `result<response> operator()(request const&)`. http and
/// https only; follows no redirect, decodes nothing, knows no proxy, sends no header but the request's and
/// Host, Connection: close, Accept-Encoding: identity and Content-Length; keeps path and query as they are. A
/// connection for each request, which therefore is never sent twice. Servers must show a certificate for the
/// host's name. One thread at a time: give each thread its own. Needs exceptions in the language, for Boost;
/// none escapes.
///
/// Errors: not_sent where no byte of the request left, else unanswered; insecure where a stranger's URL leads further in
/// than he is himself (`request::named_by`); too_large beyond the caps;
/// bad_input for a URL and bad_field for a header that can't be sent. The text names method and origin.
class beast_transport {
public:
  beast_transport() : beast_transport(beast_options()) {}
  explicit beast_transport(beast_options options) noexcept : dialer_(std::move(options)) {}

  [[nodiscard]] result<response> operator()(request const& what) {
    auto const to = origin_of(what.url());
    if (!to) return to.error().within("beast: ");
    if (!is_token(what.method()))
      return error{errc::bad_input, "beast: the method is no token (RFC 9110 §9.1)"};
    auto got = detail::without_throwing<result<response>>([&] { return exchange(what, *to); });
    if (!got) return got.error().within("beast: ", what.method(), " ", to->view(), ": ");
    return got;
  }

private:
  result<response> exchange(request const& what, origin const& to) {
    if (to.scheme() != "http" && to.scheme() != "https")
      return error(errc::bad_input, "expected an http or https URL");
    if (auto ok = detail::check_sendable(what); !ok) return ok.error();
    boost::asio::io_context loop(1);
    detail::beast_wire wire(loop);
    if (auto ok = dialer_.connect(wire, what, to); !ok) return ok.error();
    secret rest;
    return detail::converse(wire, what, to, {dialer_.options().max_headers, dialer_.options().max_body},
                            rest);
  }

  detail::beast_dialer dialer_;
};

static_assert(transport<beast_transport>);

}  // namespace countersign::inline v0
