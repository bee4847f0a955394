#pragma once
// Where a credential comes from.

#include <countersign/source/all_of.hpp>
#include <countersign/source/aws_environment.hpp>
#include <countersign/source/chain.hpp>
#include <countersign/source/dotenv.hpp>
#include <countersign/source/env.hpp>
#include <countersign/source/file.hpp>
#include <countersign/source/fixed.hpp>
#include <countersign/source/hmac_key.hpp>
#include <countersign/source/jwt_claims.hpp>
#include <countersign/source/layered_environment.hpp>
#include <countersign/source/minted_jwt.hpp>
#include <countersign/source/netrc.hpp>
#include <countersign/source/program.hpp>
#include <countersign/source/program_headers.hpp>
#include <countersign/source/program_token.hpp>
#include <countersign/source/write_jwt.hpp>
