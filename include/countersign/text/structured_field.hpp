#pragma once
// Structured field values (RFC 9651), read in the buffer that brought them.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/text/detail/structured_parser.hpp>
#include <countersign/text/structured_limits.hpp>
#include <countersign/text/structured_value.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// A parsed field and the buffer it lies in. Strings and bytes are decoded where they lie and handed out as pieces of the
/// buffer. Reading is safe from many threads.
///
/// The text is the field's value; of a field that stands several times, all values with ", " between (RFC 9110 §5.3).
/// Which of the three shapes a field has, its specification says: no text tells. What RFC 9651 §4.2 refuses is refused,
/// errc::bad_input with the byte and what was expected there, never content; so are base64 bits that belong to no byte.
/// A key that comes again takes the place of its earlier value. An empty list or dictionary is one without members.
class structured_field {
public:
  [[nodiscard]] static result<structured_field> parse_item(secret text,
                                                           structured_limits const& limits = {}) noexcept {
    return parse(std::move(text), shape::item, limits);
  }
  [[nodiscard]] static result<structured_field> parse_list(secret text,
                                                           structured_limits const& limits = {}) noexcept {
    return parse(std::move(text), shape::list, limits);
  }
  [[nodiscard]] static result<structured_field>
  parse_dictionary(secret text, structured_limits const& limits = {}) noexcept {
    return parse(std::move(text), shape::dictionary, limits);
  }

  /// Of an item; else of kind `none`.
  [[nodiscard]] structured_value item() const noexcept {
    if (shape_ != shape::item || inside() == 0) return {};
    return {nodes(), inside(), text_.reveal().data()};
  }
  /// Of a list, in order.
  [[nodiscard]] structured_range<structured_value> elements() const noexcept {
    if (shape_ != shape::list) return {};
    return {nodes(), inside(), text_.reveal().data()};
  }
  /// Of a dictionary, in order.
  [[nodiscard]] structured_range<structured_member> members() const noexcept {
    if (shape_ != shape::dictionary) return {};
    return {nodes(), inside(), text_.reveal().data()};
  }
  /// The member of that key. Time grows with the number of members.
  [[nodiscard]] structured_value operator[](std::string_view key) const noexcept {
    for (auto const [name, value] : members())
      if (name == key) return value;
    return {};
  }

private:
  using shape = detail::structured_parser::shape;

  structured_field(secret text, shape what) noexcept : text_(std::move(text)), shape_(what) {}

  [[nodiscard]] static result<structured_field> parse(secret text, shape what,
                                                      structured_limits const& limits) noexcept {
    if (!text.ok()) return error{errc::no_memory, "structured field: out of memory"};
    structured_field made(std::move(text), what);
    detail::structured_parser parser(made.text_, made.nodes_, limits);
    if (!parser.parse(what)) return parser.why();
    return made;
  }

  [[nodiscard]] detail::structured_node const* nodes() const noexcept {
    return reinterpret_cast<detail::structured_node const*>(nodes_.reveal().data());
  }
  [[nodiscard]] std::uint32_t inside() const noexcept { return nodes_.empty() ? 0 : nodes()->inside; }

  secret text_;
  secret nodes_;  // `structured_node`s; a secret for its storage
  shape shape_;
};

}  // namespace countersign::inline v0
