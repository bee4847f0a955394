// expect: countersign: the key of an HMAC is one secret
#include <countersign/core/credential.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/source/hmac_key.hpp>

namespace cs = countersign;

#ifdef TWIN
using kept = cs::secret;
#else
using kept = cs::key_pair;
#endif

int main() { return cs::hmac_key{"HS256", cs::fixed{kept()}}.check() ? 0 : 1; }
