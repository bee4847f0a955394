#pragma once
// The logins of the program: encrypted files in its state folder, which is looked at when it is needed.

#include "state.hpp"

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/store/encrypted_file_store.hpp>
#include <countersign/store/login.hpp>
#include <countersign/store/token_store.hpp>

#include <cstdint>
#include <mutex>
#include <optional>

namespace program {

/// A `token_store` that makes folder and key with the first login that is saved, so that who only reads leaves no
/// trace. A record that its key does not open may be of a time when the key was in the keychain, and is used as that. Threads may
/// share it.
class login_store {
public:
  /// @param needed false: a store that can't be used is one without logins; see `trouble()`
  explicit login_store(countersign::context const& outside, bool needed = true)
      : outside_(outside), needed_(needed) {}

  /// Whether what is there can be opened. That nothing is there is fine.
  countersign::result<void> check();
  /// Makes folder and key, so that this login can be kept.
  countersign::result<void> prepare(countersign::login_key key);

  countersign::result<countersign::login> load(countersign::login_key key);
  countersign::result<countersign::store_lock> try_lock(countersign::login_key key);
  countersign::result<bool> compare_and_swap(countersign::login_key key, std::uint64_t generation,
                                             countersign::login const& record);
  countersign::result<bool> remove(countersign::login_key key, std::uint64_t generation);

  /// What the store that is not needed could not do last; errc::none: nothing.
  [[nodiscard]] countersign::error trouble() const;

private:
  countersign::result<countersign::encrypted_file_store*> opened(key_wish wish);
  countersign::result<countersign::encrypted_file_store*> opened_before();
  template <class Key>
  countersign::result<countersign::encrypted_file_store*>
  opened_by(std::optional<countersign::encrypted_file_store>& files, key_wish wish, Key&& key_in);
  template <class Call>
  auto with_either(key_wish wish, Call&& call);

  countersign::context outside_;
  bool needed_;
  mutable std::mutex lock_;  // of what follows; the files have their own
  std::optional<countersign::encrypted_file_store> files_, former_;
  countersign::error trouble_, closed_;
  countersign::boot_time rests_until_;
};

}  // namespace program
