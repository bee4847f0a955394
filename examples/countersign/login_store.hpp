#pragma once
// The logins of the program: encrypted files in its state folder, which is looked at when it is needed.

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
/// trace. Threads may share it.
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
  countersign::result<countersign::encrypted_file_store*> opened(bool make);

  countersign::context outside_;
  bool needed_;
  mutable std::mutex lock_;  // of what follows; the files have their own
  std::optional<countersign::encrypted_file_store> files_;
  countersign::error trouble_;
};

}  // namespace program
