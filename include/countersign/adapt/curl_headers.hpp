#pragma once
// A header list of libcurl's, written by formatters: for a client that has its own easy handle.

#include <countersign/core/field.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>

#include <curl/curl.h>

#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Owns a curl_slist and is a header sink: a field replaces the earlier ones of its name. Give `get()` to
/// CURLOPT_HTTPHEADER; it stays valid until the next change. Lines are wiped before they are freed;
/// libcurl's own copies, made while it sends, are not.
class curl_headers {
public:
  curl_headers() = default;
  curl_headers(curl_headers&& other) noexcept : lines_(std::exchange(other.lines_, nullptr)) {}
  curl_headers& operator=(curl_headers&& other) noexcept {
    std::swap(lines_, other.lines_);
    return *this;
  }
  ~curl_headers() { release(std::exchange(lines_, nullptr)); }

  /// False if there was no memory, or if the bytes can't be a header line: then nothing is changed.
  bool operator()(std::string_view name, std::string_view value) noexcept {
    if (!is_token(name) || !is_field_value(value)) return false;
    secret line(name, value.empty() ? ";" : ": ", value,
                std::string_view("\0", 1));  // "Name;" is curl's word for an empty value
    return line.ok() && set_line(name, line.data());
  }
  /// Keeps libcurl from adding a header of that name by itself.
  bool suppress(std::string_view name) noexcept {
    secret line(name, ":", std::string_view("\0", 1));
    return is_token(name) && line.ok() && set_line(name, line.data());
  }

  [[nodiscard]] curl_slist* get() const noexcept { return lines_; }

  /// Calls `function(name, value)` for each field that will be sent.
  template <class Function>
  void fields(Function&& function) const {
    for (auto const* line = lines_; line != nullptr; line = line->next) {
      std::string_view const text = line->data;
      auto const name = name_of(text);
      auto value = text.substr(name.size() + 1);
      if (text[name.size()] == ':' && value.empty()) continue;  // suppressed
      if (value.starts_with(' ')) value.remove_prefix(1);
      function(name, value);
    }
  }

private:
  static std::string_view name_of(std::string_view line) noexcept {
    return line.substr(0, line.find_first_of(":;"));
  }

  bool set_line(std::string_view name, char const* line) noexcept {
    // A list of its own first: the old lines stay if there is no memory.
    auto* const added = curl_slist_append(nullptr, line);
    if (added == nullptr) return false;
    for (auto** at = &lines_; *at != nullptr;) {
      if (!equal_without_case(name_of((*at)->data), name)) {
        at = &(*at)->next;
        continue;
      }
      auto* const old = std::exchange(*at, (*at)->next);
      old->next = nullptr;
      release(old);
    }
    auto** end = &lines_;
    while (*end != nullptr) end = &(*end)->next;
    *end = added;
    return true;
  }
  static void release(curl_slist* lines) noexcept {
    for (auto* line = lines; line != nullptr; line = line->next) wipe(line->data, std::strlen(line->data));
    curl_slist_free_all(lines);
  }

  curl_slist* lines_ = nullptr;
};

/// The view of a call that a client makes with its own easy handle: what it will set as
/// CURLOPT_CUSTOMREQUEST, CURLOPT_URL, CURLOPT_HTTPHEADER and CURLOPT_POSTFIELDS. With CURLOPT_PATH_AS_IS,
/// so that what is signed is what is sent. `auth.authorize(curl_call{"GET", url, &headers}, headers)`
struct curl_call {
  std::string_view verb = "GET";
  std::string_view address = {};
  curl_headers const* headers = nullptr;
  std::optional<std::string_view> content = std::nullopt;

  [[nodiscard]] std::string_view method() const noexcept { return verb; }
  [[nodiscard]] std::string_view url() const noexcept { return address; }
  [[nodiscard]] std::string_view origin() const noexcept {
    return address.substr(0, detail::origin_size(address));
  }
  [[nodiscard]] std::string_view target() const noexcept { return detail::target_of(address); }
  [[nodiscard]] std::optional<std::string_view> body() const noexcept { return content; }
  template <class Function>
  void fields(Function&& function) const {
    if (headers != nullptr) headers->fields(function);
  }
};

}  // namespace countersign::inline v0
