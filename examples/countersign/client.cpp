#include "client.hpp"

#include <countersign/drive/send.hpp>

#include <utility>

namespace cs = countersign;

namespace program {

cs::result<cs::response> client::send(cs::request const& request) {
  status_ = 0;
  auto counted = [&](cs::request const& attempt) {
    auto answer = http_(attempt);
    if (answer) status_ = answer->status();
    return answer;
  };
  return cs::send(auth_, request, counted);
}

cs::result<cs::mcp::reply> client::call_within(cs::mcp::session const& session, std::string_view method,
                                               cs::json_value params) {
  auto const ready = cs::mcp::with_session::initialized(url_, session);
  if (!ready) return ready.error();
  auto const heard = send(*ready);
  if (!heard) return heard.error();
  if (heard->status() / 100 != 2)
    return cs::error{cs::errc::fatal, "initialized: the server answered HTTP ", heard->status()};

  auto const request = cs::mcp::with_session::call(url_, session, 2, method, params);
  if (!request) return request.error();
  auto answer = send(*request);
  if (!answer) return answer.error();
  return cs::mcp::read_reply(std::move(*answer), 2);
}

cs::result<cs::mcp::reply> client::call_in_session(std::string_view method, cs::json_value params) {
  if (other_) return other_(auth_, url_, method, params, status_);
  auto const request = cs::mcp::with_session::initialize(url_, 1, ourselves);
  if (!request) return request.error();
  auto answer = send(*request);
  if (!answer) return answer.error();
  cs::secret const session_id(answer->headers.get("Mcp-Session-Id").value_or(""));
  auto greeting = cs::mcp::read_reply(std::move(*answer), 1);
  if (!greeting || greeting->error()) return greeting;
  auto const session = cs::mcp::with_session::read_initialize(*greeting, session_id.reveal());
  if (!session) return session.error();

  auto got = call_within(*session, method, params);
  // Whether the server heard it or not: the answer is there, and the session ends by itself some time.
  if (auto const status = status_; !session->id.empty()) {
    static_cast<void>(send(cs::mcp::with_session::close(url_, *session)));
    status_ = status;
  }
  return got;
}

cs::result<cs::mcp::reply> client::call_alone(std::string_view method, cs::json_value params) {
  if (other_) return cs::error{cs::errc::fatal, "--protocol 2026-07-28 is for http servers"};
  auto const request = cs::mcp::without_session::call(url_, 1, method, params, ourselves);
  if (!request) return request.error();
  auto answer = send(*request);
  if (!answer) return answer.error();
  return cs::mcp::read_reply(std::move(*answer), 1);
}

}  // namespace program
