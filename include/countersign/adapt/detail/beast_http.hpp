#pragma once
// One request and its answer over a connection: written from the request's own bytes, read by Beast's parser
// under caps.

#include <countersign/adapt/detail/beast_wire.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/text/origin.hpp>
#include <countersign/text/url.hpp>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

/// std::allocator that wipes what it gives back.
template <class T>
struct wiping_allocator {
  using value_type = T;
  wiping_allocator() = default;
  template <class U>
  wiping_allocator(wiping_allocator<U> const&) noexcept {}
  [[nodiscard]] T* allocate(std::size_t n) { return std::allocator<T>().allocate(n); }
  void deallocate(T* bytes, std::size_t n) noexcept {
    wipe(bytes, n * sizeof(T));
    std::allocator<T>().deallocate(bytes, n);
  }
  template <class U>
  friend bool operator==(wiping_allocator const&, wiping_allocator<U> const&) noexcept {
    return true;
  }
  template <class U>
  friend bool operator!=(wiping_allocator const&, wiping_allocator<U> const&) noexcept {
    return false;
  }
};

using beast_buffer = boost::beast::basic_flat_buffer<wiping_allocator<char>>;

/// A body in Beast's sense: the bytes of a response.
struct secret_body {
  using value_type = secret;

  class reader {
  public:
    template <bool IsRequest, class Fields>
    reader(boost::beast::http::header<IsRequest, Fields>&, secret& to) : to_(to) {}
    void init(boost::optional<std::uint64_t> const&, beast_error& why) { why = {}; }
    template <class Buffers>
    std::size_t put(Buffers const& pieces, beast_error& why) {
      std::size_t taken = 0;
      for (auto one = boost::asio::buffer_sequence_begin(pieces);
           one != boost::asio::buffer_sequence_end(pieces); ++one) {
        boost::asio::const_buffer const piece = *one;
        to_.append({static_cast<char const*>(piece.data()), piece.size()});
        taken += piece.size();
      }
      why = to_.ok() ? beast_error() : beast_error(boost::asio::error::no_memory);
      return taken;
    }
    void finish(beast_error& why) { why = {}; }

  private:
    secret& to_;
  };
};

struct beast_limits {
  std::size_t headers, body;
};

/// Why a request can't be sent as it is written; empty: it can.
[[nodiscard]] inline result<void> check_sendable(request const& what) {
  if (!what.ok()) return error(errc::no_memory, "out of memory");
  auto const parts = parse_url(what.url());
  if (!parts) return error(errc::bad_input, "the URL holds a byte that no URL may hold, or is too long");
  if (parts->has_userinfo) return error(errc::bad_input, "the URL holds a user; give it to an authenticator");
  for (auto part : {parts->host, parts->path, parts->query})
    for (char const c : part)
      if (static_cast<unsigned char>(c) >= 0x80)
        return error(errc::bad_input, "the URL holds a byte beyond ASCII; write it as %XX, a host as xn--…");
  // RFC 9112 §6: they say where the request ends. A false one would make a second request of its rest.
  if (what.get("Content-Length") || what.get("Transfer-Encoding"))
    return error(errc::bad_field,
                 "Content-Length and Transfer-Encoding are the transport's to write; leave them out");
  bool ok = true;
  what.fields([&](std::string_view name, std::string_view value) {
    ok = ok && is_token(name) && is_field_value(value);
  });
  if (!ok)
    return error(errc::bad_field,
                 "a header can't be sent: its name or value holds bytes that RFC 9110 does not allow");
  return {};
}

/// The head of a request: what it says, and what HTTP needs of one that is alone on its connection.
[[nodiscard]] inline secret head_for(request const& what, origin const& to) {
  secret head;
  auto const line = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  auto const target = what.target();
  head.append(what.method()).append(" ");
  if (target.starts_with('?')) head.append("/");  // RFC 9112 §3.2.1
  head.append(target).append(" HTTP/1.1\r\n");
  if (!what.get("Host")) line("Host", to.view().substr(to.scheme().size() + 3));
  if (!what.get("Accept-Encoding")) line("Accept-Encoding", "identity");
  if (!what.get("Connection")) line("Connection", "close");
  what.fields([&](std::string_view name, std::string_view value) { line(name, value); });
  // RFC 9110 §8.6: an empty body of a method that means to have one is told.
  auto const is = [&](std::string_view name) { return what.method() == name; };
  if (!what.body.empty() || is("POST") || is("PUT") || is("PATCH")) {
    char digits[24];
    std::size_t at = sizeof digits;
    auto rest = what.body.size();
    do digits[--at] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    line("Content-Length", {digits + at, sizeof digits - at});
  }
  head.append("\r\n");
  return head;
}

