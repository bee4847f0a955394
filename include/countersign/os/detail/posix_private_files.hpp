#pragma once
// Private files by POSIX: the folder is opened once per operation and looked at, and all else happens beneath
// that descriptor, so that nothing swapped on the way leads elsewhere.

#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/os/detail/descriptor.hpp>
#include <countersign/os/detail/posix_calls.hpp>
#include <countersign/os/detail/system_text.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0::os::detail {

/// A name with its NUL, on the stack: `suffix` and a number may follow.
class file_name {
public:
  static constexpr std::size_t capacity = 255;  // NAME_MAX

  explicit file_name(std::string_view name, std::string_view suffix = {}, unsigned number = 0) noexcept {
    char digits[12];
    std::size_t at = sizeof digits;
    for (auto rest = number; rest > 0; rest /= 10) digits[--at] = static_cast<char>('0' + rest % 10);
    ok_ = !name.empty() && name.find('/') == std::string_view::npos &&
          name.find('\0') == std::string_view::npos && name != "." && name != ".." && add(name) &&
          add(suffix) && add(countersign::detail::text_at(digits + at, sizeof digits - at));
  }
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] char const* c_str() const noexcept { return text_; }

private:
  bool add(std::string_view piece) noexcept {
    if (piece.size() > capacity - size_) return false;
    size_ += piece.copy(text_ + size_, piece.size());
    return true;
  }
  char text_[capacity + 1] = {};
  std::size_t size_ = 0;
  bool ok_ = false;
};

template <class Calls>
struct posix_private_files {
  static result<secret> read(void*, std::string_view folder, std::string_view name,
                             std::size_t limit) noexcept {
    auto const inside = open_folder(folder, false);
    if (!inside) return inside.error();
    file_name const file(name);
    if (!file.ok()) return bad_name(name);
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
    auto const opened = open_file(inside->get(), file, flags, 0);
    if (!opened) return failed(errno, folder, name);
    auto const size = check(opened.get(), folder, name);
    if (!size) return size.error();
    if (*size > limit)
      return error{errc::too_large, "file ", shown(folder),  "/", name, ": ", *size,
                   " bytes, and ",  limit,   " are the most"};
    secret content;
    if (!content.resize(*size))
      return error{errc::no_memory, "file ", shown(folder), "/", name, ": out of memory"};
    for (std::size_t at = 0; at < *size;) {
      auto const got = again([&] { return Calls::read(opened.get(), content.data() + at, *size - at); });
      if (got < 0) return failed(errno, folder, name);
      if (got == 0)
        return error{
            errc::transient, "file ", shown(folder), "/", name, ": it was cut short while it was read"};
      at += static_cast<std::size_t>(got);
    }
    return content;
  }

  static result<void> replace(void*, std::string_view folder, std::string_view name,
                              std::string_view content) noexcept {
    auto const inside = open_folder(folder, true);
    if (!inside) return inside.error();
    file_name const last(name), fresh(name, ".new");
    if (!last.ok() || !fresh.ok()) return bad_name(name);
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    auto file = open_file(inside->get(), fresh, flags, 0600);
    if (!file && errno == EEXIST) {
      // Left by a writer that died: who holds the lock is the only one.
      if (Calls::unlinkat(inside->get(), fresh.c_str()) != 0 && errno != ENOENT)
        return failed(errno, folder, name);
      file = open_file(inside->get(), fresh, flags, 0600);
    }
    if (!file) return failed(errno, folder, name);
    auto const why = write_through(file.get(), content);
    if (why == 0 && Calls::renameat(inside->get(), fresh.c_str(), last.c_str()) == 0) {
      if (again([&] { return Calls::fsync(inside->get()); }) == 0) return {};
      return failed(errno, folder, name);  // the new record is there, but may not survive a loss of power
    }
    auto const number = why != 0 ? why : errno;
    Calls::unlinkat(inside->get(), fresh.c_str());
    return failed(number, folder, name);
  }

