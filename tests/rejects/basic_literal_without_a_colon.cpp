// expect: countersign: a Basic login is a user id, a colon and a password
#include <countersign/format/basic_literal.hpp>

using namespace countersign::literals;

int main() {
#ifdef TWIN
  static_cast<void>("some-client:"_basic);
#else
  static_cast<void>("some-client"_basic);
#endif
}
