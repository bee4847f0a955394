#pragma once
// Hears a response of libcurl's while it comes: an event stream, a body that is too long to be kept.

#include <countersign/core/head.hpp>

#include <string_view>

namespace countersign::inline v0 {

/// Given to a `curl_transport` with a request; called on the thread that sends it, throws nothing.
class curl_listener {
public:
  /// The final response's head, once its body begins. True: the body is heard here, and the response that is
  /// returned has none. False: it is put together under the transport's cap.
  [[nodiscard]] virtual bool takes(response_head const& head) noexcept = 0;
  /// A piece of such a body. False: nobody listens any more, and the transport fails with errc::abandoned.
  [[nodiscard]] virtual bool hear(std::string_view piece) noexcept = 0;
  /// Asked at least once a second, from before the request is sent; false ends it like `hear`.
  [[nodiscard]] virtual bool goes_on() noexcept { return true; }

protected:
  ~curl_listener() = default;
};

}  // namespace countersign::inline v0
