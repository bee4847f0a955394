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
    return write(login.user.reveal(), login.password.reveal(), out);
  }
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret> const& login, request_view auto const&, draft& out, moment const&) const {
    return write(std::get<0>(login).reveal(), std::get<1>(login).reveal(), out);
  }

private:
  static result<stamp> write(std::string_view user, std::string_view password, draft& out) {
    if (user.empty() && password.empty()) return error{errc::bad_input, "basic: user id and password are both empty"};
    if (user.find(':') != std::string_view::npos)
      return error{errc::bad_input, "basic: the user id holds a colon, which RFC 7617 does not allow; the password may"};
    for (auto part : {user, password}) {
      for (char c : part)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
          return error{errc::bad_input, "basic: ", part.data() == user.data() ? "the user id" : "the password", " holds a control character; look for a stray line end"};
      if (!valid_utf8(part))
        return error{errc::bad_input, "basic: ", part.data() == user.data() ? "the user id" : "the password", " is not UTF-8"};
    }
    secret const pair(user, ":", password);
    secret encoded;
    append_base64(encoded, pair.reveal());
    if (!pair.ok() || !encoded.ok()) return error{errc::no_memory, "basic: out of memory"};
    out.set(names[0], "Basic ", encoded.reveal());
    return stamp{};
  }
};

}  // namespace countersign::inline v0
