#pragma once
// The section of a README that tells what to set before a server of the config can be used.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/detail/readme_values.hpp>
#include <countersign/inspect/detail/secret_shapes.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp {

namespace detail {

class readme_section {
public:
  readme_section(server const& of, secret& out) noexcept : of_(&of), out_(&out) {}

  /// @param among_others whether the heading must tell which server it is about
  void write(bool among_others) {
    std::size_t secrets = 0, required = 0;
    each_variable_once(*of_, [&](named_variable const& one) {
      ++all_;
      secrets += names_secret(one.name) ? 1u : 0u;
      required += one.otherwise ? 0u : 1u;
    });
    bool const given = of_->headers().size() > 0 || of_->auth() || of_->headers_command();
    bool const told_elsewhere = of_->is_stdio() || secrets > 0 || (all_ > 0 && given);
    if (all_ > 0 || of_->is_stdio()) heading("Setup", among_others);
    if (all_ > 0) {
      if (!of_->is_stdio()) add("### Required Environment Variables\n\n");
      add("Set these environment variables");
      add(of_->is_stdio() ? ":\n\n" : " before using the plugin:\n\n");
      exports();
      if (required > 0) env_file();
    }
    if (secrets > 0 && !of_->is_stdio()) tokens();
    if (told_elsewhere && !of_->oauth()) return;
    heading("Authentication", among_others);
    authentication();
  }

private:
  void add(std::string_view text) { out_->append(text); }

  void heading(std::string_view title, bool among_others) {
    if (of_->is_stdio()) {
      // "database": "Database Configuration".
      add("## ");
      bool first = true;
      for (char const c : of_->name()) {
        char const shown = first && is_lower(c) ? static_cast<char>(c - 32) : c == '-' || c == '_' ? ' ' : c;
        first = shown == ' ';
        add({&shown, 1});
      }
      add(" Configuration\n\n");
      if (all_ == 0) add("No environment variable is needed.\n\n");
      return;
    }
    add("## "), add(title);
    if (among_others) add(": "), add(of_->name());
    add("\n\n");
  }

  void exports() {
    add("```bash\n");
    each_variable_once(*of_, [&](named_variable const& one) {
      if (!one.otherwise) add("export "), assignment(one.name, false), add("\n");
    });
    bool said = false;
    each_variable_once(*of_, [&](named_variable const& one) {
      if (!one.otherwise) return;
      add(said ? "# export " : "# Optional, shown with the default:\n# export ");
      said = true;
      optional(one);
    });
    add("```\n\n");
  }
  // A default that is a credential is not spread any further.
  void optional(named_variable const& one) {
    bool const shows = !names_secret(one.name) && !find_shape(*one.otherwise) && is_one_word(*one.otherwise);
    add(one.name), add("=\"");
    if (shows) add(*one.otherwise);
    else append_shown_value(one.name, of_->is_stdio(), false, *out_);
    add("\"\n");
  }
  [[nodiscard]] static bool is_one_word(std::string_view text) noexcept {
    for (char const c : text)
      if (!is_alphanumeric(c) && std::string_view("_-./:@+, ").find(c) == text.npos) return false;
    return true;
  }
  void assignment(std::string_view name, bool is_sample) {
    add(name), add("="), add(is_sample ? "" : "\"");
    append_shown_value(name, of_->is_stdio(), is_sample, *out_);
    add(is_sample ? "" : "\"");
  }

  void env_file() {
    add("Or create a `.env` file (add to `.gitignore`):\n\n```\n");
    each_variable_once(*of_, [&](named_variable const& one) {
      if (!one.otherwise) assignment(one.name, true), add("\n");
    });
    add("```\n\nKeep it out of git and load it with:\n\n```bash\n"
        "chmod 600 .env\n"
        "echo .env >> .gitignore\n"
        "# `source .env` alone exports nothing, and `export $(cat .env | xargs)` breaks at blanks, quotes "
        "and #.\n"
        "set -a; . ./.env; set +a\n```\n\n");
  }

  void tokens() {
    bool has_key = false, has_token = false;
    each_variable_once(*of_, [&](named_variable const& one) {
      if (!names_secret(one.name)) return;
      has_key = has_key || equal_without_case(last_word(one.name), "key");
      has_token = has_token || equal_without_case(last_word(one.name), "token");
    });
    add("### Obtaining Tokens\n\n<!-- Check: the config can't tell where they are given out. -->\n1. Visit ");
    origin where;
    bool const known = where.assign(of_->url());
    add(known ? where.view() : std::string_view("the site of the service"));
    add(known ? "/tokens\n2. Create a new API " : "\n2. Create a new API ");
    add(has_key && !has_token ? "key" : "token");
    add("\n3. Copy the ");
    copied();
    add("\n4. Set environment variables as shown above\n\n### Token Permissions\n\n"
        "<!-- Check: keep what applies. -->\nThe API ");
    add(has_key && !has_token ? "key" : "token");
    add(" needs the following permissions:\n"
        "- Read access to resources\n"
        "- Write access for creating items\n"
        "- Delete access (optional, for cleanup operations)\n\n");
  }
  // "token and secret": the kinds of credential, each once.
  void copied() {
    std::size_t kinds = 0, written = 0;
    auto const each_kind = [&](auto&& function) {
      each_variable_once(*of_, [&](named_variable const& one) {
        bool first = names_secret(one.name);
        bool before = true;
        each_variable_once(*of_, [&](named_variable const& other) {
          if (other.name == one.name) before = false;
          if (before && equal_without_case(last_word(other.name), last_word(one.name))) first = false;
        });
        if (first) function(last_word(one.name));
      });
    };
    each_kind([&](std::string_view) { ++kinds; });
    each_kind([&](std::string_view word) {
      if (written > 0) add(written + 1 == kinds ? " and " : ", ");
      for (char const c : word) {
        char const lower = ascii_lower(c);
        add({&lower, 1});
      }
      ++written;
    });
  }

  void authentication() {
    if (!of_->oauth() && of_->headers_command())
      return add("A program that comes with this plugin prints the headers (`headersHelper`); nothing else is to be set.\n\n");
    if (!of_->oauth() && (of_->headers().size() > 0 || of_->auth()))
      return add("The config itself holds what is sent, so no variable is to be set; `countersign lint` tells whether that "
                 "is a credential, which belongs into one.\n\n");
    sign_in();
  }
  void sign_in() {
    auto const scopes = of_->oauth()["scopes"].string();
    if (scopes.empty())
      return add("Your client opens a browser to sign in when the server asks for it; no variable holds the "
                 "token.\n\n");
    add("This plugin requires the following permissions (OAuth scopes), asked for when you sign in:\n");
    for (auto rest = scopes; !rest.empty();) {
      auto const one = rest.substr(0, rest.find(' '));
      rest.remove_prefix(one.size() < rest.size() ? one.size() + 1 : one.size());
      if (!one.empty()) add("- `"), add(one), add("`\n");
    }
    add("\n");
  }

  server const* of_;
  secret* out_;
  std::size_t all_ = 0;
};

}  // namespace detail

/// Appends Markdown about one server: the variables with lines that set them, the `.env` form, where
/// tokens come from, what they must be allowed, OAuth scopes. Nothing outside is looked at.
/// What the config can't tell is a guess and says so in a comment of the Markdown.
[[nodiscard]] inline result<void> write_readme(server const& of, bool among_others, secret& out) {
  detail::readme_section(of, out).write(among_others);
  if (!out.ok()) return error(errc::no_memory, "README: out of memory");
  return {};
}

}  // namespace countersign::inline v0::mcp
