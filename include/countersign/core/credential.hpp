#pragma once
// What sources yield and formatters write. A user's own type serves as well.

#include <countersign/core/fields.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>

#include <utility>

namespace countersign::inline v0 {

/// A token with the type that its issuer gave it (RFC 6749 §7.1), which decides how it may be written.
struct token {
  secret value = {};
  secret type = {};  ///< "Bearer", "DPoP", …; compared without case
};

/// A public identifier and the secret that goes with it.
struct key_pair {
  secret id = {};
  secret key = {};
};

/// RFC 7617: a user id and a password.
struct basic_login {
  secret user = {};
  secret password = {};
};

/// An access key of AWS, and the session token where it is a temporary one.
struct aws_credentials {
  secret access_key_id = {};
  secret secret_access_key = {};
  secret session_token = {};
};

/// Names and values known at run time only: a config's headers, a helper's output.
using header_list = fields;

/// A credential and how long its issuer says it works.
template <class Credential>
struct issued {
  Credential credential;
  wall_time expires = never_expires;
};

}  // namespace countersign::inline v0
