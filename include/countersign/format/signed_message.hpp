#pragma once
// A request or a response as HTTP message signatures see it (RFC 9421 §2).

#include <countersign/core/head.hpp>
#include <countersign/core/request_view.hpp>

#include <optional>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

namespace detail {

// The fields of a message whose type is not known where they are read.
class field_walk {
public:
  using visitor = void (*)(void* self, std::string_view name, std::string_view value);

  field_walk() = default;
  field_walk(void const* of, void (*walk)(void const*, visitor, void*)) noexcept : of_(of), each_(walk) {}

  template <class Function>
  void each(Function&& function) const {
    if (each_ == nullptr) return;
    each_(
        of_,
        [](void* self, std::string_view name, std::string_view value) {
          (*static_cast<std::remove_reference_t<Function>*>(self))(name, value);
        },
        const_cast<void*>(static_cast<void const*>(&function)));
  }

private:
  void const* of_ = nullptr;
  void (*each_)(void const*, visitor, void*) = nullptr;
};

template <class M>
decltype(auto) shown(M const& message) {
  if constexpr (foreign_request<M>) return request_traits<M>::view(message);
  else if constexpr (foreign_response<M>) return response_traits<M>::view(message);
  else return (message);
}
template <class M>
field_walk fields_of(M const& message) noexcept {
  return {&message, [](void const* of, field_walk::visitor call, void* self) {
            shown(*static_cast<M const*>(of)).fields([&](std::string_view name, std::string_view value) {
              call(self, name, value);
            });
          }};
}
template <class M>
field_walk trailers_of(M const& message) noexcept {
  if constexpr (requires(void (*each)(std::string_view, std::string_view)) { shown(message).trailers(each); })
    return {&message, [](void const* of, field_walk::visitor call, void* self) {
              shown(*static_cast<M const*>(of)).trailers([&](std::string_view name, std::string_view value) {
                call(self, name, value);
              });
            }};
  else return {};
}

}  // namespace detail

/// Borrowed: valid while what it was made of is unchanged. Made by `signed_request` and `signed_response`.
struct signed_message {
  std::string_view method = {}, origin = {}, target = {};  ///< of a request
  int status = 0;                                          ///< of a response; 0: this is a request
  std::optional<std::string_view> body = {};               ///< nullopt: it can't be shown
  detail::field_walk fields = {}, trailers = {};
  signed_message const* request = nullptr;  ///< which a response answers, for components with `;req`
  std::string_view content_digest = {};     ///< of this message where it is yet to be written; else empty
};

/// A view may have `trailers(f)` beside `fields(f)`: then components with `;tr` can be had.
template <class R>
  requires(foreign_request<R> || request_view<R>)
[[nodiscard]] signed_message signed_request(R const& request) {
  decltype(auto) view = detail::shown(request);
  signed_message made{.method = view.method(),
                      .origin = view.origin(),
                      .target = view.target(),
                      .fields = detail::fields_of(request),
                      .trailers = detail::trailers_of(request)};
  if constexpr (body_view<std::remove_cvref_t<decltype(view)>>) made.body = view.body();
  return made;
}

// It would be gone before it is read.
template <class R>
signed_message signed_request(R const&& request) = delete;

/// @param request which it answers; must live as long as what is given back
template <any_response R>
[[nodiscard]] signed_message signed_response(R const& response, std::optional<std::string_view> body,
                                             signed_message const* request = nullptr) {
  decltype(auto) view = detail::shown(response);
  return {.status = static_cast<int>(view.status()),
          .body = body,
          .fields = detail::fields_of(response),
          .trailers = detail::trailers_of(response),
          .request = request};
}
template <class R>
signed_message signed_response(R const&& response, std::optional<std::string_view> body,
                               signed_message const* request = nullptr) = delete;

}  // namespace countersign::inline v0
