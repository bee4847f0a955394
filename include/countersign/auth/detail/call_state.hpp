#pragma once
// What the conversations have in common: the user's request on its way, and how it ended.

#include <countersign/auth/detail/viewed.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/refresh_strategy.hpp>

#include <string_view>

namespace countersign::inline v0 {

/// How often one request is written anew because the credential it carried was renewed by others meanwhile.
inline constexpr unsigned max_overtaken = 4;
/// How long a caller waits for another caller's renewal, unless the strategy has a `patience`.
inline constexpr duration default_patience = seconds(60);

/// What `authenticator::begin` gives: an exchange about one request. It refers to the authenticator and to the request.
/// Its outcome is `result<void>`: whether the last response may be handed to the user. errc::rejected: a 401 that
/// could not be answered; wrong_origin and insecure: nothing was sent; or the source's own failure.
template <class State, class Request>
class conversation;

namespace detail {

template <class B>
error refused(B const& origins, std::string_view advice) {
  return {errc::rejected, origins.shown(), " answered 401 to this credential; ", advice};
}

template <class Request>
class call_state {
public:
  [[nodiscard]] result<void> outcome() && {
    if (want_ != want::done) return error{errc::abandoned, "the conversation was left before its end"};
    return outcome_;
  }

protected:
  explicit call_state(Request const& request) : request_(request) {}
  void call() noexcept { want_ = want::call; }
  void finish() noexcept { want_ = want::done; }
  void give_up(error const& why) noexcept {
    outcome_ = why;
    want_ = want::done;
  }
  void lost_call(lost how) noexcept {
    give_up(how != lost::unanswered
                ? error{errc::not_sent, "the transport could not send the request"}
                : error{errc::unanswered, "the transport brought no answer to the request"});
  }
  [[nodiscard]] auto const& view() const noexcept { return request_.view(); }
  [[nodiscard]] bool replayable() const { return is_replayable(view()); }

  viewed<Request> request_;
  want want_ = want::done;
  stamp sent_ = 0;
  unsigned learned_ = 0;
  tries tries_;
  result<void> outcome_;  // a success until `give_up`, so that the hot path writes no text
};

inline constexpr std::string_view not_renewable = "it can't be renewed here: check that it is current and meant for this server";
inline constexpr std::string_view learned_in_vain = "it asks for a nonce, also of a request that carries its newest one";
// What becomes of a request whose formatter has learned, and may not or can not try again.
template <class F, class B>
[[gnu::cold]] error learned_no_more(heard told, F const& formatter, response_head const& head, B const& origins) {
  auto const usual = refused(origins, learned_in_vain);
  return told == heard::try_again ? usual : refusal(formatter, head, origins.shown(), usual);
}

inline constexpr std::string_view not_replayable = "its body can be sent once only, so it was not tried again";

}  // namespace detail

}  // namespace countersign::inline v0
