#pragma once
// Bytes that must not outlive their use. A std::string can't hold them: its inline buffer keeps a moved-from short
// string where no allocator sees it, and growing leaves copies behind.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/wipe.hpp>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// A growable buffer of bytes that is wiped when it is destroyed, assigned over, moved from, grown or shrunk.
///
/// Always on the heap, so moving it moves the only copy. `reveal()` is the one way to read it: call it where the
/// bytes leave. Streams as "***". A failed allocation never throws: it sticks (`ok()` turns false, the content is
/// unchanged), so a run of appends is checked once at its end. Equality takes constant time for equal sizes.
/// Not safe to change while another thread reads it.
class secret {
public:
  constexpr secret() = default;
  explicit secret(std::string_view bytes) noexcept { append(bytes); }
  /// Takes the pieces one after the other.
  template <class... Pieces>
    requires(sizeof...(Pieces) > 1)
  explicit secret(Pieces const&... pieces) noexcept {
    reserve((std::string_view(pieces).size() + ...));
    (append(std::string_view(pieces)), ...);
  }

  secret(secret const& other) noexcept : failed_(other.failed_) { append(other.reveal()); }
  secret(secret&& other) noexcept
      : bytes_(detail::exchanged(other.bytes_, nullptr)), size_(detail::exchanged(other.size_, 0)),
        capacity_(detail::exchanged(other.capacity_, 0)), failed_(detail::exchanged(other.failed_, false)) {}
  secret& operator=(secret const& other) noexcept {
    if (this == &other) return *this;
    secret copied(other);
    if (copied.failed_ && !other.failed_) failed_ = true;
    else *this = std::move(copied);
    return *this;
  }
  secret& operator=(secret&& other) noexcept {
    if (this == &other) return *this;
    release();
    bytes_ = detail::exchanged(other.bytes_, nullptr);
    size_ = detail::exchanged(other.size_, 0);
    capacity_ = detail::exchanged(other.capacity_, 0);
    failed_ = detail::exchanged(other.failed_, false);
    return *this;
  }
  ~secret() { release(); }

  /// The bytes. Valid until the next change of this object.
  [[nodiscard]] std::string_view reveal() const noexcept { return detail::text_at(bytes_, size_); }
  /// The bytes, to be changed in place (parsing, decoding).
  [[nodiscard]] char* data() noexcept { return bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// False once an allocation has failed; true again after `clear()`.
  [[nodiscard]] bool ok() const noexcept { return !failed_; }

  /// @param bytes may lie inside this object
  secret& append(std::string_view bytes) noexcept {
    if (bytes.empty()) return *this;
    if (bytes_ == nullptr || bytes.size() > capacity_ - size_) return append_grown(bytes);
    detail::short_copy(bytes_ + size_, bytes);  // they can't overlap
    size_ += bytes.size();
    return *this;
  }
  secret& append(secret const& other) noexcept { return append(other.reveal()); }
  secret& push_back(char byte) noexcept { return append(detail::text_at(&byte, 1)); }
  secret& assign(std::string_view bytes) noexcept {
    secret assigned(bytes);
    if (assigned.failed_) failed_ = true;
    else *this = std::move(assigned);
    return *this;
  }

  /// Makes room for `wanted` bytes in all. False, and nothing changed, if there is no memory.
  bool reserve(std::size_t wanted) noexcept {
    if (wanted <= capacity_) return true;
    auto* const grown = wanted > max_size ? nullptr : static_cast<char*>(std::malloc(wanted));
    if (grown == nullptr) return failed_ = true, false;
    if (size_ > 0) std::memcpy(grown, bytes_, size_);
    auto const size = size_;
    release();
    bytes_ = grown;
    size_ = size;
    capacity_ = wanted;
    return true;
  }
  /// New bytes are zero, bytes cut off are wiped. False, and nothing changed, if there is no memory.
  bool resize(std::size_t size) noexcept {
    if (size > size_) {
      if (!reserve(size)) return false;
      std::memset(bytes_ + size_, 0, size - size_);
    } else if (size < size_) {
      wipe(bytes_ + size, size_ - size);
    }
    size_ = size;
    return true;
  }
  /// Makes it longer by `more` bytes, which the caller writes where this points to. Null, and nothing changed but `ok()`, if
  /// there is no memory.
  [[nodiscard]] char* extend(std::size_t more) noexcept {
    if (bytes_ == nullptr || more > capacity_ - size_) {
      auto const wanted = size_ + more;
      if (wanted < size_ || !reserve(wanted < 2 * capacity_ ? 2 * capacity_ : wanted < 32 ? 32 : wanted))
        return failed_ = true, nullptr;
    }
    size_ += more;
    return bytes_ + (size_ - more);
  }
  /// For whoever has written so many bytes behind the last one, where `reserve` had made room for them.
  void add_written(std::size_t count) noexcept { size_ += count; }
  /// Empties it and wipes what it held; keeps the memory.
  void clear() noexcept {
    if (bytes_ != nullptr) wipe(bytes_, size_);
    size_ = 0;
    failed_ = false;
  }

  friend bool operator==(secret const& a, secret const& b) noexcept {
    return equal_in_constant_time(a.reveal(), b.reveal());
  }

  /// Prints "***": a secret written to a log by mistake says nothing.
  template <class Stream>
    requires requires(Stream& out) { out << "***"; }
  friend Stream& operator<<(Stream& out, secret const&) {
    out << "***";
    return out;
  }

private:
  static constexpr std::size_t max_size = static_cast<std::size_t>(-1) / 4;

  secret& append_grown(std::string_view bytes) noexcept {
    if (bytes.size() > max_size) return failed_ = true, *this;
    auto const wanted = size_ + bytes.size();
    secret grown;
    if (!grown.reserve(wanted < 2 * capacity_ ? 2 * capacity_ : wanted < 32 ? 32 : wanted)) return failed_ = true, *this;
    grown.append(reveal()).append(bytes);  // before release: `bytes` may be ours
    grown.failed_ = failed_;
    *this = std::move(grown);
    return *this;
  }
  void release() noexcept {
    if (bytes_ == nullptr) return;
    wipe(bytes_, capacity_);
    std::free(bytes_);
    bytes_ = nullptr;
    size_ = capacity_ = 0;
  }

  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  bool failed_ = false;
};

}  // namespace countersign::inline v0
