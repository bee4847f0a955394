#pragma once
// A request as a conversation refers to it.

#include <countersign/core/request_view.hpp>

#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

/// Of a foreign request, the view that its traits make.
template <class Request>
class viewed {
public:
  explicit viewed(Request const& request) : view_(view_of(request)) {}
  [[nodiscard]] auto const& view() const noexcept { return view_; }

private:
  decltype(request_traits<Request>::view(std::declval<Request const&>())) view_;
};

/// Of anything that is a view by itself, a reference.
template <class Request>
  requires(request_view<Request> && !foreign_request<Request>)
class viewed<Request> {
public:
  explicit viewed(Request const& request) noexcept : view_(&request) {}
  [[nodiscard]] Request const& view() const noexcept { return *view_; }

private:
  Request const* view_;
};

/// All that is known when a client takes headers apart from its requests.
class url_only {
public:
  explicit url_only(std::string_view url) noexcept : url_(url) {}
  [[nodiscard]] std::string_view method() const noexcept { return {}; }
  [[nodiscard]] std::string_view url() const noexcept { return url_; }
  [[nodiscard]] std::string_view origin() const noexcept { return url_; }
  [[nodiscard]] std::string_view target() const noexcept { return {}; }
  template <class Function>
  void fields(Function&&) const noexcept {}

private:
  std::string_view url_;
};

}  // namespace countersign::inline v0::detail
