// expect: countersign: minted_jwt needs a key that signs
#include <countersign/source/env.hpp>
#include <countersign/source/minted_jwt.hpp>

namespace cs = countersign;

#ifdef TWIN
cs::hs256 const kept{cs::env{"JWT_KEY"}};
#else
cs::env const kept{"JWT_KEY"};
#endif

int main() { return cs::minted_jwt{kept}.check() ? 0 : 1; }
