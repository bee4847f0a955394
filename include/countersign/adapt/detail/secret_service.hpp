#pragma once
// One secret in the desktop's keychain: the Secret Service that libsecret speaks with, over a connection of its own.

#include <countersign/adapt/detail/glib_calls.hpp>
#include <countersign/core/context.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>

#include <libsecret/secret.h>

#include <memory>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

using secret_attributes = std::unique_ptr<GHashTable, glib_free<g_hash_table_unref>>;
using secret_value = std::unique_ptr<SecretValue, glib_free<secret_value_unref>>;

/// libsecret's proxy over the connection that it is given; by its own constructor it takes none but the process's, which ends
/// the process with the session.
class own_bus_service {
public:
  static GType type() noexcept {
    constexpr auto const* name = "CountersignSecretService";
    static gsize made = 0;
    if (g_once_init_enter(&made)) {
      auto type = g_type_from_name(
          name);  // GLib's table is the process's, and this header may be in two of its libraries
      GTypeQuery above;
      g_type_query(SECRET_TYPE_SERVICE, &above);
      if (type == 0)
        type = g_type_register_static_simple(SECRET_TYPE_SERVICE, name, above.class_size, &set_up,
                                             above.instance_size, nullptr, G_TYPE_FLAG_NONE);
      g_once_init_leave(&made, type);
    }
    return made;
  }

private:
  static void set_up(void* made, void*) noexcept { G_OBJECT_CLASS(made)->constructor = &construct; }
  static GObject* construct(GType type, unsigned count, GObjectConstructParam* with) noexcept {
    auto* const made = G_OBJECT_CLASS(g_type_class_peek(SECRET_TYPE_SERVICE))->constructor(type, count, with);
    g_object_set(made, "g-bus-type", G_BUS_TYPE_NONE, nullptr);
    return made;
  }
};

/// A conversation with the keychain, which ends with this object. Errors: errc::fatal where there is none; transient where it
/// does not answer in time; locked.
class secret_service {
public:
  /// @param ask whether somebody may be asked to unlock it
  secret_service(duration patience, bool ask) noexcept : calls_(patience), ask_(ask) {}

  /// Connects to the session's bus, as `outside` names it.
  [[nodiscard]] result<void> open(context const& outside) noexcept {
    auto const address = bus_address(outside);
    if (!address) return address.error();
    GError* why = nullptr;
    auto done = calls_.wait([&](GCancellable* cancel, GAsyncReadyCallback then, void* to) {
      constexpr auto flags = static_cast<GDBusConnectionFlags>(
          G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION);
      g_dbus_connection_new_for_address(address->reveal().data(), flags, nullptr, cancel, then, to);
    });
    if (done) bus_.reset(g_dbus_connection_new_for_address_finish(done.get(), &why));
    if (!bus_) return told(why, "the session's bus can't be reached");
    done = calls_.wait([&](GCancellable* cancel, GAsyncReadyCallback then, void* to) {
      g_async_initable_new_async(own_bus_service::type(), G_PRIORITY_DEFAULT, cancel, then, to,
                                 "g-connection", bus_.get(), "flags", SECRET_SERVICE_OPEN_SESSION, nullptr);
    });
    if (done) service_.reset(secret_service_open_finish(done.get(), &why));
    if (service_) return {};
    return told(why, "no keychain runs in this session");
  }
  ~secret_service() {
    service_.reset();
    if (!bus_) return;
    auto const closed = calls_.wait([&](GCancellable* cancel, GAsyncReadyCallback then, void* to) {
      g_dbus_connection_close(bus_.get(), cancel, then, to);
    });
    if (closed) g_dbus_connection_close_finish(bus_.get(), closed.get(), nullptr);
  }
  secret_service(secret_service const&) = delete;
  secret_service& operator=(secret_service const&) = delete;

  /// errc::not_mine: it holds no such item.
  [[nodiscard]] result<secret> find(SecretSchema const& schema, GHashTable* attributes) noexcept {
    auto item = searched(schema, attributes);
    if (!item) return item.error();
    // What is in a collection that is locked, a search may not find.
    if (*item == nullptr || secret_item_get_locked(item->get())) {
      auto const collection = default_collection();
      if (!collection) return collection.error();
      if (!secret_collection_get_locked(collection->get())) {
        if (*item == nullptr) return error{errc::not_mine, "keychain: it holds no such key"};
        return locked();
      }
      if (auto ok = unlock(collection->get()); !ok) return ok.error();
      item = searched(schema, attributes);
      if (!item) return item.error();
      if (*item == nullptr) return error{errc::not_mine, "keychain: it holds no such key"};
      if (secret_item_get_locked(item->get())) return locked();
    }
    secret_value const value(secret_item_get_secret(item->get()));
    if (!value) return error{errc::transient, "keychain: it holds the key, and does not give it"};
    gsize size = 0;
    auto const* const bytes = secret_value_get(value.get(), &size);
    secret text(std::string_view(bytes, size));
    if (!text.ok()) return error{errc::no_memory, "keychain: out of memory"};
    return text;
  }

