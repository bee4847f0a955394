#pragma once
// What the stores in files share: one file per login, replaced as a whole, damaged ones set aside. How a
// record is written into its file is the form's affair.

#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/private_files.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/store/detail/login_name.hpp>
#include <countersign/store/login.hpp>
#include <countersign/store/login_json.hpp>
#include <countersign/store/token_store.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How long a save waits for another process that saves: a disk may be slow, and a holder may have been
/// stopped.
inline constexpr duration longest_wait_to_save = seconds(5);

namespace detail {

/// A `token_store` over `Form`:
/// - `name`: of the policy, for messages; `max_size`: of a file, in bytes;
/// - `check()`: what is wrong with its options;
/// - `seal(digest, json, outside)` → result<secret>: the file of a record;
/// - `open(digest, bytes)` → result<secret>: the record in a file. errc::fatal: it is to be kept;
///   errc::bad_input: damaged.
template <class Form>
class login_files {
public:
  login_files(std::string_view folder, Form form, context const& outside) noexcept
      : folder_(folder), form_(std::move(form)), outside_(outside) {}

  /// What is wrong with the options; each call would tell it too.
  [[nodiscard]] result<void> check() const noexcept {
    if (!folder_.ok()) return no_memory();
    if (folder_.empty()) return error{errc::bad_input, Form::name, ": the folder's name is empty"};
    if (outside_.files == nullptr || outside_.files->read == nullptr)
      return error{errc::fatal, Form::name,
                   ": this context keeps no files; give one that does, or use memory_store"};
    return form_.check();
  }

  [[nodiscard]] result<login> load(login_key key) const noexcept {
    if (auto ok = check(); !ok) return ok.error();
    auto const digest = digest_of(key);
    auto record = read(digest, key);
    if (!record && is_damaged(record.error())) {
      // Looked at again under the lock: somebody may have replaced it since.
      auto const lock = lock_to_write(digest);
      if (!lock) return lock.error();
      record = read_or_set_aside(digest, key);
    }
    if (record && is_blank(*record)) return nobody(Form::name, key);
    return record;
  }

  [[nodiscard]] result<store_lock> try_lock(login_key key) const noexcept {
    if (auto ok = check(); !ok) return ok.error();
    return locked(login_name(digest_of(key)).refresh_lock(), duration());
  }

  [[nodiscard]] result<bool> compare_and_swap(login_key key, std::uint64_t generation,
                                              login const& record) const noexcept {
    login fresh = record;
    return swap(key, generation, fresh);
  }

  /// The file stays, and holds the generation alone.
  [[nodiscard]] result<bool> remove(login_key key, std::uint64_t generation) const noexcept {
    login none;
    return swap(key, generation, none);
  }

private:
  static error no_memory() noexcept { return {errc::no_memory, Form::name, ": out of memory"}; }
  static error within(error const& why) noexcept { return why.within(Form::name, ": "); }
  static bool is_damaged(error const& why) noexcept {
    return why.code() == errc::bad_input || why.code() == errc::too_large;
  }
  // Nothing but a generation: what `remove` leaves.
  static bool is_blank(login const& record) noexcept {
    return record.issuer.empty() && record.client.id.empty() && record.access_token.empty() &&
           record.refresh_token.empty();
  }

  [[nodiscard]] result<store_lock> locked(std::string_view name, duration patience) const noexcept {
    auto const& files = *outside_.files;
    auto held = files.lock(files.self, folder_, name, patience);
    if (!held) return within(held.error());
    return store_lock(files.self, *held, files.unlock);
  }
  [[nodiscard]] result<store_lock> lock_to_write(sha256::digest const& digest) const noexcept {
    auto lock = locked(login_name(digest).write_lock(), longest_wait_to_save);
    if (!lock && lock.error().code() == errc::locked) return error{errc::transient, lock.error().message()};
    return lock;
  }

  // Of what is stored; errc::not_mine: nothing.
  [[nodiscard]] result<login> read(sha256::digest const& digest, login_key key) const noexcept {
    auto const& files = *outside_.files;
    auto bytes = files.read(files.self, folder_, login_name(digest).record(), Form::max_size);
    if (!bytes)
      return bytes.error().code() == errc::not_mine ? nobody(Form::name, key) : within(bytes.error());
    auto json = form_.open(digest, std::move(*bytes));
    if (!json) return within(json.error());
    auto record = read_login(std::move(*json));
    if (!record) return within(record.error());
    if (record->profile.view() != key.profile || record->server.view() != key.server)
      return error{errc::bad_input, Form::name, ": the file holds the login of another server or profile"};
    return record;
  }
  // Under the lock for writing.
  [[nodiscard]] result<login> read_or_set_aside(sha256::digest const& digest, login_key key) const noexcept {
    auto record = read(digest, key);
    if (record || !is_damaged(record.error())) return record;
    auto const& files = *outside_.files;
    auto const why = record.error();
    if (auto ok = files.set_aside(files.self, folder_, login_name(digest).record()); !ok)
      return within(ok.error());
    outside_.trace({"set aside", Form::name, why.message()});
    return error{errc::bad_input, why.message(), "; it was kept as \xe2\x80\xa6.corrupt-N: sign in again"};
  }

  result<bool> swap(login_key key, std::uint64_t generation, login& fresh) const noexcept {
    if (auto ok = check(); !ok) return ok.error();
    fresh.profile = key.profile;
    fresh.server = key.server;
    auto const digest = digest_of(key);
    auto const lock = lock_to_write(digest);
    if (!lock) return lock.error();
    auto const stored = read_or_set_aside(digest, key);
    bool const none =
        !stored && (stored.error().code() == errc::not_mine || stored.error().code() == errc::bad_input);
    if (!stored && !none) return stored.error();
    auto const newest = none ? 0 : stored->generation;
    if (generation != (none || is_blank(*stored) ? 0 : newest)) return false;
    if (generation == 0 && is_blank(fresh)) return true;  // forgotten already
    fresh.generation = newest + 1;

    secret json;
    json.reserve(2048);
    if (auto ok = write_login(fresh, json); !ok) return within(ok.error());
    auto const bytes = form_.seal(digest, std::move(json), outside_);
    if (!bytes) return within(bytes.error());
    auto const& files = *outside_.files;
    if (auto ok = files.replace(files.self, folder_, login_name(digest).record(), bytes->reveal()); !ok)
      return within(ok.error());
    return true;
  }

  owned_text folder_;
  Form form_;
  context outside_;
};

}  // namespace detail
}  // namespace countersign::inline v0
