// expect: countersign: every part of all_of must yield a credential that can be copied
#include <countersign/source/all_of.hpp>

#include <utility>

namespace cs = countersign;

struct ticket {
  ticket() = default;
  ticket(ticket&&) = default;
#ifdef TWIN
  ticket(ticket const&) = default;
#endif
};
struct office {
  using credential = ticket;
  cs::result<ticket> acquire(cs::occasion const&, cs::context const&) const { return ticket(); }
};

int main() {
  cs::all_of parts{office(), office()};
  static_cast<void>(parts);
}
