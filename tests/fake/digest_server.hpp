#pragma once
// A server that wants Digest, written from RFC 7616 with OpenSSL's hashes and a reader of its own, so that no mistake of the
// toolkit can agree with itself. Strict: what it does not expect in an Authorization field is a complaint. Safe from several
// threads.

#include <openssl/evp.h>

#include <countersign/core/message.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fake {

/// The hash of the pieces joined by colons, in hexadecimal digits. @param algorithm as a challenge spells it
inline std::string digest_of(std::string algorithm, std::vector<std::string> const& pieces) {
  if (algorithm.ends_with("-sess")) algorithm.resize(algorithm.size() - 5);
  auto const* const hash = algorithm == "SHA-256"       ? EVP_sha256()
                           : algorithm == "SHA-512-256" ? EVP_sha512_256()
                                                        : EVP_md5();
  std::string text;
  for (auto const& piece : pieces) text += (&piece == pieces.data() ? "" : ":") + piece;
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), bytes, &size, hash, nullptr);
  std::string digits;
  for (unsigned i = 0; i < size; ++i) {
    digits += "0123456789abcdef"[bytes[i] >> 4];
    digits += "0123456789abcdef"[bytes[i] & 15];
  }
  return digits;
}

/// The parameters of an Authorization field. `quotes` tells which were in quotes; `wrong` what can't be read.
struct digest_credentials {
  std::map<std::string, std::string> values;
  std::set<std::string> quotes;
  std::string wrong;

  explicit digest_credentials(std::string_view field) : wrong(read(field)) {}
  [[nodiscard]] bool has(std::string const& name) const { return values.contains(name); }
  [[nodiscard]] std::string operator[](std::string const& name) const {
    return has(name) ? values.at(name) : std::string();
  }

private:
  std::string read(std::string_view field) {
    if (!field.starts_with("Digest ")) return "not the scheme Digest";
    for (field.remove_prefix(7);; field.remove_prefix(2)) {
      auto const equals = field.find('=');
      if (equals == field.npos) return "no value";
      std::string const name(field.substr(0, equals));
      field.remove_prefix(equals + 1);
      std::string value;
      if (field.starts_with('"')) {
        std::size_t at = 1;
        for (; at < field.size() && field[at] != '"'; ++at) {
          if (field[at] == '\\') ++at;
          if (at < field.size()) value += field[at];
        }
        if (at >= field.size()) return "an open quote";
        quotes.insert(name);
        field.remove_prefix(at + 1);
      } else {
        value = field.substr(0, field.find(','));
        field.remove_prefix(value.size());
      }
      if (!values.emplace(name, value).second) return name + " twice";
      if (field.empty()) return "";
      if (!field.starts_with(", ")) return "no comma behind " + name;
    }
  }
};

class digest_server {
public:
  struct options {
    std::string user = "Mufasa", password = "Circle of Life", realm = "http-auth@example.org";
    std::string algorithm = "SHA-256";  ///< empty: it names none, and means MD5
    std::string qop = "auth";           ///< empty: it names none
    std::string opaque = {}, domain = {};
    bool has_opaque = true, userhash = false, charset = false;
    bool next_nonce = false;     ///< each answer names the next one
    bool proves = true;          ///< rspauth
    bool lies = false;           ///< …of another password
    bool says_stale = true;      ///< stale=true where a nonce has run out; else it says nothing
    bool in_order = true;        ///< each nc is the next; else each is new
    int lifetime = 1'000'000;    ///< requests by which a nonce has run out
    std::string body = "hello";  ///< of what it answers
  };
  explicit digest_server(options how) : how_(std::move(how)) {}

  /// Runs out all nonces that were given.
  void expire() {
    std::lock_guard const guard(lock_);
    for (auto& [nonce, state] : nonces_) state->left = 0;
  }
  [[nodiscard]] std::vector<std::string> complaints() const {
    std::lock_guard const guard(lock_);
    return complaints_;
  }
  struct counts {
    int bare = 0, challenged = 0, stale = 0, let_in = 0, refused = 0;
  };
  [[nodiscard]] counts seen() const {
    std::lock_guard const guard(lock_);
    return seen_;
  }

