#pragma once
// A login as strict JSON with a version, for stores that keep bytes.

#include <countersign/core/error.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/time.hpp>
#include <countersign/store/login.hpp>
#include <countersign/text/json.hpp>
#include <countersign/text/json_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// What `write_login` writes and `read_login` reads.
inline constexpr std::int64_t login_version = 1;
/// The longest JSON of a login, in bytes: some servers' tokens have tens of thousands.
inline constexpr std::size_t max_login_size = 512 * 1024;

namespace detail {

struct login_writer {
  json_writer& out;
  void operator()(std::string_view name, owned_text const& text) const noexcept {
    if (!text.empty()) out.member(name, text.view());
  }
  void operator()(std::string_view name, secret const& text) const noexcept {
    if (!text.empty()) out.member(name, text);
  }
  void operator()(std::string_view name, wall_time time) const noexcept {
    if (time != never_expires) out.member(name, time.ms);
  }
};

/// Reads one member and says whether it was well.
struct login_reader {
  json_value from;
  std::size_t& taken;
  error& bad;

  void operator()(std::string_view name, owned_text& to) const noexcept { text(name, to); }
  void operator()(std::string_view name, secret& to) const noexcept { text(name, to); }
  void operator()(std::string_view name, wall_time& to) const noexcept {
    if (auto const found = take(name)) number(found, to.ms);
  }

private:
  json_value take(std::string_view name) const noexcept {
    auto const found = from[name];
    if (found) ++taken;
    return found;
  }
  void refuse(error const& why) const noexcept {
    if (bad.code() == errc::none) bad = why;
  }
  template <class Text>
  void text(std::string_view name, Text& to) const noexcept {
    auto const found = take(name);
    if (!found) return;
    // Empty ones are left out when it is written.
    if (!found.is_string() || found.string().empty()) refuse(found.expected("a string that is not empty"));
    else to = Text(found.string());
  }
  void number(json_value found, std::int64_t& to) const noexcept {
    if (auto const whole = found.integer()) to = *whole;
    else refuse(found.expected("a whole number"));
  }
};

}  // namespace detail

/// Appends the record in one line. errc::too_large beyond `max_login_size`; errc::bad_input where a text is
/// not UTF-8.
[[nodiscard]] inline result<void> write_login(login const& from, secret& out) noexcept {
  if (!from.ok()) return error{errc::no_memory, "login: a part of it is missing for lack of memory"};
  auto const before = out.size();
  json_writer writer(out);
  writer.open_object().member("version", login_version).member("generation", from.generation);
  detail::each_login_field(from, detail::login_writer{writer});
  writer.close();
  if (auto ok = writer.finish(); !ok) return ok.error().within("login: ");
  if (out.size() - before > max_login_size)
    return error{errc::too_large, "login: ",      out.size() - before,
                 " bytes, and ",  max_login_size, " are the most that is kept"};
  return {};
}

/// Reads what `write_login` wrote, and nothing else: errc::fatal for another version, which must be kept;
/// errc::bad_input for what is damaged.
[[nodiscard]] inline result<login> read_login(secret text) noexcept {
  auto const document =
      json_document::parse(std::move(text), {.size = 2 * max_login_size, .nodes = 256, .depth = 4});
  if (!document) {
    auto const code = document.error().code();
    return code == errc::no_memory ? document.error()
                                   : error{errc::bad_input, "login: ", document.error().message()};
  }
  auto const root = document->root();
  auto const version = root["version"].integer();
  if (!version) return root["version"].expected("a version").within("login: ");
  if (*version != login_version)
    return error{errc::fatal,   "login: it is of version ",
                 *version,      ", and this program knows ",
                 login_version, "; use the program that wrote it, or a newer one"};
  auto const generation = root["generation"].integer();
  if (!generation || *generation < 1) return root["generation"].expected("a generation").within("login: ");

  login out;
  out.generation = static_cast<std::uint64_t>(*generation);
  std::size_t taken = 2;
  error bad;
  detail::each_login_field(out, detail::login_reader{root, taken, bad});
  if (bad.code() != errc::none) return bad.within("login: ");
  if (taken != root.size())
    return error{errc::bad_input, "login: it has members that version ", login_version, " has not"};
  if (!out.ok()) return error{errc::no_memory, "login: no memory for it"};
  return out;
}

}  // namespace countersign::inline v0
