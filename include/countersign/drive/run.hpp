#pragma once
// Drives an exchange on the calling thread.

#include <countersign/core/context.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/os/parking.hpp>
#include <countersign/os/system.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

/// Answers `question`s: a callable `result<secret>(question const&)`. An error says that nobody answered.
template <class P>
concept person = requires(P& asked, question const& what) {
  { asked(what) } -> std::same_as<result<secret>>;
};

/// For programs that run alone: whoever needs a person is told that there is none.
struct nobody {
  result<secret> operator()(question const&) const { return error{errc::needs_person, "somebody must sign in, and this program can't ask"}; }
};

namespace detail {
// The errors of a transport say what is known; anything else may have been received.
inline lost how_lost(error const& why) noexcept {
  if (why.code() == errc::insecure) return lost::refused;
  bool const kept_back = why.code() == errc::not_sent || why.code() == errc::bad_input || why.code() == errc::bad_field;
  return kept_back ? lost::not_sent : lost::unanswered;
}

// One step that is no `call`: false where the exchange wants something else.
template <exchange E, class Http, person Person>
bool drive_step(E& talk, Http& http, Person& asked, parking& place, context const& outside, error& unheard) {
  switch (talk.wants()) {
    case want::send:
      if constexpr (transport<Http>) {
        if (auto answer = http(talk.pending())) talk.supply(std::move(*answer), outside.now());
        else talk.fail(how_lost(answer.error()), outside.now());
      }
      return true;
    case want::work:
      talk.perform();
      talk.resume(outside.now());
      return true;
    case want::wait:
      place.wait_until(talk.until(), outside);
      talk.resume(outside.now());
      return true;
    case want::person: {
      auto said = asked(talk.asks());
      if (!said) unheard = said.error();
      talk.arrive(said ? said->reveal() : std::string_view(), outside.now());
      return true;
    }
    case want::call:
    case want::done: return false;
  }
  return false;
}
}  // namespace detail

/// Brings an exchange to its end and gives its outcome: a sign-in before the first request, a sign-out. Blocks; uses no
/// thread but the caller's. What the person said in place of an answer is told rather than that nobody signed in.
/// @param talk not a conversation about a request of the user's: that one is `send`'s
/// @param http as of `send`
template <exchange E, class Http, person Person = nobody>
  requires(!call_exchange<E> && transport<std::remove_reference_t<Http>>)
[[nodiscard]] auto run(E talk, Http&& http, Person&& asked = {}, context const& outside = system_context) {
  parking place;
  error unheard;
  talk.wake_with(place);
  while (detail::drive_step(talk, http, asked, place, outside, unheard)) {}
  auto got = std::move(talk).outcome();
  if (!got && got.error().code() == errc::needs_person && unheard.code() != errc::none) got = unheard;
  return got;
}

}  // namespace countersign::inline v0
