#pragma once
// libcurl as the program uses it: each step is traced, and what was secret in a request is remembered.

#include "signing_in.hpp"

#include <countersign/adapt/curl.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/server.hpp>
#include <countersign/mcp/tls_files.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// What requests to one server carried, for who shows the names, or must strike out the values.
struct sent_fields {
  countersign::header_list ours;    ///< what authenticators wrote on requests to the server
  countersign::header_list others;  ///< credentials of requests to other places, such as a token endpoint
};

/// Whether a field holds a credential whatever the config says.
bool is_credential(std::string_view name);

/// Remembers fields under names that are in `seen` already, and credentials.
void keep_new(countersign::request const& request, sent_fields& seen);

/// `how`, with the certificate shown to the server of that URL, and where a request says so.
countersign::curl_options tls_options(countersign::mcp::tls_files tls, std::string_view url,
                                      countersign::curl_options how);

/// @param shown the server's URL as the config writes it: what variables hold is not traced
/// @param url the same, expanded
transport traced_http(countersign::mcp::server const& server, countersign::secret url,
                      countersign::context const& outside, std::shared_ptr<sent_fields> seen);

}  // namespace program
