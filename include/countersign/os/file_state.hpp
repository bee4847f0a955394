#pragma once
// Whether a file changed and who else may touch it, without reading it.

#include <countersign/core/context.hpp>
#include <countersign/core/detail/mixed.hpp>
#include <countersign/os/file.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(_WIN32)
#include <countersign/os/detail/windows.hpp>
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace countersign::inline v0::os {

namespace detail {

#if defined(_WIN32)

// Whom an access control list lets in is not looked at.
inline result<file_state> state_of(std::string_view path) noexcept {
  wide_text wide(path);
  if (!wide.ok()) return error{errc::bad_input, "file ", path, ": the path is not UTF-8"};
  constexpr DWORD others = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  handle const file(CreateFileW(wide.data(), FILE_READ_ATTRIBUTES, others, nullptr, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  BY_HANDLE_FILE_INFORMATION found;
  if (!file || !GetFileInformationByHandle(file.get(), &found)) {
    auto const why = GetLastError();
    if (why == ERROR_FILE_NOT_FOUND || why == ERROR_PATH_NOT_FOUND) return absent(path);
    return error{errc::fatal, "file ", path, ": its state can't be read, Windows error ", why};
  }
  if ((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return not_plain(path);
  return file_state{countersign::detail::mixed(found.dwVolumeSerialNumber, found.nFileIndexHigh, found.nFileIndexLow,
                          found.nFileSizeHigh, found.nFileSizeLow, found.ftLastWriteTime.dwHighDateTime,
                          found.ftLastWriteTime.dwLowDateTime, found.ftCreationTime.dwHighDateTime,
                          found.ftCreationTime.dwLowDateTime),
                    false, false};
}

#else

inline result<file_state> state_of(std::string_view path) noexcept {
  char terminated[4096];  // PATH_MAX of Linux, and more than that of others
  if (path.size() >= sizeof terminated)
    return error{errc::fatal, "file ", path.substr(0, 100), "…: ", system_text(ENAMETOOLONG)};
  std::memcpy(terminated, path.data(), path.size());
  terminated[path.size()] = '\0';
  struct stat found;
  if (::stat(terminated, &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return absent(path);
    return error{kind_of(errno), "file ", path, ": ", system_text(errno)};
  }
  if (!S_ISREG(found.st_mode)) return not_plain(path);
#if defined(__APPLE__)
  auto const& written = found.st_mtimespec;
  auto const& changed = found.st_ctimespec;
#else
  auto const& written = found.st_mtim;
  auto const& changed = found.st_ctim;
#endif
  bool const foreign = found.st_uid != 0 && found.st_uid != ::geteuid();
  return file_state{countersign::detail::mixed(found.st_dev, found.st_ino, found.st_size, written.tv_sec, written.tv_nsec,
                          changed.tv_sec, changed.tv_nsec),
                    (found.st_mode & S_IROTH) != 0, (found.st_mode & (S_IWGRP | S_IWOTH)) != 0 || foreign};
}

#endif
}  // namespace detail

/// The state of the regular file that a path leads to. errc::not_mine if there is none, errc::bad_input for
/// a path that no file can have, else errc::fatal, or errc::transient where it may pass. A system call or
/// two, and no memory.
inline result<file_state> read_file_state(std::string_view path) noexcept {
  if (path.empty()) return error{errc::bad_input, "file: the path is empty"};
  if (path.find('\0') != std::string_view::npos)
    return error{errc::bad_input, "file ", path, ": a path can't hold a zero byte"};
  return detail::state_of(path);
}

}  // namespace countersign::inline v0::os
