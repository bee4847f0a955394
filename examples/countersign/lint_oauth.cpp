#include "lint_oauth.hpp"

#include "knock.hpp"
#include "lint_run.hpp"
#include "output.hpp"
#include "rewritten.hpp"
#include "signing_in.hpp"
#include "traced_http.hpp"

#include <countersign/inspect/basic_to_oauth.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/mcp/variables.hpp>
#include <countersign/os/file.hpp>
#include <countersign/text/origin.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace cs = countersign;
namespace fs = std::filesystem;
namespace mcp = countersign::mcp;

namespace program {

namespace {

struct basic_server {
  std::string name, issuer;  // the origin of whom it names
  cs::json_where at;
};

// The origin of the authorization server; empty: it names none.
std::string issuer_of(mcp::server const& server, cs::context const& outside) {
  auto url = mcp::expanded_url(server, outside);
  auto const login_url = mcp::login_url(server, outside);
  auto const settings = login_settings(server, outside);
  if (!url || !login_url || !settings) return {};
  auto const http = traced_http(server, std::move(*url), outside, std::make_shared<sent_fields>());
  auto const found = discover(login_url->reveal(), {}, *settings, http, outside);
  if (!found || found->assumed) return {};
  auto const where = cs::origin_of(found->server.issuer);
  return where ? std::string(where->view()) : std::string();
}

cs::result<std::vector<basic_server>> look(fs::path const& config, cs::secret const& text,
                                           cs::context const& outside) {
  std::vector<basic_server> found;
  mcp::each_basic_entry(text.reveal(), [&](std::string_view name, cs::json_where const& at) {
    found.push_back({std::string(name), {}, at});
  });
  if (found.empty()) return found;
  auto const parsed = mcp::config::parse(cs::secret(text), config.string());
  if (!parsed) return parsed.error();
  for (auto& one : found)
    if (auto const server = parsed->find(one.name)) one.issuer = issuer_of(*server, outside);
  std::erase_if(found, [](basic_server const& one) { return one.issuer.empty(); });
  return found;
}

// Names of variables in a text.
std::set<std::string> variables_in(std::string_view text) {
  std::set<std::string> names;
  cs::for_each_variable(text, [&](std::string_view name, bool) { names.emplace(name); });
  return names;
}

}  // namespace

std::vector<mcp::finding> basic_where_oauth(fs::path const& config, cs::context const& outside) {
  std::vector<mcp::finding> told;
  auto const text = cs::os::read_file(config.string(), mcp::max_config_size);
  auto const found = text ? look(config, *text, outside) : text.error();
  if (!found) return told;  // a config that can't be used is a finding of its own
  for (auto const& one : *found)
    told.push_back(
        {mcp::rule::basic_where_oauth, mcp::severity::warning, one.at.line, one.at.column,
         cs::error(cs::errc::bad_input, "server \"", mcp::front_of(one.name, 80),
                   "\": a password goes with each request, and somebody could sign in at ", one.issuer),
         cs::error(cs::errc::bad_input,
                   "write \"oauth\": {} in its place and sign in; `lint --fix=oauth` does the first")});
  return told;
}

cs::result<void> fix_oauth(fs::path const& config, cs::context const& outside) {
  auto const text = cs::os::read_file(config.string(), mcp::max_config_size);
  if (!text) return text.error();
  auto const found = look(config, *text, outside);
  if (!found) return found.error().code() == cs::errc::bad_input ? cs::result<void>() : found.error();
  if (found->empty()) return {};
  cs::secret after(text->reveal());
  for (auto const& one : *found) {
    auto changed = mcp::oauth_in_place_of_basic(after.reveal(), one.name);
    if (!changed) return changed.error();
    after = std::move(*changed);
  }
  if (auto ok = rewrite(config, text->reveal(), after.reveal(), 0644); !ok) return ok;
  for (auto const& one : *found)
    say(shown_path(config) + ": server \"" + shown(one.name) +
        "\" is signed in to now; to do that: countersign login " + shown(one.name));
  auto const left = variables_in(after.reveal());
  for (auto const& name : variables_in(text->reveal()))
    if (!left.contains(name)) say(shown_path(config) + " does not need " + name + " any more");
  return {};
}

}  // namespace program
