#pragma once
// Values and the contract: what every policy and every transport is written against.

#include <countersign/core/context.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/core/credential_source.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/nested_steps.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/private_files.hpp>
#include <countersign/core/refresh_strategy.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/transport.hpp>
#include <countersign/core/wipe.hpp>
