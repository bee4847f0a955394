#pragma once
// What a careful programmer writes without the toolkit: finished strings, the origin compared, no allocation. Holds no
// header of countersign, so that it is a floor; inline as the toolkit is, so that no compiler's taste decides.

#include <cstddef>
#include <cstdio>
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

/// The same with two more functions that lend the place of a value, for those who send cached tokens often.
struct placing_wire : wire {
  placing_wire(char* begin, char* room_end) noexcept : wire{begin, room_end} {}

  char* place(std::string_view name, std::size_t size) noexcept {
    if (static_cast<std::size_t>(end - at) < name.size() + size + 4) return nullptr;
    std::memcpy(at, name.data(), name.size());
    std::memcpy(at + name.size(), ": ", 2);
    return value_ = at + name.size() + 2;
  }
  void placed(std::size_t size) noexcept {
    std::memcpy(value_ + size, "\r\n", 2);
    at = value_ + size + 2;
  }

private:
  char* value_ = nullptr;
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

/// How it went, and a message as errors have one; a success writes no text.
struct [[nodiscard]] outcome {
  enum class kind : unsigned char { written, wrong_origin, no_room };

  outcome() noexcept : what(kind::written) {}
  [[gnu::noinline, gnu::cold]] outcome(kind why, std::string_view about) noexcept : what(why) {
    std::snprintf(text, sizeof text, "%s: %.*s", why == kind::no_room ? "no room for the header" : "not for this server",
                  static_cast<int>(about.size()), about.data());
  }

  kind what;
  char text[239];
};

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
    if (!bound_.goes_there(r.url())) [[unlikely]] return {outcome::kind::wrong_origin, r.url()};
    if (!sink("Authorization", value_)) [[unlikely]] return {outcome::kind::no_room, "Authorization"};
    return {};
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
    if (!bound_.goes_there(r.url())) [[unlikely]] return {outcome::kind::wrong_origin, r.url()};
    if (!sink(name_, key_)) [[unlikely]] return {outcome::kind::no_room, name_};
    return {};
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
    if (!bound_.goes_there(r.url())) [[unlikely]] return {outcome::kind::wrong_origin, r.url()};
    if (!sink(name_, key_)) [[unlikely]] return {outcome::kind::no_room, name_};
    if (!sink(other_name_, other_key_)) [[unlikely]] return {outcome::kind::no_room, other_name_};
    return {};
  }

private:
  bound bound_;
  std::string name_, key_, other_name_, other_key_;
};

}  // namespace by_hand
