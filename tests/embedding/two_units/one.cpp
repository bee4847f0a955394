#include <countersign/countersign.hpp>
// The second time it must be nothing.
#include <countersign/countersign.hpp>

#include "seen.hpp"

seen seen_by_other_unit();

int main() {
  auto const here = what_is_seen(), there = seen_by_other_unit();
  return here == there ? 0 : 1;
}
