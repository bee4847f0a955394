// expect: countersign: every link of a chain must yield the same credential type
#include <countersign/source/chain.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/fixed.hpp>

namespace cs = countersign;

int main() {
#ifdef TWIN
  cs::chain chain{cs::env{"TOKEN"}, cs::fixed{"token"}};
#else
  cs::chain chain{cs::env{"TOKEN"}, cs::fixed{cs::basic_login{}}};
#endif
  static_cast<void>(chain);
}
