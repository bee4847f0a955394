#pragma once
// What an error number of the system means: in words, and as a kind of ours.

#include <countersign/core/error.hpp>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::os::detail {

/// The words of the system for an error number. Unlike strerror it may be used by several threads.
class system_text {
public:
  explicit system_text(int number) noexcept : said_(from(::strerror_r(number, room_, sizeof room_))) {}
  system_text(system_text const&) = delete;
  system_text& operator=(system_text const&) = delete;
  operator std::string_view() const noexcept { return said_; }

private:
  // glibc returns the text; POSIX says a status, and fills the room.
  char const* from(char const* text) noexcept { return text; }
  char const* from(int status) noexcept { return status == 0 ? room_ : "unknown error"; }

  char room_[128] = {};
  char const* said_;
};

/// Whether trying again may help.
inline errc kind_of(int number) noexcept {
  switch (number) {
  case ENOMEM:
    return errc::no_memory;
  case EAGAIN:
  case EMFILE:
  case ENFILE:
  case EIO:
  case ENOSPC:
  case EDQUOT:
  case ESTALE:
    return errc::transient;
  default:
    return errc::fatal;
  }
}

}  // namespace countersign::inline v0::os::detail
