#pragma once
// What a careful programmer writes without the toolkit: finished strings, the origin compared, no allocation. Holds no
// header of countersign, so that it is a floor; inline as the toolkit is, so that no compiler's taste decides.

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace by_hand {

/// Takes fields as a client that sends them itself does: "Name: value\r\n" into a buffer of its own.
struct wire {
  char* at;
  char* end;

  bool operator()(std::string_view name, std::string_view value) noexcept {
    if (static_cast<std::size_t>(end - at) < name.size() + value.size() + 4) return false;
    put(name);
    put(": ");
    put(value);
    put("\r\n");
    return true;
  }

private:
  void put(std::string_view bytes) noexcept {
    std::memcpy(at, bytes.data(), bytes.size());
    at += bytes.size();
  }
};

/// A request as such a client has it.
struct request {
  std::string_view verb, address;

  std::string_view method() const noexcept { return verb; }
  std::string_view url() const noexcept { return address; }
  std::string_view origin() const noexcept { return address.substr(0, address.find('/', sizeof "https://" - 1)); }
  std::string_view target() const noexcept { return address.substr(origin().size()); }
  template <class Function>
  void fields(Function&&) const noexcept {}
};

enum class outcome : unsigned char { written, wrong_origin, no_room };

/// Everything begins with it: no header for another server.
class bound {
public:
  explicit bound(std::string_view origin) : origin_(origin) {}
  bool goes_there(std::string_view url) const noexcept {
    if (!url.starts_with(origin_)) [[unlikely]] return spelled_otherwise(url);
    if (url.size() == origin_.size()) return true;
    char const next = url[origin_.size()];
    if (next == '/' || next == '?' || next == '#') [[likely]] return true;
    return spelled_otherwise(url);
  }

private:
  // The same server with capitals, or with the port that https has anyway.
  [[gnu::noinline, gnu::cold]] bool spelled_otherwise(std::string_view url) const noexcept {
    constexpr std::string_view port = ":443";
    if (url.size() < origin_.size()) return false;
    for (std::size_t i = 0; i < origin_.size(); ++i) {
      char const lower = url[i] >= 'A' && url[i] <= 'Z' ? static_cast<char>(url[i] + 32) : url[i];
      if (lower != origin_[i]) return false;
    }
    auto rest = url.substr(origin_.size());
    if (rest.starts_with(port)) rest.remove_prefix(port.size());
    return rest.empty() || rest[0] == '/' || rest[0] == '?' || rest[0] == '#';
  }

  std::string origin_;
};

/// One field whose name is known when it is compiled: bearer, basic.
class authorization {
public:
  authorization(std::string_view origin, std::string_view scheme, std::string_view value) : bound_(origin), value_(scheme) {
    value_.append(" ").append(value);
  }
  template <class Sink>
  [[gnu::always_inline]] inline outcome authorize(request const& r, Sink& sink) const noexcept {
    if (!bound_.goes_there(r.url())) [[unlikely]] return outcome::wrong_origin;
    return sink("Authorization", value_) ? outcome::written : outcome::no_room;
  }

private:
  bound bound_;
  std::string value_;
};

/// One field whose name comes from a configuration: an API key.
class api_key {
public:
  api_key(std::string_view origin, std::string_view name, std::string_view key) : bound_(origin), name_(name), key_(key) {}
  template <class Sink>
  [[gnu::always_inline]] inline outcome authorize(request const& r, Sink& sink) const noexcept {
    if (!bound_.goes_there(r.url())) [[unlikely]] return outcome::wrong_origin;
    return sink(name_, key_) ? outcome::written : outcome::no_room;
  }

private:
  bound bound_;
  std::string name_, key_;
};

/// Two of them.
class api_key_pair {
public:
  api_key_pair(std::string_view origin, std::string_view name, std::string_view key, std::string_view other_name, std::string_view other_key)
      : bound_(origin), name_(name), key_(key), other_name_(other_name), other_key_(other_key) {}
  template <class Sink>
  [[gnu::always_inline]] inline outcome authorize(request const& r, Sink& sink) const noexcept {
    if (!bound_.goes_there(r.url())) [[unlikely]] return outcome::wrong_origin;
    return sink(name_, key_) && sink(other_name_, other_key_) ? outcome::written : outcome::no_room;
  }

private:
  bound bound_;
  std::string name_, key_, other_name_, other_key_;
};

}  // namespace by_hand
