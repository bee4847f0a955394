#pragma once
// What is wrong with a server's entry that can be seen from here: no network, and no program is run.

#include <countersign/core/context.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/key_reader.hpp>
#include <countersign/inspect/detail/credential_place.hpp>
#include <countersign/inspect/detail/entry_texts.hpp>
#include <countersign/inspect/detail/program_path.hpp>
#include <countersign/inspect/detail/unverified_jwt.hpp>
#include <countersign/inspect/detail/wrong_format.hpp>
#include <countersign/inspect/diagnose.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/open.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/server_environment.hpp>
#include <countersign/mcp/sign_in_entry.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

namespace detail {

// Whether a key can be read is an adapter's affair: here it is enough that its file can.
inline result<any_signer> unread_key(std::string_view) { return any_signer(); }
struct unread_signer {
  [[nodiscard]] static std::string_view alg() noexcept { return ""; }
  [[nodiscard]] static std::string_view public_jwk() noexcept { return ""; }
  [[nodiscard]] static result<void> sign(std::string_view, secret&) noexcept { return {}; }
};
inline result<any_signer> unread_signing_key(std::string_view, std::string_view, std::string_view) {
  return any_signer(unread_signer());
}

template <class Function>
class local_check {
public:
  local_check(server const& of, context const& beneath, Function& tell, key_reader keys) noexcept
      : of_(&of), tell_(&tell), keys_(keys), beneath_(beneath), known_(beneath) {}
  local_check(local_check const&) = delete;

  void run() {
    if (auto ok = known_.load(*of_); !ok)
      return tell({problem_code::env_file, sentence(ok.error().message()), owned_text("envFile"),
                   owned_text("check the path, who may read the file, and the line that is named")});
    outside_ = known_.outside();
    variables();
    if (found_) return;  // what follows from it would only be told twice
    if (of_->is_stdio()) return command();
    address();
    for (auto const [name, text] : of_->headers().members()) header(name.string(), text.string());
    of_->each_auth([&](json_value one) { key(one); });
    if (!found_) rest();
  }

private:
  void tell(problem one) {
    found_ = found_ || one.certain;
    (*tell_)(static_cast<problem const&>(one));
  }

  // Each once, where it stands first.
  void variables() {
    secret told("\n");
    each_text(*of_, [&](std::string_view field, std::string_view text) {
      for (template_reader reader(text);;) {
        static_cast<void>(reader.literal());
        auto const one = reader.variable();
        if (!one) return;
        secret const line("\n", one->name, "\n");
        if (told.reveal().find(line.reveal()) != std::string_view::npos) continue;
        if (!variable(*one, field)) continue;
        told.append(one->name).push_back('\n');
      }
    });
  }
  // Whether something was told.
  bool variable(variable_reference const& one, std::string_view field) {
    auto const name = front_of(one.name, max_name_shown);
    auto const value = outside_.variable(one.name);
    if (!value && value.error().code() == errc::not_mine) {
      if (one.otherwise) return false;
      tell({problem_code::variable_missing, sentence("variable ", name, " is not set"), owned_text(field),
            sentence("export ", name, "=…")});
      return true;
    }
    if (!value) {
      tell({problem_code::variable_missing, sentence(value.error().message()), owned_text(field),
            sentence("export ", name, "=…")});
      return true;
    }
    if (of_->is_stdio()) return false;  // a child may well be given an empty variable
    if (value->empty() && !one.otherwise) {
      tell({problem_code::variable_empty, sentence("variable ", name, " is set, but empty"),
            owned_text(field), sentence("export ", name, "=…")});
      return true;
    }
    if (value->reveal().find_first_of("\r\n") == std::string_view::npos || is_private_key(one.name)) return false;
    tell({problem_code::wrong_format,
          sentence("variable ", name, " holds a line end, which no header can carry"), owned_text(field),
          sentence("export ", name, "=\"$(printf %s \"$", name, "\" | tr -d '\\r\\n')\"")});
    return true;
  }

  // Of an http_signature: PEM has many lines.
  [[nodiscard]] bool is_private_key(std::string_view variable) const {
    bool found = false;
    of_->each_auth([&](json_value one) {
      bool const own = one["type"].string() == "http_signature" && one["algorithm"].string("hmac-sha256") != "hmac-sha256";
      if (own) for_each_variable(one["key"].string(), [&](std::string_view name, bool) { found = found || name == variable; });
    });
    return found;
  }

