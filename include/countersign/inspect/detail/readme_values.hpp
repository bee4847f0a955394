#pragma once
// What a README shows in the place of a variable's value.

#include <countersign/core/secret.hpp>
#include <countersign/mcp/secret_names.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/variables.hpp>
#include <countersign/text/expand.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

struct named_variable {
  std::string_view name = {};
  std::optional<std::string_view> otherwise = {};
};

template <class Function>
void each_reference_in(json_value value, Function& function) {
  for (template_reader reader(value.string());;) {
    static_cast<void>(reader.literal());
    auto const found = reader.variable();
    if (!found) break;
    function(named_variable{found->name, found->otherwise});
  }
  for (auto const [name, member] : value.members()) {
    static_cast<void>(name);
    detail::each_reference_in(member, function);
  }
  for (auto const element : value.elements()) detail::each_reference_in(element, function);
}

/// Calls `function(variable)` once for each name, in the order of the file; one that has no default anywhere
/// it stands has none. What the client itself sets is left out.
template <class Function>
void each_variable_once(server const& of, Function&& function) {
  std::size_t place = 0;
  auto const look = [&](named_variable const& one) {
    auto const here = place++;
    std::size_t other = 0;
    bool is_first = one.name != "CLAUDE_PLUGIN_ROOT", is_optional = true;
    auto const compare = [&](named_variable const& each) {
      if (each.name == one.name && other < here) is_first = false;
      if (each.name == one.name && !each.otherwise) is_optional = false;
      ++other;
    };
    detail::each_reference_in(of.entry(), compare);
    if (is_first) function(named_variable{one.name, is_optional ? one.otherwise : std::nullopt});
  };
  detail::each_reference_in(of.entry(), look);
}

[[nodiscard]] constexpr std::string_view last_word(std::string_view name) noexcept {
  return take_last_word(name);
}

// "postgresql" for DATABASE_URL, …
[[nodiscard]] constexpr std::string_view database_scheme(std::string_view name) noexcept {
  struct {
    std::string_view word, scheme;
  } const known[] = {{"DATABASE", "postgresql"}, {"POSTGRES", "postgresql"}, {"PG", "postgresql"},
                     {"DB_", "postgresql"},      {"MYSQL", "mysql"},         {"MONGO", "mongodb"},
                     {"REDIS", "redis"}};
  for (auto const& one : known)
    if (find_without_case(name, one.word) != name.npos) return one.scheme;
  return {};
}

/// `is_sample`: how it may look once it is filled in, else what it is.
inline void append_shown_value(std::string_view name, bool is_stdio, bool is_sample, secret& out) {
  auto const word = last_word(name);
  auto const is = [&](std::string_view wanted) { return equal_without_case(word, wanted); };
  if (is("url") || is("uri") || is("dsn")) {
    auto const scheme = database_scheme(name);
    if (scheme.empty()) out.append(is_sample ? "https://api.example.com" : "https://host/path");
    else out.append(scheme).append(is_sample ? "://localhost:5432/mydb" : "://host:port/database");
  } else if (is("user") || is("username") || is("login")) {
    out.append(is_sample ? "myuser" : "username");
  } else if (is_stdio && (is("password") || ends_without_case(word, "password"))) {
    out.append(is_sample ? "mypassword" : "password");
  } else {
    // API_TOKEN: your-token-here; WORKSPACE_ID: your-workspace-id.
    bool const is_secret = names_secret(name);
    out.append("your-");
    for (char const c : is_secret ? word : name) {
      char const lower = c == '_' ? '-' : ascii_lower(c);
      out.append({&lower, 1});
    }
    if (is_secret) out.append("-here");
  }
}

}  // namespace countersign::inline v0::mcp::detail
