// expect: countersign: the text of an error is made of string_views and integers
#include <countersign/core/error.hpp>
#include <countersign/core/secret.hpp>

namespace cs = countersign;

int main() {
  cs::secret const token("token");
#ifdef TWIN
  cs::error const why{cs::errc::fatal, "the token has ", token.size(), " bytes"};
#else
  cs::error const why{cs::errc::fatal, "the token is ", token};
#endif
  return why.message().empty();
}
