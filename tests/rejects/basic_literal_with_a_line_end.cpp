// expect: countersign: a Basic login is UTF-8 without control characters
#include <countersign/format/basic_literal.hpp>

using namespace countersign::literals;

int main() {
#ifdef TWIN
  static_cast<void>("some-client:secret"_basic);
#else
  static_cast<void>("some-client:secret\n"_basic);
#endif
}