  void address() {
    auto const url = expanded_url(*of_, beneath_);
    if (!url)
      return tell(
          {problem_code::invalid_url, sentence(url.error().message()), owned_text("url"),
           first_variable(of_->url()).empty()
               ? owned_text("mend \"url\" in the config")
               : sentence("check the value of ", front_of(first_variable(of_->url()), max_name_shown))});
    auto const at = origin_of(url->reveal());
    bool const credential =
        of_->headers().size() > 0 || of_->auth().size() > 0 || of_->headers_command() || of_->oauth();
    if (!at || at->encrypted() || at->loopback() || of_->allow_http() || !credential) return;
    tell(
        {problem_code::insecure_http, owned_text("the credential would travel in the clear"),
         owned_text("url"),
         of_->type() == server_type::ws
             ? owned_text("write wss:// in \"url\"; or \"allowHttp\": true if another layer protects it")
             : owned_text("write https:// in \"url\"; or \"allowHttp\": true if another layer protects it")});
  }

  void header(std::string_view name, std::string_view text) {
    auto const value = expand(text, [&](std::string_view one) { return outside_.variable(one); });
    if (!value || is_public_header(name)) return;
    auto wrong = equal_without_case(name, "Authorization") ? wrong_format(text, value->reveal())
                                                           : wrong_value(text, value->reveal());
    if (wrong) {
      wrong->where = name_of_header(name);
      return tell(*wrong);
    }
    auto const expires = unverified_expiry(behind_scheme(value->reveal()));
    auto const now = outside_.now().wall;
    if (!expires || *expires > now) return;
    auto const variable = front_of(first_variable(text), max_name_shown);
    // The server's clock decides, not ours.
    tell({problem_code::credential_expired, expired_since(0, *expires, now), name_of_header(name),
          variable.empty() ? owned_text("get a new one and write it there")
                           : sentence("get a new one, then: export ", variable, "=…"),
          false});
  }

  // RFC 7518 §3.2: a key is as long as the hash at least.
  void key(json_value one) {
    if (one["type"].string() != "jwt" || !one["key"]) return;
    auto const algorithm = one["algorithm"].string();
    std::size_t const least = algorithm == "HS256"   ? 32
                              : algorithm == "HS384" ? 48
                              : algorithm == "HS512" ? 64
                                                     : 0;
    auto const value =
        expand(one["key"].string(), [&](std::string_view name) { return outside_.variable(name); });
    if (!value || value->size() >= least) return;
    tell({problem_code::key_too_short,
          sentence("a key of ", value->size(), " bytes is too short for ", algorithm, ", which asks for ",
                   least),
          owned_text("auth.key"), sentence("make one, and tell the server: openssl rand -hex ", least)});
  }

  void command() {
    auto const program =
        expand(of_->command(), [&](std::string_view one) { return outside_.variable(one); });
    if (!program || program_exists(*of_, program->reveal(), outside_)) return;
    auto const shown = front_of(of_->command(), 80);
    bool const path = program->reveal().find('/') != std::string_view::npos;
    tell({problem_code::command_not_found,
          path ? sentence("there is no file ", shown) : sentence(shown, " is in no folder of PATH"),
          owned_text("command"),
          path ? owned_text("check the path in \"command\"")
               : owned_text("install it, or write its whole path in \"command\"")});
  }

  // Whatever else an authenticator would find, short of running a program.
  void rest() {
    if (of_->oauth())
      if (auto ok = sign_in_settings_of(*of_, beneath_, {}, unread_key); !ok) return tell(diagnose(*of_, ok.error()));
    auto auth = open_configured(*of_, beneath_, config_owner::project, keys_);
    if (!auth) return tell(diagnose(*of_, auth.error()));
    auto const url = expanded_url(*of_, beneath_);
    if (of_->headers_command() || !url) return;
    request bare("POST", url->reveal());
    // What every request to an MCP server has, for a signature may cover it.
    bare.set("Content-Type", "application/json");
    bare.set("Accept", "application/json, text/event-stream");
    if (auto ok = auth->authorize(bare); !ok) tell(diagnose(*of_, ok.error()));
  }

  server const* of_;
  Function* tell_;
  key_reader keys_;
  context beneath_;
  server_environment known_;
  context outside_ = {};
  bool found_ = false;
};

}  // namespace detail

/// Calls `function(problem const&)` for each problem of an entry.
/// @param keys reads private keys; without it, it is enough that their files can be read
template <class Function>
void each_local_problem(server const& of, context const& outside, Function&& function,
                        key_reader keys = detail::unread_signing_key) {
  detail::local_check(of, outside, function, keys).run();
}

}  // namespace countersign::inline v0::mcp
