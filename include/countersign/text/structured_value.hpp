#pragma once
// A value of a structured field (RFC 9651): what is found at one place of a parsed field. A cursor; it owns nothing.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace countersign::inline v0 {

/// What a value is (RFC 9651 §3.3, and §3.1.1 for inner lists).
enum class structured_kind : std::uint8_t {
  none,
  integer,
  decimal,
  string,
  token,
  bytes,
  boolean,
  date,
  display_string,
  inner_list,
};

/// With its article, as an error says it: "a string".
[[nodiscard]] constexpr std::string_view name(structured_kind kind) noexcept {
  constexpr std::string_view names[] = {"nothing",          "an integer",   "a decimal", "a string",
                                        "a token",          "bytes",        "a boolean", "a date",
                                        "a display string", "an inner list"};
  return names[static_cast<std::size_t>(kind)];
}

namespace detail {
// One of these per value, and one per key. They are linked, not laid side by side: a key that comes again takes another
// value and keeps its place (RFC 9651 §4.2.2).
struct structured_node {
  std::int64_t number;  // an integer's or a date's; a decimal's in thousandths; of a boolean 0 or 1
  std::uint32_t begin;  // in the text: of a key, string, token, … once decoded; else where it was written
  std::uint32_t size;   // of that text
  std::uint32_t kind;
  std::uint32_t next;        // the value or key behind it in the same container; 0: none
  std::uint32_t inside;      // of a key its value, of an inner list its first value; 0: none
  std::uint32_t parameters;  // the first parameter's key; 0: none
};
}  // namespace detail

template <class Item>
class structured_range;
struct structured_member;

/// A value of a `structured_field`, valid while that lives unchanged; moving it is no change. What is looked up and not there
/// is a value too, of kind `none`, so that look-ups can be chained: `field["sig1"].parameter("created").integer()`.
class structured_value {
public:
  constexpr structured_value() = default;

  [[nodiscard]] structured_kind kind() const noexcept {
    return node_ == nullptr ? structured_kind::none : static_cast<structured_kind>(node_->kind);
  }
  /// Whether there is such a value.
  [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }
  [[nodiscard]] bool is(structured_kind wanted) const noexcept { return kind() == wanted; }

  [[nodiscard]] std::optional<std::int64_t> integer() const noexcept {
    return number_of(structured_kind::integer);
  }
  /// In thousandths, which is all that a decimal can hold.
  [[nodiscard]] std::optional<std::int64_t> thousandths() const noexcept {
    return number_of(structured_kind::decimal);
  }
  /// In seconds since 1970.
  [[nodiscard]] std::optional<std::int64_t> date() const noexcept { return number_of(structured_kind::date); }
  /// `otherwise` if it is none.
  [[nodiscard]] bool boolean(bool otherwise = false) const noexcept {
    return is(structured_kind::boolean) ? node_->number != 0 : otherwise;
  }
  /// Unescaped. Each of these is a piece of the field's own buffer.
  [[nodiscard]] std::optional<std::string_view> string() const noexcept {
    return text_of(structured_kind::string);
  }
  [[nodiscard]] std::optional<std::string_view> token() const noexcept {
    return text_of(structured_kind::token);
  }
  /// Decoded.
  [[nodiscard]] std::optional<std::string_view> bytes() const noexcept {
    return text_of(structured_kind::bytes);
  }
  /// Decoded, valid UTF-8; it may hold control characters.
  [[nodiscard]] std::optional<std::string_view> display_string() const noexcept {
    return text_of(structured_kind::display_string);
  }

  /// Of an inner list, in order. Empty if it is none.
  [[nodiscard]] structured_range<structured_value> elements() const noexcept;
  /// In order; a parameter without a value is the boolean true.
  [[nodiscard]] structured_range<structured_member> parameters() const noexcept;
  /// Time grows with the number of parameters.
  [[nodiscard]] structured_value parameter(std::string_view key) const noexcept;

  /// errc::bad_input: "structured field, byte 12: expected a string, found a token". Never content.
  /// @param what what should be here, with its article
  [[nodiscard]] error expected(std::string_view what) const noexcept {
    if (node_ == nullptr) return {errc::bad_input, "structured field: expected ", what, ", found nothing"};
    return {errc::bad_input,
            "structured field, byte ",
            node_->begin + std::size_t{1},
            ": expected ",
            what,
            ", found ",
            name(kind())};
  }

private:
  friend class structured_field;
  template <class>
  friend class structured_range;

  structured_value(detail::structured_node const* nodes, std::uint32_t index, char const* text) noexcept
      : nodes_(nodes), node_(nodes + index), text_(text) {}

  [[nodiscard]] std::optional<std::int64_t> number_of(structured_kind wanted) const noexcept {
    return is(wanted) ? std::optional(node_->number) : std::nullopt;
  }
  [[nodiscard]] std::optional<std::string_view> text_of(structured_kind wanted) const noexcept {
    return is(wanted) ? std::optional(detail::text_at(text_ + node_->begin, node_->size)) : std::nullopt;
  }

  detail::structured_node const* nodes_ = nullptr;
  detail::structured_node const* node_ = nullptr;
  char const* text_ = nullptr;
};

/// A member of a dictionary, or a parameter.
struct structured_member {
  std::string_view key;
  structured_value value;
};

/// For a range-for.
template <class Item>
class structured_range {
public:
  class iterator {
  public:
    using value_type = Item;
    using difference_type = std::ptrdiff_t;

    iterator() = default;
    [[nodiscard]] Item operator*() const noexcept {
      if constexpr (std::is_same_v<Item, structured_member>) {
        auto const& key = nodes_[at_];
        return {detail::text_at(text_ + key.begin, key.size), structured_value(nodes_, key.inside, text_)};
      } else {
        return structured_value(nodes_, at_, text_);
      }
    }
    iterator& operator++() noexcept {
      at_ = nodes_[at_].next;
      return *this;
    }
    iterator operator++(int) noexcept {
      auto const before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(iterator const& a, iterator const& b) noexcept { return a.at_ == b.at_; }

  private:
    friend structured_range;
    iterator(detail::structured_node const* nodes, std::uint32_t at, char const* text) noexcept
        : nodes_(nodes), at_(at), text_(text) {}

    detail::structured_node const* nodes_ = nullptr;
    std::uint32_t at_ = 0;
    char const* text_ = nullptr;
  };

  [[nodiscard]] iterator begin() const noexcept { return first_; }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] bool empty() const noexcept { return first_ == iterator(); }
  /// Counted.
  [[nodiscard]] std::size_t size() const noexcept {
    std::size_t count = 0;
    for (auto at = begin(); at != end(); ++at) ++count;
    return count;
  }

private:
  friend structured_value;
  friend class structured_field;
  structured_range() = default;
  structured_range(detail::structured_node const* nodes, std::uint32_t first, char const* text) noexcept
      : first_(nodes, first, text) {}

  iterator first_ = {};
};

inline structured_range<structured_value> structured_value::elements() const noexcept {
  if (!is(structured_kind::inner_list)) return {};
  return {nodes_, node_->inside, text_};
}
inline structured_range<structured_member> structured_value::parameters() const noexcept {
  if (node_ == nullptr) return {};
  return {nodes_, node_->parameters, text_};
}
inline structured_value structured_value::parameter(std::string_view key) const noexcept {
  for (auto const [name, value] : parameters())
    if (name == key) return value;
  return {};
}

}  // namespace countersign::inline v0
