// expect: countersign: two formatters of each_of learn from responses
#include <countersign/format/bearer.hpp>
#include <countersign/format/each_of.hpp>

namespace cs = countersign;

struct learns : cs::bearer {
  cs::heard learn(cs::secret const&, cs::request_view auto const&, cs::response_head const&,
                  cs::stamp) const {
    return cs::heard::nothing;
  }
};

#ifdef TWIN
using second = cs::bearer;
#else
using second = learns;
#endif

int main() {
  cs::draft out;
  cs::context const outside;
  cs::each_of const both{learns(), second()};
  return both.format(cs::secret("t0ken"), cs::blank_request(), out, cs::moment(outside)) ? 0 : 1;
}
