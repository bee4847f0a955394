#pragma once
// A request view and a header sink whose types are known at run time only. Both borrow: no allocation.

#include <countersign/core/request_view.hpp>

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

/// Refers to any view. Valid while that is. A view without a body shows none, which a formatter that signs the body
/// refuses at run time.
class any_view {
public:
  template <request_view V>
    requires(!std::same_as<V, any_view>)
  explicit any_view(V const& view) noexcept : view_(&view), functions_(&functions_of<V>) {}

  [[nodiscard]] std::string_view method() const { return functions_->method(view_); }
  [[nodiscard]] std::string_view origin() const { return functions_->origin(view_); }
  [[nodiscard]] std::string_view target() const { return functions_->target(view_); }
  /// The whole URL where the request keeps one, else the origin: enough to tell where it goes.
  [[nodiscard]] std::string_view url() const { return functions_->url(view_); }
  [[nodiscard]] std::optional<std::string_view> body() const { return functions_->body(view_); }
  [[nodiscard]] bool replayable() const { return functions_->replayable(view_); }
  template <class Function>
  void fields(Function&& function) const {
    auto call = [](void* f, std::string_view name, std::string_view value) {
      (*static_cast<std::remove_reference_t<Function>*>(f))(name, value);
    };
    functions_->fields(view_, call, const_cast<void*>(static_cast<void const*>(&function)));
  }

private:
  using visit = void (*)(void*, std::string_view, std::string_view);
  struct functions {
    std::string_view (*method)(void const*);
    std::string_view (*origin)(void const*);
    std::string_view (*target)(void const*);
    std::string_view (*url)(void const*);
    std::optional<std::string_view> (*body)(void const*);
    bool (*replayable)(void const*);
    void (*fields)(void const*, visit, void*);
  };

  template <class V>
  static V const& as(void const* view) noexcept { return *static_cast<V const*>(view); }
  template <class V>
  static std::string_view url_of(void const* view) {
    if constexpr (requires { { as<V>(view).url() } -> detail::shown_text; }) return as<V>(view).url();
    else return as<V>(view).origin();
  }
  template <class V>
  static std::optional<std::string_view> body_of(void const* view) {
    if constexpr (body_view<V>) return as<V>(view).body();
    else return std::nullopt;
  }
  template <class V>
  static constexpr functions functions_of = {
      [](void const* view) -> std::string_view { return as<V>(view).method(); },
      [](void const* view) -> std::string_view { return as<V>(view).origin(); },
      [](void const* view) -> std::string_view { return as<V>(view).target(); },
      url_of<V>,
      body_of<V>,
      [](void const* view) { return detail::is_replayable(as<V>(view)); },
      [](void const* view, visit call, void* f) {
        as<V>(view).fields([&](std::string_view name, std::string_view value) { call(f, name, value); });
      },
  };

  void const* view_;
  functions const* functions_;
};

/// Refers to any sink.
class any_sink {
public:
  template <header_sink S>
    requires(!std::same_as<S, any_sink>)
  explicit any_sink(S& sink) noexcept
      : sink_(const_cast<void*>(static_cast<void const*>(&sink))),
        put_([](void* to, std::string_view name, std::string_view value) -> bool { return (*static_cast<S*>(to))(name, value); }) {}

  bool operator()(std::string_view name, std::string_view value) const { return put_(sink_, name, value); }

private:
  void* sink_;
  bool (*put_)(void*, std::string_view, std::string_view);
};

}  // namespace countersign::inline v0
