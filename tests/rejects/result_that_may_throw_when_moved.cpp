// expect: countersign: result<T> is assigned by rebuilding it, so T must move without throwing
#include <countersign/core/result.hpp>

namespace cs = countersign;

struct value {
  value() = default;
#ifdef TWIN
  value(value&&) noexcept {}
#else
  value(value&&) {}
#endif
};

int main() {
  cs::result<value> one = value(), other = value();
  one = static_cast<cs::result<value>&&>(other);
}
