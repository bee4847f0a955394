#pragma once
// Whether the values of a config have the types they should have.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/mcp/detail/keys.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/text/json_value.hpp>
#include <countersign/text/nearest.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace countersign::inline v0::mcp {

/// How many headers one server of a config may have.
inline constexpr std::size_t max_headers = 64;
/// The longest `timeout`, in milliseconds: a day.
inline constexpr std::int64_t max_timeout = 24 * 60 * 60 * 1000;

/// Hears about what is odd in a config and can be lived with: "PATH:3:9: …".
struct warnings {
  void (*tell)(void* self, error const& about) = nullptr;
  void* self = nullptr;
  void operator()(error const& about) const {
    if (tell != nullptr) tell(self, about);
  }
};

namespace detail {

// Checks what stands under one server. `said` names it in every message: `server "api": `.
class shape_check {
public:
  shape_check(place_names const& place, std::string_view server, warnings const& warn) noexcept
      : place_(&place), server_(front_of(server, max_name_shown)), warn_(&warn) {}

  [[nodiscard]] error wrong(json_value at, error_piece const& a, error_piece const& b = {},
                            error_piece const& c = {}, error_piece const& d = {}, error_piece const& e = {},
                            error_piece const& f = {}, error_piece const& g = {},
                            error_piece const& h = {}, error_piece const& i = {}) const noexcept {
    return about(at, error(errc::bad_input, a, b, c, d, e, f, g, h, i));
  }
  void odd(json_value at, error_piece const& a, error_piece const& b = {}, error_piece const& c = {},
           error_piece const& d = {}, error_piece const& e = {}) const {
    (*warn_)(wrong(at, a, b, c, d, e));
  }

  /// Every member of an object by a table; `inside` is what the object is called, with a dot behind it.
  [[nodiscard]] result<void> members(json_value object, std::string_view inside,
                                     some<key> known) const {
    for (auto const [name, value] : object.members()) {
      auto const* const found = find(known, name.string());
      if (found == nullptr) {
        unknown(name, inside, known);
      } else if (auto ok = one(value, inside, found->name, found->what); !ok) {
        return ok;
      }
    }
    for (auto const& each : known)
      if (each.required && !object[each.name]) return wrong(object, inside, each.name, " is missing");
    return {};
  }

  [[nodiscard]] result<void> one(json_value value, std::string_view inside, std::string_view name,
                                 shape what) const {
    auto const expected = [&](std::string_view wanted) {
      return wrong(value, inside, name, ": expected ", wanted, ", found ", found_in(value));
    };
    switch (what) {
    case shape::text:
      if (!value.is_string() || value.string().empty()) return expected("a string that is not empty");
      return {};
    case shape::any_text:
      if (!value.is_string()) return expected("a string");
      return {};
    case shape::texts:
      if (!value.is_array()) return expected("an array of strings");
      return strings(value, inside, name);
    case shape::command_line:
      if (value.is_array() && value.size() > 0) return strings(value, inside, name);
      if (!value.is_string() || value.string().empty())
        return expected("a command line, or an array of arguments");
      return {};
    case shape::fields:
      if (!value.is_object()) return expected("an object of strings");
      return fields(value, inside, name);
    case shape::variables:
      if (!value.is_object()) return expected("an object of strings");
      return variables(value, inside, name);
    case shape::flag:
      if (!value.is_boolean()) return expected("true or false");
      return {};
    case shape::positive:
      return number(value, inside, name, "a whole number above 0", std::numeric_limits<std::int64_t>::max());
    case shape::milliseconds:
      return number(value, inside, name, "milliseconds from 1 to 86400000 (a day)", max_timeout);
    case shape::port:
      return number(value, inside, name, "a port from 1 to 65535", 65535);
    case shape::object:
      if (!value.is_object()) return expected("an object");
      return {};
    case shape::list:
      if (!value.is_object() && !value.is_array()) return expected("an object, or an array of objects");
      return {};
    }
    return {};
  }

