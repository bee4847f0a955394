#pragma once
// A store for one login, of one thread: what a token_store is made of and nothing more.

#include <countersign/store/token_store.hpp>

#include <cstdint>
#include <string_view>

namespace archetypes {

namespace cs = countersign;

class one_login {
public:
  cs::result<cs::login> load(cs::login_key key) {
    if (!is_ours(key)) return cs::error{cs::errc::not_mine, "one_login: nobody is signed in to ", key.server};
    return kept_;
  }

  // Never waits: who finds it taken comes again later.
  cs::result<cs::store_lock> try_lock(cs::login_key) {
    if (locked_) return cs::error{cs::errc::locked, "one_login: somebody renews it; try again later"};
    locked_ = true;
    return cs::store_lock(
        this, 0, [](void* self, std::intptr_t) noexcept { static_cast<one_login*>(self)->locked_ = false; });
  }

  cs::result<bool> compare_and_swap(cs::login_key key, std::uint64_t generation, cs::login const& record) {
    if (generation != (is_ours(key) ? kept_.generation : 0)) return false;
    auto const next = newest_ + 1;
    kept_ = record;
    kept_.profile = key.profile;
    kept_.server = key.server;
    kept_.generation = newest_ = next;
    return true;
  }

  // The count of generations goes on, so a late writer can't take a new login for the one that it knew.
  cs::result<bool> remove(cs::login_key key, std::uint64_t generation) {
    if (generation != (is_ours(key) ? kept_.generation : 0)) return false;
    kept_ = {};
    ++newest_;
    return true;
  }

private:
  bool is_ours(cs::login_key key) const {
    return kept_.generation != 0 && kept_.server.view() == key.server && kept_.profile.view() == key.profile;
  }

  cs::login kept_;
  std::uint64_t newest_ = 0;
  bool locked_ = false;
};

}  // namespace archetypes