  countersign::response answer(countersign::request const& asked) {
    return answer(asked.method(), asked.target(), asked.body.reveal(), asked.get("Authorization"));
  }
  countersign::response answer(std::string_view method_view, std::string_view target_view,
                               std::string_view body_view, std::optional<std::string_view> field) {
    std::lock_guard const guard(lock_);
    if (!field) return ++seen_.bare, challenge(false);
    std::string const target(target_view), method(method_view), body(body_view);
    digest_credentials const said(*field);
    auto const nonce = nonces_.find(said["nonce"]);
    if (!said.wrong.empty() || nonce == nonces_.end())
      return complain(said.wrong.empty() ? "a nonce that was not given" : said.wrong);
    auto& state = *nonce->second;
    if (auto const wrong = form(said, target); !wrong.empty()) return complain(wrong);
    auto const key = key_of(said, state);
    auto const entity = said["qop"] == "auth-int"
                            ? std::vector<std::string>{digest_of(how_.algorithm, {body})}
                            : std::vector<std::string>{};
    if (said["response"] != proof(key, said, method, target, entity))
      return ++seen_.refused, challenge(false);
    // Only who knows the password is told that the nonce has run out.
    if (state.left-- <= 0) return ++seen_.stale, challenge(how_.says_stale);
    if (!how_.qop.empty()) {
      auto const uses = std::stoul(said["nc"], nullptr, 16);
      if (how_.in_order ? uses != ++state.uses : !state.used.insert(uses).second)
        return complain("nc " + said["nc"]);
    }
    ++seen_.let_in;
    countersign::response made(200);
    std::string info;
    auto const add = [&](std::string const& text) { info += (info.empty() ? "" : ", ") + text; };
    if (how_.next_nonce) {
      auto const next = new_nonce(state.session);
      nonces_.at(next)->left = how_.lifetime;
      add("nextnonce=\"" + next + "\"");
    }
    if (how_.proves) {
      auto const known =
          how_.lies ? digest_of(how_.algorithm, {said["username"], how_.realm, "another password"}) : key;
      auto const heard = said["qop"] == "auth-int"
                             ? std::vector<std::string>{digest_of(how_.algorithm, {how_.body})}
                             : std::vector<std::string>{};
      add("rspauth=\"" + proof(known, said, "", target, heard) + "\"");
      if (!how_.qop.empty())
        add("qop=" + said["qop"]), add("nc=" + said["nc"]), add("cnonce=\"" + said["cnonce"] + "\"");
    }
    if (!info.empty()) made.headers.append("Authentication-Info", info);
    return made;
  }

private:
  // RFC 7616 §3.4.2: a session's key is made of the nonce and the cnonce that began it.
  struct began {
    std::string nonce, cnonce;
  };
  struct given {
    std::shared_ptr<began> session;
    int left = 0;
    unsigned long uses = 0;
    std::set<unsigned long> used;
  };

  std::string new_nonce(std::shared_ptr<began> const& of) {
    ++last_;
    auto const nonce = "n" + std::to_string(last_) + "/+=" + std::string(last_ % 40, 'x');
    auto made = std::make_unique<given>();
    made->session = of ? of : std::make_shared<began>();
    if (!of) made->session->nonce = nonce;
    made->left = how_.lifetime;
    nonces_.emplace(nonce, std::move(made));
    return nonce;
  }
  static std::string quoted(std::string const& text) {
    std::string made = "\"";
    for (char const c : text) made += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return made + "\"";
  }
  countersign::response challenge(bool stale) {
    ++seen_.challenged;
    auto field = "Digest realm=" + quoted(how_.realm) + ", nonce=\"" + new_nonce(nullptr) + "\"";
    if (!how_.algorithm.empty()) field += ", algorithm=" + how_.algorithm;
    if (!how_.qop.empty()) field += ", qop=\"" + how_.qop + "\"";
    if (how_.has_opaque) field += ", opaque=" + quoted(how_.opaque);
    if (!how_.domain.empty()) field += ", domain=\"" + how_.domain + "\"";
    if (how_.userhash) field += ", userhash=true";
    if (how_.charset) field += ", charset=UTF-8";
    if (stale) field += ", stale=TRUE";
    countersign::response made(401);
    made.headers.append("WWW-Authenticate", field);
    return made;
  }
  countersign::response complain(std::string const& why) {
    complaints_.push_back(why);
    return challenge(false);
  }

