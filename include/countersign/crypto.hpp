#pragma once
// Hashes and what is made of them.

#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/hash.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>
#include <countersign/crypto/sha512.hpp>
#include <countersign/crypto/signer.hpp>
