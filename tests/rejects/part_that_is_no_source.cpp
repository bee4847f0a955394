// expect: countersign: every part of all_of must be a credential source
#include <countersign/source/all_of.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

int main() {
#ifdef TWIN
  cs::all_of parts{cs::env{"KEY"}, cs::env{"APPLICATION"}};
#else
  cs::all_of parts{cs::env{"KEY"}, "APPLICATION"};
#endif
  static_cast<void>(parts);
}
