#pragma once
// Authorization servers and an API as one transport without a network: every POST is a token request, whose form
// is read and kept; every other request is the API's. And a person who does what a test says.
//
//     fake::token_endpoint net;
//     net.answer = [](fake::token_post const& asked, std::size_t number) { return fake::reply{…}; };

#include "fake/service.hpp"

#include <countersign/core/exchange.hpp>
#include <countersign/core/message.hpp>
#include <countersign/oauth/detail/redirect.hpp>
#include <countersign/text/percent.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fake {

namespace cs = countersign;

inline std::map<std::string, std::string> form_of(std::string_view text) {
  std::map<std::string, std::string> all;
  cs::oauth::detail::each_pair(text, [&](std::string_view name, std::string_view value) {
    all[std::string(name)] = std::string(cs::decode_form(value).value().reveal());
  });
  return all;
}
/// Of a URL's query.
inline std::map<std::string, std::string> query_of(std::string_view url) {
  return form_of(url.substr(url.find('?') + 1));
}

struct token_post {
  std::string url;
  std::map<std::string, std::string> form;
  std::string authorization, dpop;  // fields; empty where there is none
};
struct api_call {
  std::string url;
  std::map<std::string, std::string> fields;
};

inline reply token_reply(std::string_view text) { return {.status = 200, .body = std::string(text)}; }

class token_endpoint {
public:
  /// @param number of the post, from 1
  std::function<reply(token_post const& asked, std::size_t number)> answer = [](token_post const&,
                                                                                std::size_t number) {
    return token_reply("{\"access_token\":\"t" + std::to_string(number) +
                       "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
  };
  std::function<reply(api_call const& made)> api = [](api_call const&) { return reply{}; };
  std::vector<token_post> posts;
  std::vector<api_call> calls;

  cs::result<cs::response> operator()(cs::request const& what) {
    auto const said = ask(what);
    if (said.lost)
      return cs::error{*said.lost == cs::lost::not_sent ? cs::errc::not_sent : cs::errc::unanswered, "lost"};
    cs::response made(said.status, cs::secret(said.body));
    for (auto const& [name, value] : said.fields) made.headers.append(name, value);
    return made;
  }

private:
  reply ask(cs::request const& what) {
    auto const field = [&](std::string_view name) { return std::string(what.get(name).value_or("")); };
    if (what.method() == "POST") {
      posts.push_back({.url = std::string(what.url()),
                       .form = form_of(what.body.reveal()),
                       .authorization = field("Authorization"),
                       .dpop = field("DPoP")});
      return answer(posts.back(), posts.size());
    }
    calls.push_back({.url = std::string(what.url()), .fields = {}});
    what.fields([&](std::string_view name, std::string_view value) {
      calls.back().fields[std::string(name)] = value;
    });
    return api(calls.back());
  }
};

/// Signs in on each page, or does not. Keeps the pages.
class signer_in {
public:
  std::string redirect_uri = "http://127.0.0.1:8080/callback";
  bool declines = false;
  std::vector<std::string> pages;
  std::vector<std::uint16_t> ports;  // as preferred

  cs::result<cs::secret> operator()(cs::question const& asked) {
    if (asked.what == cs::question::kind::redirect_address) {
      ports.push_back(asked.preferred_port);
      return cs::secret(redirect_uri);
    }
    pages.emplace_back(asked.url.reveal());
    if (declines) return cs::secret();
    return cs::secret(redirect_uri, "?code=c", std::to_string(pages.size()),
                      "&state=", query_of(pages.back())["state"]);
  }
};

}  // namespace fake
