#pragma once
// How a credential is written into a request.

#include <countersign/format/as_is.hpp>
#include <countersign/format/basic.hpp>
#include <countersign/format/basic_literal.hpp>
#include <countersign/format/bearer.hpp>
#include <countersign/format/bearer_or_dpop.hpp>
#include <countersign/format/content_digest.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/format/dpop_nonces.hpp>
#include <countersign/format/dpop_proof.hpp>
#include <countersign/format/each_of.hpp>
#include <countersign/format/header.hpp>
#include <countersign/format/hmac_signature.hpp>
#include <countersign/format/http_signature.hpp>
#include <countersign/format/http_signature_options.hpp>
#include <countersign/format/signature_algorithms.hpp>
#include <countersign/format/signature_demands.hpp>
#include <countersign/format/signed_message.hpp>
#include <countersign/format/sigv4.hpp>
#include <countersign/format/sigv4_chunk_signer.hpp>
#include <countersign/format/sigv4_options.hpp>
#include <countersign/format/sigv4_presigned_url.hpp>
#include <countersign/format/verify_signature.hpp>
#include <countersign/format/with_fields.hpp>
