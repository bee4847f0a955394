// expect: countersign: the key of an HMAC is read at once
#include <countersign/oauth/client_credentials.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/hmac_key.hpp>

namespace cs = countersign;

#ifdef TWIN
cs::env const kept{"JWT_KEY"};
#else
cs::oauth::client_credentials const kept{.token_endpoint = "https://id.example.com/token"};
#endif

int main() { return cs::hmac_key{"HS256", kept}.check() ? 0 : 1; }
