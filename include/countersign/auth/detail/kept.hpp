#pragma once
// The one credential that an authenticator keeps: finished bytes where the formatter is constant, the credential itself
// where each request is written anew.

#include <countersign/auth/slot.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/os/word_lock.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

class held_lock {
public:
  explicit held_lock(os::word_lock& lock) noexcept : lock_(lock) { static_cast<void>(lock_.lock()); }
  ~held_lock() { lock_.unlock(); }
  held_lock(held_lock const&) = delete;
  held_lock& operator=(held_lock const&) = delete;

private:
  os::word_lock& lock_;
};

/// For constant formatters: reading takes no lock and writes nothing shared. Where the formatter names its one field, the
/// value alone is kept.
template <class Credential, class Formatter = void>
class kept_bytes {
  static constexpr bool value_alone = [] {
    if constexpr (requires { Formatter::names[0]; }) return fields_written<Formatter> == 1;
    else return false;
  }();

public:
  /// What an attempt holds on to: no bytes, they are copied when they are written; but how many there will probably be.
  struct handle {
    std::size_t size = 0;
  };
  static constexpr std::size_t inline_bytes = 2048;

  kept_bytes() = default;
  kept_bytes(kept_bytes&& other) noexcept : slot_(std::move(other.slot_)) {}

  [[nodiscard]] standing look() const noexcept { return slot_.look(); }

  template <class F>
  [[nodiscard]] result<void> publish(F const& formatter, Credential&& credential, moment const& when, wall_time due, wall_time expires) {
    draft out;
    no_memory_wanted none;
    if (auto made = detail::format(formatter, credential, blank_request(), out, when, none); !made) return made.error();
    if (auto ok = out.check(); !ok) return ok;
    auto bytes = out.bytes();
    if constexpr (value_alone) {
      auto const value = out.get(Formatter::names[0]);
      if (!value || bytes.size() != sizeof(field_sizes) + Formatter::names[0].size() + value->size())
        return error{errc::fatal, "authenticator: the formatter declares other fields than it writes"};
      bytes = *value;
    }
    held_lock const hold(lock_);
    if (!slot_.publish(bytes, due, expires)) return error{errc::no_memory, "authenticator: out of memory"};
    return {};
  }
  void refuse(std::uint64_t generation) noexcept {
    held_lock const hold(lock_);
    slot_.refuse(generation);
  }

  [[nodiscard]] handle take(standing const& found, std::uint64_t& generation) const noexcept {
    generation = found.generation;
    return {found.size};
  }

  /// Writes what is kept now, which may be newer than what was looked at: `generation` tells.
  template <header_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> pour(Sink& sink, handle const& held, std::uint64_t& generation) const {
    if constexpr (value_alone && placing_sink<Sink>) return pour_in_place(sink, held.size, generation);
    wiped_room room;
    auto const size = slot_.copy(room.bytes, sizeof room.bytes, generation);
    if (size > sizeof room.bytes) [[unlikely]] return pour_long(size, sink, generation);
    room.used = size;
    return hand_on(as_unknown(room.bytes, size), sink);
  }

private:
  // Up to here a few stores inline are cheaper than calling memset.
  static constexpr std::size_t short_bytes = 4 * shared_copy_step;

  // Straight to where the value goes. Asked again where a newer value came meanwhile that needs more room.
  template <placing_sink Sink>
  [[nodiscard, gnu::always_inline]] inline result<void> pour_in_place(Sink& sink, std::size_t size, std::uint64_t& generation) const {
    for (;;) {
      auto const room = (size / shared_copy_step + 1) * shared_copy_step;
      auto* const place = sink.place(Formatter::names[0], room);
      if (place == nullptr) [[unlikely]] return no_room_for(Formatter::names[0]);
      size = slot_.copy(place, room, generation);
      if (size > room) [[unlikely]] continue;
      sink.placed(size);
      return {};
    }
  }

  // Wiped also where the user's sink throws.
  struct wiped_room {
    alignas(shared_copy_step) char bytes[inline_bytes];
    std::size_t used = 0;

    wiped_room() noexcept {}  // the bytes stay as they are
    wiped_room(wiped_room const&) = delete;
    [[gnu::always_inline]] ~wiped_room() {
      if (used > short_bytes) wipe_all(bytes, used);
      else
        for (std::size_t at = 0; at < used; at += shared_copy_step) wipe(bytes + at, shared_copy_step);
    }
  };