  static result<void> set_aside(void*, std::string_view folder, std::string_view name) noexcept {
    auto const inside = open_folder(folder, false);
    if (!inside) return inside.error();
    file_name const from(name);
    if (!from.ok()) return bad_name(name);
    constexpr unsigned most = 10'000;
    for (unsigned number = 1; number <= most; ++number) {
      file_name const to(name, ".corrupt-", number);
      if (!to.ok()) return bad_name(name);
      // The name is taken before the rename, which would take the place of whatever is there.
      auto const place =
          open_file(inside->get(), to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
      if (!place && errno == EEXIST) continue;
      if (!place || Calls::renameat(inside->get(), from.c_str(), to.c_str()) != 0)
        return failed(errno, folder, name);
      return {};
    }
    return error{errc::fatal, "folder ", shown(folder),
                 ": holds ",  most,      " damaged files of one login; look at them, and delete them"};
  }

  static result<std::intptr_t> lock(void*, std::string_view folder, std::string_view name,
                                    duration patience) noexcept {
    auto const inside = open_folder(folder, true);
    if (!inside) return inside.error();
    file_name const file(name);
    if (!file.ok()) return bad_name(name);
    constexpr int flags = O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW;
    auto opened = open_file(inside->get(), file, flags | O_CREAT | O_EXCL, 0600);
    if (opened) {
      if (Calls::fchmod(opened.get(), 0600) != 0)
        return failed(errno, folder, name);  // whatever the umask is
    } else if (errno == EEXIST) {
      opened = open_file(inside->get(), file, flags, 0);
    }
    if (!opened) return failed(errno, folder, name);
    if (auto const ok = check(opened.get(), folder, name); !ok) return ok.error();
    auto const give_up_at = patience > duration() ? Calls::now() + patience : boot_time();
    for (;;) {
      if (again([&] { return Calls::flock(opened.get(), LOCK_EX | LOCK_NB); }) == 0) return opened.release();
      if (errno != EWOULDBLOCK) return failed(errno, folder, name);
      if (patience <= duration() || Calls::now() >= give_up_at)
        return error{errc::locked, "file ", shown(folder),
                     "/",          name,    ": another process or thread holds it; try again later"};
      Calls::pause(1);
    }
  }

  static void unlock(void*, std::intptr_t held) noexcept {
    descriptor const file(static_cast<int>(held));
    // Closing alone would leave it to a forked child that has the descriptor too.
    Calls::flock(file.get(), LOCK_UN);
  }

private:
  template <class Call>
  static auto again(Call call) noexcept {
    for (;;) {
      auto const got = call();
      if (got >= 0 || errno != EINTR) return got;
    }
  }
  static descriptor open_file(int folder, file_name const& name, int flags, mode_t mode) noexcept {
    return descriptor(again([&] { return Calls::openat(folder, name.c_str(), flags, mode); }));
  }

  static std::string_view shown(std::string_view folder) noexcept {
    return countersign::detail::end_of_path(folder);
  }
  static error bad_name(std::string_view name) noexcept {
    return {errc::bad_input, "file \"", name.substr(0, 40),
            "\": no name that a file beneath a folder can have"};
  }
  static error failed(int number, std::string_view folder, std::string_view name) noexcept {
    if (number == ENOENT) return {errc::not_mine, "file ", shown(folder), "/", name, ": there is none"};
    if (number == ELOOP || number == EMLINK)  // O_NOFOLLOW; FreeBSD says EMLINK
      return {errc::insecure, "file ",
              shown(folder),  "/",
              name,           ": it is a symbolic link, which is not followed; remove it"};
    return {kind_of(number), "file ", shown(folder), "/", name, ": ", system_text(number)};
  }

  // The size of a regular file that is this user's alone.
  static result<std::size_t> check(int file, std::string_view folder, std::string_view name) noexcept {
    struct stat found;
    if (Calls::fstat(file, &found) != 0) return failed(errno, folder, name);
    auto const refuse = [&](std::string_view what) {
      return error{errc::insecure, "file ", shown(folder), "/", name, ": ", what};
    };
    if (!S_ISREG(found.st_mode)) return refuse("it is no regular file; remove it");
    if (found.st_uid != Calls::user()) return refuse("it belongs to another user; remove it");
    if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      return refuse("others may touch it; chmod 600 it, or remove it");
    if (found.st_nlink > 1)
      return refuse("it has a second name (a hard link), so it may be somebody else's file; remove it");
    return static_cast<std::size_t>(found.st_size);
  }

  /// Writes all, whatever pieces the system takes, and waits for the disk. The number of the error, or 0.
  static int write_through(int file, std::string_view content) noexcept {
    if (Calls::fchmod(file, 0600) != 0) return errno;  // the umask may have taken more
    while (!content.empty()) {
      auto const put = again([&] { return Calls::write(file, content.data(), content.size()); });
      if (put < 0) return errno;
      if (put == 0) return EIO;
      content.remove_prefix(static_cast<std::size_t>(put));
    }
    return again([&] { return Calls::fsync(file); }) == 0 ? 0 : errno;
  }

  static result<descriptor> open_folder(std::string_view path, bool make) noexcept {
    char name[4096];                                                       // PATH_MAX of Linux
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);  // else a link would be followed
    if (path.empty() || path.size() >= sizeof name || path.find('\0') != std::string_view::npos)
      return error{errc::bad_input, "folder ", shown(path), ": no path that a folder can have"};
    name[path.copy(name, path.size())] = '\0';
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    descriptor folder(again([&] { return Calls::open(name, flags); }));
    if (!folder && errno == ENOENT && make) {
      if (auto const why = make_folders(name, path.size()); why != 0) return folder_failed(why, path);
      folder = descriptor(again([&] { return Calls::open(name, flags); }));
    }
    if (!folder) return folder_failed(errno, path);
    struct stat found;
    if (Calls::fstat(folder.get(), &found) != 0) return folder_failed(errno, path);
    if (found.st_uid != Calls::user())
      return error{errc::insecure, "folder ", shown(path),
                   ": it belongs to another user; choose one of your own"};
    if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
      return error{errc::insecure, "folder ", shown(path), ": others may enter it; chmod 700 it"};
    return folder;
  }
  static error folder_failed(int number, std::string_view path) noexcept {
    if (number == ENOENT) return {errc::not_mine, "folder ", shown(path), ": there is none"};
    if (number == ELOOP || number == EMLINK || number == ENOTDIR)
      return {errc::insecure, "folder ", shown(path), ": it is a link or no folder; name the folder itself"};
    return {kind_of(number), "folder ", shown(path), ": ", system_text(number)};
  }
  // Each missing one, from the top. The number of the error, or 0.
  static int make_folders(char* path, std::size_t size) noexcept {
    for (std::size_t end = 1; end <= size; ++end) {
      if (end < size && path[end] != '/') continue;
      path[end] = '\0';
      auto const made = Calls::mkdir(path, 0700);
      auto const number = errno;
      if (end < size) path[end] = '/';
      if (made != 0 && number != EEXIST && end == size)
        return number;  // an upper one may be unreadable and fine
    }
    return 0;
  }
};

}  // namespace countersign::inline v0::os::detail
