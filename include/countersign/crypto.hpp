#pragma once
// Hashes and what is made of them.

#include <countersign/crypto/hash.hpp>
#include <countersign/crypto/hmac.hpp>
#include <countersign/crypto/sha256.hpp>
