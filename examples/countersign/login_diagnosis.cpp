#include "login_diagnosis.hpp"

#include "client.hpp"
#include "knock.hpp"
#include "signing_in.hpp"
#include "traced_http.hpp"

#include <countersign/inspect/login_problems.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/sign_in_entry.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace program {

using cs::mcp::problem;
using cs::mcp::problem_code;

login_diagnosis::login_diagnosis(options const& asked, cs::mcp::server const& server,
                                 cs::context const& outside)
    : asked_(asked), server_(server), outside_(outside), store_(outside, wants_login(server)),
      possible_(cs::mcp::may_sign_in(server)), stored_(cs::error{cs::errc::not_mine}) {
  auto const settings = login_settings(server, outside);
  auto url = cs::mcp::login_url(server, outside);
  possible_ = possible_ && settings && url;
  if (!possible_) return;
  url_ = std::move(*url);
  profile_ = cs::secret(settings->profile.view());
  stored_ = store_.load({profile_.reveal(), url_.reveal()});
}

problem login_diagnosis::with_line(problem one) const {
  one.fix = cs::owned_text("sign in: " + login_line(asked_, server_.name()));
  return one;
}

std::optional<problem> login_diagnosis::before() {
  if (!possible_) return std::nullopt;
  auto wrong = cs::mcp::login_problem(server_, stored_, outside_.now().wall);
  bool const signs_in =
      wrong && (wrong->code == problem_code::sign_in_needed || wrong->code == problem_code::login_expired);
  if (!signs_in) return wrong;

  // Signing in may be impossible, or needless.
  auto const settings = login_settings(server_, outside_);
  auto const url = cs::mcp::expanded_url(server_, outside_);
  if (!settings || !url) return std::nullopt;
  auto const http =
      traced_http(server_, *url, outside_, std::make_shared<sent_fields>());
  auto const question = first_request(server_, url->reveal());
  if (!question) return std::nullopt;
  auto const answer = send_first(server_, *question, http, outside_);
  if (!answer || is_open(*answer)) return std::nullopt;
  auto const found = discover(url_.reveal(), heard_of(*answer).challenge, *settings, http, outside_);
  if (!found) return cs::mcp::discovery_problem(server_, found.error());
  return with_line(std::move(*wrong));
}

std::optional<problem> login_diagnosis::after(probed const& found) {
  if (!possible_ || (found.answer && found.answer->status() != 401)) return std::nullopt;
  using cs::errc;
  auto const code = found.why.code();
  if (code == errc::none) return std::nullopt;
  if (found.trouble.code() != errc::none)
    return cs::mcp::login_problem(server_, cs::result<cs::login>(found.trouble), outside_.now().wall);
  auto const now = store_.load({profile_.reveal(), url_.reveal()});
  bool const forgotten = stored_ && now && !stored_->client.id.empty() && now->client.id.empty();
  if (code == errc::unknown_client || forgotten)
    return cs::mcp::discovery_problem(server_, cs::error{errc::unknown_client, found.why.message()});
  if (!found.sent && stored_)
    return problem{problem_code::unreachable, cs::owned_text(found.why.message()), cs::owned_text("oauth"),
                   cs::owned_text("the login could not be renewed: check the network, and try again later")};
  if (!found.answer) return std::nullopt;
  if (stored_ && code == errc::rejected) {
    if (now && now->generation != stored_->generation) return cs::mcp::loop_problem(server_, 401);
    return std::nullopt;
  }
  if (stored_ && code == errc::needs_person)
    return with_line(
        {problem_code::login_expired, cs::owned_text(found.why.message()), cs::owned_text("oauth"), {}});
  bool const named =
      bool(found.answer->headers.get("WWW-Authenticate").value_or("").find("resource_metadata") !=
           std::string_view::npos);
  if (code != errc::needs_person && code != errc::rejected && (stored_ || wants_login(server_) || named))
    return cs::mcp::discovery_problem(server_, found.why);
  return std::nullopt;
}

std::optional<problem> login_diagnosis::redirect() {
  if (!possible_ || !stored_) return std::nullopt;
  auto const host = redirect_host(server_, outside_);
  return host ? cs::mcp::redirect_problem(server_, *stored_, *host) : std::nullopt;
}

void login_diagnosis::add_scope(problem& to) const {
  if (!possible_ || !(stored_ || wants_login(server_))) return;
  // Of the server's words those that are harmless stand in the message.
  constexpr std::string_view mark = "asked for: ";
  auto const at = to.message.view().find(mark);
  auto const scope =
      at == std::string_view::npos ? std::string_view() : to.message.view().substr(at + mark.size());
  to.where = cs::owned_text("oauth.scopes");
  to.fix = cs::owned_text("sign in for it: " + login_line(asked_, server_.name(), scope));
}

}  // namespace program
