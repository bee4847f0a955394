#pragma once
// How the demo's server checks HTTP message signatures (RFC 9421): by OpenSSL, with nothing of the toolkit.

#include "demo_checks.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace program {

/// Whether a signature is one of a text.
using signature_test = std::function<bool(std::string const& text, std::string const& signature)>;
[[nodiscard]] signature_test shared_key(std::string key);
[[nodiscard]] signature_test ed25519_key(std::string public_key);

/// "" if the one signature of a request covers method, host, path and body at least, is near now and made by the key of that id;
/// else why not.
[[nodiscard]] std::string message_signature(demo_request const& asked, std::string const& key_id,
                                            signature_test const& good);

/// Makes a key, sets the variable to it in PEM, and gives its public half.
[[nodiscard]] std::string set_new_ed25519(char const* variable);

}  // namespace program
