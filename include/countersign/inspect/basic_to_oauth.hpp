#pragma once
// Entries of a config that give a password with each request, and the same entries with a sign-in in its place.

#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/lint_config.hpp>
#include <countersign/mcp/config.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_value.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

namespace detail {

[[nodiscard]] inline bool is_basic_header(std::string_view name, json_value value) noexcept {
  auto const text = value.string();
  return equal_without_case(name, "Authorization") && text.size() > 5 &&
         equal_without_case(text.substr(0, 5), "Basic") && text[5] == ' ';
}

// Where Basic stands in an entry.
struct basic_place {
  json_value value = {};       // the header, or the entry under `auth`; none: nowhere
  std::string_view name = {};  // "headers" or "auth"
};
[[nodiscard]] inline basic_place basic_in(json_value entry) noexcept {
  if (!entry["url"].is_string()) return {};
  for (auto const [name, value] : entry["headers"].members())
    if (is_basic_header(name.string(), value)) return {value, "headers"};
  auto const auth = entry["auth"];
  if (auth["type"].string() == "basic") return {auth, "auth"};
  for (auto const one : auth.elements())
    if (one["type"].string() == "basic") return {one, "auth"};
  return {};
}

// Bytes of a text that are to go, a comma with them: the one behind, else the one before.
class cut {
public:
  explicit cut(json_value gone) noexcept : gone_(gone.where().begin) {}

  /// Of each member or element in turn: where it begins, its name included, and its value.
  void pass(std::size_t from, json_value value) noexcept {
    if (found_ && !followed_) followed_ = true, end_ = from;
    if (value.where().begin == gone_)
      found_ = true, alone_ = before_ == 0, begin_ = from, end_ = value.where().end;
    if (!found_) before_ = value.where().end;
  }
  [[nodiscard]] std::size_t begin() const noexcept { return followed_ || alone_ ? begin_ : before_; }
  [[nodiscard]] std::size_t end() const noexcept { return end_; }
  /// Nothing is left in what held it.
  [[nodiscard]] bool is_all() const noexcept { return alone_ && !followed_; }

private:
  std::size_t gone_, begin_ = 0, end_ = 0, before_ = 0;
  bool found_ = false, followed_ = false, alone_ = false;
};
[[nodiscard]] inline cut cut_of(json_value holder, json_value gone) noexcept {
  cut made(gone);
  for (auto const [key, value] : holder.members()) made.pass(key.where().begin, value);
  for (auto const value : holder.elements()) made.pass(value.where().begin, value);
  return made;
}

inline constexpr std::string_view empty_oauth = "\"oauth\": {}";

// One Basic of an entry taken out.
[[nodiscard]] inline secret without_basic(std::string_view text, json_value entry, basic_place const& basic) {
  auto const holder = entry[basic.name];
  auto const inner = cut_of(holder, basic.value);
  bool const is_all = basic.value.where().begin == holder.where().begin || inner.is_all();
  bool const has_oauth = bool(entry["oauth"]);
  secret made;
  if (!is_all) {
    auto const end = holder.where().end;
    made.append(text.substr(0, inner.begin())).append(text.substr(inner.end(), end - inner.end()));
    if (!has_oauth) made.append(", ").append(empty_oauth);
    return std::move(made.append(text.substr(end)));
  }
  if (has_oauth) {
    auto const whole = cut_of(entry, holder);
    return std::move(made.append(text.substr(0, whole.begin())).append(text.substr(whole.end())));
  }
  for (auto const [key, value] : entry.members())
    if (value.where().begin == holder.where().begin)
      made.append(text.substr(0, key.where().begin))
          .append(empty_oauth)
          .append(text.substr(value.where().end));
  return made;
}

}  // namespace detail

/// Calls `tell(server's name, where)` for each entry of a config that sends Basic to a server, by a header or by `auth`.
/// Nothing is told of what is no JSON.
template <std::invocable<std::string_view, json_where const&> Tell>
void each_basic_entry(std::string_view text, Tell&& tell) {
  auto const document = json_document::parse(secret(text), {.size = max_config_size});
  if (!document) return;
  auto const servers = detail::servers_of(*document);
  for (auto const [name, entry] : servers.members())
    if (auto const found = detail::basic_in(entry); found.value) tell(name.string(), found.value.where());
}

/// The text with a sign-in (`"oauth": {}`) where that server's Basic stood, every other byte kept. An `oauth` that is there stays
/// as it is. errc::not_mine: no such server, or it sends no Basic; bad_input: no JSON; no_memory.
[[nodiscard]] inline result<secret> oauth_in_place_of_basic(std::string_view text, std::string_view server) {
  secret made(text);
  for (bool changed = false;; changed = true) {
    if (!made.ok()) return error(errc::no_memory, "lint: out of memory");
    auto const document = json_document::parse(secret(made.reveal()), {.size = max_config_size * 2});
    if (!document) return document.error();
    auto const entry = detail::servers_of(*document)[server];
    auto const found = detail::basic_in(entry);
    if (!found.value && changed) return made;
    if (!found.value) return error(errc::not_mine, "lint: the entry sends no Basic");
    made = detail::without_basic(made.reveal(), entry, found);
  }
}

}  // namespace countersign::inline v0::mcp
