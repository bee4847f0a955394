#include "rewritten.hpp"

#include <countersign/os/file.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cs = countersign;
namespace fs = std::filesystem;

namespace program {

namespace {

cs::error about(fs::path const& path, char const* what, int why) {
  return {cs::errc::fatal,        path.string(), ": ",
          std::string_view(what), ": ",          std::string_view(std::strerror(why)),
          "; nothing was changed"};
}

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

cs::result<void> rewrite(fs::path const& path, std::optional<std::string_view> before, std::string_view after,
                         mode_t mode, bool tighten) {
  std::error_code failed;
  auto target = fs::canonical(path, failed);
  if (failed) target = path;
  struct stat old = {};
  bool const exists = ::stat(target.c_str(), &old) == 0;
  if (exists && !tighten) mode = old.st_mode & 07777;

  auto temporary = target.string() + ".XXXXXX";
  int const file = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (file < 0) return about(target, "no file can be made beside it", errno);
  // Who runs this as root leaves the file to whom it belongs; where that can't be, it is still written.
  if (exists && (old.st_uid != ::geteuid() || old.st_gid != ::getegid()) &&
      ::fchown(file, old.st_uid, old.st_gid) != 0)
    errno = 0;
  bool const written = write_all(file, after) && ::fchmod(file, mode) == 0 && ::fsync(file) == 0;
  int const why = errno;
  ::close(file);
  auto const give_up = [&](cs::error const& error) {
    ::unlink(temporary.c_str());
    return error;
  };
  if (!written) return give_up(about(target, "it can't be written", why));

  auto const now = cs::os::read_file(target.string(), std::size_t{16} * 1024 * 1024);
  bool const same =
      before ? now && now->reveal() == *before : !now && now.error().code() == cs::errc::not_mine;
  if (!same)
    return give_up({cs::errc::transient, target.string(),
                    ": somebody else has changed it meanwhile; nothing was changed"});
  if (::rename(temporary.c_str(), target.c_str()) != 0)
    return give_up(about(target, "it can't be replaced", errno));
  int const folder = ::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) ::fsync(folder), ::close(folder);
  return {};
}

}  // namespace program
