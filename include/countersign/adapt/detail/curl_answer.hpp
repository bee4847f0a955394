#pragma once
// What libcurl reads off the wire, put together under caps.

#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

/// The final response's fields and body. The two functions are what libcurl calls; they end the transfer at
/// a cap, or where there is no memory.
class curl_answer {
public:
  /// Bytes of all head lines, those of interim responses and trailers included, and of the body.
  curl_answer(std::size_t max_head, std::size_t max_body) noexcept
      : max_head_(max_head), max_body_(max_body) {}

  fields head;
  secret body;

  [[nodiscard]] bool head_too_large() const noexcept { return head_too_large_; }
  [[nodiscard]] bool body_too_large() const noexcept { return body_too_large_; }
  [[nodiscard]] bool ok() const noexcept { return head.ok() && body.ok() && line_.ok(); }

  static std::size_t take_head(char* bytes, std::size_t, std::size_t count, void* to) noexcept {
    auto& self = *static_cast<curl_answer*>(to);
    if (count > self.max_head_ - self.head_size_) {
      self.head_too_large_ = true;
      return 0;
    }
    self.head_size_ += count;
    self.take_line({bytes, count});
    return self.ok() ? count : 0;
  }
  static std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) noexcept {
    auto& self = *static_cast<curl_answer*>(to);
    if (count > self.max_body_ - self.body.size()) {
      self.body_too_large_ = true;
      return 0;
    }
    self.body.append({bytes, count});
    return self.body.ok() ? count : 0;
  }

private:
  static constexpr bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
  }
  // RFC 9110 §15: a response with 1xx is interim, and another follows.
  static bool interim(std::string_view status_line) noexcept {
    auto const at = status_line.find(' ');
    return at != std::string_view::npos && status_line.substr(at + 1).starts_with('1');
  }

  void take_line(std::string_view line) noexcept {
    if (complete_) return;  // a trailer: no header field (RFC 9110 §6.5.1)
    if (line.starts_with("HTTP/")) {
      interim_ = interim(line);
      head.clear();
      line_.clear();
    } else if (trimmed(line).empty()) {
      end_line();
      complete_ = !interim_;
    } else if (line.front() == ' ' || line.front() == '\t') {
      if (!line_.empty()) line_.append(" ").append(trimmed(line));  // RFC 9112 §5.2: obs-fold means blanks
    } else {
      end_line();
      line_.append(trimmed(line));
    }
  }
  void end_line() noexcept {
    auto const line = line_.reveal();
    auto const colon = line.find(':');
    if (colon != std::string_view::npos && is_token(line.substr(0, colon)))
      head.append(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    line_.clear();
  }

  std::size_t max_head_, max_body_;
  std::size_t head_size_ = 0;
  secret line_;  // the field line that may still be continued
  bool head_too_large_ = false, body_too_large_ = false;
  bool interim_ = false, complete_ = false;
};

}  // namespace countersign::inline v0::detail
