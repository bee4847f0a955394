#pragma once
// What a login has to do with a server that can't be used.

#include "login_store.hpp"
#include "options.hpp"
#include "probe.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/inspect/problem.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/store/login.hpp>

#include <optional>

namespace program {

/// Looks at the store before and after a request; refers to all that it is given.
class login_diagnosis {
public:
  login_diagnosis(options const& asked, countersign::mcp::server const& server,
                  countersign::context const& outside);

  /// What makes a request useless.
  std::optional<countersign::mcp::problem> before();
  /// What a request has shown about the login; nothing where it is about something else.
  std::optional<countersign::mcp::problem> after(probed const& found);
  /// What is only odd about the address that the browser comes back to.
  std::optional<countersign::mcp::problem> redirect();
  /// The line that signs in for what the server asks for.
  void add_scope(countersign::mcp::problem& to) const;

private:
  countersign::mcp::problem with_line(countersign::mcp::problem one) const;

  options const& asked_;
  countersign::mcp::server const& server_;
  countersign::context const& outside_;
  login_store store_;
  bool possible_;
  countersign::secret url_, profile_;
  countersign::result<countersign::login> stored_;
};

}  // namespace program
