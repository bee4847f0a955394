#pragma once
// Templates as each request needs them: what is written one after the other, in one list.

#include <countersign/core/detail/some.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/format/detail/signing_template.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

/// A message, or all headers.
class signing_plan {
public:
  struct step {
    place what = place::literal;
    std::uint16_t size = 0;  // of its text: the literal, or a header's name
    std::uint32_t begin = 0;
  };

  void add(signing_template const& from) noexcept {
    from.each([&](place what, std::string_view text) { return add(what, text), true; });
  }
  void add(place what, std::string_view text) noexcept {
    step one;
    one.what = what;
    if (what == place::literal || what == place::header || what == place::name) {
      one.begin = static_cast<std::uint32_t>(text_.size());
      one.size = static_cast<std::uint16_t>(text.size());
      text_.append(text);
    }
    bool const second = what != place::name && !steps().empty() && steps().back().what != place::name;
    bool const none = what == place::name && !steps().empty() && steps().back().what == place::name;
    one_piece_each_ = one_piece_each_ && !second && !none;
    char bytes[sizeof one];
    std::memcpy(bytes, &one, sizeof one);
    steps_.append(text_at(bytes, sizeof bytes));
    if (what == place::literal) fixed_size_ += text.size();
    else if (what == place::signature) ++signatures_;
    else if (what == place::header) reads_fields_ = true;
    else if (what != place::name) values_.push_back(static_cast<char>(what));
  }
  [[nodiscard]] bool ok() const noexcept { return text_.ok() && steps_.ok() && values_.ok(); }

  [[nodiscard]] some<step> steps() const noexcept {
    // On the heap, where there is room for objects of any type.
    return {reinterpret_cast<step const*>(steps_.reveal().data()), steps_.size() / sizeof(step)};
  }
  [[nodiscard]] std::string_view text(step const& one) const noexcept {
    return text_at(text_.reveal().data() + one.begin, one.size);
  }

  /// How much is literal, with signatures of that size.
  [[nodiscard]] std::size_t fixed_size(std::size_t signature) const noexcept {
    return fixed_size_ + signatures_ * signature;
  }
  /// The other placeholders, but for header fields, each as often as it stands.
  [[nodiscard]] some<place> values() const noexcept {
    return {reinterpret_cast<place const*>(values_.reveal().data()), values_.size()};
  }
  /// Of headers: whether each is a single placeholder, or a literal.
  [[nodiscard]] bool each_is_one_piece() const noexcept {
    return one_piece_each_ && !steps().empty() && steps().back().what != place::name;
  }
  [[nodiscard]] bool reads_fields() const noexcept { return reads_fields_; }

private:
  secret text_, steps_, values_;  // for their storage, which grows without throwing
  std::size_t fixed_size_ = 0, signatures_ = 0;
  bool reads_fields_ = false, one_piece_each_ = true;
};

}  // namespace countersign::inline v0::detail
