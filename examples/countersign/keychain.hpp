#pragma once
// The key of the logins in the desktop's keychain, where this program was built with libsecret.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <string>

namespace program {

/// Nobody is asked for anything. errc::not_mine: it is there, and holds none for this folder. Else why it can't be used.
countersign::result<countersign::secret> keychain_found(std::string const& folder);

/// Makes one where there is none.
/// @param ask somebody to unlock the keychain, where there is a display
countersign::result<countersign::secret> keychain_made(std::string const& folder, bool ask);

}  // namespace program
