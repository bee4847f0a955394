// expect: countersign: the text of a private key is one secret
#include <countersign/adapt/openssl_pem.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/source/fixed.hpp>

namespace cs = countersign;

#ifdef TWIN
using kept = cs::secret;
#else
using kept = cs::key_pair;
#endif

int main() { return sizeof(cs::pem_key{cs::fixed{kept()}}) == 0; }