  [[gnu::noinline]] static void wipe_all(char* bytes, std::size_t size) noexcept { wipe(bytes, size); }

  // What does not fit on the stack, and may grow while it is copied.
  template <header_sink Sink>
  [[nodiscard, gnu::noinline]] result<void> pour_long(std::size_t size, Sink& sink, std::uint64_t& generation) const {
    for (secret bytes;;) {
      auto const rounded = (size + shared_copy_step - 1) / shared_copy_step * shared_copy_step;
      if (!bytes.resize(rounded)) return error{errc::no_memory, "authenticator: out of memory"};
      size = slot_.copy(bytes.data(), rounded, generation);
      if (size <= rounded) return hand_on(bytes.reveal().substr(0, size), sink);
    }
  }
  template <header_sink Sink>
  [[nodiscard]] static result<void> hand_on(std::string_view bytes, Sink& sink) {
    if constexpr (value_alone) {
      if (!sink(Formatter::names[0], bytes)) [[unlikely]] return no_room_for(Formatter::names[0]);
      return {};
    } else {
      return pour_fields(bytes, sink);
    }
  }

  slot slot_;
  os::word_lock lock_;
};

/// For formatters that write each request anew: the credential is shared by those who are writing with it, and wiped
/// when the last of them and the cache have let go.
template <class Credential>
class kept_credential {
  struct node {
    Credential credential;
    std::uint64_t generation;
    std::uint64_t holders;
  };

public:
  class handle {
  public:
    handle() = default;
    explicit handle(node* held) noexcept : node_(held) {}
    handle(handle&& other) noexcept : node_(exchanged(other.node_, nullptr)) {}
    handle& operator=(handle&& other) noexcept {
      swapped(node_, other.node_);
      return *this;
    }
    ~handle() { release(node_); }
    [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }
    [[nodiscard]] Credential const& operator*() const noexcept { return node_->credential; }

  private:
    node* node_ = nullptr;
  };

  kept_credential() = default;
  kept_credential(kept_credential&& other) noexcept : current_(exchanged(other.current_, nullptr)), standing_(exchanged(other.standing_, standing())) {}
  ~kept_credential() { release(current_); }

  [[nodiscard]] standing look() const noexcept {
    hold const held(*this);
    return standing_;
  }

  template <class F>
  [[nodiscard]] result<void> publish(F const&, Credential&& credential, moment const&, wall_time due, wall_time expires) {
    auto* const made = new (std::nothrow) node{std::move(credential), 0, 1};
    if (made == nullptr) return error{errc::no_memory, "authenticator: out of memory"};
    node* old;
    {
      hold const held(*this);
      made->generation = standing_.generation + 1;
      standing_ = {made->generation, due, expires};
      old = exchanged(current_, made);
    }
    release(old);
    return {};
  }
  void refuse(std::uint64_t generation) noexcept {
    hold const held(*this);
    if (standing_.generation == generation) standing_.due = standing_.expires = {std::numeric_limits<std::int64_t>::min()};
  }

  [[nodiscard]] handle take(standing const&, std::uint64_t& generation) const noexcept {
    hold const held(*this);
    if (current_ == nullptr) return {};
    __atomic_add_fetch(&current_->holders, 1, __ATOMIC_RELAXED);
    generation = current_->generation;
    return handle(current_);
  }

private:
  class hold {
  public:
    explicit hold(kept_credential const& held) noexcept : held_(held) {
      if (held_.lock_.lock()) held_.mend();
    }
    ~hold() { held_.lock_.unlock(); }
    hold(hold const&) = delete;
    hold& operator=(hold const&) = delete;

  private:
    kept_credential const& held_;
  };

  // After a fork() in the middle of a change: what is there may belong to other times than its own, so it counts as
  // refused.
  void mend() const noexcept {
    auto const past = wall_time{std::numeric_limits<std::int64_t>::min()};
    standing_ = current_ == nullptr ? standing() : standing{current_->generation, past, past};
  }
  static void release(node* held) noexcept {
    if (held != nullptr && __atomic_sub_fetch(&held->holders, 1, __ATOMIC_ACQ_REL) == 0) delete held;
  }

  node* current_ = nullptr;
  mutable standing standing_;
  mutable os::word_lock lock_;
};

}  // namespace countersign::inline v0::detail
