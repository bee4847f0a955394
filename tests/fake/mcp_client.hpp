#pragma once
// An MCP client of few words: requests with a credential, on either wire, and the answers to them.

#include <countersign/adapt/curl.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>
#include <countersign/drive/send.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/wire.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace fake {

namespace cs = countersign;

inline constexpr cs::mcp::client_info ourselves{"countersign-test", "1"};

/// Refers to all that it is given. Without `open_session` it speaks as of 2026-07-28.
template <class Authenticator, class Person>
class mcp_client {
public:
  mcp_client(Authenticator& auth, std::string_view url, Person& person)
      : auth_(auth), person_(person), url_(url) {}

  cs::result<cs::mcp::reply> call(std::string_view method, cs::json_value params = {}) {
    auto const id = ++last_id_;
    return reply_to(in_session_ ? cs::mcp::with_session::call(url_, session_, id, method, params)
                                : cs::mcp::without_session::call(url_, id, method, params, ourselves));
  }

  cs::result<void> open_session() {
    auto const id = ++last_id_;
    auto answer = send(cs::mcp::with_session::initialize(url_, id, ourselves));
    if (!answer) return answer.error();
    cs::secret const session_id(answer->headers.get("Mcp-Session-Id").value_or(""));
    auto const greeting = cs::mcp::read_reply(std::move(*answer), id);
    if (!greeting) return greeting.error();
    auto session = cs::mcp::with_session::read_initialize(*greeting, session_id.reveal());
    if (!session) return session.error();
    session_ = std::move(*session);
    in_session_ = true;
    auto const heard = send(cs::mcp::with_session::initialized(url_, session_));
    if (!heard) return heard.error();
    if (heard->status() / 100 == 2) return {};
    return cs::error{cs::errc::fatal, "initialized: the server answered HTTP ", heard->status()};
  }

private:
  cs::result<cs::response> send(cs::result<cs::request> const& request) {
    if (!request) return request.error();
    return cs::send(auth_, *request, http_, person_);
  }
  cs::result<cs::mcp::reply> reply_to(cs::result<cs::request> const& request) {
    auto answer = send(request);
    if (!answer) return answer.error();
    auto reply = cs::mcp::read_reply(std::move(*answer), last_id_);
    if (reply && reply->error()) return cs::error{cs::errc::fatal, "the server answered a JSON-RPC error"};
    return reply;
  }

  Authenticator& auth_;
  Person& person_;
  std::string_view url_;
  cs::curl_transport http_;
  cs::mcp::session session_;
  bool in_session_ = false;
  std::int64_t last_id_ = 0;
};

}  // namespace fake
