#include "diagnosis.hpp"

#include "login_diagnosis.hpp"
#include "probe.hpp"
#include "stdio_client.hpp"

#include <countersign/adapt/openssl_key_reader.hpp>
#include <countersign/inspect/diagnose.hpp>
#include <countersign/inspect/local_problems.hpp>
#include <countersign/inspect/login_problems.hpp>
#include <countersign/mcp/reply.hpp>
#include <countersign/mcp/wire.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

using cs::mcp::problem;
using cs::mcp::problem_code;
using cs::mcp::server_type;

problem not_mcp(std::string_view what, std::string_view where) {
  return {problem_code::not_mcp, cs::owned_text(what), cs::owned_text(where),
          cs::owned_text("check \"type\" and \"url\": often the path is /mcp or /sse")};
}

// Of an answer that refuses nothing.
std::optional<problem> wrong_answer(cs::mcp::server const& server, cs::response answer) {
  if (server.type() == server_type::ws)
    return not_mcp("the server answered the WebSocket handshake with a page", "url");
  if (server.type() == server_type::sse) {
    auto const type = answer.headers.get("Content-Type").value_or("");
    if (type.starts_with("text/event-stream")) return std::nullopt;
    return not_mcp("the server answered with something else than an event stream", "url");
  }
  auto const reply = cs::mcp::read_reply(std::move(answer), 1);
  if (!reply || reply->error() || !cs::mcp::with_session::read_initialize(*reply, ""))
    return not_mcp("the server answered initialize with something else than MCP", "url");
  return std::nullopt;
}

// What stands behind the mark: whom it is about is said already.
std::string_view behind(std::string_view text, std::string_view mark) {
  auto const at = text.find(mark);
  return at == std::string_view::npos ? text : text.substr(at + mark.size());
}

std::optional<problem> judge(cs::mcp::server const& server, probed const& found, cs::context const& world) {
  if (!found.answer) {
    auto wrong = cs::mcp::diagnose(server, found.why);
    if (found.sent || !server.headers_command()) return wrong;
    wrong.code = problem_code::helper_failed;
    wrong.message = cs::owned_text(behind(found.why.message(), "headersHelper: "));
    wrong.where = cs::owned_text("headersHelper");
    wrong.fix = cs::owned_text(
        "run it by hand: it must print one JSON object of strings, {\"Authorization\": \"Bearer …\"}");
    return wrong;
  }
  if (server.type() == server_type::ws && found.answer->status() == 101) return std::nullopt;
  auto refused =
      cs::mcp::diagnose(server, found.fields, *found.answer, found.answer->body.reveal(), world.now().wall);
  return refused ? refused : wrong_answer(server, *found.answer);
}

std::optional<problem> start(cs::mcp::server const& server, cs::context const& world) {
  auto const fix = "run it by hand: countersign exec " + std::string(server.name());
  auto const reply = call_over_stdio(server, "ping", {}, world);
  if (reply) return std::nullopt;  // an error too: `initialize` was answered
  bool const garbage = reply.error().code() == cs::errc::bad_input;
  return problem{garbage ? problem_code::not_mcp : problem_code::unreachable,
                 cs::owned_text(reply.error().message()), cs::owned_text("command"), cs::owned_text(fix)};
}

// Of one request with what the entry gives, and with the login where there is one.
std::optional<problem> ask(options const& asked, cs::mcp::server const& server, cs::context const& world,
                           cs::mcp::config_owner owner, std::vector<problem>& beside) {
  login_diagnosis login(asked, server, world);
  if (auto wrong = login.before()) return wrong;
  auto const found = probe(server, world, owner);
  auto wrong = login.after(found);
  if (!wrong) wrong = judge(server, found, world);
  if (wrong && wrong->code == problem_code::scope_missing) login.add_scope(*wrong);
  auto redirect = login.redirect();
  if (!wrong && redirect && redirect->certain) return redirect;
  if (!wrong) return wrong;
  if (redirect) beside.push_back(std::move(*redirect));
  if (auto also = found.answer ? cs::mcp::clock_problem(*found.answer, world.now().wall) : std::nullopt)
    beside.push_back(std::move(*also));
  return wrong;
}

}  // namespace

std::vector<problem> problems_of(options const& asked, cs::mcp::server const& server,
                                 cs::context const& world, cs::mcp::config_owner owner) {
  std::vector<problem> all;
  bool certain = false;
  cs::mcp::each_local_problem(server, world, [&](problem const& one) {
    certain = certain || one.certain;
    all.push_back(one);
  }, cs::openssl_key_reader);
  if (certain) return all;
  std::vector<problem> beside;
  auto told = server.is_stdio() ? start(server, world) : ask(asked, server, world, owner, beside);
  if (!told) return {};  // what was not certain has shown to be no problem
  auto const same = [&](problem const& one) { return one.code == told->code; };
  all.erase(std::remove_if(all.begin(), all.end(), same), all.end());
  all.insert(all.begin(), std::move(*told));
  all.insert(all.end(), beside.begin(), beside.end());
  return all;
}

}  // namespace program
