// A config read by the JSON libraries, for the growth of it: the URL of the last server, nothing checked.

#include "../config_text.hpp"
#include "../table.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#endif
#if __has_include(<boost/json.hpp>)
#include <boost/json.hpp>
#include <boost/json/src.hpp>
#endif

namespace {

[[maybe_unused]] void add(std::size_t count) {
  config_text const made(count);
  std::string const last = made.last, expected = made.url, text = made.text;
  auto const group = "config as JSON/" + std::to_string(count) + "/";
#if __has_include(<nlohmann/json.hpp>)
  table::add(group + "nlohmann", [=, url = std::string()]() mutable {
    auto const tree = nlohmann::json::parse(text);
    url = tree.at("mcpServers").at(last).at("url").get_ref<std::string const&>();
    return std::string_view(url);
  }, expected);
#endif
#if __has_include(<boost/json.hpp>)
  table::add(group + "Boost.JSON", [=, url = std::string()]() mutable {
    auto const tree = boost::json::parse(text);
    url = tree.at("mcpServers").at(last).at("url").as_string().c_str();
    return std::string_view(url);
  }, expected);
#endif
}

bool const added = [] {
  for (auto const count : std::initializer_list<std::size_t>{1, 10, 100, 256, 1000, 10000}) add(count);
  return true;
}();

}  // namespace
