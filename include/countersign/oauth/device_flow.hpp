#pragma once
// Somebody signs in on another device, with a code that is shown here (RFC 8628): for programs that no browser can come
// back to.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/oauth/device_authorization.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/oauth/token_response.hpp>
#include <countersign/text/json.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

/// An exchange: the codes are asked for. Asking twice does no harm: codes that nobody saw expire. Errors as of
/// `token_call` and `read_device_authorization`.
class device_call : public client_call {
public:
  /// @param outside outlives the call
  device_call(token_service who, owned_text endpoint, device_asks const& asks, context const& outside,
              clocks now)
      : client_call({"device authorization endpoint", false},
                    std::move(who),  // RFC 9449 knows no proof there
                    std::move(endpoint), asks.body(), {}, outside, now) {}

  [[nodiscard]] result<device_authorization> outcome() && {
    return read_with<device_authorization>(
        [](response answer, wall_time) { return read_device_authorization(std::move(answer)); });
  }
};

/// What the token endpoint says while somebody is at it.
struct device_answer {
  enum class kind : std::uint8_t { given, pending, too_fast };
  kind what = kind::pending;
  token_response token = {};  ///< given
  dpop_nonces nonces = {};    ///< as learned so far
};

/// Both ways of saying "not yet" are answers (§3.5). errc::rejected: whoever was asked said no; needs_person: the codes
/// are good for nothing any more; else as of `read_token_response`.
[[nodiscard]] inline result<device_answer> read_device_answer(response answer, wall_time now) {
  bool const given = answer.status() >= 200 && answer.status() < 300;
  if (answer.body.size() <= max_token_response) {
    auto const said = json_document::parse(secret(answer.body));  // a copy: the answer is still to be read
    // Some servers say it with a 200.
    auto const code = said && said->root().is_object() && answer.status() < 500 ? (*said)["error"].string()
                                                                                : std::string_view();
    if (code == "authorization_pending") return device_answer{};
    if (code == "slow_down") return device_answer{.what = device_answer::kind::too_fast};
    if (code == "access_denied")
      return error{errc::rejected, "oauth: whoever was shown the code did not let us in (access_denied)"};
    if (code == "expired_token")
      return error{errc::needs_person, "oauth: nobody entered the code before it expired; sign in again"};
  }
  auto got = read_token_response(std::move(answer), now);
  if (got) return device_answer{device_answer::kind::given, std::move(*got), {}};
  // The code is used up, and what it gave can't be read.
  if (given && got.error().code() == errc::unanswered)
    return error{errc::needs_person, got.error().message(), "; sign in again"};
  return got.error();
}

/// An exchange: one question at the token endpoint.
class device_poll : public client_call {
public:
  /// @param known of the question before
  device_poll(token_service who, form body, call_rules const& rules, context const& outside, clocks now,
              dpop_nonces known)
      : client_call({"token endpoint", true}, who, who.endpoint, std::move(body), rules, outside, now,
                    std::move(known)) {}

  [[nodiscard]] result<device_answer> outcome() && {
    auto got = read_with(read_device_answer);
    if (got) got->nonces = take_nonces();
    return got;
  }
};

/// So much less often is asked after a slow_down (§3.5).
inline constexpr duration slower_by = seconds(5);
/// After an answer that did not come, or was none, the pause is twice as long as before, up to this.
inline constexpr duration longest_device_pause = seconds(60);

/// Shows a code (question::code), then asks for the token at the interval that the server names, until somebody has
/// entered it. The network may be gone for a while. Not longer than the codes are good.
///
/// Errors: errc::needs_person: nobody was shown the code, or entered it in time; rejected: they, or the server, said no;
/// fatal: the server has no such endpoint; else as of `device_call` and `read_device_answer`.
class device_flow : public nested_steps<device_flow, token_response, device_call, device_poll> {
public:
  /// @param server what its metadata says; copied as far as needed
  /// @param outside outlives the exchange, as does `nonces`
  device_flow(token_service who, server_metadata const& server, device_asks const& asks,
              context const& outside, clocks now, dpop_nonces* nonces = nullptr)
      : who_(std::move(who)), resource_(asks.resource), outside_(&outside), nonces_(nonces) {
    begin_at(now);
    begin(server.device_authorization_endpoint, asks);
  }

private:
  void begin(owned_text const& endpoint, device_asks const& asks) {
    if (!who_.endpoint.ok() || !who_.client.id.ok() || !who_.named_by.ok() || !resource_.ok())
      return give_up(error{errc::no_memory, "oauth: out of memory"});
    if (endpoint.empty())
      return give_up(error{errc::fatal,
                           "oauth: the authorization server gives no codes for other devices (it names no "
                           "device_authorization_endpoint); sign in in a browser"});
    run(device_call(who_, endpoint, asks, *outside_, now()), &device_flow::given);
  }
  void given() {
    auto got = outcome_of<device_call>();
    if (!got) return give_up(got.error());
    codes_ = std::move(*got);
    for (auto const page : {codes_.verification_uri.view(), codes_.verification_uri_complete.reveal()})
      if (!page.empty())
        if (auto ok = detail::check_verification(page, who_.named_by); !ok) return give_up(ok.error());
    interval_ = codes_.interval;
    end_ = now().boot + codes_.lifetime;
    question shown;
    shown.what = question::kind::code;
    shown.url.assign(codes_.verification_uri);
    shown.user_code = codes_.user_code;
    shown.url_of_code = codes_.verification_uri_complete;
    if (!shown.url.ok() || !shown.user_code.ok() || !shown.url_of_code.ok())
      return give_up(error{errc::no_memory, "oauth: out of memory"});
    ask(std::move(shown), &device_flow::shown);
  }
  void shown() {
    if (said().empty())
      return give_up(
          error{errc::needs_person, "oauth: somebody must sign in, and there is nobody to show a code to"});
    pause();
  }
  void pause() {
    auto const next = now().boot + interval_;
    wait(next < end_ ? next : end_, &device_flow::poll);
  }
  void poll() {
    if (now().boot >= end_)
      return give_up(
          error{errc::needs_person, "oauth: nobody entered the code before it expired; sign in again"});
    device_code_grant const grant{.device_code = codes_.device_code.reveal(), .resource = resource_};
    run(device_poll(who_, grant.body(), {.max_tries = 1, .nonces = nonces_}, *outside_, now(),
                    std::move(learned_)),
        &device_flow::polled);
  }
  void polled() {
    auto got = outcome_of<device_poll>();
    if (!got) {
      auto const code = got.error().code();
      if (code != errc::transient && code != errc::unanswered) return give_up(got.error());
      outside_->trace({"again", "device code", got.error().message()});
      auto const twice = duration(interval_.ms * 2);
      if (interval_ < longest_device_pause)
        interval_ = twice < longest_device_pause ? twice : longest_device_pause;
      return pause();
    }
    learned_ = std::move(got->nonces);
    if (got->what == device_answer::kind::given) return finish(std::move(got->token));
    if (got->what == device_answer::kind::too_fast) interval_.ms += slower_by.ms;
    pause();
  }

  token_service who_;
  owned_text resource_;
  context const* outside_;
  dpop_nonces* nonces_;
  dpop_nonces learned_;
  device_authorization codes_;
  duration interval_ = usual_device_interval;
  boot_time end_;
};

}  // namespace countersign::inline v0::oauth
