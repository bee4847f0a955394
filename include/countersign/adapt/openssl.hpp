#pragma once
// All that OpenSSL is used for: keys that sign, sources of them, keys that verify, AES-256-GCM.

#include <countersign/adapt/openssl_aead.hpp>
#include <countersign/adapt/openssl_key.hpp>
#include <countersign/adapt/openssl_key_reader.hpp>
#include <countersign/adapt/openssl_pem.hpp>
#include <countersign/adapt/openssl_proof_keys.hpp>
#include <countersign/adapt/openssl_public_key.hpp>
