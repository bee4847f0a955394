#pragma once
// Logins kept in this process: for tests, and for programs that sign in each time.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/process_id.hpp>
#include <countersign/os/word_lock.hpp>
#include <countersign/store/detail/login_name.hpp>
#include <countersign/store/login.hpp>
#include <countersign/store/token_store.hpp>

#include <cstdint>
#include <new>
#include <utility>

namespace countersign::inline v0 {

/// A `token_store` whose logins are wiped with it. Share it by reference. A child of fork() has copies, and
/// forgets the locks of its parent's threads.
class memory_store {
public:
  memory_store() = default;
  memory_store(memory_store const&) = delete;
  memory_store& operator=(memory_store const&) = delete;
  ~memory_store() {
    while (first_ != nullptr) delete detail::exchanged(first_, first_->next);
  }

  [[nodiscard]] result<login> load(login_key key) {
    guard const held(lock_);
    auto const* const found = find(detail::digest_of(key));
    if (found == nullptr || found->record == nullptr) return detail::nobody("memory_store", key);
    login copy = *found->record;
    if (!copy.ok()) return no_memory();
    return copy;
  }

  [[nodiscard]] result<store_lock> try_lock(login_key key) {
    guard const held(lock_);
    auto* const found = make(detail::digest_of(key));
    if (found == nullptr) return no_memory();
    auto const mine = os::process_id();
    if (__atomic_load_n(&found->holder, __ATOMIC_ACQUIRE) == mine)
      return error{errc::locked, "memory_store: another thread renews this login; try again later"};
    __atomic_store_n(&found->holder, mine, __ATOMIC_RELAXED);
    return store_lock(found, 0, [](void* locked, std::intptr_t) noexcept {
      __atomic_store_n(&static_cast<entry*>(locked)->holder, std::uint32_t{0}, __ATOMIC_RELEASE);
    });
  }

  [[nodiscard]] result<bool> compare_and_swap(login_key key, std::uint64_t generation, login const& record) {
    auto* fresh = new (std::nothrow) login(record);
    if (fresh == nullptr) return no_memory();
    fresh->profile = key.profile;
    fresh->server = key.server;
    if (!fresh->ok()) return delete fresh, no_memory();
    return swap(key, generation, fresh);
  }

  [[nodiscard]] result<bool> remove(login_key key, std::uint64_t generation) {
    return swap(key, generation, nullptr);
  }

private:
  struct entry {
    sha256::digest key;
    entry* next = nullptr;
    login* record = nullptr;       // null: forgotten
    std::uint64_t generation = 0;  // of the newest record that there was
    std::uint32_t holder = 0;      // the process whose thread has the lock

    ~entry() { delete record; }
  };
  class guard {
  public:
    explicit guard(os::word_lock& lock) noexcept : lock_(lock) {
      static_cast<void>(
          lock_.lock());  // taken over after fork(): each change below is one word, so nothing is half done
    }
    ~guard() { lock_.unlock(); }

  private:
    os::word_lock& lock_;
  };

  static error no_memory() noexcept { return {errc::no_memory, "memory_store: out of memory"}; }

  [[nodiscard]] entry* find(sha256::digest const& key) const noexcept {
    auto* at = first_;
    while (at != nullptr && at->key != key) at = at->next;
    return at;
  }
  [[nodiscard]] entry* make(sha256::digest const& key) noexcept {
    if (auto* const found = find(key)) return found;
    auto* const made = new (std::nothrow) entry{key};
    if (made == nullptr) return nullptr;
    made->next = first_;
    return first_ = made;
  }

  // Takes `fresh`, or deletes it.
  result<bool> swap(login_key key, std::uint64_t generation, login* fresh) {
    login* old = fresh;
    bool enough = true, same = false;
    {
      guard const held(lock_);
      auto* const found = make(detail::digest_of(key));
      enough = found != nullptr;
      same = enough && generation == (found->record != nullptr ? found->generation : 0);
      if (same && (fresh != nullptr || found->record != nullptr)) {
        auto const next = found->generation + 1;
        if (fresh != nullptr) fresh->generation = next;
        old = detail::exchanged(found->record, fresh);
        found->generation = next;
      }
    }
    delete old;
    if (!enough) return no_memory();
    return same;
  }

  os::word_lock lock_;
  entry* first_ = nullptr;
};

}  // namespace countersign::inline v0
