#pragma once
// A line for the shell that sends what an entry would send, with the names of variables in the place of
// secrets.

#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/detail/header_roles.hpp>
#include <countersign/inspect/detail/shell_text.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/expand.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

struct curl_command {
  secret line = {};
  /// Whether `***` stands for something that the config itself holds and should not.
  bool hides = false;
  /// Whether variables come from `envFile`, so that the shell must be given them first.
  bool needs_env_file = false;
};

namespace detail {

// Of a literal value in a URL's query, in bytes.
inline constexpr std::size_t shortest_hidden = 8;

class curl_writer {
public:
  curl_writer(server const& of, std::string_view config) noexcept : of_(&of), config_(config) {}

  [[nodiscard]] curl_command write() {
    // What is made for each request can't be written down once.
    bool const digest = has_only_digest();
    bool const made = (of_->auth().size() > 0 && !digest) || of_->headers_command() || !of_->env_file().empty() || of_->oauth();
    if (made) {
      shell_text name, config;
      line_.append("countersign ");
      if (!config_.empty()) line_.append("--config ").append(config.literal(config_).finish()).append(" ");
      line_.append("headers ").append(name.literal(of_->name()).finish()).append(" --format curl | ");
    }
    line_.append("curl -sS -D - -o /dev/null");
    if (made) line_.append(" -K -");
    // The stream would never end.
    if (of_->type() != server_type::http) line_.append(" -m 5");
    // To curl "[1-9]" and "{a,b}" are many addresses, unless -g; a variable may hold them.
    if (of_->url().find_first_of("[]{}") != std::string_view::npos) line_.append(" -g");
    if (of_->type() == server_type::http) line_.append(" -X POST");
    if (of_->type() == server_type::ws) {
      line_.append(" --http1.1");
      for (auto const each : {"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                              "Sec-WebSocket-Key: Y291bnRlcnNpZ24tdGVzdA=="})
        line_.append(" -H \"").append(each).append("\"");
    }
    if (!made)
      for (auto const [name, text] : of_->headers().members()) header(name.string(), text.string());
    if (digest && !made) answers();
    if (of_->type() == server_type::sse) line_.append(" -H \"Accept: text/event-stream\"");
    if (of_->type() == server_type::http) message();
    url();
    return {std::move(line_), hides_,
            !of_->env_file().empty() && of_->url().find("${") != std::string_view::npos};
  }

private:
  [[nodiscard]] bool has_only_digest() const {
    bool any = false, others = false;
    of_->each_auth([&](json_value one) { (one["type"].string() == "digest" ? any : others) = true; });
    return any && !others;
  }
  // What answers a challenge can't be written down before there is one: curl does it.
  void answers() {
    of_->each_auth([&](json_value one) {
      shell_text word;
      add(word, one["user"].string(), false);
      word.literal(":");
      add(word, one["password"].string(), true);
      append(" --digest -u ", word);
    });
  }

  void header(std::string_view name, std::string_view text) {
    shell_text word;
    word.literal(name).literal(": ");
    if (is_public_header(name)) {
      add(word, text, false);
    } else {
      // A scheme is no secret; what else stands there may be one.
      auto const blank = text.find(' ');
      auto const scheme =
          blank == std::string_view::npos ? std::string_view() : known_scheme(text.substr(0, blank));
      if (!scheme.empty()) {
        word.literal(text.substr(0, blank + 1));
        text.remove_prefix(blank + 1);
      }
      add(word, text, true);
    }
    append(" -H ", word);
  }

  // @param hide literal text and defaults are shown as ***
  static void add(shell_text& word, std::string_view text, bool hide) {
    for (template_reader reader(text);;) {
      auto const literal = reader.literal();
      if (hide && !literal.empty()) word.hidden();
      else word.literal(literal);
      auto const one = reader.variable();
      if (!one) return;
      auto rest = reader;
      auto const next = rest.literal();
      word.variable(*one, !next.empty() ? hide ? '*' : next[0] : rest.variable() ? '$' : '\0', hide);
    }
  }

  // A signature covers the body, and the program above signs an empty one.
  void message() {
    bool signs = false;
    of_->each_auth([&](json_value one) { signs = signs || (one["type"].string() != "basic" && one["type"].string() != "digest"); });
    if (signs) return;
    line_.append(
        " -H \"Content-Type: application/json\" -H \"Accept: application/json, text/event-stream\""
        " -d '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
        "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"curl\",\"version\":\"1\"}}}'");
  }

  // The values of a query may be tokens.
  void url() {
    auto text = of_->url();
    shell_text word;
    if (of_->type() == server_type::ws && text.starts_with("ws")) {
      word.literal("http");  // curl's WebSocket is not everywhere; its handshake is HTTP
      text.remove_prefix(2);
    }
    bool in_query = false;
    for (template_reader reader(text);;) {
      auto rest = reader.literal();
      while (!rest.empty()) {
        auto const end = in_query ? rest.find_first_of("=&#") : rest.find_first_of("?#");
        if (end == std::string_view::npos) {
          value(word, rest);
          break;
        }
        value(word, rest.substr(0, end));
        value_ = in_query && rest[end] == '=';
        in_query = true;
        word.literal(rest.substr(end, 1));
        rest.remove_prefix(end + 1);
      }
      auto const one = reader.variable();
      if (!one) break;
      auto behind = reader;
      auto const next = behind.literal();
      word.variable(*one, !next.empty() ? next[0] : behind.variable() ? '$' : '\0', in_query);
    }
    append(" ", word);
  }

  // Nobody keeps a secret in few bytes: `v=1`.
  void value(shell_text& word, std::string_view text) const {
    if (value_ && text.size() >= shortest_hidden) word.hidden();
    else word.literal(text);
  }

  void append(std::string_view before, shell_text& word) {
    line_.append(before).append(word.finish());
    hides_ = hides_ || word.hides();
  }

  server const* of_;
  std::string_view config_;
  secret line_;
  bool hides_ = false;
  bool value_ = false;
};

}  // namespace detail

/// A line to paste that asks an http, sse or ws server and prints the head of its answer. Variables are the
/// shell's to expand; what else the config holds of a credential stands as `***`. Where headers are made anew
/// for each request it takes them from `countersign headers`. Nothing for a stdio server.
/// @param config the path of the config, where `countersign` would not find it by itself
[[nodiscard]] inline std::optional<curl_command> curl_line(server const& of, std::string_view config = {}) {
  if (of.is_stdio()) return std::nullopt;
  return detail::curl_writer(of, config).write();
}

}  // namespace countersign::inline v0::mcp
