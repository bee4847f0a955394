#pragma once
// Files that hold secrets and change: a second table beside the context, which points to it. Contexts that
// keep nothing leave it out.

#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// Small files of one user in a folder that nobody else may enter. `self` and the table outlive every use;
/// each function may be called from several threads and processes at once, and blocks no longer than a disk
/// does, or its `patience`.
///
/// Names hold no slash. Nothing is followed, nothing is trusted: a folder that is a link, of another owner or
/// open to others, and a file that is a link, a pipe, linked twice, of another owner or open to others, is
/// errc::insecure. Else errc::transient where it may pass (disk full, too many open files, an I/O error),
/// errc::fatal where it will not.
struct private_files {
  void* self = nullptr;
  /// The bytes of a file. errc::not_mine if there is none; errc::too_large beyond `limit`, and no memory
  /// taken.
  result<secret> (*read)(void* self, std::string_view folder, std::string_view name,
                         std::size_t limit) noexcept = nullptr;
  /// All or nothing, also across a crash; it is on the disk when this returns. Makes the folder. One writer
  /// of a name at a time: hold a lock.
  result<void> (*replace)(void* self, std::string_view folder, std::string_view name,
                          std::string_view content) noexcept = nullptr;
  /// Renames a file to NAME.corrupt-1, or the next number that is free; what it is, is not looked at.
  result<void> (*set_aside)(void* self, std::string_view folder, std::string_view name) noexcept = nullptr;
  /// Locks a file of that name, which is made and stays for ever, for this process and against each other
  /// call. errc::locked once `patience` is over. A lock ends with its process.
  result<std::intptr_t> (*lock)(void* self, std::string_view folder, std::string_view name,
                                duration patience) noexcept = nullptr;
  void (*unlock)(void* self, std::intptr_t held) noexcept = nullptr;
};

}  // namespace countersign::inline v0
