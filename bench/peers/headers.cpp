// link if there: crypto fmt cpp-httplib
// The same authentication headers as clients' libraries make them. httplib and Beast keep fields in containers of their
// own: what is compared is the line that these fields are.

#include "../table.hpp"

#include <openssl/evp.h>

#include <atomic>
#include <cstring>
#include <ctime>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#if __has_include(<fmt/format.h>)
#include <fmt/format.h>
#endif
#if __has_include(<httplib.h>)
#include <httplib.h>
#endif
#if __has_include(<boost/beast/http/fields.hpp>)
#include <boost/beast/http/fields.hpp>
#endif
#if __has_include(<boost/smart_ptr/atomic_shared_ptr.hpp>)
#include <boost/smart_ptr/atomic_shared_ptr.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#endif

namespace {

alignas(64) char room[8192];

std::string token_of(std::size_t size) {
  std::string token;
  for (std::size_t i = 0; i < size; ++i) token += static_cast<char>('a' + i % 26);
  return token;
}

void add_bearer(std::size_t size) {
  auto const token = token_of(size);
  auto const line = "Authorization: Bearer " + token + "\r\n";
  auto const value = "Bearer " + token;
  auto const group = "bearer/" + std::to_string(size) + "/";
#if __has_include(<fmt/format.h>)
  table::add(group + "fmt::format_to", [=] {
    auto* const end = fmt::format_to(room, "Authorization: Bearer {}\r\n", token);
    return std::string_view(room, static_cast<std::size_t>(end - room));
  }, line);
#endif
#if __has_include(<httplib.h>)
  table::add(group + "httplib, into Headers", [=, headers = httplib::Headers()]() mutable {
    headers.clear();
    return std::string_view(headers.emplace("Authorization", "Bearer " + token)->second);
  }, value);
#endif
#if __has_include(<boost/beast/http/fields.hpp>)
  table::add(group + "Beast, into fields", [=, text = std::string(), fields = boost::beast::http::fields()]() mutable {
    text.assign("Bearer ").append(token);
    fields.set(boost::beast::http::field::authorization, text);
    auto const got = fields.find(boost::beast::http::field::authorization)->value();
    return std::string_view(got.data(), got.size());
  }, value);
#endif
}

void add_basic() {
  static constexpr std::string_view user = "Aladdin", password = "open sesame";
  std::string const value = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";  // RFC 7617 section 2
  for (auto const* work : {"basic/24/", "basic that changes/24/"}) {
    std::string const group = work;
    table::add(group + "string, EVP_EncodeBlock", [] {
      std::string pair(user);
      pair.append(":").append(password);
      unsigned char encoded[64];
      auto const size = EVP_EncodeBlock(encoded, reinterpret_cast<unsigned char const*>(pair.data()),
                                        static_cast<int>(pair.size()));
      std::string line = "Authorization: Basic ";
      line.append(reinterpret_cast<char const*>(encoded), static_cast<std::size_t>(size)).append("\r\n");
      std::memcpy(room, line.data(), line.size());
      return std::string_view(room, line.size());
    }, "Authorization: " + value + "\r\n");
#if __has_include(<httplib.h>)
    table::add(group + "httplib, a pair of strings", [made = std::pair<std::string, std::string>()]() mutable {
      made = httplib::make_basic_authentication_header(std::string(user), std::string(password));
      return std::string_view(made.second);
    }, value);
#endif
  }
}

// A token with an expiry that others renew: the ways that are usual without recycled blocks.
struct kept {
  std::string line;
  std::time_t due;
};
std::string_view copied(kept const& of) {
  if (std::time(nullptr) >= of.due) return {};
  std::memcpy(room, of.line.data(), of.line.size());
  return {room, of.line.size()};
}

void add_cached(std::size_t size) {
  auto const line = "Authorization: Bearer " + token_of(size) + "\r\n";
  auto const due = std::time(nullptr) + 24 * 60 * 60;
  auto const group = "cached token/" + std::to_string(size) + "/";
  auto const held = std::make_shared<kept>(kept{line, due});
  table::add(group + "mutex, expiry and copy", [held, lock = std::make_shared<std::mutex>()] {
    std::lock_guard const hold(*lock);
    return copied(*held);
  }, line);
  table::add(group + "shared_mutex, expiry and copy", [held, lock = std::make_shared<std::shared_mutex>()] {
    std::shared_lock const hold(*lock);
    return copied(*held);
  }, line);
  auto const shared = std::make_shared<std::atomic<std::shared_ptr<kept const>>>(held);
  table::add(group + "atomic<shared_ptr>", [shared] { return copied(*shared->load()); }, line);
#if __has_include(<boost/smart_ptr/atomic_shared_ptr.hpp>)
  auto const boost_shared = std::make_shared<boost::atomic_shared_ptr<kept const>>(boost::make_shared<kept const>(kept{line, due}));
  table::add(group + "boost::atomic_shared_ptr", [boost_shared] { return copied(*boost_shared->load()); }, line);
#endif
}

bool const added = [] {
#if !__has_include(<fmt/format.h>)
  table::left_out("fmt", "libfmt-dev is not there");
#endif
#if !__has_include(<httplib.h>)
  table::left_out("cpp-httplib", "libcpp-httplib-dev is not there");
#endif
#if !__has_include(<boost/beast/http/fields.hpp>)
  table::left_out("Beast, boost::atomic_shared_ptr", "Boost's headers are not there");
#endif
  for (auto const size : std::initializer_list<std::size_t>{40, 1024}) {
    add_bearer(size);
    add_cached(size);
  }
  add_basic();
  return true;
}();

}  // namespace
