#pragma once
// The fields that are being composed for one attempt.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/detail/known_name.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
// Off the hot path: its text is what costs.
[[gnu::noinline, gnu::cold]] inline error no_room_for(std::string_view name) noexcept {
  return {errc::no_memory, "header ", name, ": the request had no room for it"};
}

// Hands stored fields, checked before, to a sink.
template <header_sink Sink>
[[nodiscard]] result<void> pour_fields(std::string_view bytes, Sink& sink) {
  char const* at = bytes.data();
  char const* const end = at + bytes.size();
  while (at != end) {
    field_sizes size;
    std::memcpy(&size, at, sizeof size);
    at += sizeof size;
    auto const name = text_at(at, size.name), value = text_at(at + size.name, size.value);
    at += size.name + std::size_t{size.value};
    if (!sink(name, value)) [[unlikely]] return no_room_for(name);
  }
  return {};
}

class field_writer;
}  // namespace detail

/// Formatters write here; a later formatter sees the earlier ones' fields; nothing reaches the user's request until
/// all have succeeded. Up to `inline_bytes` of names and values, and 8 more a field, need no allocation. Wiped on destruction.
/// Not movable: it lives on the stack of one attempt.
class draft {
public:
  static constexpr std::size_t inline_bytes = 1536;
  static constexpr unsigned max_fields = 128;

  draft() noexcept {}
  draft(draft const&) = delete;
  draft& operator=(draft const&) = delete;
  ~draft() { wipe(room_, used_); }

  /// Adds a field whose value is the pieces one after the other; pieces are string views (`secret::reveal()`), also of
  /// fields set before. What `get` and `each` gave is valid until the next `set` has returned.
  template <class... Pieces>
  void set(std::string_view name, Pieces const&... pieces) noexcept {
    names_unknown_ = true;
    set(detail::known_name(name), pieces...);
  }
  /// The same for a name whose bytes its formatter has checked: they are not looked at for each request.
  template <class... Pieces>
  void set(detail::known_name name, Pieces const&... pieces) noexcept {
    static_assert((std::constructible_from<std::string_view, Pieces const&> && ...), "countersign: a field's value is made of string_views; a secret is written as secret.reveal()");
    open(name.view(), (std::size_t{0} + ... + std::string_view(pieces).size()));
    (put(std::string_view(pieces)), ...);
  }

  /// As `set`, in place of an earlier field of that name: for a formatter that adds to what another wrote.
  template <class... Pieces>
  void replace(std::string_view name, Pieces const&... pieces) noexcept {
    auto const before = bytes().size();
    set(name, pieces...);
    erase_before(before, name);
  }

  template <class Function>
  void each(Function&& function) const {
    detail::each_field(bytes(), function);
  }
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept {
    std::optional<std::string_view> found;
    each([&](std::string_view n, std::string_view v) {
      if (!found && equal_without_case(n, name)) found = v;
    });
    return found;
  }

  /// Whether every field may be sent: bytes (RFC 9110 §5.1, §5.5; refused, never stripped), sizes, number, no name twice.
  [[nodiscard]] result<void> check() const noexcept {
    if (unchecked_ == 0 && !out_of_memory_ && !too_many_ && !perhaps_twice_) [[likely]] return {};
    return check_each();
  }

  /// Checks all, then hands every field to the sink.
  template <header_sink Sink>
  [[nodiscard]] result<void> commit(Sink&& sink) const {
    if (auto ok = check(); !ok) return ok;
    return detail::pour_fields(bytes(), sink);
  }

  /// The fields as stored, for an authenticator that keeps them. Valid while this object lives unchanged.
  [[nodiscard]] std::string_view bytes() const noexcept {
    return in_large_ ? large_.reveal() : std::string_view(room_, used_);
  }

private:
  friend detail::field_writer;

  [[nodiscard, gnu::noinline]] result<void> check_each() const noexcept {
    if (out_of_memory_) return error{errc::no_memory, "header fields: out of memory"};
    if (too_many_) return error{errc::too_large, "header fields: more than ", max_fields, " were written"};
    auto const all = bytes();
    for (std::size_t at = 0; at < all.size();) {
      auto const field = detail::field_at(all, at);
      at = field.end;
      if (names_unknown_ && field.name.size() > max_field_name) return error{errc::too_large, "header name: longer than ", max_field_name, " bytes"};
      if (names_unknown_ && !is_token(field.name)) return error{errc::bad_field, "header name: it must be one or more letters, digits or !#$%&'*+-.^_`|~ (RFC 9110)"};
      if (field.value.size() > max_field_value) return error{errc::too_large, "header ", field.name, ": the value is longer than ", max_field_value, " bytes"};
      if (!is_field_value(field.value)) return error{errc::bad_field, "header ", field.name, ": the value holds a control byte, or begins or ends with a blank; look for a stray line end in the credential"};
      for (std::size_t next = at; perhaps_twice_ && next < all.size();) {
        auto const other = detail::field_at(all, next);
        if (equal_without_case(field.name, other.name)) return error{errc::fatal, "header ", field.name, ": two formatters write it; give each its own name"};
        next = other.end;
      }
    }
    return {};
  }

