#pragma once
// The head of a response: what verdicts are made from, so that the user's bodies and streams pass untouched.

#include <countersign/core/field.hpp>

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

/// Status and fields of a response: `status()` is an integer, `fields(f)` calls `f(name, value)` for each.
template <class R>
concept response_view = requires(R const& response, void (*each)(std::string_view, std::string_view)) {
  { response.status() } -> std::convertible_to<int>;
  response.fields(each);
};

/// Specialise for a response type of another library: `static view_type view(R const&)`.
template <class R>
struct response_traits;

template <class R>
concept foreign_response = requires(R const& response) {
  { response_traits<R>::view(response) } -> response_view;
};
template <class R>
concept any_response = foreign_response<R> || response_view<R>;

/// A borrowed head: two words and the status. Valid while the response it was made from is.
class response_head {
public:
  /// A head with no fields, for tests and transports that keep none.
  explicit constexpr response_head(int status) noexcept : status_(status) {}

  template <response_view R>
    requires(!std::same_as<R, response_head>)
  response_head(R const& response) noexcept
      : status_(static_cast<int>(response.status())), response_(&response), each_(each_of<R>) {}

  [[nodiscard]] constexpr int status() const noexcept { return status_; }

  template <class Function>
  void fields(Function&& function) const {
    if (each_ == nullptr) return;
    auto call = [](void* f, std::string_view name, std::string_view value) {
      (*static_cast<std::remove_reference_t<Function>*>(f))(name, value);
    };
    each_(response_, call, const_cast<void*>(static_cast<void const*>(&function)));
  }

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const {
    std::optional<std::string_view> found;
    fields([&](std::string_view n, std::string_view v) {
      if (!found && equal_without_case(n, name)) found = v;
    });
    return found;
  }

private:
  using visit = void (*)(void*, std::string_view, std::string_view);

  template <class R>
  static void each_of(void const* response, visit call, void* function) {
    static_cast<R const*>(response)->fields(
        [&](std::string_view name, std::string_view value) { call(function, name, value); });
  }

  int status_;
  void const* response_ = nullptr;
  void (*each_)(void const*, visit, void*) = nullptr;
};

namespace detail {
// The head of any response; refers to it.
template <any_response R>
[[nodiscard]] auto head_of(R const& response) {
  if constexpr (foreign_response<R>) return response_traits<R>::view(response);
  else return response_head(response);
}
}  // namespace detail

}  // namespace countersign::inline v0
