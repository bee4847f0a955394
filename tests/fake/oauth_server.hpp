#pragma once
// An MCP server and its authorization server as one function, without a network: PKCE is checked, refresh tokens rotate, and a
// used one revokes the whole family. Safe from several threads. It counts what it was asked.
//
//     fake::oauth_server there;
//     cs::send(auth, call, there.transport(), there.person());
//     there.turn.lifetime = 3;

#include <countersign/core/exchange.hpp>
#include <countersign/core/message.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/bytes.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fake {

namespace cs = countersign;

class oauth_server {
public:
  static constexpr std::string_view mcp = "https://mcp.example/mcp", issuer = "https://id.example";

  struct knobs {
    int lifetime = 3600;                  ///< of access tokens, in seconds; negative: it is not said
    std::string needed_scope = {};        ///< a call without it is answered 403
    std::string listed_scopes = "read";   ///< of the resource metadata
    std::string server_scopes = {};       ///< of the authorization server's metadata; empty: not said
    std::string auth_method = "none";
    std::string grants = "authorization_code";
    std::string challenge_scheme = "Bearer";
    std::string tail = {};                ///< behind each token, code and secret
    std::string metadata_tail = {};       ///< more members of the authorization server's metadata, each with its comma
    std::string issuer_path = {};         ///< the resource's metadata names the issuer with this behind it
    bool devices = false;                 ///< gives codes for other devices
    bool wants_pushed = false;            ///< takes no authorization request but a pushed one
    bool refresh_tokens = true, registers = true, person_denies = false, documents = false, metadata = true;
    std::function<std::optional<cs::response>(std::string const& what)> before = {};  ///< may answer in its place
  };
  knobs turn;
  std::string static_client, static_secret;  ///< known without a registration

