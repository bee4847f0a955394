#pragma once
// Authorizes a request that somebody else sends.

#include <countersign/core/draft.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/drive/run.hpp>
#include <countersign/os/parking.hpp>

#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

/// Writes the credential on `request`, as `authorize` does, but asks servers and the person for it where it must. Blocks. The
/// request is not sent, so a refusal of it is not heard. Parameters as of `send`.
template <class Authenticator, any_request Request, class Http, person Person = nobody>
  requires transport<std::remove_reference_t<Http>>
[[nodiscard]] result<void> prepare(Authenticator& auth, Request& request, Http&& http, Person&& asked = {}) {
  parking place;
  error unheard;
  Request const untouched = request;
  auto talk = auth.begin(untouched);
  talk.wake_with(place);
  while (detail::drive_step(talk, http, asked, place, auth.outside(), unheard)) {}
  if (talk.wants() == want::call) return talk.write(sink_of(request));
  auto ended = std::move(talk).outcome();
  if (!ended && ended.error().code() == errc::needs_person && unheard.code() != errc::none) return unheard;
  return ended;
}

}  // namespace countersign::inline v0
