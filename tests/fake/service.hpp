#pragma once
// An API with a token endpoint, as a script: tokens t1, t2, … come from POST /token, every other path wants the newest one
// that has not been revoked. It counts what it was asked. Safe from several threads.
//
//     fake::service api;
//     api.step = [](fake::service::state& s) { … };     // before each call to the API

#include <countersign/core/exchange.hpp>
#include <countersign/core/message.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fake {

namespace cs = countersign;

/// What a service says: a status, fields, a body; or nothing at all.
struct reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
  std::optional<cs::lost> lost = std::nullopt;
};

class service {
public:
  /// What a test may turn.
  struct knobs {
    int good_from = 1;              ///< tokens below this number are refused with 401
    bool refuse_all = false;        ///< every call gets 401
    int scope_from = 1;             ///< tokens below this number get 403 insufficient_scope
    int call_status = 200;          ///< what a good call gets
    int token_status = 200;         ///< what the token endpoint answers
    int expires_in = 3600;
    bool wants_nonce = false;       ///< 401 with X-Nonce until X-Echo repeats the newest
    std::optional<cs::lost> lose_calls = std::nullopt, lose_tokens = std::nullopt;
  };

  knobs turn;
  /// Called before every call is judged, with its number from 1: a test turns knobs here.
  std::function<void(int call, knobs&)> before_call = [](int, knobs&) {};

  [[nodiscard]] int calls() const {
    std::lock_guard const guard(lock_);
    return calls_;
  }
  [[nodiscard]] int token_posts() const {
    std::lock_guard const guard(lock_);
    return posts_;
  }
  /// The Authorization field of each call; empty where there was none.
  [[nodiscard]] std::vector<std::string> carried() const {
    std::lock_guard const guard(lock_);
    return carried_;
  }

  /// @param path what the request line says
  reply answer(std::string_view method, std::string_view path, std::map<std::string, std::string> const& fields) {
    std::lock_guard const guard(lock_);
    if (path == "/token") return answer_token(method);
    before_call(++calls_, turn);
    auto const field = [&](char const* name) { return fields.contains(name) ? fields.at(name) : std::string(); };
    carried_.push_back(field("authorization"));
    if (turn.lose_calls) return {.lost = turn.lose_calls};
    if (turn.wants_nonce && field("x-echo") != "n" + std::to_string(nonce_)) {
      return {.status = 401, .fields = {{"X-Nonce", "n" + std::to_string(nonce_)}}};
    }
    int const number = token_number(carried_.back());
    if (turn.refuse_all || number < turn.good_from || number > posts_)
      return {.status = 401, .fields = {{"WWW-Authenticate", "Bearer realm=\"api\", error=\"invalid_token\""}}};
    if (number < turn.scope_from) return {.status = 403, .fields = {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\""}}};
    return {.status = turn.call_status, .fields = {{"Content-Type", "text/plain"}}, .body = "hello"};
  }

private:
  reply answer_token(std::string_view method) {
    if (method != "POST") return {.status = 405};
    ++posts_;
    if (turn.lose_tokens) return {.lost = turn.lose_tokens};
    // It says when to come back, so that nobody waits for it in the middle of a request.
    if (turn.token_status == 503) return {.status = 503, .fields = {{"Retry-After", "60"}}};
    if (turn.token_status != 200) return {.status = turn.token_status};
    return {.status = 200,
            .fields = {{"Content-Type", "application/json"}},
            .body = "{\"access_token\":\"t" + std::to_string(posts_) + "\",\"token_type\":\"Bearer\",\"expires_in\":" + std::to_string(turn.expires_in) + "}"};
  }
  static int token_number(std::string const& authorization) {
    constexpr std::string_view scheme = "Bearer t";
    return authorization.starts_with(scheme) ? std::stoi(authorization.substr(scheme.size())) : 0;
  }
  mutable std::mutex lock_;
  int calls_ = 0, posts_ = 0, nonce_ = 1;
  std::vector<std::string> carried_;
};

/// The service as a transport without any network.
class direct {
public:
  explicit direct(service& asked) : service_(&asked) {}
  cs::result<cs::response> operator()(cs::request const& what) const {
    std::map<std::string, std::string> fields;
    what.fields([&](std::string_view name, std::string_view value) {
      std::string lower(name);
      for (char& c : lower) c = cs::detail::ascii_lower(c);
      fields[lower] = value;
    });
    auto const said = service_->answer(what.method(), what.target(), fields);
    if (said.lost) return cs::error{*said.lost == cs::lost::not_sent ? cs::errc::not_sent : cs::errc::unanswered, "direct: lost"};
    cs::response made(said.status, cs::secret(said.body));
    for (auto const& [name, value] : said.fields) made.headers.append(name, value);
    return made;
  }

private:
  service* service_;
};

}  // namespace fake
