#include "demo_browser.hpp"

#include <httplib.h>

#include <algorithm>

namespace program {

namespace {

// Where it is sent; empty: nowhere.
std::string get(std::string const& url) {
  auto const path = std::min(url.find('/', sizeof "http://" - 1), url.size());
  httplib::Client server(url.substr(0, path));
  auto const answer = server.Get(path == url.size() ? "/" : url.substr(path).c_str());
  return answer ? answer->get_header_value("Location") : "";
}

}  // namespace

void demo_browser::hear(std::string_view line) {
  if (!line.starts_with("http://")) return;
  visits_.emplace_back([page = std::string(line)] {
    for (auto next = page; next.starts_with("http://");) next = get(next);
  });
}

}  // namespace program
