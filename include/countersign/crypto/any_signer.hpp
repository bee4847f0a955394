#pragma once
// A signer whose type is not known where it is kept: the key that a token is bound to travels with the token.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/signer.hpp>

#include <concepts>
#include <cstdint>
#include <new>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// Shares any `public_key_signer`; copies are the same key, which ends with the last of them. Empty, or where there was no
/// memory, it is false and signs nothing. Threads may use copies, and one object, at once if the signer allows it.
class any_signer {
public:
  any_signer() = default;
  // What has no public_jwk() is no key, and is not asked whether it can be moved: a result of an any_signer would ask back.
  template <class Key>
    requires(!std::same_as<Key, any_signer> && requires(Key const& one) { one.public_jwk(); } && public_key_signer<Key>)
  any_signer(Key key)
  noexcept : held_(new (std::nothrow) holder<Key>(std::move(key))) {}
  any_signer(any_signer const& other) noexcept : held_(other.held_) {
    if (held_ != nullptr) __atomic_add_fetch(&held_->owners, 1, __ATOMIC_RELAXED);
  }
  any_signer(any_signer&& other) noexcept : held_(detail::exchanged(other.held_, nullptr)) {}
  any_signer& operator=(any_signer other) noexcept {
    detail::swapped(held_, other.held_);
    return *this;
  }
  ~any_signer() {
    if (held_ != nullptr && __atomic_sub_fetch(&held_->owners, 1, __ATOMIC_ACQ_REL) == 0) held_->end(held_);
  }

  [[nodiscard]] explicit operator bool() const noexcept { return held_ != nullptr; }
  [[nodiscard]] std::string_view alg() const noexcept {
    return held_ == nullptr ? std::string_view() : held_->alg(held_);
  }
  [[nodiscard]] std::string_view public_jwk() const noexcept {
    return held_ == nullptr ? std::string_view() : held_->public_jwk(held_);
  }
  [[nodiscard]] result<void> sign(std::string_view input, secret& signature) const {
    if (held_ == nullptr) return error{errc::fatal, "any_signer: it holds no key"};
    return held_->sign(held_, input, signature);
  }
  /// Whether both are one key of one object.
  friend bool operator==(any_signer const& a, any_signer const& b) noexcept { return a.held_ == b.held_; }

private:
  struct base {
    std::uint64_t owners = 1;
    std::string_view (*alg)(base const*) noexcept = nullptr;
    std::string_view (*public_jwk)(base const*) noexcept = nullptr;
    result<void> (*sign)(base const*, std::string_view, secret&) = nullptr;
    void (*end)(base*) noexcept = nullptr;
  };
  template <class Key>
  struct holder : base {
    explicit holder(Key&& given) noexcept : key(std::move(given)) {
      this->alg = [](base const* self) noexcept { return std::string_view(of(self).alg()); };
      this->public_jwk = [](base const* self) noexcept { return std::string_view(of(self).public_jwk()); };
      this->sign = [](base const* self, std::string_view input, secret& signature) {
        return of(self).sign(input, signature);
      };
      this->end = [](base* self) noexcept { delete static_cast<holder*>(self); };
    }
    static Key const& of(base const* self) noexcept { return static_cast<holder const*>(self)->key; }
    Key key;
  };

  base* held_ = nullptr;
};

}  // namespace countersign::inline v0
