#pragma once
// What libcurl reads off the wire, put together under caps.

#include <countersign/adapt/curl_listener.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/head.hpp>
#include <countersign/core/secret.hpp>

#include <curl/curl.h>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

/// The final response's fields and body. The two functions are what libcurl calls; they end the transfer at
/// a cap, or where there is no memory.
class curl_answer {
public:
  /// Bytes of all head lines, those of interim responses and trailers included, and of the body.
  /// @param by none: the body is kept here
  curl_answer(std::size_t max_head, std::size_t max_body, curl_listener* by = nullptr) noexcept
      : max_head_(max_head), max_body_(max_body), by_(by) {}

  fields head;
  secret body;

  [[nodiscard]] bool head_too_large() const noexcept { return head_too_large_; }
  [[nodiscard]] bool body_too_large() const noexcept { return body_too_large_; }
  /// By the listener's word.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }
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
    if (self.is_heard()) {
      self.stopped_ = !self.by_->hear({bytes, count});
      return self.stopped_ ? 0 : count;
    }
    if (count > self.max_body_ - self.body.size()) {
      self.body_too_large_ = true;
      return 0;
    }
    self.body.append({bytes, count});
    return self.body.ok() ? count : 0;
  }
  // Not 0 ends the transfer.
  static int go_on(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
    auto& self = *static_cast<curl_answer*>(to);
    self.stopped_ = self.stopped_ || !self.by_->goes_on();
    return self.stopped_ ? 1 : 0;
  }

private:
  struct seen_head {
    int code;
    class fields const& all;
    [[nodiscard]] int status() const noexcept { return code; }
    template <class Function>
    void fields(Function&& function) const {
      all.each(function);
    }
  };
  bool is_heard() noexcept {
    if (!asked_) {
      asked_ = true;
      seen_head const seen{status_, head};
      heard_ = by_ != nullptr && by_->takes(response_head(seen));
    }
    return heard_;
  }

  static constexpr bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
  static std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
  }
  static int status_in(std::string_view status_line) noexcept {
    auto const at = status_line.find(' ');
    int status = 0;
    if (at == std::string_view::npos) return status;
    for (char const c : status_line.substr(at + 1, 3))
      if (c >= '0' && c <= '9') status = status * 10 + (c - '0');
    return status;
  }

  void take_line(std::string_view line) noexcept {
    if (complete_) return;  // a trailer: no header field (RFC 9110 §6.5.1)
    if (line.starts_with("HTTP/")) {
      status_ = status_in(line);
      interim_ = status_ / 100 == 1;  // RFC 9110 §15: another follows
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
  curl_listener* by_;
  int status_ = 0;
  secret line_;  // the field line that may still be continued
  bool head_too_large_ = false, body_too_large_ = false;
  bool interim_ = false, complete_ = false;
  bool asked_ = false, heard_ = false, stopped_ = false;
};

}  // namespace countersign::inline v0::detail
