#pragma once
// A `.mcp.json`: which servers there are and how each wants to be authenticated to.

#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/detail/entry.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/detail/shapes.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/nearest.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

namespace detail {
// Empty where the path has none.
[[nodiscard]] constexpr std::string_view folder_of(std::string_view path) noexcept {
  auto const slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return path.substr(0, slash == 0 ? 1 : slash);
}
}  // namespace detail

/// Bytes of a config.
inline constexpr std::size_t max_config_size = 1024 * 1024;
/// How many servers it may name.
inline constexpr std::size_t max_servers = 256;
/// Bytes of a server's name.
inline constexpr std::size_t max_server_name = 128;

/// A parsed and checked config. It is checked as a whole: one server that is wrong is told before any
/// is used. Texts stay in the wiped buffer that brought them; nothing is expanded and nothing outside
/// is looked at. Servers refer to it: moving it ends them. Reading is safe from many threads.
class config {
public:
  /// Takes `{"mcpServers": {NAME: {…}}}` and a bare `{NAME: {…}}`. Errors and warnings begin
  /// "PATH:LINE:COLUMN: " (errc::bad_input, errc::too_large) and hold no value of the file.
  /// @param path for messages
  /// @param folder where relative paths of the entries start; nothing given: the one that `path` names
  [[nodiscard]] static result<config> parse(secret text, std::string_view path, warnings const& warn = {},
                                            std::optional<std::string_view> folder = std::nullopt) {
    place_names const place(path);
    if (text.size() > max_config_size)
      return error(errc::too_large, place.path(), ": longer than ", max_config_size, " bytes");
    auto document = json_document::parse(std::move(text), {.size = max_config_size});
    if (!document) return place.in_json(document.error());
    config made(std::move(*document), folder ? *folder : detail::folder_of(path));
    if (!made.folder_.ok()) return error(errc::no_memory, place.path(), ": out of memory");
    if (auto ok = made.check(place, warn); !ok) return ok.error();
    return made;
  }

  /// How many servers.
  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t count = 0;
    each([&](server const&) { ++count; });
    return count;
  }

  /// Calls `function(server)` for each, in the order of the file.
  template <class Function>
  void each(Function&& function) const {
    for (auto const [name, entry] : servers().members())
      if (entry.is_object()) function(server(name.string(), detail::type_of(entry), entry, folder_));
  }

  /// The server of that name. errc::bad_input with the nearest name, or with all names where none is near.
  [[nodiscard]] result<mcp::server> find(std::string_view wanted) const {
    std::string_view names[max_servers];
    std::size_t count = 0;
    server found;
    each([&](server const& one) {
      names[count++] = one.name();
      if (one.name() == wanted) found = one;
    });
    if (found.entry()) return found;
    auto const shown = front_of(wanted, max_name_shown);
    if (count == 0)
      return error(errc::bad_input, "no server is named \"", shown, "\": the config names none");
    auto const near = nearest(wanted, detail::some<std::string_view>(names, count));
    if (!near.empty())
      return error(errc::bad_input, "no server is named \"", shown, "\"; did you mean \"", near, "\"?");
    secret all;
    for (std::size_t i = 0; i < count; ++i) all.append(i == 0 ? "" : ", ").append(names[i]);
    return error(errc::bad_input, "no server is named \"", shown, "\"; there is: ", all.reveal());
  }

private:
  config(json_document document, std::string_view folder) noexcept
      : document_(std::move(document)), folder_(folder) {}

  static constexpr std::string_view wrapper = "mcpServers";

  [[nodiscard]] json_value servers() const noexcept {
    auto const wrapped = document_[wrapper];
    return wrapped ? wrapped : document_.root();
  }

  [[nodiscard]] result<void> check(place_names const& place, warnings const& warn) const {
    auto const root = document_.root();
    if (!root.is_object())
      return place.at(root, "expected an object that holds \"mcpServers\", found ",
                      countersign::name(root.kind()));
    if (auto const wrapped = root[wrapper]) {
      if (!wrapped.is_object())
        return place.at(wrapped, "mcpServers: expected an object of servers, found ",
                        countersign::name(wrapped.kind()));
      for (auto const [name, value] : root.members())
        if (name.string() != wrapper && !name.string().starts_with('$'))
          warn(place.at(name, "unknown key ", front_of(name.string(), max_name_shown),
                        ", ignored; servers stand under \"mcpServers\""));
    }
    std::size_t count = 0;
    for (auto const [name, entry] : servers().members()) {
      if (name.string().starts_with('$') && !entry.is_object()) continue;  // "$schema"
      if (auto ok = check_one(place, warn, name, entry); !ok) return ok;
      if (++count > max_servers)
        return error(errc::too_large, place.at(name, "more than ", max_servers, " servers").message());
    }
    return {};
  }

  [[nodiscard]] result<void> check_one(place_names const& place, warnings const& warn,
                                       json_value name, json_value entry) const {
    auto const said = name.string();
    if (said.empty()) return place.at(name, "a server needs a name");
    if (said.size() > max_server_name)
      return error(errc::too_large,
                   place.at(name, "a server's name of more than ", max_server_name, " bytes").message());
    for (char const c : said)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        return place.at(name, "a server's name can't hold control characters");
    detail::shape_check const about(place, said, warn);
    std::string_view const wrappers[] = {wrapper};
    bool const misspelt = !document_[wrapper] && !entry["url"] && !entry["command"] && !entry["type"] &&
                          !nearest(said, wrappers).empty();
    if (misspelt) return place.at(name, "expected \"mcpServers\" here, found a name that is nearly that");
    if (!entry.is_object())
      return about.wrong(entry, "expected an object with a \"url\" or a \"command\", found ",
                         countersign::name(entry.kind()));
    return detail::entry_check(about, entry).run();
  }

  json_document document_;
  owned_text folder_;
};

}  // namespace countersign::inline v0::mcp
