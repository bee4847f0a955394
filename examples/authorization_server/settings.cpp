#include "settings.hpp"

#include <charconv>
#include <utility>
#include <variant>

namespace provider {

namespace {

using milliseconds = std::chrono::milliseconds;
using member =
    std::variant<std::string settings::*, int settings::*, bool settings::*, milliseconds settings::*>;

std::pair<std::string_view, member> const members[] = {
    {"host", &settings::host},
    {"port", &settings::port},
    {"mcp_port", &settings::mcp_port},
    {"issuer_path", &settings::issuer_path},
    {"access_lifetime", &settings::access_lifetime},
    {"expires_in", &settings::expires_in},
    {"refresh_tokens", &settings::refresh_tokens},
    {"refresh_needs_offline_access", &settings::refresh_needs_offline_access},
    {"rotation", &settings::rotation},
    {"grace", &settings::grace},
    {"refresh_lifetime", &settings::refresh_lifetime},
    {"scopes", &settings::scopes},
    {"user", &settings::user},
    {"metadata", &settings::metadata},
    {"auth_methods", &settings::auth_methods},
    {"registration", &settings::registration},
    {"documents", &settings::documents},
    {"pkce_said", &settings::pkce_said},
    {"iss", &settings::iss},
    {"iss_text", &settings::iss_text},
    {"resource_required", &settings::resource_required},
    {"other_resource", &settings::other_resource},
    {"dpop", &settings::dpop},
    {"dpop_nonce", &settings::dpop_nonce},
    {"resource_metadata", &settings::resource_metadata},
    {"hint", &settings::hint},
    {"challenge_scope", &settings::challenge_scope},
    {"replies", &settings::replies},
    {"sessions", &settings::sessions},
    {"insatiable", &settings::insatiable},
};

// Those that take one of a few words.
struct choice {
  std::string_view name, words;
};
constexpr choice choices[] = {{"user", " approves denies page "},
                              {"metadata", " oauth oidc none "},
                              {"dpop", " off accepted required "},
                              {"replies", " sse json "},
                              {"resource_metadata", " path root none "}};

}  // namespace

std::string set(settings& all, std::string_view name, std::string_view value) {
  for (auto const& one : choices)
    if (one.name == name && one.words.find(" " + std::string(value) + " ") == std::string_view::npos)
      return std::string(name) + " is one of" + std::string(one.words);
  for (auto const& [known, where] : members) {
    if (known != name) continue;
    if (auto const* const text = std::get_if<std::string settings::*>(&where)) {
      all.** text = value;
      return "";
    }
    int number = 0;
    auto const [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failed != std::errc() || end != value.data() + value.size() || number < 0)
      return std::string(name) + " is a number";
    if (auto const* const whole = std::get_if<int settings::*>(&where)) all.** whole = number;
    if (auto const* const truth = std::get_if<bool settings::*>(&where)) all.** truth = number != 0;
    if (auto const* const time = std::get_if<milliseconds settings::*>(&where))
      all.** time = milliseconds(number);
    return "";
  }
  return "there is no setting " + std::string(name);
}

}  // namespace provider