// The connection below whatever intercepts it.
struct raw_wire {
  beast_wire& wire;
  using executor_type = beast_wire::executor_type;
  [[nodiscard]] executor_type get_executor() noexcept { return wire.get_executor(); }
  template <class Buffers>
  std::size_t read_some(Buffers const& to, beast_error& why) {
    return wire.raw_read(to, why);
  }
  template <class Buffers>
  std::size_t read_some(Buffers const& to) {
    beast_error why;
    return read_some(to, why);
  }
  template <class Buffers>
  std::size_t write_some(Buffers const& from, beast_error& why) {
    return wire.raw_write(from, why);
  }
};

[[nodiscard]] inline error why_unread(beast_error const& why) {
  using boost::beast::http::error;
  using failure = class v0::error;
  if (why == error::header_limit || why == error::buffer_overflow)
    return failure(errc::too_large, "the response's headers are too large");
  if (why == error::body_limit) return failure(errc::too_large, "the response's body is too large");
  if (why == boost::asio::error::no_memory) return failure(errc::no_memory, "out of memory");
  if (why == boost::asio::error::timed_out) return failure(errc::unanswered, "no answer in time");
  if (why == error::end_of_stream)
    return failure(errc::unanswered, "the connection ended before an answer came");
  return failure(errc::unanswered, "the answer was lost: ", why.message());
}

/// Reads the final response; interim ones are passed over (RFC 9110 §15.2), but for a 101.
/// @param rest what came behind a 101
[[nodiscard]] inline result<response> read_response(raw_wire from, beast_limits most, bool to_head,
                                                    secret& rest) {
  namespace http = boost::beast::http;
  constexpr std::size_t slack = 64 * 1024;  // for chunks' sizes and trailers, and the reads' steps
  beast_buffer buffer(most.headers + slack);
  std::size_t seen = 0;
  for (;;) {
    http::response_parser<secret_body, wiping_allocator<char>> parser;
    parser.header_limit(
        static_cast<std::uint32_t>(most.headers < 0xffff'fff0 ? most.headers + 1 : 0xffff'fff0));
    parser.body_limit(most.body);
    parser.skip(to_head);
    beast_error why;
    seen += http::read_header(from, buffer, parser, why);
    if (why) return why_unread(why);
    if (seen > most.headers) return why_unread(http::error::header_limit);
    auto const status = static_cast<int>(parser.get().result_int());
    if (status / 100 == 1 && status != 101) continue;
    response got(status);
    // Before the body, behind which trailers would join them (RFC 9110 §6.5.1).
    for (auto const& one : parser.get().base())
      got.headers.append({one.name_string().data(), one.name_string().size()},
                         {one.value().data(), one.value().size()});
    if (status == 101) {
      rest.assign({static_cast<char const*>(buffer.data().data()), buffer.size()});
    } else {
      http::read(from, buffer, parser, why);
      if (why) return why_unread(why);
      got.body = std::move(parser.get().body());
    }
    if (!got.ok() || !rest.ok()) return error(errc::no_memory, "out of memory");
    return got;
  }
}

/// Sends the request and reads what it is answered with.
[[nodiscard]] inline result<response> converse(beast_wire& wire, request const& what, origin const& to,
                                               beast_limits most, secret& rest) {
  auto const head = head_for(what, to);
  if (!head.ok()) return error(errc::no_memory, "out of memory");
  auto const content = what.body.reveal();
  raw_wire through{wire};
  beast_error unsent;
  std::array<boost::asio::const_buffer, 2> const bytes{boost::asio::buffer(head.reveal().data(), head.size()),
                                                       boost::asio::buffer(content.data(), content.size())};
  boost::asio::write(through, bytes, unsent);
  if (unsent == boost::asio::error::timed_out)
    return error(errc::unanswered, "the request was not taken in time");
  // A server may refuse and hang up before it has read all: its answer is worth more than that.
  auto answer = read_response(through, most, what.method() == "HEAD", rest);
  if (!answer && unsent && answer.error().code() == errc::unanswered)
    return error(errc::unanswered, "the request was not taken: ", unsent.message());
  return answer;
}

}  // namespace countersign::inline v0::detail
