#pragma once
// GLib's asynchronous calls, waited for on the caller's thread and under one deadline.

#include <countersign/core/time.hpp>

#include <gio/gio.h>

#include <memory>

namespace countersign::inline v0::detail {

template <auto Free>
struct glib_free {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
template <class T>
using glib_object = std::unique_ptr<T, glib_free<g_object_unref>>;
using glib_error = std::unique_ptr<GError, glib_free<g_error_free>>;
using glib_text = std::unique_ptr<char, glib_free<g_free>>;

/// Calls run in a main context of their own, so that a program's event loop is neither needed nor touched. Once `patience` is
/// over they are cancelled, and a second later they are left alone. One thread, and one scope: it is a stack.
class glib_calls {
public:
  explicit glib_calls(duration patience) noexcept
      : context_(g_main_context_new()), cancel_(g_cancellable_new()) {
    g_main_context_push_thread_default(context_);
    after(patience, &cancel, cancel_.get());
    after(duration(patience.ms + grace.ms), &leave, &left_);
  }
  ~glib_calls() {
    g_main_context_pop_thread_default(context_);
    g_main_context_unref(context_);  // with the timers; what is still under way finds nobody to tell
  }
  glib_calls(glib_calls const&) = delete;
  glib_calls& operator=(glib_calls const&) = delete;

  /// @param start of (GCancellable*, GAsyncReadyCallback, void*): begins one call
  /// @return what its `_finish` takes; null: it did not end in time
  template <class Start>
  [[nodiscard]] glib_object<GAsyncResult> wait(Start&& start) noexcept {
    GAsyncResult* got = nullptr;  // written only while the context runs, below
    start(cancel_.get(), &note, &got);
    while (got == nullptr && !left_) g_main_context_iteration(context_, TRUE);
    return glib_object<GAsyncResult>(got);
  }

private:
  static constexpr duration grace = seconds(1);

  static void note(GObject*, GAsyncResult* result, void* to) noexcept {
    *static_cast<GAsyncResult**>(to) = G_ASYNC_RESULT(g_object_ref(result));
  }
  static int cancel(void* what) noexcept {
    g_cancellable_cancel(static_cast<GCancellable*>(what));
    return G_SOURCE_REMOVE;
  }
  static int leave(void* flag) noexcept {
    *static_cast<bool*>(flag) = true;
    return G_SOURCE_REMOVE;
  }
  void after(duration delay, GSourceFunc what, void* with) noexcept {
    auto* const timer = g_timeout_source_new(static_cast<unsigned>(delay.ms));
    g_source_set_callback(timer, what, with, nullptr);
    g_source_attach(timer, context_);
    g_source_unref(timer);
  }

  GMainContext* context_;
  glib_object<GCancellable> cancel_;
  bool left_ = false;
};

}  // namespace countersign::inline v0::detail