  /// Into the collection that the person has made the default.
  [[nodiscard]] result<void> keep(SecretSchema const& schema, GHashTable* attributes, char const* label,
                                  secret const& text) noexcept {
    auto const collection = default_collection();
    if (!collection) return collection.error();
    if (secret_collection_get_locked(collection->get()))
      if (auto ok = unlock(collection->get()); !ok) return ok;
    secret_value const value(
        secret_value_new(text.reveal().data(), static_cast<gssize>(text.size()), "text/plain"));
    GError* why = nullptr;
    auto const done = calls_.wait([&](GCancellable* cancel, GAsyncReadyCallback then, void* to) {
      secret_item_create(collection->get(), &schema, attributes, label, value.get(),
                         SECRET_ITEM_CREATE_REPLACE, cancel, then, to);
    });
    glib_object<SecretItem> const item(done ? secret_item_create_finish(done.get(), &why) : nullptr);
    if (item) return {};
    return told(why, "it does not take the key");
  }

private:
  // What D-Bus says of the session; a bus is not started.
  [[nodiscard]] static result<secret> bus_address(context const& outside) noexcept {
    secret address;
    if (auto const said = outside.variable("DBUS_SESSION_BUS_ADDRESS"); said && !said->empty()) {
      address.append(*said).push_back('\0');
    } else if (auto folder = outside.variable("XDG_RUNTIME_DIR");
               folder && folder->reveal().starts_with('/')) {
      folder->append("/bus").push_back('\0');
      if (folder->ok() && !g_file_test(folder->data(), G_FILE_TEST_EXISTS)) return no_bus();
      glib_text const path(folder->ok() ? g_dbus_address_escape_value(folder->data()) : nullptr);
      if (path) address.append("unix:path=").append(path.get()).push_back('\0');
    } else {
      return no_bus();
    }
    if (address.empty() || !address.ok()) return error{errc::no_memory, "keychain: out of memory"};
    return address;
  }
  [[nodiscard]] static error no_bus() noexcept {
    return {errc::fatal,
            "keychain: there is no session bus (DBUS_SESSION_BUS_ADDRESS), so there is no keychain"};
  }
  [[nodiscard]] static error locked() noexcept {
    return {errc::locked, "keychain: it is locked; unlock it in your desktop's session"};
  }

  // The item with its secret, if it is not locked; null: none is found.
  [[nodiscard]] result<glib_object<SecretItem>> searched(SecretSchema const& schema,
                                                         GHashTable* attributes) noexcept {
    GError* why = nullptr;
    auto const done = calls_.wait([&](GCancellable* cancel, GAsyncReadyCallback then, void* to) {
      secret_service_search(service_.get(), &schema, attributes, SECRET_SEARCH_LOAD_SECRETS, cancel, then,
                            to);
    });
    auto* const found = done ? secret_service_search_finish(service_.get(), done.get(), &why) : nullptr;
    if (!done || why != nullptr) return told(why, "it can't be searched");
    glib_object<SecretItem> item(found == nullptr ? nullptr : SECRET_ITEM(g_object_ref(found->data)));
    g_list_free_full(found, g_object_unref);
    return item;
  }
  [[nodiscard]] result<glib_object<SecretCollection>> default_collection() noexcept {
    GError* why = nullptr;
    auto const done = calls_.wait([&](GCancellable* cancel, GAsyncReadyCallback then, void* to) {
      secret_collection_for_alias(service_.get(), SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, cancel,
                                  then, to);
    });
    glib_object<SecretCollection> got(done ? secret_collection_for_alias_finish(done.get(), &why) : nullptr);
    if (!done || why != nullptr) return told(why, "its default collection can't be had");
    if (!got) return error{errc::fatal, "keychain: it has no default collection; make one in its settings"};
    return got;
  }
  [[nodiscard]] result<void> unlock(SecretCollection* collection) noexcept {
    if (!ask_) return locked();
    GError* why = nullptr;
    GList one{collection, nullptr, nullptr};
    auto const done = calls_.wait([&](GCancellable* cancel, GAsyncReadyCallback then, void* to) {
      secret_service_unlock(service_.get(), &one, cancel, then, to);
    });
    auto const count = done ? secret_service_unlock_finish(service_.get(), done.get(), nullptr, &why) : 0;
    glib_error const ignored(why);
    if (count > 0) return {};
    return locked();
  }

  // Takes the error.
  [[nodiscard]] static error told(GError* why, std::string_view what) noexcept {
    glib_error const held(why);
    if (!held || g_error_matches(held.get(), G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
        g_error_matches(held.get(), G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
      return {errc::transient, "keychain: ", what, ": no answer in time"};
    if (g_error_matches(held.get(), SECRET_ERROR, SECRET_ERROR_IS_LOCKED)) return locked();
    g_dbus_error_strip_remote_error(held.get());
    return {errc::fatal, "keychain: ", what, ": ", held->message};
  }

  glib_calls calls_;
  bool ask_;
  glib_object<GDBusConnection> bus_;
  glib_object<SecretService> service_;
};

}  // namespace countersign::inline v0::detail
