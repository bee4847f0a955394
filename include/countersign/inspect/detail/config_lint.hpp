#pragma once
// The walk through a config that finds what should not stand in it, and where exactly.

#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/inspect/detail/secret_shapes.hpp>
#include <countersign/inspect/detail/spot.hpp>
#include <countersign/inspect/detail/url_secrets.hpp>
#include <countersign/inspect/finding.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/templates.hpp>
#include <countersign/text/expand.hpp>
#include <countersign/text/json_value.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// What stands in a config where a credential should: not a word to be replaced, no setting.
[[nodiscard]] constexpr bool is_literal_credential(std::string_view value) noexcept {
  return !is_placeholder(value) && !is_setting(value);
}

// Calls `tell(spot)`. `text` is the file as it is, the values are those of a copy that was parsed.
template <class Tell>
class config_lint {
public:
  config_lint(std::string_view text, Tell& tell) noexcept : text_(text), tell_(&tell) {}

  void server(std::string_view name, json_value entry) {
    server_ = name;
    allows_http_ = entry["allowHttp"].boolean();
    for (auto const [key, value] : entry.members()) {
      auto const is = [&, said = key.string()](std::string_view wanted) { return said == wanted; };
      inside_ = key.string();
      if (is("url")) url(value, "url", severity::error);
      else if (is("headers")) each(value, [&](auto field, auto said) { header({said}, field); });
      else if (is("env")) each(value, [&](auto field, auto said) { variable({said}, field); });
      else if (is("args")) arguments(value);
      else if (is("oauth")) each(value, [&](auto field, auto said) { oauth(field, said); });
      else if (is("auth") && value.is_object()) auth(value);
      else if (is("auth"))
        for (auto const one : value.elements()) auth(one);
      else anything(key.string(), value);
    }
    inside_ = {};
  }

  /// What belongs to no server.
  void anything(std::string_view name, json_value value) {
    if (value.is_string()) named({value}, name);
    for (auto const [key, member] : value.members()) anything(key.string(), member);
    for (auto const element : value.elements()) anything(name, element);
  }

private:
  // A string of the config, or a piece of it.
  struct piece {
    json_value whole;
    std::string_view text;
    piece(json_value value) noexcept : whole(value), text(value.string()) {}
    piece(json_value value, std::string_view part) noexcept : whole(value), text(part) {}
    [[nodiscard]] piece part(std::string_view inner) const noexcept { return {whole, inner}; }
    [[nodiscard]] piece from(std::size_t at) const noexcept {
      // Never a view of nothing: where it stands in the whole must be told.
      return {whole, text.substr(at < text.size() ? at : text.size())};
    }
  };

  template <class Function>
  void each(json_value object, Function&& function) {
    for (auto const [key, value] : object.members())
      if (value.is_string() || value.is_number()) function(key.string(), value);
  }

  void header(piece value, std::string_view name) {
    defaults(value, name);
    bool const authorization =
        equal_without_case(name, "Authorization") || equal_without_case(name, "Proxy-Authorization");
    auto const blank = value.text.find(' ');
    auto const scheme = value.text.substr(0, blank == value.text.npos ? 0 : blank);
    bool const basic = equal_without_case(scheme, "Basic");
    if (authorization && basic)
      say(rule::basic_by_hand, severity::info, value, name, about(name, "Basic written by hand"),
          "write \"auth\": {\"type\": \"basic\", …}; better: OAuth, if the server has it");
    if (names_variable(value.text)) {
      if (authorization && is_bare_variable(value.text))
        say(rule::token_without_scheme, severity::warning, value, name,
            about(name, "no scheme before the credential"),
            "most servers want \"Bearer ${VARIABLE}\"; one that holds scheme and token is best named "
            "…_HEADER");
      return shapes(value, name);
    }
    if (!authorization && !names_secret(name)) return neutral(value, name);
    constexpr std::string_view schemes[] = {"Bearer", "Basic", "Token", "ApiKey", "Api-Key", "Key"};
    bool const has_scheme = authorization ? is_token(scheme) : is_one_of(scheme, schemes);
    auto const rest = value.from(has_scheme ? blank + 1 : 0);
    if (!is_literal_credential(rest.text)) return;
    secret(rest, name, kind_of(rest.text), basic);
    if (authorization && scheme.empty())
      say(rule::token_without_scheme, severity::warning, value, name,
          about(name, "no scheme before the credential"), "most servers want \"Bearer ${VARIABLE}\"");
  }

  // "${API_TOKEN}" and nothing else, unless the name says that it is a whole header's value.
  [[nodiscard]] static bool is_bare_variable(std::string_view text) noexcept {
    template_reader reader(text);
    if (!reader.literal().empty()) return false;
    auto const found = reader.variable();
    return found && reader.literal().empty() && !reader.variable() &&
           !ends_without_case(found->name, "header") && !ends_without_case(found->name, "authorization");
  }

