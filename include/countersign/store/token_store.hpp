#pragma once
// The role of whatever keeps logins between runs, and the lock that it gives.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/result.hpp>
#include <countersign/os/process_id.hpp>
#include <countersign/store/login.hpp>

#include <concepts>
#include <cstdint>
#include <utility>

namespace countersign::inline v0 {

/// The right to refresh one login: nobody else has it, in this process or another, as long as this lives.
/// Freed by its destructor, or with its process; may be freed on any thread. It outlives neither the store
/// nor what its context points to.
class [[nodiscard]] store_lock {
public:
  using release_function = void (*)(void* self, std::intptr_t held) noexcept;

  store_lock() = default;
  /// For stores: `release(self, held)` is called once.
  store_lock(void* self, std::intptr_t held, release_function how) noexcept
      : self_(self), held_(held), release_(how), process_(os::process_id()) {}
  store_lock(store_lock&& other) noexcept
      : self_(other.self_), held_(other.held_), release_(detail::exchanged(other.release_, nullptr)),
        process_(other.process_) {}
  store_lock& operator=(store_lock&& other) noexcept {
    if (this == &other) return *this;
    release();
    self_ = other.self_;
    held_ = other.held_;
    release_ = detail::exchanged(other.release_, nullptr);
    process_ = other.process_;
    return *this;
  }
  ~store_lock() { release(); }

  [[nodiscard]] explicit operator bool() const noexcept { return release_ != nullptr; }
  /// Frees the login before the end of its life. A copy in a child of fork() frees nothing: the lock is its
  /// parent's.
  void release() noexcept {
    if (auto const how = detail::exchanged(release_, nullptr); how != nullptr && process_ == os::process_id())
      how(self_, held_);
  }

private:
  void* self_ = nullptr;
  std::intptr_t held_ = 0;
  release_function release_ = nullptr;
  std::uint32_t process_ = 0;
};

/// Keeps one `login` per `login_key`. Semantic requirements:
/// - each function may be called from several threads at once, and blocks no longer than local I/O does: call
///   them from `work` steps of an exchange;
/// - `load` gives the newest record, whoever holds the lock; errc::not_mine if there is none;
/// - `try_lock` never waits: errc::locked while somebody holds this key's lock. A lock is exclusive among all
///   who share what is stored (threads, processes; machines only where the store says so), and ends with its
///   process;
/// - `compare_and_swap` writes the record if the stored one is of that generation (0: there is none), and
///   then of the next; it is durable when true is returned. False: somebody was faster, and nothing changed.
///   It needs no lock: a sign-in saves without one;
/// - `remove` is the same for forgetting; a generation never comes again for the key, so a late writer can't
///   hit a new login that looks like the old one;
/// - a failure leaves the old record, or the new one, never neither; errc::transient may pass,
///   errc::bad_input means that a damaged record was set aside and there is none now, errc::insecure that
///   others may touch it, errc::fatal that the configuration must change;
/// - no message holds a secret.
template <class S>
concept token_store = requires(S& store, login_key key, std::uint64_t generation, login const& record) {
  { store.load(key) } -> std::same_as<result<login>>;
  { store.try_lock(key) } -> std::same_as<result<store_lock>>;
  { store.compare_and_swap(key, generation, record) } -> std::same_as<result<bool>>;
  { store.remove(key, generation) } -> std::same_as<result<bool>>;
};

}  // namespace countersign::inline v0
