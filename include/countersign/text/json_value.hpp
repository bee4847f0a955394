#pragma once
// A place in a parsed JSON document: what is found there, and what it is next to. A cursor of two words; it
// owns nothing.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/text/detail/json_number.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

enum class json_kind : std::uint8_t { none, null, boolean, number, string, array, object };

/// With its article, as an error says it: "a string".
[[nodiscard]] constexpr std::string_view name(json_kind kind) noexcept {
  constexpr std::string_view names[] = {"nothing",  "null",     "a boolean", "a number",
                                        "a string", "an array", "an object"};
  return names[static_cast<std::size_t>(kind)];
}

/// Where a value stands in the text that was parsed. Lines and columns count from 1, columns in bytes;
/// offsets from 0, `end` is past the last byte, quotes and brackets included. All zero for a value that is
/// not there.
struct json_where {
  std::uint32_t line = 0, column = 0, begin = 0, end = 0;
};

namespace detail {
// The tape holds one of these per value and per member name, in the order of the text: a container is
// followed by all that is in it, a member's name by its value. Offsets point into the text.
struct json_node {
  std::uint32_t begin;  // first byte of the value as written
  std::uint32_t end;    // past its last byte
  std::uint32_t size;   // a string's bytes once unescaped, from begin + 1; a container's members or elements
  std::uint32_t span;  // nodes of the whole value, this one included; of an open container: the enclosing one
  std::uint32_t line;
  std::uint32_t column : 28;
  std::uint32_t kind : 4;
};
inline constexpr std::uint32_t json_max_text = (std::uint32_t{1} << 28) - 1;  // what `column` can count

// Names are short: what a call of memcmp costs is more than what they do.
[[nodiscard]] inline bool same_short_text(char const* a, char const* b, std::size_t size) noexcept {
  auto const same = [&](std::size_t at) {
    std::uint64_t of_a, of_b;
    std::memcpy(&of_a, a + at, 8);
    std::memcpy(&of_b, b + at, 8);
    return of_a == of_b;
  };
  if (size < 8) {
    while (size > 0 && a[size - 1] == b[size - 1]) --size;
    return size == 0;
  }
  for (std::size_t at = 0; at + 8 < size; at += 8)
    if (!same(at)) return false;
  return same(size - 8);
}
}  // namespace detail

template <class Item>
class json_range;
struct json_member;

/// A value of a `json_document`, valid while the document stays where it is. What is looked up and not there
/// is a value too, of kind `none`, so that look-ups can be chained: `root["oauth"]["clientId"].string()`.
class json_value {
public:
  constexpr json_value() = default;

  [[nodiscard]] json_kind kind() const noexcept {
    return node_ == nullptr ? json_kind::none : static_cast<json_kind>(node_->kind);
  }
  /// Whether there is such a value; `null` is one.
  [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }
  [[nodiscard]] bool is_null() const noexcept { return kind() == json_kind::null; }
  [[nodiscard]] bool is_boolean() const noexcept { return kind() == json_kind::boolean; }
  [[nodiscard]] bool is_number() const noexcept { return kind() == json_kind::number; }
  [[nodiscard]] bool is_string() const noexcept { return kind() == json_kind::string; }
  [[nodiscard]] bool is_array() const noexcept { return kind() == json_kind::array; }
  [[nodiscard]] bool is_object() const noexcept { return kind() == json_kind::object; }

  /// The unescaped bytes, valid UTF-8: a piece of the document's own buffer. `otherwise` if it is no string.
  [[nodiscard]] std::string_view string(std::string_view otherwise = {}) const noexcept {
    if (!is_string()) return otherwise;
    return detail::text_at(text_ + node_->begin + 1, node_->size);
  }
  /// `otherwise` if it is neither true nor false.
  [[nodiscard]] bool boolean(bool otherwise = false) const noexcept {
    return is_boolean() ? text_[node_->begin] == 't' : otherwise;
  }
  /// The number as written, with every digit. Empty if it is no number.
  [[nodiscard]] std::string_view number() const noexcept {
    return is_number() ? source() : std::string_view();
  }
  /// The number if it is a whole one in range, exactly: 3600, 3600.0 and 36e2 are, 0.5, 2⁶³ and 1e400 are
  /// not.
  [[nodiscard]] std::optional<std::int64_t> integer() const noexcept {
    return is_number() ? detail::json_integer(source()) : std::nullopt;
  }

