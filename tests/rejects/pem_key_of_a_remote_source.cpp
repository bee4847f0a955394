// expect: countersign: a private key is read at once
#include <countersign/adapt/openssl_pem.hpp>
#include <countersign/oauth/client_credentials.hpp>
#include <countersign/source/env.hpp>

namespace cs = countersign;

#ifdef TWIN
cs::env const kept{"SIGNING_KEY"};
#else
cs::oauth::client_credentials const kept{.token_endpoint = "https://id.example.com/token"};
#endif

int main() { return sizeof(cs::pem_key{kept}) == 0; }
