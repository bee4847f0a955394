#pragma once
// `Authorization: Basic …` (RFC 7617).

#include <countersign/core/credential.hpp>
#include <countersign/core/detail/field_writer.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/utf8.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>

namespace countersign::inline v0 {

/// Writes user id and password, as UTF-8. A colon in the user id is refused (RFC 7617 §2: the server would cut there),
/// and so are control characters. Takes `basic_login`, or two secrets in the order user, password.
struct basic {
  static constexpr bool constant = true;
  static constexpr std::string_view names[] = {"Authorization"};

  [[nodiscard]] result<stamp> format(basic_login const& login, request_view auto const&, draft& out, moment const&) const {
    return write(login.user, login.password, out);
  }
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret> const& login, request_view auto const&, draft& out, moment const&) const {
    return write(std::get<0>(login), std::get<1>(login), out);
  }

private:
  static constexpr std::size_t short_pair = 64;  // bytes that need no memory of their own
  static constexpr detail::known_fields written = [] {
    detail::known_fields fields;
    fields.add(detail::known_name::of("Authorization"));
    return fields;
  }();

  static result<stamp> write(secret const& user_secret, secret const& password_secret, draft& out) {
    if (!user_secret.ok() || !password_secret.ok()) return error{errc::no_memory, "basic: out of memory"};
    auto const user = user_secret.reveal();
    auto const password = password_secret.reveal();
    if (user.empty() && password.empty()) return error{errc::bad_input, "basic: user id and password are both empty"};
    if (user.find(':') != std::string_view::npos)
      return error{errc::bad_input, "basic: the user id holds a colon, which RFC 7617 does not allow; the password may"};
    if (!detail::all_plain(user) || !detail::all_plain(password)) {
      if (auto ok = check("the user id", user); !ok) return ok.error();
      if (auto ok = check("the password", password); !ok) return ok.error();
    }
    auto const size = user.size() + 1 + password.size();
    if (size <= short_pair) {
      char pair[short_pair];
      write(pair, user, password, out);
      wipe(pair, sizeof pair);  // of a size that is known: no call
      return stamp{};
    }
    secret pair;
    if (!pair.resize(size)) return error{errc::no_memory, "basic: out of memory"};
    write(pair.data(), user, password, out);
    return stamp{};
  }
  // @param pair where both are put together
  static void write(char* pair, std::string_view user, std::string_view password, draft& out) noexcept {
    constexpr std::string_view scheme = "Basic ";
    auto* const colon = detail::short_copy(pair, user);
    *colon = ':';
    auto const* const end = detail::short_copy(colon + 1, password);
    auto const all = detail::text_at(pair, static_cast<std::size_t>(end - pair));
    auto const size = scheme.size() + base64_size(all.size());
    detail::field_writer to(out, written, size, size > max_field_value);
    if (!to) return;  // which the draft tells
    to.begin(detail::known_name::of("Authorization"));
    to.append(scheme);
    to.at(encode_base64(to.at(), all));
    to.end();
    to.finish();
  }
  static result<void> check(std::string_view what, std::string_view part) {
    for (char c : part)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        return error{errc::bad_input, "basic: ", what, " holds a control character; look for a stray line end"};
    if (!valid_utf8(part)) return error{errc::bad_input, "basic: ", what, " is not UTF-8"};
    return {};
  }
};

}  // namespace countersign::inline v0
