#pragma once
// Which components of a message a signature covers (RFC 9421 §2, §2.5): identifiers, read once and checked.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/nearest.hpp>
#include <countersign/text/structured_field.hpp>
#include <countersign/text/structured_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How many components one signature covers at most.
inline constexpr std::size_t max_signed_components = 64;
/// How long their list may be, as it stands in Signature-Input, in bytes.
inline constexpr std::size_t max_signed_components_size = 4096;

namespace detail {

enum class component_kind : std::uint8_t {
  method,
  target_uri,
  authority,
  scheme,
  request_target,
  path,
  query,
  query_param,
  status,
  field
};
inline constexpr std::string_view derived_components[] = {"@method", "@target-uri",     "@authority",
                                                          "@scheme", "@request-target", "@path",
                                                          "@query",  "@query-param",    "@status"};

// Places are offsets into `covered_components::text`.
struct signed_component {
  component_kind kind = component_kind::field;
  bool sf = false, bs = false, tr = false, req = false, keyed = false;
  std::uint16_t begin = 0, size = 0;      // the identifier with its parameters
  std::uint16_t name_size = 0;            // of the name, which stands behind a quote
  std::uint16_t key = 0, key_size = 0;    // what `key` or, of @query-param, `name` says
  std::uint16_t line = 0, line_size = 0;  // what stands before its value in a base; an offset into `lines_`
};
// A line has at most three bytes more than an identifier.
static_assert(max_signed_components_size + 4 * max_signed_components <= 0xffff);

class covered_components {
public:
  /// As Signature-Input says them; errc::bad_input tells which one is none.
  [[nodiscard]] result<void> read(structured_value list) noexcept {
    if (!list.is(structured_kind::inner_list)) return list.expected("an inner list of components");
    text_.clear();
    each_.clear();
    lines_.clear();
    text_.append("(");
    for (auto const one : list.elements())
      if (auto ok = add(one); !ok) return ok.error().within("component ", size() + 1, ": ");
    text_.append(")");
    last_line_ = lines_.size();
    lines_.append(size() == 0 ? "" : "\n").append("\"@signature-params\": ");
    if (!text_.ok() || !each_.ok() || !lines_.ok()) return error{errc::no_memory, "out of memory"};
    return {};
  }

  /// As a person writes them: names with commas or blanks between, each with its parameters behind it, with or without quotes.
  [[nodiscard]] result<void> read(std::string_view written) noexcept {
    secret list("(");
    for (std::size_t at = 0; at < written.size();) {
      if (written[at] == ',' || written[at] == ' ' || written[at] == '\n') {
        ++at;
        continue;
      }
      auto const end = end_of_one(written, at);
      if (list.size() > 1) list.append(" ");
      append_quoted(list, written.substr(at, end - at));
      at = end;
    }
    list.append(")");
    if (list.size() > max_signed_components_size) return too_long();
    auto const field = structured_field::parse_list(std::move(list));
    if (!field) return field.error().within("components: ");
    return read(*field->elements().begin());
  }

  /// `("@method" "@query-param";name="q")`, in the one form of structured fields.
  [[nodiscard]] std::string_view text() const noexcept { return text_.reveal(); }
  [[nodiscard]] std::size_t size() const noexcept { return each_.size() / sizeof(signed_component); }
  [[nodiscard]] signed_component operator[](std::size_t i) const noexcept {
    signed_component one;
    std::memcpy(&one, each_.reveal().data() + i * sizeof one, sizeof one);
    return one;
  }
  [[nodiscard]] std::string_view identifier(signed_component const& one) const noexcept {
    return text().substr(one.begin, one.size);
  }
  [[nodiscard]] std::string_view name(signed_component const& one) const noexcept {
    return text().substr(one.begin + std::size_t{1}, one.name_size);
  }
  [[nodiscard]] std::string_view key(signed_component const& one) const noexcept {
    return text().substr(one.key, one.key_size);
  }

  /// What stands before a value in a base, a line break first if it is not the first one; and before the parameters.
  [[nodiscard]] std::string_view line(signed_component const& one) const noexcept {
    return {lines_.reveal().data() + one.line, one.line_size};
  }
  [[nodiscard]] std::string_view last_line() const noexcept { return lines_.reveal().substr(last_line_); }

  /// Whether there is one of that name, whatever its parameters, in the message itself or (`req`) in the request it answers.
  [[nodiscard]] bool covers(std::string_view field) const noexcept {
    for (std::size_t i = 0; i < size(); ++i)
      if (auto const one = (*this)[i]; !one.req && !one.tr && name(one) == field) return true;
    return false;
  }
  /// Whether the same component is here, in whatever order its parameters stand (RFC 9421 §2).
  [[nodiscard]] bool has(covered_components const& other, signed_component const& wanted) const noexcept {
    for (std::size_t i = 0; i < size(); ++i) {
      auto const one = (*this)[i];
      if (one.sf == wanted.sf && one.bs == wanted.bs && one.tr == wanted.tr && one.req == wanted.req &&
          one.keyed == wanted.keyed && name(one) == other.name(wanted) && key(one) == other.key(wanted))
        return true;
    }
    return false;
  }

private:
  [[nodiscard]] static error too_long() noexcept {
    return {errc::too_large, "components: longer than ", max_signed_components_size, " bytes"};
  }
  [[nodiscard]] static std::size_t end_of_one(std::string_view text, std::size_t at) noexcept {
    for (bool quoted = false; at < text.size(); ++at) {
      if (text[at] == '"') quoted = !quoted;
      if (!quoted && (text[at] == ',' || text[at] == ' ' || text[at] == '\n')) break;
    }
    return at;
  }
  // In lower case, as RFC 9421 §2.1 wants a field's name.
  static void append_quoted(secret& to, std::string_view one) noexcept {
    if (one.starts_with('"')) return void(to.append(one));
    auto const name = one.substr(0, one.find(';'));
    to.append("\"");
    for (char const c : name) to.push_back(ascii_lower(c));
    to.append("\"").append(one.substr(name.size()));
  }

