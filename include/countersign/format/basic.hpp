#pragma once
// `Authorization: Basic …` (RFC 7617).

#include <countersign/core/credential.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/utf8.hpp>

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
  static result<stamp> write(secret const& user_secret, secret const& password_secret, draft& out) {
    if (!user_secret.ok() || !password_secret.ok()) return error{errc::no_memory, "basic: out of memory"};
    auto const user = user_secret.reveal();
    auto const password = password_secret.reveal();
    if (user.empty() && password.empty()) return error{errc::bad_input, "basic: user id and password are both empty"};
    if (user.find(':') != std::string_view::npos)
      return error{errc::bad_input, "basic: the user id holds a colon, which RFC 7617 does not allow; the password may"};
    if (auto ok = check("the user id", user); !ok) return ok.error();
    if (auto ok = check("the password", password); !ok) return ok.error();
    secret const pair(user, ":", password);
    secret encoded;
    append_base64(encoded, pair.reveal());
    if (!pair.ok() || !encoded.ok()) return error{errc::no_memory, "basic: out of memory"};
    out.set(names[0], "Basic ", encoded.reveal());
    return stamp{};
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
