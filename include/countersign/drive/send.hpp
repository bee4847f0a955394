#pragma once
// Sends a request with its credential, on the calling thread.

#include <countersign/core/exchange.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/os/parking.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
// What the caller gets: the last response, or the error that says most: the transport's own words, the person's, ours.
template <class Response>
result<Response> judge_ended(result<void> const& ended, result<Response>&& last, error const& unheard) {
  if (ended) return std::move(last);
  auto const code = ended.error().code();
  bool const lost_call = code == errc::not_sent || code == errc::unanswered;
  if (lost_call && !last && last.error().code() != errc::abandoned) return std::move(last);
  if (code == errc::needs_person && unheard.code() != errc::none) return unheard;
  return ended.error();
}
}  // namespace detail

/// Sends `request` with its credential, and again where a renewal or a step-up helps. Blocks; uses no thread but the
/// caller's. Every attempt starts from a copy of `request`, which stays as it is.
///
/// The response is returned whatever its status, but for a 401 that the authenticator could not answer: that is
/// errc::rejected, and `refused`, if given, receives the response itself. A failure of the transport is returned as the
/// transport told it. What the transport throws passes through; nothing is lost by it.
/// @param http a callable `result<Response>(Request const&)`; for a source that asks servers it also takes
///        `countersign::request` and gives `result<countersign::response>`. It follows no redirects.
/// @param asked who answers where a person must sign in
template <class Authenticator, any_request Request, class Http, person Person = nobody>
[[nodiscard]] auto send(Authenticator& auth, Request const& request, Http&& http, Person&& asked = {}, std::type_identity_t<response_of<Http, Request>>* refused = nullptr)
    -> result<response_of<Http, Request>> {
  using reply = response_of<Http, Request>;
  static_assert(any_response<reply>, "countersign: the transport's response shows no head: give it status() and fields(f), or specialise response_traits for it");
  static_assert(Authenticator::local || transport<std::remove_reference_t<Http>>, "countersign: this source has to ask a server for its credential, so the transport must also take countersign::request and give result<countersign::response>");

  context const& outside = auth.outside();
  parking place;
  error unheard;
  auto talk = auth.begin(request);
  talk.wake_with(place);
  result<reply> last = error{errc::abandoned, "nothing was sent"};
  while (talk.wants() != want::done) {
    if (detail::drive_step(talk, http, asked, place, outside, unheard)) continue;
    Request attempt = request;
    if (!talk.write(sink_of(attempt))) break;
    last = http(std::as_const(attempt));
    if (last) talk.heard(detail::head_of(*last), outside.now());
    else talk.fail(detail::how_lost(last.error()), outside.now());
  }
  auto const ended = std::move(talk).outcome();
  if (!ended && refused != nullptr && last) *refused = std::move(*last);
  return detail::judge_ended(ended, std::move(last), unheard);
}

/// Without a transport there is nothing to send with.
template <class Authenticator, any_request Request>
auto send(Authenticator&, Request const&) {
  static_assert(Authenticator::local && !Authenticator::local, "countersign: send() needs a transport: a callable result<Response>(Request const&) that sends the request, such as countersign::curl_transport");
  return result<response>(error{errc::fatal});
}
/// What is no request, or no transport, is told in a sentence.
template <class Authenticator, class Request, class Http, class... More>
  requires(!any_request<Request> || !sends<std::remove_reference_t<Http>, Request>)
auto send(Authenticator&, Request const&, Http&&, More&&...) {
  static_assert(any_request<Request>, "countersign: this is no request that can be written: give it method(), origin(), target(), fields(f) and operator()(name, value), or specialise request_traits for it");
  static_assert(!any_request<Request> || sends<std::remove_reference_t<Http>, Request>, "countersign: the transport must be a callable result<Response>(Request const&) for the request that is sent");
  return result<response>(error{errc::fatal});
}

}  // namespace countersign::inline v0
