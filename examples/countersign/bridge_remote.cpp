#include "bridge_remote.hpp"

#include "bridge_message.hpp"
#include "client.hpp"
#include "traced_http.hpp"
#include "ws_connect.hpp"

#include <countersign/mcp/challenged.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/text/challenge.hpp>
#include <countersign/text/origin.hpp>

#include <utility>

namespace cs = countersign;

namespace program {

bridge_remote::bridge_remote(cs::mcp::server const& server, options const& asked, cs::context const& outside,
                             cs::mcp::config_owner owner)
    : server_(server), asked_(asked), outside_(outside), store_(outside, wants_login(server)), owner_(owner) {
}

cs::result<void> bridge_remote::read_credential() {
  auto const version = version_of_env_file();
  auto auth = open_server(server_, store_, outside_, owner_);
  if (!auth) return auth.error();
  auth_ = std::make_shared<server_auth>(std::move(*auth));
  env_version_ = version;
  return {};
}

std::shared_ptr<server_auth> bridge_remote::credential() {
  std::lock_guard const guard(lock_);
  return auth_;
}

std::uint64_t bridge_remote::version_of_env_file() const {
  if (server_.env_file().empty()) return 0;
  auto const named = cs::mcp::expand_strictly(server_.env_file(), outside_);
  auto const state =
      named ? outside_.state_of_file(cs::mcp::path_of(server_, named->reveal()).reveal()) : named.error();
  return state ? state->version : 0;
}

bool bridge_remote::reads_anew(std::shared_ptr<server_auth> const& refused) {
  std::lock_guard const guard(lock_);
  if (auth_ != refused) return true;  // another thread has read it
  return version_of_env_file() != env_version_ && read_credential();
}

template <class Job>
auto bridge_remote::with_credential(Job&& job, cs::response const& refused) {
  auto const first = credential();
  auto got = job(*first);
  if (!got && refused.status() == 401 && reads_anew(first)) got = job(*credential());
  return got;
}

cs::result<std::unique_ptr<bridge_remote>> bridge_remote::open(cs::mcp::server const& server,
                                                               options const& asked,
                                                               cs::context const& outside,
                                                               cs::mcp::config_owner owner) {
  std::unique_ptr<bridge_remote> made(new bridge_remote(server, asked, outside, owner));
  if (auto ok = made->read_credential(); !ok) return ok.error();
  auto url = cs::mcp::expanded_url(server, outside);
  if (!url) return url.error();
  made->url_ = std::move(*url);
  auto tls = cs::mcp::tls_files_of(server, outside);
  if (!tls) return tls.error();
  made->tls_ = std::move(*tls);
  return made;
}

std::unique_ptr<bridge_remote::wires> bridge_remote::borrow() {
  std::lock_guard const guard(lock_);
  if (!free_.empty()) {
    auto one = std::move(free_.back());
    free_.pop_back();
    return one;
  }
  // A call may take as long as it likes, and an event stream has no end.
  cs::curl_options how{.timeout = {}, .max_body = max_message};
  return std::make_unique<wires>(wires{cs::curl_transport(tls_options(tls_, url(), std::move(how))),
                                       cs::curl_transport(tls_options(tls_, url(), {}))});
}

void bridge_remote::give_back(std::unique_ptr<wires> with) {
  std::lock_guard const guard(lock_);
  free_.push_back(std::move(with));
}

cs::result<cs::response> bridge_remote::pass(cs::request const& one, wires& with, cs::curl_listener* by,
                                             std::string_view shown) {
  outside_.trace({"sends", one.method(), shown});
  one.fields([&](std::string_view name, std::string_view) { outside_.trace({"header", name, "***"}); });
  auto answer = by != nullptr ? with.own(one, by) : with.others(one);
  outside_.trace(
      {"answered", answer ? std::to_string(answer->status()) : cs::name(answer.error().code()), ""});
  return answer;
}

std::string bridge_remote::shown(std::string_view url, bool own) const {
  if (own && !cs::mcp::names_variable(server_.url())) return std::string(server_.url());
  auto const where = cs::origin_of(url);
  return own || !where ? std::string() : std::string(where->view());
}

cs::result<cs::response> bridge_remote::send(cs::request const& what, cs::curl_listener& by,
                                             cs::response& refused) {
  auto with = borrow();
  auto const http = [&](cs::request const& one) {
    bool const own = one.url() == what.url() && one.method() == what.method();
    return pass(one, *with, own ? &by : nullptr, shown(one.url(), own));
  };
  auto got = with_credential([&](server_auth& auth) { return send_by(auth, what, http, &refused); }, refused);
  give_back(std::move(with));
  return got;
}

cs::result<cs::websocket_connection> bridge_remote::connect(std::atomic<bool> const& called_off,
                                                            cs::response& refused) {
  auto with = borrow();
  auto const http = [&](cs::request const& one) {
    return pass(one, *with, nullptr, shown(one.url(), false));
  };
  auto const connect = [&](server_auth& auth) {
    auto how = ws_options(tls_, patience() > 0 ? cs::milliseconds(patience()) : cs::seconds(30), max_message);
    how.http.called_off = &called_off;
    return ws_connect(auth, url(), std::move(how), http, refused);
  };
  outside_.trace({"sends", "GET", shown(url(), true)});
  auto socket = with_credential(connect, refused);
  int const status = socket ? 101 : refused.status();
  outside_.trace({"answered", status != 0 ? std::to_string(status) : cs::name(socket.error().code()), ""});
  give_back(std::move(with));
  // Who has not the right is not helped by signing in, unless the server says so.
  if (!socket && status == 403 && socket.error().code() == cs::errc::rejected)
    return cs::error{cs::errc::fatal, "the server answered HTTP 403 to the handshake"};
  return socket;
}

bool bridge_remote::can_sign_in(cs::response const& refused) const {
  if (!cs::mcp::may_sign_in(server_)) return false;
  if (wants_login(server_) || refused.status() != 401) return true;
  auto const all = cs::challenges::parse(heard_of(refused).challenge);
  bool const offers = all && (all->find("Bearer") || all->find("DPoP"));
  bool const given = server_.headers() || server_.auth() || server_.headers_command();
  return offers || !given;
}

std::string bridge_remote::why_not(std::string_view id, cs::error const& why,
                                   cs::response const& refused) const {
  auto const name = "server \"" + std::string(server_.name()) + "\"";
  bool const credential = why.code() == cs::errc::needs_person || why.code() == cs::errc::rejected;
  auto const trouble = store_.trouble();
  if (!credential || trouble.code() != cs::errc::none) {
    std::string said(credential ? trouble.message() : why.message());
    auto const where = cs::origin_of(url());
    if (where && cs::mcp::names_variable(server_.url()))
      for (auto at = said.find(where->host()); at != said.npos; at = said.find(where->host(), at + 3))
        said.replace(at, where->host().size(), "***");
    return error_line(id, bridge_failed, said.starts_with(name) ? said : name + ": " + said);
  }
  if (!can_sign_in(refused))
    return error_line(id, must_sign_in, name + ": the server answered 401 to this credential");
  auto const said = cs::mcp::read_challenged(heard_of(refused).challenge);
  bool const more = said && said->wants_scope();
  auto const command = login_line(asked_, server_.name(), more ? said->scope.view() : std::string_view());
  return error_line(id, must_sign_in,
                    name + (more ? " wants more scope than was granted" : " wants somebody to sign in") +
                        "; to sign in: " + command,
                    command);
}

}  // namespace program