  /// How many members or elements. 0 for anything else.
  [[nodiscard]] std::size_t size() const noexcept { return is_container() ? node_->size : 0; }
  /// The member of that name. Time grows with the number of members.
  [[nodiscard]] json_value operator[](std::string_view name) const noexcept;
  [[nodiscard]] json_value find(std::string_view name) const noexcept { return (*this)[name]; }
  /// The element at that place, from 0. Time grows with the number of elements.
  [[nodiscard]] json_value operator[](std::size_t index) const noexcept;
  /// In the order of the text: `for (auto [key, value] : object.members())`. Empty if it is no object.
  [[nodiscard]] json_range<json_member> members() const noexcept;
  /// Empty if it is no array.
  [[nodiscard]] json_range<json_value> elements() const noexcept;

  [[nodiscard]] json_where where() const noexcept {
    if (node_ == nullptr) return {};
    return {node_->line, node_->column, node_->begin, node_->end};
  }
  /// errc::bad_input: "JSON line 3, column 9: expected a string, found a number". Tells kinds, never content.
  /// @param what what should be here, with its article
  [[nodiscard]] error expected(std::string_view what) const noexcept {
    if (node_ == nullptr) return error(errc::bad_input, "JSON: expected ", what, ", found nothing");
    return error(errc::bad_input, "JSON line ", node_->line, ", column ", std::uint32_t{node_->column},
                 ": expected ", what, ", found ", name(kind()));
  }

private:
  friend class json_document;
  friend class json_writer;
  template <class>
  friend class json_range;

  json_value(detail::json_node const* node, char const* text) noexcept : node_(node), text_(text) {}

  [[nodiscard]] bool is_container() const noexcept { return is_array() || is_object(); }
  // Only numbers, booleans and null still stand as written: strings are unescaped where they lie.
  [[nodiscard]] std::string_view source() const noexcept {
    return detail::text_at(text_ + node_->begin, node_->end - node_->begin);
  }

  detail::json_node const* node_ = nullptr;
  char const* text_ = nullptr;
};

/// A member of an object; `key` is a string, and knows where it stands.
struct json_member {
  json_value key = {};
  json_value value = {};
};

/// The members of an object or the elements of an array, for a range-for.
template <class Item>
class json_range {
public:
  class iterator {
  public:
    using value_type = Item;
    using difference_type = std::ptrdiff_t;

    iterator() = default;
    [[nodiscard]] Item operator*() const noexcept {
      if constexpr (std::is_same_v<Item, json_member>) {
        return {json_value(at_, text_), json_value(at_ + 1, text_)};
      } else {
        return json_value(at_, text_);
      }
    }
    iterator& operator++() noexcept {
      if constexpr (std::is_same_v<Item, json_member>) ++at_;
      at_ += at_->span;
      --left_;
      return *this;
    }
    iterator operator++(int) noexcept {
      auto const before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(iterator const& a, iterator const& b) noexcept { return a.left_ == b.left_; }

  private:
    friend json_range;
    iterator(detail::json_node const* at, char const* text, std::size_t left) noexcept
        : at_(at), text_(text), left_(left) {}

    detail::json_node const* at_ = nullptr;
    char const* text_ = nullptr;
    std::size_t left_ = 0;
  };

  [[nodiscard]] iterator begin() const noexcept { return first_; }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] std::size_t size() const noexcept { return first_.left_; }
  [[nodiscard]] bool empty() const noexcept { return first_.left_ == 0; }

private:
  friend json_value;
  json_range() = default;
  explicit json_range(json_value container) noexcept
      : first_(container.node_ + 1, container.text_, container.node_->size) {}

  iterator first_ = {};
};

inline json_range<json_member> json_value::members() const noexcept {
  return is_object() ? json_range<json_member>(*this) : json_range<json_member>();
}

inline json_range<json_value> json_value::elements() const noexcept {
  return is_array() ? json_range<json_value>(*this) : json_range<json_value>();
}

inline json_value json_value::operator[](std::string_view name) const noexcept {
  if (!is_object()) return {};
  auto const* key = node_ + 1;
  for (auto left = node_->size; left > 0; --left, key += 1 + key[1].span)
    if (key->size == name.size() && detail::same_short_text(text_ + key->begin + 1, name.data(), name.size()))
      return {key + 1, text_};
  return {};
}

inline json_value json_value::operator[](std::size_t index) const noexcept {
  for (auto const value : elements())
    if (index-- == 0) return value;
  return {};
}

}  // namespace countersign::inline v0
