#pragma once
// Where the program keeps what it must not forget, and the key that it is encrypted with.

#include <countersign/core/context.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <string>

namespace program {

/// $COUNTERSIGN_HOME, else $XDG_STATE_HOME/countersign, else ~/.local/state/countersign; absolute. It need not be there.
countersign::result<std::string> state_folder();

/// What is done where there is no key yet.
enum class key_wish : unsigned char {
  look,  ///< nothing
  make,  ///< one is made
  ask,   ///< and somebody may be asked to unlock the keychain for it
};

/// 32 bytes: $COUNTERSIGN_KEY, else what the file $COUNTERSIGN_KEY_FILE holds, else what `key` in the folder holds, each
/// base64url; else what the desktop's keychain holds for the folder. errc::not_mine: none of these is there, and none is to be
/// made. It is made in the keychain, with its folder; of several processes one makes it. Where the keychain is locked or absent,
/// that is said, and `key` in the folder is made.
countersign::result<countersign::secret> store_key(std::string const& folder, key_wish wish,
                                                   countersign::context const& outside);

/// The keychain's, for logins of a time before the folder had its `key`. errc::not_mine: there were none, or the variables
/// give the key.
countersign::result<countersign::secret> former_key(std::string const& folder,
                                                    countersign::context const& outside);

}  // namespace program
