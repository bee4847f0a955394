// expect: no matching
#include <countersign/core/secret.hpp>

#include <string>

namespace cs = countersign;

int main() {
  cs::secret const token("token");
#ifdef TWIN
  std::string text(token.reveal());
#else
  std::string text(token);
#endif
  return text.empty();
}
