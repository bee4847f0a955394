#pragma once
// Fields written straight to where a draft keeps them.

#include <countersign/core/detail/known_name.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/fields.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0::detail {

/// What is known of a formatter's fields before a request comes.
struct known_fields {
  unsigned count = 0;
  std::uint64_t marks = 0;  // of their names
  std::size_t size = 0;     // all that is stored of them but their values
  bool twice = false;       // whether two may have one name

  constexpr void add(known_name name) noexcept {
    auto const mark = mark_of(name.view());
    twice = twice || (marks & mark) != 0;
    marks |= mark;
    size += sizeof(field_sizes) + name.view().size();
    ++count;
  }
};

/// For formatters that know beforehand how much they will write. Nothing else may be done to the draft meanwhile; the
/// fields are in it once `finish` was called.
class field_writer {
public:
  /// @param fields all that will be written
  /// @param values how long their values are together
  /// @param unchecked how many values may hold bytes that a field may not hold
  field_writer(draft& to, known_fields const& fields, std::size_t values, unsigned unchecked) noexcept
      : to_(to) {
    to.count_ += fields.count;
    to.unchecked_ += unchecked;
    to.remember(fields.marks);
    to.perhaps_twice_ |= fields.twice;
    if (to.count_ > draft::max_fields) to.too_many_ = true;
    if (values > draft::most_of_one) to.out_of_memory_ = true;
    else if (to.make_room(fields.size + values))
      begin_ = at_ = to.in_large_ ? end_of(to.large_) : to.room_ + to.used_;
  }
  field_writer(field_writer const&) = delete;
  field_writer& operator=(field_writer const&) = delete;

  /// False: there is no room, which the draft tells.
  [[nodiscard]] explicit operator bool() const noexcept { return at_ != nullptr; }

  void begin(known_name name) noexcept {
    field_ = at_;
    value_ = at_ = short_copy(at_ + sizeof(field_sizes), name.view());
  }
  void append(std::string_view piece) noexcept { at_ = short_copy(at_, piece); }
  /// Where the next piece goes, for whoever writes it by himself, and where it ended.
  [[nodiscard]] char* at() const noexcept { return at_; }
  void at(char* end) noexcept { at_ = end; }
  void end() noexcept {
    auto const name_size = value_ - field_ - static_cast<std::ptrdiff_t>(sizeof(field_sizes));
    field_sizes const size{static_cast<std::uint32_t>(name_size), static_cast<std::uint32_t>(at_ - value_)};
    std::memcpy(field_, &size, sizeof size);
  }

  void finish() noexcept {
    auto const written = static_cast<std::size_t>(at_ - begin_);
    if (to_.in_large_) to_.large_.add_written(written);
    else to_.used_ += written;
  }

private:
  static char* end_of(secret& bytes) noexcept { return bytes.data() + bytes.size(); }

  draft& to_;
  char* begin_ = nullptr;
  char* at_ = nullptr;
  char* field_ = nullptr;
  char* value_ = nullptr;
};

}  // namespace countersign::inline v0::detail