  // What is wrong with the field, whatever the password.
  std::string form(digest_credentials const& said, std::string const& target) const {
    std::set<std::string> wanted = {"realm", "nonce", "uri", "response"};
    if (!how_.algorithm.empty()) wanted.insert("algorithm");
    if (how_.has_opaque) wanted.insert("opaque");
    if (!how_.qop.empty()) wanted.insert({"qop", "nc", "cnonce"});
    if (how_.userhash) wanted.insert("userhash");
    bool const ascii =
        how_.user.find_first_not_of(
            " !\"#$%&'()*+,-./"
            "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~") ==
        std::string::npos;
    bool const modern = how_.charset || how_.algorithm.starts_with("SHA");
    bool const extended = !ascii && modern && !how_.userhash;
    wanted.insert(extended ? "username*" : "username");
    for (auto const& name : wanted)
      if (!said.has(name)) return "no " + name;
    for (auto const& [name, value] : said.values)
      if (!wanted.contains(name)) return name + " was not asked for";
    std::set<std::string> const bare = {"algorithm", "qop", "nc", "userhash", "username*"};
    for (auto const& [name, value] : said.values)
      if (said.quotes.contains(name) == bare.contains(name)) return name + ": quotes";

    if (said["realm"] != how_.realm) return "another realm";
    if (said["uri"] != target) return "another uri";
    if (said["algorithm"] != how_.algorithm) return "another algorithm";
    if (said["opaque"] != how_.opaque) return "another opaque";
    if (how_.userhash && said["userhash"] != "true") return "userhash";
    auto const user = how_.userhash ? digest_of(how_.algorithm, {how_.user, how_.realm})
                      : extended    ? "UTF-8''" + percent(how_.user)
                                    : how_.user;
    if (said[extended ? "username*" : "username"] != user) return "another user";
    if (how_.qop.empty()) return "";
    if (said["qop"] != "auth" && said["qop"] != "auth-int") return "another qop";
    auto offered = "," + how_.qop + ",";
    std::erase(offered, ' ');
    if (offered.find("," + said["qop"] + ",") == std::string::npos) return "a qop that was not offered";
    if (said["nc"].size() != 8 || said["nc"].find_first_not_of("0123456789abcdef") != std::string::npos)
      return "nc is no eight digits";
    return said["cnonce"].size() < 16 ? "a short cnonce" : "";
  }
  static std::string percent(std::string const& text) {
    std::string made;
    for (char const c : text) {
      auto const byte = static_cast<unsigned char>(c);
      if (std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")
              .find(c) != std::string_view::npos)
        made += c;
      else made += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    }
    return made;
  }

  std::string key_of(digest_credentials const& said, given& of) const {
    auto key = digest_of(how_.algorithm, {how_.user, how_.realm, how_.password});
    if (!how_.algorithm.ends_with("-sess")) return key;
    if (of.session->cnonce.empty()) of.session->cnonce = said["cnonce"];
    return digest_of(how_.algorithm, {key, of.session->nonce, of.session->cnonce});
  }
  std::string proof(std::string const& key, digest_credentials const& said, std::string const& method,
                    std::string const& target, std::vector<std::string> const& entity) const {
    std::vector<std::string> what = {method, target};
    what.insert(what.end(), entity.begin(), entity.end());
    if (how_.qop.empty())
      return digest_of(how_.algorithm, {key, said["nonce"], digest_of(how_.algorithm, what)});
    return digest_of(how_.algorithm, {key, said["nonce"], said["nc"], said["cnonce"], said["qop"],
                                      digest_of(how_.algorithm, what)});
  }

  options how_;
  mutable std::mutex lock_;
  std::map<std::string, std::unique_ptr<given>> nonces_;
  std::vector<std::string> complaints_;
  counts seen_;
  unsigned last_ = 0;
};

}  // namespace fake
