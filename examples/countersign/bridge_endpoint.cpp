#include "bridge_legacy.hpp"

#include <countersign/text/origin.hpp>

#include <string>
#include <string_view>

namespace cs = countersign;

namespace program {

cs::result<std::string> endpoint_at(std::string_view stream_url, std::string_view said) {
  auto const here = cs::origin_of(stream_url);
  if (!here) return here.error();
  std::string url;
  if (said.find("://") != said.npos && said.find("://") < said.find_first_of("/?#")) {
    url = said;
  } else if (said.starts_with('/') && !said.starts_with("//")) {
    url = std::string(here->view()) + std::string(said);
  } else if (!said.starts_with("//")) {
    auto const path = stream_url.substr(0, stream_url.find_first_of("?#"));
    url = std::string(path.substr(0, path.rfind('/') + 1)) + std::string(said);
  }
  auto const there = cs::origin_of(url);
  if (!there || there->view() != here->view())
    return cs::error{cs::errc::insecure,
                     "the server names a place for messages at another origin; nothing was sent there"};
  return url;
}

}  // namespace program
