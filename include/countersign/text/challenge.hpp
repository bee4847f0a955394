#pragma once
// What a server asks for: the challenges of WWW-Authenticate and Proxy-Authenticate (RFC 9110 §11.3,
// §11.6.1).

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// What is taken in at most, over all fields of one response: bytes, challenges, parameters.
inline constexpr std::size_t max_challenge_size = std::size_t{8} * 1024;
inline constexpr std::size_t max_challenges = 32;
inline constexpr std::size_t max_challenge_parameters = 64;

namespace detail {
struct challenge_slice {
  std::uint16_t at = 0, size = 0;  // of the text, which is shorter than 64 KiB
};
struct challenge_parameter {
  challenge_slice name, value;
};
struct challenge_entry {
  challenge_slice scheme, token68;
  std::uint16_t first = 0, count = 0;  // of the parameters
};
}  // namespace detail

/// One challenge of `challenges`; valid while those stay where they are. One that was looked for and is not
/// there is false and empty.
class challenge {
public:
  constexpr challenge() = default;

  [[nodiscard]] explicit operator bool() const noexcept { return entry_ != nullptr; }
  /// As the server wrote it: "Bearer".
  [[nodiscard]] std::string_view scheme() const noexcept {
    return *this ? at(entry_->scheme) : std::string_view();
  }
  /// Schemes compare without case.
  [[nodiscard]] bool is(std::string_view scheme) const noexcept {
    return *this && equal_without_case(this->scheme(), scheme);
  }
  /// What follows the scheme where it takes no parameters (`Negotiate YIIB…==`); empty if there is none.
  [[nodiscard]] std::string_view token68() const noexcept {
    return *this ? at(entry_->token68) : std::string_view();
  }
  /// The value, without quotes and escapes; names compare without case. Present and empty (`realm=""`) is a
  /// value.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < size(); ++i)
      if (equal_without_case(this->name(i), name)) return value(i);
    return std::nullopt;
  }

  /// How many parameters it has, and each in order: 0 ≤ i < size().
  [[nodiscard]] std::size_t size() const noexcept { return *this ? entry_->count : 0u; }
  [[nodiscard]] std::string_view name(std::size_t i) const noexcept {
    return at(parameters_[entry_->first + i].name);
  }
  [[nodiscard]] std::string_view value(std::size_t i) const noexcept {
    return at(parameters_[entry_->first + i].value);
  }

private:
  friend class challenges;

  [[nodiscard]] std::string_view at(detail::challenge_slice slice) const noexcept {
    return detail::text_at(text_ + slice.at, slice.size);
  }

  detail::challenge_entry const* entry_ = nullptr;
  detail::challenge_parameter const* parameters_ = nullptr;
  char const* text_ = nullptr;
};

/// The challenges of a response, in order, in a copy of the field's bytes: values are unescaped there. A
/// field may hold several, and a response several fields. Strict: a field that the grammar does not allow, or
/// a parameter twice in one challenge, is refused whole. One thing beyond the grammar is taken, since servers
/// send it: a value that begins with https:// or http:// and has no quotes; it ends at a blank or a comma.
class challenges {
public:
  challenges() = default;

  /// errc::bad_input with the byte (from 1) that is wrong, errc::too_large, errc::no_memory. No error repeats
  /// the field.
  [[nodiscard]] static result<challenges> parse(std::string_view field) noexcept {
    challenges all;
    if (auto const added = all.add(field); !added) return added.error();
    return all;
  }
  /// Adds those of one more field. On failure nothing is added. Ends the `challenge`s that were handed out.
  [[nodiscard]] result<void> add(std::string_view field) noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] challenge operator[](std::size_t index) const noexcept {
    challenge one;
    if (index >= count_) return one;
    one.entry_ = &entries_[index];
    one.parameters_ = parameters_;
    one.text_ = text_.reveal().data();
    return one;
  }
  /// The first of that scheme.
  [[nodiscard]] challenge find(std::string_view scheme) const noexcept {
    for (challenge const one : *this)
      if (one.is(scheme)) return one;
    return {};
  }

  class iterator {
  public:
    [[nodiscard]] challenge operator*() const noexcept { return (*all_)[index_]; }
    iterator& operator++() noexcept { return ++index_, *this; }
    [[nodiscard]] bool operator==(iterator const&) const = default;

  private:
    friend challenges;
    iterator(challenges const* all, std::size_t index) noexcept : all_(all), index_(index) {}
    challenges const* all_;
    std::size_t index_;
  };
  [[nodiscard]] iterator begin() const noexcept { return {this, 0}; }
  [[nodiscard]] iterator end() const noexcept { return {this, count_}; }

private:
  // One pass over one field. What goes wrong is kept in `what_` with its place.
  class reader;

  secret text_;
  std::size_t count_ = 0;
  std::size_t parameter_count_ = 0;
  detail::challenge_entry entries_[max_challenges];
  detail::challenge_parameter parameters_[max_challenge_parameters];
};

}  // namespace countersign::inline v0

#include <countersign/text/detail/challenge_reader.hpp>
