#pragma once
// Whoever types the commands, asked to sign in.

#include "options.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <memory>
#include <string_view>

namespace program {

/// A person as `run` asks one: the browser, the callback on loopback, the pasted address. Ctrl-C ends the waiting.
class at_terminal {
public:
  /// @param host of the redirect address; empty: 127.0.0.1
  at_terminal(options const& asked, std::string_view host, countersign::context const& outside);
  ~at_terminal();

  countersign::result<countersign::secret> operator()(countersign::question const& what);

  /// Whether Ctrl-C was typed while somebody was waited for.
  [[nodiscard]] bool interrupted() const;

private:
  struct asking;
  std::unique_ptr<asking> asks_;
};

}  // namespace program
