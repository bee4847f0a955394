#pragma once
// A transport: a callable that sends one request, follows no redirect and decodes nothing.

#include <countersign/core/transport.hpp>

#include <string_view>

namespace archetypes {

namespace cs = countersign;

/// Answers by itself, where a real one would use a socket.
struct echo {
  cs::result<cs::response> operator()(cs::request const& what) {
    // Known not to have left: whoever asked may safely ask again. In doubt it is errc::unanswered.
    if (!what.ok()) return cs::error{cs::errc::not_sent, "echo: the request is not whole"};
    return cs::response(200, cs::secret(what.method(), " ", what.target()));
  }
};

}  // namespace archetypes
