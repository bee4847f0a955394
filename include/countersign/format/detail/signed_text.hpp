#pragma once
// A header's value that is made of several pieces.

#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

/// Grows on the stack up to this many bytes, and needs no allocation; then on the heap.
inline constexpr std::size_t signed_text_inline = 512;

// Wiped: a key's id may be in it.
class signed_text {
public:
  signed_text() noexcept {}
  signed_text(signed_text const&) = delete;
  signed_text& operator=(signed_text const&) = delete;
  ~signed_text() { wipe(room_, used_); }

  void append(std::string_view bytes) noexcept {
    if (!outgrown_ && bytes.size() <= sizeof room_ - used_) {
      short_copy(room_ + used_, bytes);
      used_ += bytes.size();
      return;
    }
    if (!outgrown_) more_.append(text_at(room_, used_));
    outgrown_ = true;
    more_.append(bytes);
  }
  [[nodiscard]] bool ok() const noexcept { return more_.ok(); }
  [[nodiscard]] std::string_view view() const noexcept {
    return outgrown_ ? more_.reveal() : std::string_view(room_, used_);
  }

private:
  char room_[signed_text_inline];
  std::size_t used_ = 0;
  bool outgrown_ = false;
  secret more_;
};

}  // namespace countersign::inline v0::detail
