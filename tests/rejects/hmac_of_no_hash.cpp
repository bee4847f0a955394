// expect: countersign: hmac<Hash> needs a hash_function
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>

namespace cs = countersign;

#ifdef TWIN
using hash = cs::sha256;
#else
struct hash {};
#endif

int main() { return sizeof(cs::hmac<hash>) == 0; }
