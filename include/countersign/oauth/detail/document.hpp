#pragma once
// Documents that a server publishes about itself: taken in under a limit, and read member by member.

#include <countersign/core/error.hpp>
#include <countersign/core/message.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/oauth/endpoint.hpp>
#include <countersign/oauth/text_list.hpp>
#include <countersign/text/json.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth::detail {

/// The object in an answer of 200. errc::not_mine: there is no document here; transient: there may be one
/// later.
[[nodiscard]] inline result<json_document> read_document(std::string_view what, response&& answer,
                                                         std::size_t limit) {
  auto const status = answer.status();
  auto const about = [&](errc code, auto const&... said) {
    return error{code, "oauth: ", what, ": ", said...};
  };
  if (!answer.ok()) return about(errc::no_memory, "out of memory");
  if (status >= 300 && status < 400)
    return about(errc::not_mine, "the server answered ", status, ", a redirect, which is not followed");
  if (status == 408 || status == 429 || status >= 500)
    return about(errc::transient, "the server answered ", status, "; it may serve later");
  if (status != 200) return about(errc::not_mine, "the server answered ", status);
  if (answer.body.size() > limit) return about(errc::too_large, "the answer has more than ", limit, " bytes");
  auto parsed = json_document::parse(std::move(answer.body));
  if (!parsed) return parsed.error().within("oauth: ", what, ": ");
  if (!parsed->root().is_object()) return about(errc::bad_input, "the answer is no JSON object");
  return parsed;
}

/// Reads members of an object into owned values. The first that is not as it should be sticks. A member that
/// is not there, or null, leaves its value as it was.
class member_reader {
public:
  /// @param named_by the URL of whoever is behind the document, as far as may be known: see `check_named`
  member_reader(std::string_view what, json_value object, std::string_view named_by) noexcept
      : what_(what), object_(object), named_by_(named_by) {}

  member_reader& text(std::string_view name, owned_text& out) noexcept {
    auto const value = find(name);
    if (!value) return *this;
    if (!value.is_string()) return fail(errc::bad_input, name, " is no string");
    out = owned_text(value.string());
    return out.ok() ? *this : no_memory();
  }
  /// A URL that requests may be sent to.
  member_reader& url(std::string_view name, owned_text& out) noexcept {
    text(name, out);
    if (!failed_ || out.empty()) return *this;
    if (auto ok = check_named(name, out, named_by_); !ok) failed_ = ok.error().within(what_, ": ");
    return *this;
  }
  member_reader& list(std::string_view name, text_list& out) noexcept {
    auto const value = find(name);
    if (!value) return *this;
    if (!value.is_array()) return fail(errc::bad_input, name, " is no list");
    if (value.size() > max_listed) return fail(errc::too_large, name, " lists more than ", max_listed);
    for (auto const one : value.elements()) {
      if (!is_listed(one)) return fail(errc::bad_input, name, " lists something that is no printable text");
      out.add(one.string());
    }
    return out.ok() ? *this : no_memory();
  }
  member_reader& urls(std::string_view name, text_list& out) noexcept {
    list(name, out);
    out.each([&](std::string_view one) {
      if (!failed_) return;
      if (auto ok = check_named(name, one, named_by_); !ok) failed_ = ok.error().within(what_, ": ");
    });
    return *this;
  }
  member_reader& flag(std::string_view name, bool& out) noexcept {
    auto const value = find(name);
    if (!value) return *this;
    if (!value.is_boolean()) return fail(errc::bad_input, name, " is neither true nor false");
    out = value.boolean();
    return *this;
  }
  [[nodiscard]] result<void> done() const noexcept {
    return failed_;
  }

private:
  // What scopes, methods and URLs are made of, so that no list smuggles a control byte anywhere.
  static bool is_listed(json_value one) noexcept {
    bool ok = one.is_string() && !one.string().empty();
    for (char const c : one.string()) ok = ok && c >= 0x20 && c < 0x7f;
    return ok;
  }
  [[nodiscard]] json_value find(std::string_view name) const noexcept {
    if (!failed_) return {};
    auto const value = object_[name];
    return value.is_null() ? json_value() : value;
  }
  member_reader& fail(errc code, error_piece const& a, error_piece const& b = {}, error_piece const& c = {},
                      error_piece const& d = {}, error_piece const& e = {}) noexcept {
    if (failed_) failed_ = error{code, "oauth: ", what_, ": ", a, b, c, d, e};
    return *this;
  }
  member_reader& no_memory() noexcept { return fail(errc::no_memory, "out of memory"); }

  std::string_view what_;
  json_value object_;
  std::string_view named_by_;
  result<void> failed_;
};

}  // namespace countersign::inline v0::oauth::detail