  // A value whose name tells what it is.
  void named(piece value, std::string_view name) {
    defaults(value, name);
    if (value.text.find("://") != value.text.npos) return credentials_of_url(value, name);
    if (!names_secret(name)) return neutral(value, name);
    if (names_variable(value.text)) return shapes(value, name);
    if (is_literal_credential(value.text)) secret(value, name, kind_of(value.text));
  }
  void variable(piece value, std::string_view name) {
    named(value, name);
    for (std::string_view const end : {"url", "uri", "endpoint", "server", "host"})
      if (ends_without_case(name, end)) return insecure(value, name, severity::warning);
  }

  void url(piece value, std::string_view name, severity level) {
    defaults(value, name);
    credentials_of_url(value, name);
    insecure(value, name, level);
  }
  void credentials_of_url(piece value, std::string_view name) {
    bool found = false;
    bool const refused = inside_ == "url" && authority_in(value.text).find('@') != value.text.npos;
    // A data base takes its password nowhere else.
    bool const is_web = insecure_url_in(value.text) != value.text.npos ||
                        find_without_case(value.text, "https://") != value.text.npos ||
                        find_without_case(value.text, "wss://") != value.text.npos;
    each_url_credential(value.text, [&](std::string_view part, std::string_view parameter, bool is_variable) {
      if (is_variable && !is_web) return;
      if (is_variable)
        say(rule::secret_in_url, severity::warning, value.part(part), name,
            about(name, "its ", parameter, " is a credential: URLs end up in logs and histories"),
            "send it in a header, if the server takes it");
      else if (!is_literal_credential(part)) return;
      else if (refused && (parameter == "password" || parameter == "user"))
        found = true,
        say(rule::secret_in_url, severity::error, value.part(part), name,
            about(name, "its ", parameter, ", ", kind_of(part), " of ", part.size(),
                  " bytes stands in the file"),
            "write \"auth\": {\"type\": \"basic\", \"user\": …, \"password\": \"${VARIABLE}\"}");
      else found = true, tell(rule::secret_in_url, value.part(part), name, kind_of(part), false, parameter);
    });
    if (found) return;
    if (auto const shape = find_shape(value.text))
      return tell(rule::secret_in_url, value.part(value.text.substr(shape.begin, shape.size())), name,
                  shape.kind);
    auto rest = value.text.substr(0, value.text.find('?'));
    for (auto const skipped = rest.find("://"); skipped != rest.npos && !rest.empty();) {
      auto const slash = rest.rfind('/');
      auto const segment = tail(rest, slash + 1);
      if (slash < skipped + 3) return;
      if (looks_random(segment, 24) && !is_hexadecimal(segment))
        return tell(rule::secret_in_url, value.part(segment), name, "a random-looking text");
      rest = rest.substr(0, slash);
    }
  }
  void insecure(piece value, std::string_view name, severity level) {
    auto const at = allows_http_ ? value.text.npos : insecure_url_in(value.text);
    if (at == value.text.npos) return;
    bool const socket = ascii_lower(value.text[at]) == 'w';
    say(rule::insecure_url, level, value.from(at), name,
        about(name, socket ? "ws://" : "http://", " beyond this machine: anybody on the way reads it"),
        socket ? "write wss://" : "write https://; \"allowHttp\": true if another layer protects it");
  }

  void arguments(json_value list) {
    std::string_view flag;
    for (auto const one : list.elements()) {
      auto const text = one.string();
      auto const equals = text.find('=');
      bool const is_flag = text.starts_with('-');
      if (!flag.empty() && !is_flag && names_secret(flag)) named({one}, flag);
      else if (equals < text.find("://") && equals < text.find(':'))
        assigned({one, text.substr(equals + 1)}, text.substr(0, equals));
      else assigned({one}, "args");
      flag = is_flag && equals == text.npos ? tail(text, text.find_first_not_of('-')) : std::string_view();
    }
  }
  // An argument, or what stands behind its '='.
  void assigned(piece value, std::string_view name) {
    auto const colon = value.text.find(':');
    auto const field = value.text.substr(0, colon);
    if (colon != value.text.npos && is_token(field) && names_secret(field))
      return header(value.from(value.text.find_first_not_of(' ', colon + 1)), field);
    if (value.text.find("://") != value.text.npos) return url(value, name, severity::error);
    named(value, name);
  }

  void oauth(std::string_view name, json_value value) {
    if (name == "authServerMetadataUrl") return url(value, name, severity::error);
    if (name != "clientSecret") return named({value}, name);
    defaults({value}, name);
    if (!names_variable(value.string()) && is_literal_credential(value.string()))
      tell(rule::client_secret_in_file, {value}, name, "the client secret");
  }
  void auth(json_value one) {
    for (auto const [key, value] : one.members()) {
      auto const name = key.string();
      if (name == "ttl" && value.integer().value_or(0) > longest_ttl)
        say(rule::long_lived_token, severity::warning, {value}, name,
            about(name, "tokens that live longer than a day"),
            "minting one costs nothing: leave \"ttl\" out, or give minutes");
      else if (value.is_string() && name != "message") named({value}, name);
      else if (name == "headers") each(value, [&](auto field, auto said) { made_header({said}, field); });
      else if (value.is_object()) anything({}, value);
    }
  }
  // "{key_id}:{signature}": what stands there is made for each request.
  void made_header(piece value, std::string_view name) {
    if (value.text.find('{') == value.text.npos) return header(value, name);
    defaults(value, name);
    shapes(value, name);
  }
  static constexpr std::int64_t longest_ttl = 24 * 60 * 60;  // seconds

