// expect: countersign: every link of a chain must be a credential source
#include <countersign/source/chain.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

int main() {
#ifdef TWIN
  cs::chain chain{cs::env{"TOKEN"}, cs::env{"OLD_TOKEN"}};
#else
  cs::chain chain{cs::env{"TOKEN"}, "OLD_TOKEN"};
#endif
  static_cast<void>(chain);
}
