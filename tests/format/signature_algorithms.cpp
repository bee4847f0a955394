#include <countersign/format/signature_algorithms.hpp>

namespace cs = countersign;

static_assert(cs::message_algorithm("HS256") == "hmac-sha256" && cs::key_algorithm("hmac-sha256") == "HS256");
static_assert(cs::message_algorithm("EdDSA") == "ed25519" && cs::key_algorithm("ed25519") == "EdDSA");
static_assert(cs::message_algorithm("PS512") == "rsa-pss-sha512" &&
              cs::key_algorithm("rsa-v1_5-sha256") == "RS256");
static_assert(cs::message_algorithm("ES384") == "ecdsa-p384-sha384" &&
              cs::key_algorithm("ecdsa-p256-sha256") == "ES256");
static_assert(cs::message_algorithm("PS256").empty() && cs::message_algorithm("none").empty() &&
              cs::message_algorithm("").empty());
static_assert(cs::key_algorithm("none").empty() && cs::key_algorithm("HS256").empty());