  // Defaults of variables that are credentials themselves.
  void defaults(piece value, std::string_view name) {
    for (template_reader reader(value.text);;) {
      static_cast<void>(reader.literal());
      auto const found = reader.variable();
      if (!found) return;
      if (!found->otherwise) continue;
      auto const text = *found->otherwise;
      bool const secret_here = names_secret(found->name) || names_secret(name);
      if (!(secret_here && is_literal_credential(text)) && !find_shape(text)) continue;
      auto made = place(value.part(text), name);
      made.what = {
          rule::secret_in_default,
          severity::error,
          made.what.line,
          made.what.column,
          about(name, "the default of ", found->name, " is a credential: ", kind_of(text), ", ", text.size(),
                " bytes"),
          error(errc::bad_input, "write \"${", found->name, "}\" and set it; `lint --fix` does that")};
      made.variable = found->name;
      made.begin -=
          2;  // ":-" can't be escaped into something longer: the parser of `${…}` reads them unescaped
      (*tell_)(made);
    }
  }

  // No name to go by: what shows by its form.
  void neutral(piece value, std::string_view name) {
    auto const shape = find_shape(value.text);
    if (shape) return secret(value.part(value.text.substr(shape.begin, shape.size())), name, shape.kind);
    if (looks_random(value.text) && !is_hexadecimal(value.text) && !is_setting(value.text))
      secret(value, name, "a random-looking text");
  }
  void shapes(piece value, std::string_view name) {
    for (template_reader reader(value.text);;) {
      auto const literal = reader.literal();
      if (auto const shape = find_shape(literal))
        secret(value.part(literal.substr(shape.begin, shape.size())), name, shape.kind);
      if (!reader.variable()) return;
    }
  }
  [[nodiscard]] static std::string_view kind_of(std::string_view value) noexcept {
    auto const shape = find_shape(value);
    return shape ? shape.kind : std::string_view("a credential");
  }

  [[nodiscard]] spot place(piece value, std::string_view name) const {
    auto const where = value.whole.where();
    spot made;
    made.server = server_;
    made.inside = inside_;
    made.name = name;
    if (value.whole.is_string()) {
      auto const at = static_cast<std::size_t>(value.text.data() - value.whole.string().data());
      made.begin = written_at(text_, where.begin + 1, at);
      made.end = written_at(text_, made.begin, value.text.size());
      made.value = value.text;
    }
    made.what.line = where.line;
    made.what.column = where.column + (made.begin > where.begin ? made.begin - where.begin : 0);
    return made;
  }
  template <class... Pieces>
  [[nodiscard]] error about(std::string_view name, Pieces const&... pieces) const {
    bool const nested = !inside_.empty() && inside_ != name;
    auto const shown = front_of(name, max_name_shown);
    auto const said =
        error(errc::bad_input, nested ? inside_ : std::string_view(), nested && !shown.empty() ? "." : "",
              shown, shown.empty() && !nested ? "" : ": ", pieces...);
    return server_.empty() ? said : said.within("server \"", front_of(server_, max_name_shown), "\": ");
  }
  // What has nothing in it that could be moved.
  template <class... Fix>
  void say(std::string_view what, severity level, piece value, std::string_view name, error const& message,
           Fix const&... fix) {
    auto made = place(value, name);
    made.value = {};
    made.what = {what, level, made.what.line, made.what.column, message, error(errc::bad_input, fix...)};
    (*tell_)(made);
  }
  void tell(std::string_view what, piece value, std::string_view name, std::string_view kind,
            bool basic = false, std::string_view parameter = {}) {
    auto made = place(value, name);
    made.parameter = parameter;
    made.is_basic = basic;
    made.what.rule = what;
    made.what.level = severity::error;
    made.what.message =
        about(name, parameter.empty() ? "" : "its ", front_of(parameter, max_name_shown),
              parameter.empty() ? "" : ", ", kind, " of ", value.text.size(), " bytes stands in the file");
    made.what.fix =
        error(errc::bad_input, "write ${VARIABLE} in its place and set that; `lint --fix` does both");
    (*tell_)(made);
  }
  void secret(piece value, std::string_view name, std::string_view kind, bool basic = false) {
    tell(rule::hardcoded_secret, value, name, kind, basic);
  }

  std::string_view text_;
  Tell* tell_;
  std::string_view server_ = {}, inside_ = {};
  bool allows_http_ = false;
};

}  // namespace countersign::inline v0::mcp::detail
