// expect: countersign: a field's value is made of string_views; a secret is written as secret.reveal()
#include <countersign/core/draft.hpp>

namespace cs = countersign;

int main() {
  cs::secret const key("key");
  cs::draft out;
#ifdef TWIN
  out.set("X-Key", "v1 ", key.reveal());
#else
  out.set("X-Key", "v1 ", key);
#endif
}
