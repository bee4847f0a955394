#pragma once
// The demo's server as one that wants Digest: SHA-256 over user, password, request and body.

#include "demo_checks.hpp"

#include <map>
#include <mutex>
#include <string>

namespace program {

/// Nonces and how often each was used. Safe from several threads.
class demo_digest {
public:
  /// Why a request is refused; empty: it is right.
  std::string refusal(demo_request const& asked, std::string const& user, std::string const& password);
  /// The value of WWW-Authenticate, with a nonce that lets in a few requests.
  std::string challenge(std::string const& reason);

private:
  std::mutex lock_;
  std::map<std::string, unsigned> uses_;
};

}  // namespace program
