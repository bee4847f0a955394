#pragma once
// Hashes, ciphers, and what is made of them.

#include <countersign/crypto/aead.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/any_signer.hpp>
#include <countersign/crypto/bound_token.hpp>
#include <countersign/crypto/chacha20_poly1305.hpp>
#include <countersign/crypto/compact_jws.hpp>
#include <countersign/crypto/hash.hpp>
#include <countersign/crypto/hkdf.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/crypto/key_reader.hpp>
#include <countersign/crypto/md5.hpp>
#include <countersign/crypto/proof_keys.hpp>
#include <countersign/crypto/sha1.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/crypto/signer.hpp>
#include <countersign/crypto/verifier.hpp>
