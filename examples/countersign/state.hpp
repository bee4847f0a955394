#pragma once
// Where the program keeps what it must not forget, and the key that it is encrypted with.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <string>

namespace program {

/// $COUNTERSIGN_HOME, else $XDG_STATE_HOME/countersign, else ~/.local/state/countersign. It need not be there.
countersign::result<std::string> state_folder();

/// 32 bytes: $COUNTERSIGN_KEY, else what the file $COUNTERSIGN_KEY_FILE holds, else what `key` in the folder holds;
/// each base64url. errc::not_mine: none of these is there, and none is to be made.
/// @param make the last of them, with its folder; of several processes one makes it
countersign::result<countersign::secret> store_key(std::string const& folder, bool make,
                                                   countersign::context const& outside);

}  // namespace program