  void open(std::string_view name, std::size_t value_size) noexcept {
    skip_ = true;
    if (++count_ > max_fields) return void(too_many_ = true);
    if (name.size() > most_of_one || value_size > most_of_one) return void(out_of_memory_ = true);
    ++unchecked_;
    remember(detail::mark_of(name));
    detail::field_sizes const size{static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(value_size)};
    if (!make_room(sizeof size + name.size() + value_size)) return;
    skip_ = false;
    char head[sizeof size];
    std::memcpy(head, &size, sizeof size);
    put(detail::text_at(head, sizeof head));
    put(name);
  }
  void put(std::string_view bytes) noexcept {
    if (skip_ || bytes.empty()) return;
    if (in_large_) return void(large_.append(bytes));  // reserved by open()
    detail::short_copy(room_ + used_, bytes);
    used_ += bytes.size();
  }
  [[nodiscard]] bool make_room(std::size_t more) noexcept {
    return !in_large_ && more <= inline_bytes - used_ ? true : grow(more);
  }
  [[gnu::noinline]] bool grow(std::size_t more) noexcept {
    auto const have = bytes().size();
    if (in_large_ && have + more <= large_.capacity()) return true;
    secret grown;
    if (!grown.reserve(2 * (have + more))) return out_of_memory_ = true, false;
    grown.append(bytes());
    outgrown_ = detail::exchanged(large_, std::move(grown));  // the pieces may be fields of ours
    in_large_ = true;
    return true;
  }
  void remember(std::uint64_t marks) noexcept {
    perhaps_twice_ |= (marks_ & marks) != 0;
    marks_ |= marks;
  }

  static constexpr std::size_t most_of_one = 0x7fffffff;  // of a name or a value that is stored

  void erase_before(std::size_t end, std::string_view name) noexcept {
    for (std::size_t at = 0; at < end;) {
      auto const field = detail::field_at(bytes(), at);
      auto const size = field.end - at;
      if (!equal_without_case(field.name, name)) {
        at = field.end;
        continue;
      }
      auto* const from = in_large_ ? large_.data() : room_;
      auto const kept = bytes().size() - size;
      std::memmove(from + at, from + field.end, kept - at);
      if (in_large_) large_.resize(kept);
      else wipe(room_ + kept, size), used_ = kept;
      --count_;
      end -= size;
    }
  }

  std::size_t used_ = 0;
  unsigned count_ = 0;
  unsigned unchecked_ = 0;   // fields whose bytes nobody has looked at
  std::uint64_t marks_ = 0;  // of all names
  bool too_many_ = false, out_of_memory_ = false, skip_ = false, in_large_ = false;
  bool names_unknown_ = false;  // whether one may be none
  bool perhaps_twice_ = false;
  secret large_, outgrown_;
  char room_[inline_bytes];
};

/// What a later formatter sees: the user's fields, then those composed so far.
template <request_view V>
class overlay {
public:
  overlay(V const& view, draft const& composed) noexcept : view_(view), composed_(composed) {}

  [[nodiscard]] decltype(auto) method() const { return view_.method(); }
  [[nodiscard]] decltype(auto) origin() const { return view_.origin(); }
  [[nodiscard]] decltype(auto) target() const { return view_.target(); }
  [[nodiscard]] decltype(auto) url() const
    requires requires(V const& v) { v.url(); }
  {
    return view_.url();
  }
  [[nodiscard]] decltype(auto) body() const
    requires body_view<V>
  {
    return view_.body();
  }
  /// A field that was composed stands in place of the user's of that name, as it will on the wire.
  template <class Function>
  void fields(Function&& function) const {
    view_.fields([&](std::string_view name, std::string_view value) {
      if (!composed_.get(name)) function(name, value);
    });
    composed_.each(function);
  }

private:
  V const& view_;
  draft const& composed_;
};

}  // namespace countersign::inline v0
