#pragma once
// Single flight: of all the callers who need a renewal, one makes it.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/time.hpp>
#include <countersign/os/word_lock.hpp>

#include <cstdint>
#include <utility>

namespace countersign::inline v0 {

/// Stands beside one cached credential and is touched on the slow path only. Nothing in it blocks: a caller either
/// leads, or is told where it waits, or learns why the attempt it waited for failed. A failure is shared by all who
/// waited, and holds until its retry time. Safe for any number of threads, and after fork().
class flight {
public:
  flight() = default;
  /// Only while nobody uses either.
  flight(flight&&) noexcept {}
  flight& operator=(flight&&) = delete;

  enum class part : std::uint8_t { lead, follow, failed };

  /// The right to renew, owned by the leader. Dropped before `sent()`, the next caller leads; dropped after it, all who
  /// wait learn that the answer is unknown, because asking again could itself do harm.
  class lease {
  public:
    lease() = default;
    lease(lease&& other) noexcept : flight_(detail::exchanged(other.flight_, nullptr)), attempt_(other.attempt_) {}
    lease& operator=(lease&& other) noexcept {
      lease taken(std::move(other));
      detail::swapped(flight_, taken.flight_);
      detail::swapped(attempt_, taken.attempt_);
      return *this;
    }
    ~lease() {
      if (flight_ != nullptr) flight_->leader_left(attempt_);
    }
    [[nodiscard]] explicit operator bool() const noexcept { return flight_ != nullptr; }

    /// The point of no return: called before a request leaves that must not be repeated.
    void sent() noexcept {
      guard const hold(*flight_);
      if (flight_->led_by(attempt_)) flight_->sent_ = true;
    }
    /// The renewal succeeded, or proved unnecessary.
    void done() noexcept { detail::exchanged(flight_, nullptr)->end(attempt_, error(), boot_time()); }
    /// It failed; nobody tries again before `retry_at`.
    void failed(error const& why, boot_time retry_at) noexcept { detail::exchanged(flight_, nullptr)->end(attempt_, why, retry_at); }

  private:
    friend flight;
    flight* flight_ = nullptr;
    std::uint64_t attempt_ = 0;
  };

  /// A caller's place among those who wait: which attempt it waits for, and whom to wake. Leaves when destroyed.
  class place {
  public:
    place() = default;
    place(place&& other) noexcept
        : flight_(detail::exchanged(other.flight_, nullptr)), waker_(detail::exchanged(other.waker_, nullptr)), attempt_(other.attempt_) {}
    place& operator=(place&& other) noexcept {
      place taken(std::move(other));
      detail::swapped(flight_, taken.flight_);
      detail::swapped(waker_, taken.waker_);
      detail::swapped(attempt_, taken.attempt_);
      return *this;
    }
    ~place() { leave(); }

    /// Takes the waker out of the queue; what was waited for is remembered.
    void leave() noexcept {
      if (flight_ != nullptr) flight_->forget(*waker_);
      flight_ = nullptr;
      waker_ = nullptr;
    }
    /// Waits for no attempt any more.
    void reset() noexcept {
      leave();
      attempt_ = 0;
    }

  private:
    friend flight;
    flight* flight_ = nullptr;
    waker* waker_ = nullptr;
    std::uint64_t attempt_ = 0;
  };

  /// Never blocks. After `lead`, look at the credential once more: another may have renewed it just now.
  /// @param who posted to when the attempt ends; nullptr: the caller does not wait, or polls
  /// @param reason set where the answer is `failed`
  [[nodiscard]] part join(lease& lead, place& where, waker* who, error& reason, boot_time now) noexcept {
    where.leave();
    guard const hold(*this);
    bool const shared = where.attempt_ != 0 && attempt_ >= where.attempt_ && last_.code() != errc::none && last_.code() != errc::abandoned;
    if (shared || (!leading_ && retry_at_ > now)) {
      reason = last_;
      return part::failed;
    }
    if (!leading_) {
      leading_ = true;
      leader_ = lock_.owner();
      lead.flight_ = this;
      lead.attempt_ = attempt_;
      return part::lead;
    }
    where.attempt_ = attempt_ + 1;
    if (who != nullptr) {
      who->next = waiting_;
      waiting_ = who;
      where.flight_ = this;
      where.waker_ = who;
    }
    return part::follow;
  }

  /// How many attempts in a row have failed. For the leader, who decides on the back-off.
  [[nodiscard]] unsigned failures() const noexcept { return failures_; }

private:
  struct guard {
    explicit guard(flight& held) noexcept : flight_(held) {
      bool const taken_over = flight_.lock_.lock();
      if (taken_over || (flight_.leading_ && flight_.leader_ != flight_.lock_.owner())) flight_.forget_other_process();
    }
    ~guard() { flight_.lock_.unlock(); }
    guard(guard const&) = delete;
    guard& operator=(guard const&) = delete;
    flight& flight_;
  };

  void leader_left(std::uint64_t attempt) noexcept {
    // Its own leader alone writes `sent_`.
    end(attempt,
        sent_ ? error(errc::unanswered, "a renewal was left after it had been sent; its answer is unknown")
              : error(errc::abandoned, "a renewal was left before it was sent"),
        boot_time());
  }
  // A child of fork() has copies of its parent's leases; what they stood for is not the child's.
  [[nodiscard]] bool led_by(std::uint64_t attempt) const noexcept { return leading_ && attempt_ == attempt; }
  void end(std::uint64_t attempt, error const& why, boot_time retry_at) noexcept {
    guard const hold(*this);
    if (!led_by(attempt)) return;
    leading_ = sent_ = false;
    ++attempt_;
    if (why.code() != errc::abandoned) failures_ = why.code() == errc::none ? 0 : failures_ + 1;
    last_ = why;
    retry_at_ = retry_at;
    for (auto* w = detail::exchanged(waiting_, nullptr); w != nullptr;) {
      auto* const next = detail::exchanged(w->next, nullptr);
      w->post(w);
      w = next;
    }
  }
  void forget(waker& who) noexcept {
    guard const hold(*this);
    for (auto** at = &waiting_; *at != nullptr; at = &(*at)->next)
      if (*at == &who) {
        *at = detail::exchanged(who.next, nullptr);
        return;
      }
  }
  // The leader and those who waited are threads of another process; here nobody leads and nobody waits.
  void forget_other_process() noexcept {
    waiting_ = nullptr;
    if (!leading_) return;
    ++attempt_;
    last_ = sent_ ? error(errc::unanswered, "a renewal was under way when this process was forked; its answer is unknown") : error(errc::abandoned, "forked");
    leading_ = sent_ = false;
  }

  os::word_lock lock_;
  bool leading_ = false, sent_ = false;
  unsigned failures_ = 0;
  std::uint64_t attempt_ = 0;
  std::uint32_t leader_ = 0;
  boot_time retry_at_;
  waker* waiting_ = nullptr;
  error last_;
};

}  // namespace countersign::inline v0
