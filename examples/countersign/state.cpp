#include "state.hpp"

#include <countersign/core/private_files.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/text/base64.hpp>

#include <cstdlib>
#include <string_view>
#include <utility>

namespace cs = countersign;

namespace program {

namespace {

constexpr std::size_t key_size = 32;
// Of a file that holds one.
constexpr std::size_t max_key_file = 4096;
constexpr cs::duration longest_wait_for_key = cs::seconds(5);

// Of this process alone: the dotenv files of a project have no say in it.
std::string_view variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

cs::result<cs::secret> key_of(std::string_view text, std::string_view where) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  auto const form = text.ends_with('=') ? cs::base64::url_padded : cs::base64::url;
  auto key = cs::decode_base64(text, form);
  if (!key)
    return cs::error{cs::errc::bad_input, where,
                     ": no base64url; make one: head -c 32 /dev/urandom | basenc --base64url"};
  if (key->size() == key_size) return key;
  return cs::error{cs::errc::bad_input, where, ": ", key->size(), " bytes, and a key has 32"};
}

cs::result<cs::secret> named_key(std::string_view path, cs::context const& outside) {
  auto const seen = outside.state_of_file(path);
  if (seen && (seen->others_read || seen->others_write))
    return cs::error{cs::errc::insecure, "COUNTERSIGN_KEY_FILE: others may read or change it; chmod 600 it"};
  auto const text = outside.file(path, max_key_file);
  if (text) return key_of(text->reveal(), "COUNTERSIGN_KEY_FILE");
  return cs::error{cs::errc::fatal, "COUNTERSIGN_KEY_FILE: ", text.error().message()};
}

cs::result<cs::secret> own_key(std::string const& folder, cs::context const& outside) {
  auto const text = outside.files->read(outside.files->self, folder, "key", max_key_file);
  return text ? key_of(text->reveal(), folder + "/key") : text.error();
}

// Under a lock, for another process may be at it.
cs::result<cs::secret> made_key(std::string const& folder, cs::context const& outside) {
  auto const& files = *outside.files;
  auto const held = files.lock(files.self, folder, "key.lock", longest_wait_for_key);
  if (!held) return held.error();
  auto key = own_key(folder, outside);
  if (!key && key.error().code() == cs::errc::not_mine) {
    char bytes[key_size];
    auto made = outside.entropy(bytes, sizeof bytes);
    cs::secret text;
    cs::append_base64(text, {bytes, sizeof bytes}, cs::base64::url).append("\n");
    key = cs::secret(std::string_view(bytes, sizeof bytes));
    cs::wipe(bytes, sizeof bytes);
    if (made) made = files.replace(files.self, folder, "key", text.reveal());
    if (!made) key = made.error();
  }
  files.unlock(files.self, *held);
  return key;
}

}  // namespace

cs::result<std::string> state_folder() {
  if (auto const home = variable("COUNTERSIGN_HOME"); !home.empty()) return std::string(home);
  // XDG Base Directory: a relative path is to be ignored.
  if (auto const base = variable("XDG_STATE_HOME"); base.starts_with('/'))
    return std::string(base) + "/countersign";
  if (auto const home = variable("HOME"); !home.empty())
    return std::string(home) + "/.local/state/countersign";
  return cs::error{cs::errc::fatal, "there is no place for logins: set COUNTERSIGN_HOME to a folder"};
}

cs::result<cs::secret> store_key(std::string const& folder, bool make, cs::context const& outside) {
  if (auto const text = variable("COUNTERSIGN_KEY"); !text.empty()) return key_of(text, "COUNTERSIGN_KEY");
  if (auto const path = variable("COUNTERSIGN_KEY_FILE"); !path.empty()) return named_key(path, outside);
  if (outside.files == nullptr)
    return cs::error{cs::errc::fatal, "there are no private files on this system"};
  auto key = own_key(folder, outside);
  if (key || !make || key.error().code() != cs::errc::not_mine) return key;
  key = made_key(folder, outside);
  // A folder that can't be made: nobody should take that for "nobody is signed in".
  if (!key && key.error().code() == cs::errc::not_mine)
    return cs::error{cs::errc::fatal, key.error().message()};
  return key;
}

}  // namespace program
