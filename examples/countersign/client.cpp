#include "client.hpp"

#include <countersign/core/field.hpp>

#include <utility>

namespace cs = countersign;

namespace program {

heard_back heard_of(cs::response const& answer) {
  heard_back told{answer.status(), ""};
  answer.headers.each([&](std::string_view name, std::string_view value) {
    if (cs::equal_without_case(name, "WWW-Authenticate"))
      told.challenge.append(told.challenge.empty() ? "" : ", ").append(value);
  });
  return told;
}

cs::result<cs::response> client::send(cs::request const& request) {
  heard_ = {};
  auto const noted = [&](cs::request const& attempt) {
    auto answer = http_(attempt);
    // Others are asked for the credential.
    if (attempt.url() == url_) heard_ = answer ? heard_of(*answer) : heard_back();
    return answer;
  };
  return send_by(auth_, request, noted);
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
  if (other_) return other_(auth_, url_, method, params, heard_);
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
  if (auto const heard = heard_; !session->id.empty()) {
    static_cast<void>(send(cs::mcp::with_session::close(url_, *session)));
    heard_ = heard;
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
