#pragma once
// Small files read whole.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#else
#include <countersign/os/detail/descriptor.hpp>
#include <countersign/os/detail/system_text.hpp>
#include <sys/stat.h>
#endif

namespace countersign::inline v0::os {

namespace detail {

inline error longer_than(std::string_view path, std::size_t limit) noexcept {
  return {errc::too_large, "file ", path, ": longer than ", limit, " bytes"};
}
inline error absent(std::string_view path) noexcept {
  return {errc::not_mine, "file ", path, ": there is none"};
}
inline error not_plain(std::string_view path) noexcept {
  return {errc::fatal, "file ", path, ": not a regular file; folders, pipes and devices are not read"};
}
inline error no_memory_for(std::string_view path) noexcept {
  return {errc::no_memory, "file ", path, ": out of memory"};
}

#if defined(_WIN32)

inline result<secret> content_of(std::string_view path, std::size_t limit) noexcept {
  wide_text wide(path);
  if (!wide.ok()) return error{errc::bad_input, "file ", path, ": the path is not UTF-8"};
  constexpr DWORD others = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  handle const file(
      CreateFileW(wide.data(), GENERIC_READ, others, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!file) {
    auto const why = GetLastError();
    if (why == ERROR_FILE_NOT_FOUND || why == ERROR_PATH_NOT_FOUND) return absent(path);
    return error{errc::fatal, "file ", path, ": it can't be opened, Windows error ", why};
  }
  if (GetFileType(file.get()) != FILE_TYPE_DISK) return not_plain(path);
  secret content;
  for (;;) {
    char piece[8192];
    DWORD got = 0;
    if (!ReadFile(file.get(), piece, sizeof piece, &got, nullptr))
      return error{errc::fatal, "file ", path, ": it can't be read, Windows error ", GetLastError()};
    if (got == 0) return content;
    bool const fits = got <= limit - content.size();
    if (fits) content.append({piece, got});
    wipe(piece, got);
    if (!fits) return longer_than(path, limit);
    if (!content.ok()) return no_memory_for(path);
  }
}

#else

inline result<secret> content_of(std::string_view path, std::size_t limit) noexcept {
  secret const terminated(path, countersign::detail::text_at("\0", 1));
  if (!terminated.ok()) return no_memory_for(path);
  descriptor const file(open_to_read(terminated.reveal().data()));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return absent(path);
    return error{kind_of(errno), "file ", path, ": ", system_text(errno)};
  }
  struct stat found;
  if (::fstat(file.get(), &found) != 0) return error{kind_of(errno), "file ", path, ": ", system_text(errno)};
  if (!S_ISREG(found.st_mode)) return not_plain(path);
  // The size is a hint: files of /proc say 0, others may grow. What is read decides.
  auto const said = found.st_size > 0 ? static_cast<std::size_t>(found.st_size) : 0;
  secret content;
  if (said > limit) return longer_than(path, limit);
  if (!content.reserve(said)) return no_memory_for(path);
  for (;;) {
    switch (take(file.get(), content, limit)) {
    case took::bytes:
    case took::nothing_yet:
      break;
    case took::end:
      return content;
    case took::too_much:
      return longer_than(path, limit);
    case took::no_memory:
      return no_memory_for(path);
    case took::failed:
      return error{kind_of(errno), "file ", path, ": ", system_text(errno)};
    }
  }
}

#endif
}  // namespace detail

/// The bytes of a regular file of at most `limit` bytes. errc::not_mine if there is none, errc::too_large,
/// errc::bad_input for a path that no file can have, else errc::fatal, or errc::transient where it may pass.
/// Blocks no longer than a disk does: a FIFO or a terminal is refused, not waited for.
inline result<secret> read_file(std::string_view path, std::size_t limit) noexcept {
  if (path.empty()) return error{errc::bad_input, "file: the path is empty"};
  if (path.find('\0') != std::string_view::npos)
    return error{errc::bad_input, "file ", path, ": a path can't hold a zero byte"};
  return detail::content_of(path, limit);
}

}  // namespace countersign::inline v0::os
