#pragma once
// The time as text, written once a second.

#include <countersign/core/detail/remembered.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/time.hpp>
#include <countersign/text/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// How a time is written.
enum class time_form : std::uint8_t {
  iso8601,       ///< "2026-11-23T02:14:06+00:00", as `date -u -Iseconds`
  iso8601_z,     ///< "2026-11-23T02:14:06Z"
  unix_seconds,  ///< "1795400046"
};

namespace detail {

/// What a formatter remembers of the clock. Any number of threads.
class second_text {
public:
  class text {
  public:
    /// Empty: the year has no four digits.
    [[nodiscard]] std::string_view view() const noexcept { return detail::text_at(bytes_, size_); }

  private:
    friend second_text;
    char bytes_[31];
    std::uint8_t size_;
  };

  [[gnu::always_inline]] inline void write(wall_time now, time_form form, text& out) noexcept {
    auto const kind = static_cast<std::uint64_t>(whole_seconds(now)) << 2 | static_cast<std::uint64_t>(form);
    if (!kept_.find(kind, {}, out)) [[unlikely]]
      make(kind, now, form, out);
  }

private:
  [[gnu::noinline]] void make(std::uint64_t kind, wall_time now, time_form form, text& out) noexcept {
    static_assert(iso8601_size <= sizeof out.bytes_ && unix_seconds_size <= sizeof out.bytes_);
    out = {};
    auto* const end = form == time_form::unix_seconds
                          ? encode_unix_seconds(out.bytes_, now)
                          : encode_iso8601(out.bytes_, now, form == time_form::iso8601_z ? "Z" : "+00:00");
    out.size_ = static_cast<std::uint8_t>(end - out.bytes_);
    kept_.keep(kind, {}, out);
  }

  remembered<text, 0> kept_;
};

}  // namespace detail

}  // namespace countersign::inline v0