  [[nodiscard]] result<void> add(structured_value from) noexcept {
    if (size() == max_signed_components)
      return error{errc::too_large, "more than ", max_signed_components, " components"};
    auto const name = from.string();
    if (!name) return from.expected("the name of a component in quotes");
    signed_component made;
    if (auto ok = set_kind(made, *name); !ok) return ok;
    if (text_.size() > 1) text_.append(" ");
    made.begin = static_cast<std::uint16_t>(text_.size());
    made.name_size = static_cast<std::uint16_t>(name->size());
    structured_writer out(text_);
    out.string(*name);
    if (text_.size() >= max_signed_components_size) return too_long();
    for (auto const [key, value] : from.parameters()) {
      out.key(key);
      auto const before = text_.size();
      if (auto ok = set_parameter(made, key, value); !ok) return ok;
      if (made.keyed && made.key == 0) {
        out.string(*value.string());
        if (text_.size() >= max_signed_components_size) return too_long();
        made.key = static_cast<std::uint16_t>(before + 2);  // behind ="
        made.key_size = static_cast<std::uint16_t>(value.string()->size());
        if (this->key(made) != *value.string())
          return error{errc::bad_input, "\"", *name,
                       "\": its ",      key,  " holds a quote or a backslash; percent-encode them"};
      } else {
        out.boolean(true);
      }
    }
    if (text_.size() >= max_signed_components_size) return too_long();
    made.size = static_cast<std::uint16_t>(text_.size() - made.begin);
    if (auto ok = check(made, *name); !ok) return ok;
    if (has(*this, made)) return error{errc::bad_input, "\"", *name, "\" is covered twice"};
    made.line = static_cast<std::uint16_t>(lines_.size());
    lines_.append(size() == 0 ? "" : "\n").append(text_.reveal().substr(made.begin)).append(": ");
    made.line_size = static_cast<std::uint16_t>(lines_.size() - made.line);
    char bytes[sizeof made];
    std::memcpy(bytes, &made, sizeof made);
    each_.append(detail::text_at(bytes, sizeof bytes));
    return {};
  }
  [[nodiscard]] static result<void> set_kind(signed_component& made, std::string_view name) noexcept {
    if (!name.starts_with('@')) {
      bool good = is_token(name) && name.size() <= max_field_name;
      for (char const c : name) good = good && ascii_lower(c) == c;
      if (good) return {};
      return error{errc::bad_input, "it is no name of a header in lower case (RFC 9421 section 2.1)"};
    }
    for (std::size_t i = 0; i < sizeof derived_components / sizeof *derived_components; ++i)
      if (name == derived_components[i]) return made.kind = static_cast<component_kind>(i), result<void>();
    if (name == "@signature-params")
      return error{errc::bad_input, "@signature-params is covered by every signature, and never listed"};
    if (auto const near = nearest(name, derived_components); !near.empty())
      return error{errc::bad_input, "unknown component; did you mean ", near, "?"};
    return error{errc::bad_input, "unknown component; known are @method, @target-uri, @authority, @scheme, "
                                  "@request-target, @path, @query, @query-param, @status, and headers"};
  }
  [[nodiscard]] static result<void> set_parameter(signed_component& made, std::string_view key,
                                                  structured_value value) noexcept {
    bool const query = made.kind == component_kind::query_param;
    if (key == (query ? "name" : "key") && (query || made.kind == component_kind::field)) {
      if (!value.string()) return value.expected("a string");
      made.keyed = true;
      return {};
    }
    bool* const flag = key == "req"                         ? &made.req
                       : made.kind != component_kind::field ? nullptr
                       : key == "sf"                        ? &made.sf
                       : key == "bs"                        ? &made.bs
                       : key == "tr"                        ? &made.tr
                                                            : nullptr;
    if (flag == nullptr)
      return error{errc::bad_input, "it has a parameter that it can't have; known are sf, key, bs, tr and "
                                    "req, and name of @query-param"};
    if (!value.boolean()) return error{errc::bad_input, "its parameter ", key, " has a value, and is a flag"};
    *flag = true;
    return {};
  }
  [[nodiscard]] static result<void> check(signed_component const& made, std::string_view name) noexcept {
    if (made.kind == component_kind::query_param && !made.keyed)
      return error{errc::bad_input, "@query-param says no name; write @query-param;name=\"…\""};
    if (made.kind == component_kind::status && made.req)
      return error{errc::bad_input, "@status is a response's, so it can't have ;req"};
    if (made.bs && (made.sf || made.keyed))
      return error{errc::bad_input, "\"", name,
                   "\": bs goes neither with sf nor with key (RFC 9421 section 2.1)"};
    return {};
  }

  secret text_;
  secret each_;  // `signed_component`s one after the other
  secret lines_;
  std::size_t last_line_ = 0;
};

}  // namespace detail

}  // namespace countersign::inline v0
