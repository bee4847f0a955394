#pragma once
// OAuth 2: grants as sources, and the pure pairs they are made of.

#include <countersign/oauth/client_credentials.hpp>
#include <countersign/oauth/client_identity.hpp>
#include <countersign/oauth/token_request.hpp>
#include <countersign/oauth/token_response.hpp>
