#pragma once
// What several of these files need: a source that asks a server, a formatter that signs the body, a request without one.

#include <countersign/core/header_formatter.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/steps.hpp>

#include <string_view>

namespace cs = countersign;

struct token_server {
  using credential = cs::secret;

  struct exchange : cs::steps<exchange, cs::issued<cs::secret>> {
    exchange() { send(cs::request("POST", "https://id.example.com/token"), &exchange::answered); }
    void answered() { finish({cs::secret("token"), cs::never_expires}); }
  };
  exchange acquire(cs::occasion const&, cs::context const&) const { return exchange(); }
};

struct body_digest {
  static constexpr bool signs_body = true;
  cs::result<cs::stamp> format(cs::secret const& key, cs::request_view auto const&, cs::draft& out, cs::moment const&) const {
    out.set("X-Digest", key.reveal());
    return cs::stamp{};
  }
};

// A request of somebody's own; a view and a sink by itself.
struct plain_request {
  std::string_view method() const { return "GET"; }
  std::string_view origin() const { return "https://api.example.com"; }
  std::string_view target() const { return "/"; }
  template <class Function>
  void fields(Function&&) const {}
  bool operator()(std::string_view, std::string_view) { return true; }
};

struct plain_response {
  int status() const { return 200; }
  template <class Function>
  void fields(Function&&) const {}
};
