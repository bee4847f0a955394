#pragma once
// Where the nodes of a JSON document are kept: inline while they are few, then on the heap. Nodes hold places
// and sizes and nothing of the text, so they are not wiped.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/text/json_value.hpp>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <utility>

namespace countersign::inline v0::detail {

class json_tape {
public:
  // A token reply has about 15 nodes, an authorization server's metadata 100 to 150.
  static constexpr std::size_t inline_nodes = 160;

  json_tape() noexcept : size_(0) {}
  json_tape(json_tape&& other) noexcept { take(other); }
  json_tape& operator=(json_tape&& other) noexcept {
    if (this == &other) return *this;
    release();
    take(other);
    return *this;
  }
  json_tape(json_tape const&) = delete;
  json_tape& operator=(json_tape const&) = delete;
  ~json_tape() { release(); }

  [[nodiscard]] json_node* data() noexcept { return heap_ != nullptr ? heap_ : few_; }
  [[nodiscard]] json_node const* data() const noexcept { return heap_ != nullptr ? heap_ : few_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  void resize_within(std::size_t size) noexcept { size_ = size; }  // @pre size <= capacity()

  // Doubles the room, keeping `used` nodes. False, and nothing changed, if there is no memory.
  [[nodiscard]] bool grow(std::size_t used) noexcept {
    auto const room = capacity_ * 2;
    if (room > static_cast<std::size_t>(-1) / sizeof(json_node)) return false;
    auto* const grown = static_cast<json_node*>(std::realloc(heap_, room * sizeof(json_node)));
    if (grown == nullptr) return false;
    if (heap_ == nullptr) std::memcpy(grown, few_, used * sizeof(json_node));
    heap_ = grown;
    capacity_ = room;
    return true;
  }

private:
  void release() noexcept {
    if (heap_ != nullptr) std::free(heap_);  // mostly there is nothing to call for
  }
  void take(json_tape& other) noexcept {
    heap_ = exchanged(other.heap_, nullptr);
    capacity_ = exchanged(other.capacity_, inline_nodes);
    size_ = exchanged(other.size_, 0);
    if (heap_ == nullptr && size_ != 0) std::memcpy(few_, other.few_, size_ * sizeof(json_node));
  }

  static_assert(std::is_trivial_v<json_node> && sizeof(json_node) == 24);

  json_node* heap_ = nullptr;
  std::size_t capacity_ = inline_nodes;
  std::size_t size_;
  json_node few_[inline_nodes];  // not initialised: only the first size_ are read
};

}  // namespace countersign::inline v0::detail
