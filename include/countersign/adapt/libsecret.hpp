#pragma once
// The key of a store in the desktop's keychain (GNOME Keyring, KWallet, …), by libsecret 0.20 or newer.

#include <countersign/adapt/detail/secret_service.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/private_files.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/os/system.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/utf8.hpp>

#include <libsecret/secret.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How a `keychain_key` is had. Each field has a default.
struct keychain_rules {
  owned_text application = "countersign";  ///< whose item it is, as a person may read it in the keychain
  /// For a whole call; one that is under way is given a second more to end.
  duration patience = seconds(5);
  /// Whether the keychain may ask the person at the desktop to unlock it. Give that more patience.
  bool ask_to_unlock = false;
};

/// The 32 bytes that an `encrypted_file_store` is made with, kept in the keychain under the store's folder and the application:
/// one key for each pair, made once. Both calls block, up to twice the patience: they belong into a `work` step, or before
/// everything else. Threads may share one object; a main loop of GLib's is neither needed nor touched.
///
/// Errors: locked (nobody has unlocked the keychain); fatal where there is none (no session bus, no Secret Service, no default
/// collection); transient where it does not answer in time; bad_input where the item holds no key, or the folder can't be
/// named. Each text begins with "keychain: ". GLib itself ends the process where it finds no memory.
class keychain_key {
public:
  static constexpr std::size_t size = 32;  ///< bytes

  /// @param folder an absolute path: the same text finds the same key
  explicit keychain_key(owned_text folder, keychain_rules rules = {}) noexcept
      : folder_(std::move(folder)), rules_(std::move(rules)) {}

  /// errc::not_mine: the keychain is there, and holds no key for this folder.
  [[nodiscard]] result<secret> find(context const& outside = system_context) const noexcept {
    if (auto ok = check(); !ok) return ok.error();
    return with(outside,
                [&](detail::secret_service& keychain, GHashTable* which) { return found(keychain, which); });
  }

  /// Makes the key where there is none. A lock in the folder (`keychain.lock`), which is made with it, sees to it that of several
  /// processes one does.
  [[nodiscard]] result<secret> find_or_make(context const& outside = system_context) const noexcept {
    if (auto ok = check(); !ok) return ok.error();
    if (outside.files == nullptr)
      return error{errc::fatal, "keychain: the folder can't be locked: this context has no private files"};
    auto const& files = *outside.files;
    auto const held = files.lock(files.self, folder_, "keychain.lock", rules_.patience);
    if (!held) return held.error().within("keychain: ");
    auto key = with(outside, [&](detail::secret_service& keychain, GHashTable* which) -> result<secret> {
      auto there = found(keychain, which);
      if (there || there.error().code() != errc::not_mine) return there;
      return made(keychain, which, outside);
    });
    files.unlock(files.self, *held);
    return key;
  }

private:
  static constexpr std::string_view encoded = "base64url";

  static SecretSchema const& schema() noexcept {
    static constexpr SecretSchema one = {.name = "countersign.store_key",
                                         .flags = SECRET_SCHEMA_NONE,
                                         .attributes = {{"application", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                                        {"folder", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                                        {nullptr, SECRET_SCHEMA_ATTRIBUTE_STRING}},
                                         .reserved = 0,
                                         .reserved1 = nullptr,
                                         .reserved2 = nullptr,
                                         .reserved3 = nullptr,
                                         .reserved4 = nullptr,
                                         .reserved5 = nullptr,
                                         .reserved6 = nullptr,
                                         .reserved7 = nullptr};
    return one;
  }

  // What D-Bus can't carry as text, it would answer by ending the connection.
  [[nodiscard]] result<void> check() const noexcept {
    if (!folder_.ok() || !rules_.application.ok()) return error{errc::no_memory, "keychain: out of memory"};
    if (!folder_.view().starts_with('/'))
      return error{errc::bad_input, "keychain: the folder's path is not absolute: ", folder_.view()};
    for (auto const text : {folder_.view(), rules_.application.view()})
      if (!valid_utf8(text) || text.find('\0') != text.npos)
        return error{
            errc::bad_input,
            "keychain: it names things in UTF-8, and the folder's or the application's name is none"};
    return {};
  }

  template <class Use>
  [[nodiscard]] result<secret> with(context const& outside, Use&& use) const noexcept {
    detail::secret_service keychain(rules_.patience, rules_.ask_to_unlock);
    if (auto ok = keychain.open(outside); !ok) return ok.error();
    secret const application(rules_.application.view(), std::string_view("\0", 1)),
        folder(folder_.view(), std::string_view("\0", 1));
    if (!application.ok() || !folder.ok()) return error{errc::no_memory, "keychain: out of memory"};
    detail::secret_attributes const which(secret_attributes_build(
        &schema(), "application", application.reveal().data(), "folder", folder.reveal().data(), nullptr));
    return use(keychain, which.get());
  }

  [[nodiscard]] static result<secret> found(detail::secret_service& keychain, GHashTable* which) noexcept {
    auto const text = keychain.find(schema(), which);
    if (!text) return text;
    auto key = decode_base64(text->reveal(), base64::url);
    if (!key && key.error().code() == errc::no_memory) return key.error();
    if (key && key->size() == size) return key;
    return error{
        errc::bad_input, "keychain: the item \"countersign.store_key\" holds no key (", size, " bytes as ",
        encoded,         "); mend it, or remove it in the keychain's program"};
  }

  [[nodiscard]] result<secret> made(detail::secret_service& keychain, GHashTable* which,
                                    context const& outside) const noexcept {
    char bytes[size];
    secret text, label("The key of the logins in ", folder_.view(), std::string_view("\0", 1));
    auto ok = outside.entropy(bytes, size);
    append_base64(text, {bytes, size}, base64::url);
    secret key(std::string_view(bytes, size));
    wipe(bytes, size);
    if (!ok) return ok.error();
    if (!text.ok() || !label.ok() || !key.ok()) return error{errc::no_memory, "keychain: out of memory"};
    ok = keychain.keep(schema(), which, label.reveal().data(), text);
    if (!ok) return ok.error();
    return key;
  }

  owned_text folder_;
  keychain_rules rules_;
};

}  // namespace countersign::inline v0
