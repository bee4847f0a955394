#include "login_store.hpp"

#include "state.hpp"

#include <string>

namespace cs = countersign;

namespace program {

static_assert(cs::token_store<login_store>);

cs::result<cs::encrypted_file_store*> login_store::opened(bool make) {
  std::lock_guard const guard(lock_);
  if (files_) return &*files_;
  auto const folder = state_folder();
  if (!folder) return folder.error();
  auto const key = store_key(*folder, make, outside_);
  if (!key) return key.error();
  files_.emplace(*folder, *key, outside_);
  return &*files_;
}

cs::result<void> login_store::check() {
  auto const files = opened(false);
  if (!files && files.error().code() != cs::errc::not_mine) return files.error();
  return {};
}

cs::result<void> login_store::prepare(cs::login_key key) {
  auto const files = opened(true);
  if (!files) return files.error();
  // With a key from elsewhere the folder may still be missing, or of somebody else.
  auto const lock = (*files)->try_lock(key);
  if (lock || lock.error().code() == cs::errc::locked) return {};
  if (lock.error().code() == cs::errc::not_mine) return cs::error{cs::errc::fatal, lock.error().message()};
  return lock.error();
}

cs::result<cs::login> login_store::load(cs::login_key key) {
  auto const files = opened(false);
  auto found = files ? (*files)->load(key) : files.error();
  if (found || needed_ || found.error().code() == cs::errc::not_mine) return found;
  {
    std::lock_guard const guard(lock_);
    trouble_ = found.error();
  }
  outside_.trace({"no logins", "state folder", found.error().message()});
  return cs::error{cs::errc::not_mine, found.error().message()};
}

cs::error login_store::trouble() const {
  std::lock_guard const guard(lock_);
  return trouble_;
}

cs::result<cs::store_lock> login_store::try_lock(cs::login_key key) {
  auto const files = opened(true);
  if (!files) return files.error();
  return (*files)->try_lock(key);
}

cs::result<bool> login_store::compare_and_swap(cs::login_key key, std::uint64_t generation,
                                               cs::login const& record) {
  auto const files = opened(true);
  if (!files) return files.error();
  return (*files)->compare_and_swap(key, generation, record);
}

cs::result<bool> login_store::remove(cs::login_key key, std::uint64_t generation) {
  auto const files = opened(true);
  if (!files) return files.error();
  return (*files)->remove(key, generation);
}

}  // namespace program
