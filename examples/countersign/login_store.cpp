#include "login_store.hpp"

#include <string>

namespace cs = countersign;

namespace program {

static_assert(cs::token_store<login_store>);

namespace {

// A keychain that could not be used is asked again by who makes a key, and by others not before this.
constexpr cs::duration keychain_rest = cs::seconds(10);

}  // namespace

template <class Key>
cs::result<cs::encrypted_file_store*> login_store::opened_by(std::optional<cs::encrypted_file_store>& files,
                                                             key_wish wish, Key&& key_in) {
  std::lock_guard const guard(lock_);
  if (files) return &*files;
  auto const now = outside_.now().boot;
  if (wish == key_wish::look && now < rests_until_) return closed_;
  auto const folder = state_folder();
  if (!folder) return folder.error();
  auto const key = key_in(*folder);
  if (key) return &files.emplace(*folder, *key, outside_);
  if (key.error().code() != cs::errc::not_mine) {
    closed_ = key.error();
    rests_until_ = now + keychain_rest;
  }
  return key.error();
}

cs::result<cs::encrypted_file_store*> login_store::opened(key_wish wish) {
  return opened_by(files_, wish,
                   [&](std::string const& folder) { return store_key(folder, wish, outside_); });
}

cs::result<cs::encrypted_file_store*> login_store::opened_before() {
  return opened_by(former_, key_wish::look,
                   [&](std::string const& folder) { return former_key(folder, outside_); });
}

template <class Call>
auto login_store::with_either(key_wish wish, Call&& call) {
  auto const files = opened(wish);
  decltype(call(**files)) got = files ? call(**files) : files.error();
  if (got || !files || got.error().code() != cs::errc::fatal) return got;
  auto const before = opened_before();
  if (before) return call(**before);
  if (before.error().code() != cs::errc::not_mine) got = before.error();
  return got;
}

cs::result<void> login_store::check() {
  auto const files = opened(key_wish::look);
  if (!files && files.error().code() != cs::errc::not_mine) return files.error();
  return {};
}

cs::result<void> login_store::prepare(cs::login_key key) {
  auto const files = opened(key_wish::ask);
  if (!files) return files.error();
  // With a key from elsewhere the folder may still be missing, or of somebody else.
  auto const lock = (*files)->try_lock(key);
  if (lock || lock.error().code() == cs::errc::locked) return {};
  if (lock.error().code() == cs::errc::not_mine) return cs::error{cs::errc::fatal, lock.error().message()};
  return lock.error();
}

cs::result<cs::login> login_store::load(cs::login_key key) {
  auto found = with_either(key_wish::look, [&](cs::encrypted_file_store& files) { return files.load(key); });
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
  auto const files = opened(key_wish::make);
  if (!files) return files.error();
  return (*files)->try_lock(key);
}

cs::result<bool> login_store::compare_and_swap(cs::login_key key, std::uint64_t generation,
                                               cs::login const& record) {
  return with_either(key_wish::make, [&](cs::encrypted_file_store& files) {
    return files.compare_and_swap(key, generation, record);
  });
}

cs::result<bool> login_store::remove(cs::login_key key, std::uint64_t generation) {
  return with_either(key_wish::make,
                     [&](cs::encrypted_file_store& files) { return files.remove(key, generation); });
}

}  // namespace program
