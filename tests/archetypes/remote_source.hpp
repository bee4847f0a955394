#pragma once
// A source that has to ask somebody: it gives an exchange, which does no I/O itself.

#include <countersign/core/credential_source.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/steps.hpp>

#include <string_view>
#include <utility>

namespace archetypes {

namespace cs = countersign;

/// POSTs to a URL; the whole answer is a ticket that works for five minutes.
class ticket_request : public cs::steps<ticket_request, cs::issued<cs::secret>> {
public:
  explicit ticket_request(std::string_view url) { send(cs::request("POST", url), &ticket_request::answered); }

private:
  void answered() {
    if (answer() == nullptr)
      return give_up(cs::error{cs::errc::transient, "ticket office: it did not answer"});
    if (answer()->status() != 200)
      return give_up(
          cs::error{cs::errc::rejected, "ticket office: status ", answer()->status(), "; ask its staff"});
    finish({std::move(answer()->body), now().wall + cs::seconds(300)});
  }
};

struct ticket_office {
  using credential = cs::secret;

  cs::owned_text url = {};

  ticket_request acquire(cs::occasion const&, cs::context const&) const { return ticket_request(url); }

  /// Optional: where the credential may go. Without it an authenticator wants `only{…}`.
  std::string_view origin() const { return "https://gate.example"; }
};

}  // namespace archetypes