  // -- what happened
  [[nodiscard]] int count(std::string const& what) const {
    std::lock_guard const guard(lock_);
    auto const found = counts_.find(what);
    return found == counts_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::vector<std::string> asked() const {
    std::lock_guard const guard(lock_);
    return asked_;
  }
  [[nodiscard]] std::map<std::string, std::string> last_form() const {
    std::lock_guard const guard(lock_);
    return form_;
  }
  [[nodiscard]] std::map<std::string, std::string> last_page() const {
    std::lock_guard const guard(lock_);
    return page_;
  }
  void revoke_all() {
    std::lock_guard const guard(lock_);
    access_.clear();
    refresh_.clear();
  }
  /// Access tokens are refused from now on; refresh tokens serve.
  void forget_access() {
    std::lock_guard const guard(lock_);
    access_.clear();
  }
  void forget_clients() {
    std::lock_guard const guard(lock_);
    clients_.clear();
  }

  [[nodiscard]] auto transport() {
    return [this](cs::request const& asked) { return answer(asked); };
  }
  /// Somebody who signs in, or denies.
  [[nodiscard]] auto person() {
    return [this](cs::question const& what) -> cs::result<cs::secret> {
      if (what.what == cs::question::kind::code) return enter(what.user_code.reveal());
      if (what.what == cs::question::kind::redirect_address)
        return cs::secret("http://127.0.0.1:7777/callback");
      return cs::secret(visit(what.url.reveal()));
    };
  }

private:
  using pairs = std::map<std::string, std::string>;

  cs::result<cs::response> answer(cs::request const& asked) {
    std::lock_guard const guard(lock_);
    std::string const url(asked.url()), what = std::string(asked.method()) + " " + url;
    asked_.push_back(what);
    ++counts_[what];
    if (turn.before)
      if (auto early = turn.before(what)) {
        if (early->status() == 0) return cs::error{cs::errc::unanswered, "cut"};
        return std::move(*early);
      }
    if (url == mcp) return call(asked);
    if (url == "https://mcp.example/.well-known/oauth-protected-resource/mcp" && turn.metadata)
      return json(200, R"({"resource":"https://mcp.example/mcp","authorization_servers":[")" + issuer_now() +
                           R"("],"scopes_supported":[)" + quoted(turn.listed_scopes) + "]}");
    if (url == std::string(issuer) + "/.well-known/oauth-authorization-server" + turn.issuer_path) return metadata();
    if (url == at("/register")) return enrol(asked);
    if (url == at("/token")) return token(asked);
    if (url == at("/revoke")) return hand_back(asked);
    if (url == at("/device_authorization") && turn.devices) return give_codes(asked);
    if (url == at("/par") && turn.wants_pushed) return push(asked);
    return json(404, "{}");
  }
  [[nodiscard]] std::string issuer_now() const { return std::string(issuer) + turn.issuer_path; }
  [[nodiscard]] std::string at(std::string const& path) const { return issuer_now() + path; }

  cs::response metadata() {
    return json(
        200,
        R"({"issuer":")" + issuer_now() + R"(","authorization_endpoint":")" + at("/authorize") +
            R"(","token_endpoint":")" + at("/token") + R"(","revocation_endpoint":")" + at("/revoke") +
            (turn.registers ? R"(","registration_endpoint":")" + at("/register") : std::string()) +
            R"(","code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true,"token_endpoint_auth_methods_supported":[")" +
            turn.auth_method + R"("],"grant_types_supported":[)" + quoted(turn.grants) + "]" +
            (turn.server_scopes.empty() ? ""
                                        : R"(,"scopes_supported":[)" + quoted(turn.server_scopes) + "]") +
            (turn.devices ? R"(,"device_authorization_endpoint":")" + at("/device_authorization") + "\""
                          : "") +
            (turn.wants_pushed
                 ? R"(,"require_pushed_authorization_requests":true,"pushed_authorization_request_endpoint":")" +
                       at("/par") + "\""
                 : "") +
            (turn.documents ? R"(,"client_id_metadata_document_supported":true)" : "") + turn.metadata_tail + "}");
  }
  cs::response call(cs::request const& asked) {
    auto const carried = asked.get("Authorization");
    auto const scheme = turn.challenge_scheme + " ";
    std::string const token(carried && carried->starts_with(scheme) ? carried->substr(scheme.size()) : "");
    auto const known = access_.find(token);
    auto const where = R"(resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp")";
    if (known == access_.end()) {
      auto refused = json(401, "{}");
      refused.headers.set("WWW-Authenticate", scheme + (turn.metadata ? where : "realm=\"mcp\""));
      return refused;
    }
    if (!turn.needed_scope.empty() && (" " + known->second + " ").find(" " + turn.needed_scope + " ") == std::string::npos) {
      auto refused = json(403, "{}");
      refused.headers.set("WWW-Authenticate", scheme + where + R"(, error="insufficient_scope", scope=")" + turn.needed_scope + "\"");
      return refused;
    }
    return json(200, R"({"token":")" + token + "\"}");
  }
  cs::response enrol(cs::request const& asked) {
    auto const id = "client-" + std::to_string(++made_);
    clients_[id] = std::string(asked.body.reveal());
    return json(
        201, R"({"client_id":")" + id + R"(","token_endpoint_auth_method":")" + turn.auth_method + "\"" +
                 (turn.auth_method == "none" ? "" : R"(,"client_secret":"s-)" + id + turn.tail + "\"") + "}");
  }
  std::string visit(std::string_view url) {
    std::lock_guard const guard(lock_);
    ++counts_["page"];
    auto const mark = url.find('?');
    page_ = read_form(url.substr(mark + 1));
    if (turn.wants_pushed) {
      auto const kept = pushed_.find(page_["request_uri"]);
      if (kept == pushed_.end() || page_["client_id"] != kept->second["client_id"]) return "";
      page_ = kept->second;
      pushed_.erase(kept);
    }
    auto const back = page_["redirect_uri"] + "?state=" + page_["state"] + "&iss=" + issuer_now();
    if (turn.person_denies) return back + "&error=access_denied";
    auto const code = "code-" + std::to_string(++made_) + turn.tail;
    codes_[code] = page_;
    return back + "&code=" + code;
  }
  cs::response push(cs::request const& asked) {
    auto const name = "urn:ietf:params:oauth:request_uri:" + std::to_string(++made_);
    pushed_[name] = read_form(asked.body.reveal());
    return json(201, R"({"request_uri":")" + name + R"(","expires_in":60})");
  }
  cs::response give_codes(cs::request const& asked) {
    auto const number = std::to_string(++made_);
    form_ = read_form(asked.body.reveal());
    if (!clients_.contains(form_["client_id"]) && form_["client_id"] != static_client)
      return json(401, R"({"error":"invalid_client"})");
    devices_["device-" + number] = {"USER-" + number, form_.contains("scope") ? form_["scope"] : "", false};
    return json(200, R"({"device_code":"device-)" + number + R"(","user_code":"USER-)" + number +
                         R"(","verification_uri":")" + at("/device") + R"(","expires_in":600,"interval":1})");
  }
  cs::result<cs::secret> enter(std::string_view user_code) {
    std::lock_guard const guard(lock_);
    ++counts_["code"];
    for (auto& [code, one] : devices_)
      if (one.user_code == user_code) one.entered = true;
    return cs::secret("shown");
  }
  cs::response token(cs::request const& asked) {
    auto form = read_form(asked.body.reveal());
    form_ = form;
    auto const grant = form["grant_type"];
    ++counts_[grant];
    if (auto const header = asked.get("Authorization"); header && form["client_id"].empty()) {
      auto const pair = cs::decode_base64(header->substr(6));
      std::string const text(pair ? pair->reveal() : std::string_view());
      form["client_id"] = text.substr(0, text.find(':'));
      form["client_secret"] = text.substr(text.find(':') + 1);
    }
    auto const id = form["client_id"];
    bool const known = clients_.contains(id) || id.starts_with("https://") || (id == static_client && form["client_secret"] == static_secret);
    if (!known) return json(401, R"({"error":"invalid_client"})");
    if (grant == "authorization_code") {
      auto const code = codes_.find(form["code"]);
      if (code == codes_.end()) return json(400, R"({"error":"invalid_grant"})");
      auto const page = code->second;
      codes_.erase(code);
      auto const digest = cs::sha256::of(form["code_verifier"]);
      cs::secret challenge;
      cs::append_base64(challenge, cs::as_chars(digest), cs::base64::url);
      if (page.at("code_challenge") != challenge.reveal() || page.at("redirect_uri") != form["redirect_uri"] || page.at("client_id") != id)
        return json(400, R"({"error":"invalid_grant"})");
      return issue(page.contains("scope") ? page.at("scope") : "", ++made_);
    }
    if (grant == "urn:ietf:params:oauth:grant-type:device_code") {
      auto const held = devices_.find(form["device_code"]);
      if (held == devices_.end()) return json(400, R"({"error":"invalid_grant"})");
      if (!held->second.entered) return json(400, R"({"error":"authorization_pending"})");
      auto const scope = held->second.scope;
      devices_.erase(held);
      if (turn.person_denies) return json(400, R"({"error":"access_denied"})");
      return issue(scope, ++made_);
    }
    if (grant == "refresh_token") {
      auto const token = refresh_.find(form["refresh_token"]);
      if (token == refresh_.end()) return json(400, R"({"error":"invalid_grant"})");
      auto const [scope, family, used] = token->second;
      if (used) {
        ++counts_["reuse"];
        std::erase_if(refresh_, [&, f = family](auto const& one) { return one.second.family == f; });
        return json(400, R"({"error":"invalid_grant"})");
      }
      token->second.used = true;
      return issue(scope, family);
    }
    return issue(form["scope"], ++made_);
  }
  cs::response issue(std::string const& scope, int family) {
    auto const number = std::to_string(++made_) + turn.tail;
    access_["at-" + number] = scope;
    std::string body = R"({"access_token":"at-)" + number + R"(","token_type":")" + turn.challenge_scheme + "\"";
    if (turn.lifetime >= 0) body += R"(,"expires_in":)" + std::to_string(turn.lifetime);
    if (turn.refresh_tokens && form_["grant_type"] != "client_credentials") {
      refresh_["rt-" + number] = {scope, family, false};
      body += R"(,"refresh_token":"rt-)" + number + "\"";
    }
    if (!scope.empty()) body += R"(,"scope":")" + scope + "\"";
    return json(200, body + "}");
  }
  cs::response hand_back(cs::request const& asked) {
    auto const form = read_form(asked.body.reveal());
    auto const token = form.contains("token") ? form.at("token") : "";
    access_.erase(token);
    refresh_.erase(token);
    ++counts_["revoked"];
    return json(200, "");
  }

  static std::string quoted(std::string_view words) {
    std::string list;
    while (!words.empty()) {
      auto const end = words.find(' ');
      list += (list.empty() ? "\"" : ",\"") + std::string(words.substr(0, end)) + "\"";
      words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
    return list;
  }
  static std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && i + 2 < text.size()) {
        out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
        i += 2;
      } else {
        out.push_back(text[i] == '+' ? ' ' : text[i]);
      }
    }
    return out;
  }
  static pairs read_form(std::string_view text) {
    pairs all;
    while (!text.empty()) {
      auto const end = text.find('&');
      auto const one = text.substr(0, end);
      auto const equal = one.find('=');
      all[decoded(one.substr(0, equal))] = equal == std::string_view::npos ? "" : decoded(one.substr(equal + 1));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return all;
  }
  static cs::response json(int status, std::string_view body) {
    cs::response made(status, cs::secret(body));
    made.headers.set("Content-Type", "application/json");
    return made;
  }

  struct refresh_token {
    std::string scope;
    int family = 0;
    bool used = false;
  };
  struct device {
    std::string user_code, scope;
    bool entered = false;
  };
  mutable std::mutex lock_;
  std::map<std::string, int> counts_;
  std::vector<std::string> asked_;
  std::map<std::string, std::string> clients_, access_;
  std::map<std::string, pairs> codes_, pushed_;
  std::map<std::string, device> devices_;
  std::map<std::string, refresh_token> refresh_;
  pairs form_, page_;
  int made_ = 0;
};

}  // namespace fake
