// What tests turn and read, by GET, or by POST where a body is wanted:
//   /events             the log, a line of JSON each       /counters  how often each event was
//   /control/set        NAME=VALUE&… of settings.hpp       /control/clear    the log
//   /control/fault      path=P[&times=N][&latency=MS], and what comes in place of an answer: &status=S
//                       [&type=T][&body=B or a body][&retry_after=R][&location=L], or &close=1; &handled=1:
//                       the request is handled all the same; times=0 ends it
//   /control/client     a body as for registration, with client_id, client_secret and public_key_pem
//   /control/forget     client=ID                          /control/document client_id=URL, a body
//   /control/expire     all access tokens, now             /control/revoke   all grants
//   /control/nonce      new DPoP nonces                    /control/trust    issuer=I, a body: JWK(S) or PEM
//   /control/id_token   client=ID: an ID token of alice's for that client

#include "state.hpp"

#include <countersign/text/json.hpp>

#include <cstdlib>

namespace cs = countersign;

namespace provider {

namespace {

answer done() { return {200, "text/plain", "done\n"}; }
answer wrong(std::string why) { return {400, "text/plain", std::move(why) + "\n"}; }

answer set_all(state& all, parameters const& asked) {
  for (auto const& [name, value] : asked.all())
    if (auto const why = set(all.set, name, value); !why.empty()) return wrong(why);
  return done();
}

answer add_fault(state& all, request const& asked) {
  auto const& query = asked.query;
  auto const number = [&](std::string_view name, int otherwise) {
    return query.has(name) ? std::atoi(query[name].c_str()) : otherwise;
  };
  fault made{.path = query["path"],
             .times = number("times", 1),
             .latency = std::chrono::milliseconds(number("latency", 0)),
             .handled = number("handled", 0) != 0};
  made.passes = !query.has("status") && !query.has("close");
  made.instead = {.status = number("status", 200),
                  .type = query.has("type") ? query["type"] : "text/plain",
                  .body = asked.body.empty() ? query["body"] : asked.body,
                  .hang_up = number("close", 0) != 0};
  if (query.has("retry_after")) made.instead.headers.emplace_back("Retry-After", query["retry_after"]);
  if (query.has("location")) made.instead.headers.emplace_back("Location", query["location"]);
  if (made.path.empty()) return wrong("path is missing");
  // One fault a path: the last word counts.
  std::erase_if(all.faults, [&](fault const& one) { return one.path == made.path; });
  if (made.times != 0) all.faults.push_back(made);
  return done();
}

answer add_client(state& all, request const& asked) {
  auto const said = cs::json_document::parse(cs::secret(asked.body));
  if (!said) return wrong("the body is no JSON");
  client made;
  made.grants = {"authorization_code", "refresh_token"};
  if (auto const [code, words] = read_client(said->root(), all.set.auth_methods, made); !code.empty())
    return wrong(words);
  made.id = (*said)["client_id"].string();
  made.secret = (*said)["client_secret"].string();
  if (made.id.empty()) return wrong("client_id is missing");
  all.clients.add(made);
  return done();
}

answer trust(state& all, request const& asked) {
  auto key = public_key::from_pem(asked.body);
  auto const said = cs::json_document::parse(cs::secret(asked.body));
  if (!key && said)
    key = public_key::from_jwk((*said)["keys"] ? (*said)["keys"][std::size_t{0}] : said->root());
  if (!key) return wrong("the body is no public key, neither PEM nor JWK");
  all.trusted.insert_or_assign(asked.query["issuer"], *key);
  return done();
}

// As of a person who signed in at this server, an identity provider now.
answer id_token(state& all, parameters const& asked) {
  auto const claims = "{\"iss\":\"" + all.issuer + "\",\"aud\":\"" + asked["client"] +
                      "\",\"sub\":\"alice\",\"exp\":" + std::to_string(now_in_seconds() + 3600) + "}";
  return {200, "text/plain", all.key.sign(R"({"alg":"ES256","typ":"JWT"})", claims)};
}

}  // namespace

answer control(state& all, request const& asked) {
  if (asked.path == "/events") {
    answer lines{200, "application/x-ndjson"};
    for (auto const& line : all.log.lines()) lines.body += line + "\n";
    return lines;
  }
  if (asked.path == "/counters") {
    std::string text;
    for (auto const& [name, count] : all.log.counts()) {
      // A name with its quotes and escapes.
      auto const quoted = json_object({{name, ""}});
      if (quoted.size() > 5)
        text += (text.empty() ? "" : ",") + quoted.substr(1, quoted.size() - 4) + std::to_string(count);
    }
    return {200, "application/json", "{" + text + "}\n"};
  }
  auto const what = asked.path.substr(std::string_view("/control/").size());
  if (what == "set") return set_all(all, asked.query);
  if (what == "fault") return add_fault(all, asked);
  if (what == "client") return add_client(all, asked);
  if (what == "trust") return trust(all, asked);
  if (what == "id_token") return id_token(all, asked.query);
  if (what == "forget") all.clients.forget(asked.query["client"]);
  else if (what == "document") all.documents[asked.query["client_id"]] = asked.body;
  else if (what == "expire") all.tokens.expire_access();
  else if (what == "revoke") all.tokens.revoke_all();
  else if (what == "nonce") all.renew_nonces();
  else if (what == "clear") all.log.clear();
  else return {404, "text/plain", "there is no such control\n"};
  return done();
}

}  // namespace provider
