#include "state.hpp"

#include "keychain.hpp"
#include "output.hpp"

#include <countersign/core/private_files.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/text/base64.hpp>

#include <cstdlib>
#include <filesystem>
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

// Beside the logins once their key is in the keychain: without it nobody is asked, so who has no login never wakes a
// keychain.
constexpr std::string_view kept_mark = "keychain";

bool is_kept(std::string const& folder, cs::context const& outside) {
  return outside.files->read(outside.files->self, folder, kept_mark, max_key_file).has_value();
}

cs::result<cs::secret> new_own_key(std::string const& folder, cs::context const& outside) {
  char bytes[key_size];
  auto made = outside.entropy(bytes, sizeof bytes);
  cs::secret text;
  cs::append_base64(text, {bytes, sizeof bytes}, cs::base64::url).append("\n");
  cs::secret key(std::string_view(bytes, sizeof bytes));
  cs::wipe(bytes, sizeof bytes);
  if (made) made = outside.files->replace(outside.files->self, folder, "key", text.reveal());
  if (!made) return made.error();
  return key;
}

cs::result<cs::secret> new_key(std::string const& folder, key_wish wish, cs::context const& outside) {
  auto key = keychain_made(folder, wish == key_wish::ask);
  if (!key) {
    say(std::string(key.error().message()) + "; the key of your logins is kept in " + folder + "/key");
    return new_own_key(folder, outside);
  }
  auto const marked = outside.files->replace(outside.files->self, folder, kept_mark,
                                             "The key of these logins is in the desktop's keychain.\n");
  if (!marked) return marked.error();
  return key;
}

// Under a lock, for another process may be at it.
cs::result<cs::secret> made_key(std::string const& folder, key_wish wish, cs::context const& outside) {
  auto const& files = *outside.files;
  auto const held = files.lock(files.self, folder, "key.lock", longest_wait_for_key);
  if (!held) return held.error();
  auto key = own_key(folder, outside);
  if (!key && key.error().code() == cs::errc::not_mine) key = new_key(folder, wish, outside);
  files.unlock(files.self, *held);
  return key;
}

// Errors are no errc::not_mine: somebody is signed in, and can't be found.
cs::result<cs::secret> kept_key(std::string const& folder) {
  auto key = keychain_found(folder);
  if (key) return key;
  if (key.error().code() == cs::errc::not_mine)
    return cs::error{cs::errc::fatal, "the keychain has lost the key of the logins in ", folder,
                     "; sign in again (countersign login NAME)"};
  return key.error().within("the key of your logins is in the keychain: ");
}

}  // namespace

cs::result<std::string> state_folder() {
  if (auto const home = variable("COUNTERSIGN_HOME"); !home.empty()) {
    std::error_code ignored;  // there is no working folder: it stays as it is, and is told when it is used
    auto const whole = std::filesystem::absolute(std::filesystem::path(home), ignored).lexically_normal();
    auto text = ignored ? std::string(home) : whole.string();
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text;
  }
  // XDG Base Directory: a relative path is to be ignored.
  if (auto const base = variable("XDG_STATE_HOME"); base.starts_with('/'))
    return std::string(base) + "/countersign";
  if (auto const home = variable("HOME"); !home.empty())
    return std::string(home) + "/.local/state/countersign";
  return cs::error{cs::errc::fatal, "there is no place for logins: set COUNTERSIGN_HOME to a folder"};
}

cs::result<cs::secret> store_key(std::string const& folder, key_wish wish, cs::context const& outside) {
  if (auto const text = variable("COUNTERSIGN_KEY"); !text.empty()) return key_of(text, "COUNTERSIGN_KEY");
  if (auto const path = variable("COUNTERSIGN_KEY_FILE"); !path.empty()) return named_key(path, outside);
  if (outside.files == nullptr)
    return cs::error{cs::errc::fatal, "there are no private files on this system"};
  auto key = own_key(folder, outside);
  if (key || key.error().code() != cs::errc::not_mine) return key;
  if (wish == key_wish::look) return is_kept(folder, outside) ? kept_key(folder) : key;
  key = made_key(folder, wish, outside);
  // A folder that can't be made: nobody should take that for "nobody is signed in".
  if (!key && key.error().code() == cs::errc::not_mine)
    return cs::error{cs::errc::fatal, key.error().message()};
  return key;
}

cs::result<cs::secret> former_key(std::string const& folder, cs::context const& outside) {
  if (variable("COUNTERSIGN_KEY").empty() && variable("COUNTERSIGN_KEY_FILE").empty() &&
      is_kept(folder, outside))
    return kept_key(folder);
  return cs::error{cs::errc::not_mine, "the keychain holds no key for ", folder};
}

}  // namespace program