  /// A value out of a few; what was found instead is not repeated, since it may have slipped there from
  /// elsewhere.
  [[nodiscard]] result<void> choice(json_value value, std::string_view inside, std::string_view name,
                                    some<std::string_view> from) const {
    if (!value) return {};
    for (auto const each : from)
      if (each == value.string()) return {};
    auto const near = nearest(value.string(), from);
    if (!near.empty())
      return wrong(value, inside, name, ": there is no such value; did you mean \"", near, "\"?");
    secret all;
    for (auto const each : from) all.append(all.empty() ? "" : ", ").append(each);
    return wrong(value, inside, name, ": expected one of ", all.reveal());
  }

private:
  [[nodiscard]] error about(json_value at, error const& why) const noexcept {
    return place_->located(at.where(), why.within("server \"", server_, "\": "));
  }
  [[nodiscard]] static key const* find(some<key> known, std::string_view name) noexcept {
    for (auto const& each : known)
      if (each.name == name) return &each;
    return nullptr;
  }
  [[nodiscard]] static std::string_view found_in(json_value value) noexcept {
    if (value.is_string() && value.string().empty()) return "an empty one";
    if (value.is_array() && value.size() == 0) return "an empty array";
    return countersign::name(value.kind());
  }

  [[nodiscard]] result<void> number(json_value value, std::string_view inside, std::string_view name,
                                    std::string_view wanted, std::int64_t most) const {
    if (!value.is_number())
      return wrong(value, inside, name, ": expected ", wanted, ", found ", found_in(value));
    auto const given = value.integer().value_or(0);
    if (given < 1 || given > most) return wrong(value, inside, name, ": expected ", wanted);
    return {};
  }

  void unknown(json_value name, std::string_view inside, some<key> known) const {
    std::string_view names[most_keys];
    std::size_t count = 0;
    for (auto const& each : known) names[count++] = each.name;
    auto const near = nearest(name.string(), some<std::string_view>(names, count));
    auto const shown = front_of(name.string(), max_name_shown);
    if (near.empty()) odd(name, inside, shown, ": unknown key, ignored");
    else odd(name, inside, shown, ": unknown key, ignored; did you mean ", near, "?");
  }

  [[nodiscard]] result<void> strings(json_value array, std::string_view inside, std::string_view name) const {
    std::size_t index = 0;
    for (auto const each : array.elements()) {
      if (!each.is_string())
        return wrong(each, inside, name, "[", index, "]: expected a string, found ",
                     countersign::name(each.kind()));
      if (each.string().find('\0') != std::string_view::npos)
        return wrong(each, inside, name, "[", index, "]: a zero byte");
      ++index;
    }
    return {};
  }

  [[nodiscard]] result<void> fields(json_value object, std::string_view inside, std::string_view name) const {
    if (object.size() > max_headers)
      return error(errc::too_large,
                   wrong(object, inside, name, ": more than ", max_headers, " headers").message());
    for (auto const [field, value] : object.members()) {
      auto const shown = front_of(field.string(), max_name_shown);
      if (!is_token(field.string()))
        return wrong(field, inside, name, ".", shown,
                     ": no header name; expected letters, digits or !#$%&'*+-.^_`|~ (RFC 9110)");
      if (field.string().size() > max_field_name)
        return error(errc::too_large, wrong(field, inside, name, ".", shown, ": a name of more than ",
                                            max_field_name, " bytes")
                                          .message());
      if (!value.is_string())
        return wrong(value, inside, name, ".", shown, ": expected a string, found ",
                     countersign::name(value.kind()));
      for (auto const framing : framing_fields)
        if (equal_without_case(field.string(), framing))
          return wrong(field, inside, name, ".", shown,
                       ": this header is the transport's to write; leave it out");
      for (auto const [other, ignored] : object.members()) {
        static_cast<void>(ignored);
        if (other.where().begin >= field.where().begin) break;
        if (equal_without_case(other.string(), field.string()))
          return wrong(field, inside, name, ".", shown, ": the same header stands on line ",
                       other.where().line, "; names differ by more than case");
      }
    }
    return {};
  }

  [[nodiscard]] result<void> variables(json_value object, std::string_view inside,
                                       std::string_view name) const {
    for (auto const [variable, value] : object.members()) {
      auto const shown = front_of(variable.string(), max_name_shown);
      if (variable.string().empty() ||
          variable.string().find_first_of(countersign::detail::text_at("=\0", 2)) != std::string_view::npos)
        return wrong(variable, inside, name, ".", shown,
                     ": a variable's name can't be empty or hold '=' or a zero byte");
      if (!value.is_string())
        return wrong(value, inside, name, ".", shown, ": expected a string, found ",
                     countersign::name(value.kind()));
    }
    return {};
  }

  place_names const* place_;
  std::string_view server_;
  warnings const* warn_;
};

}  // namespace detail

}  // namespace countersign::inline v0::mcp
