#pragma once
// OAuth 2: grants as sources, and the pure pairs they are made of.

#include <countersign/oauth/authorization.hpp>
#include <countersign/oauth/client_assertion.hpp>
#include <countersign/oauth/client_auth_choice.hpp>
#include <countersign/oauth/client_credentials.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/code_flow.hpp>
#include <countersign/oauth/dpop.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/grants.hpp>
#include <countersign/oauth/pkce.hpp>
#include <countersign/oauth/refresh_wish.hpp>
#include <countersign/oauth/registration.hpp>
#include <countersign/oauth/resource_metadata.hpp>
#include <countersign/oauth/revocation.hpp>
#include <countersign/oauth/server_metadata.hpp>
#include <countersign/oauth/sign_out.hpp>
#include <countersign/oauth/stored_refresh.hpp>
#include <countersign/oauth/text_list.hpp>
#include <countersign/oauth/token_call.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>
