#pragma once
// An HMAC key that is made ready once, however many requests are signed with it.

#include <countersign/core/detail/held.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_hmac.hpp>

#include <utility>

namespace countersign::inline v0::detail {

/// What an HMAC formatter remembers: the midstates of the key that was used last. Whoever finds it in use by another
/// thread computes them anew and waits for nobody.
class prepared_key {
public:
  prepared_key() = default;
  prepared_key(prepared_key&& other) noexcept
      : key_(std::move(other.key_)), keyed_(std::move(other.keyed_)) {}

  [[nodiscard]] result<any_hmac> get(sha2 hash, key_form form, secret const& key) noexcept {
    bool const ours = !__atomic_test_and_set(&busy_, __ATOMIC_ACQUIRE);
    if (ours && keyed_ && keyed_->hash() == hash && key_ == key) {
      result<any_hmac> found(*keyed_);
      __atomic_clear(&busy_, __ATOMIC_RELEASE);
      return found;
    }
    auto made = make(hash, form, key);
    if (ours) {
      keyed_.reset();
      key_ = key;
      if (made && key_.ok()) keyed_.emplace(*made);
      else key_ = secret();
      __atomic_clear(&busy_, __ATOMIC_RELEASE);
    }
    return made;
  }

private:
  static result<any_hmac> make(sha2 hash, key_form form, secret const& key) noexcept {
    if (form == key_form::raw) return any_hmac(hash, key.reveal());
    auto const bytes = decode_key(key.reveal(), form);
    if (!bytes) return bytes.error().within("the key is not written as was said: ");
    if (bytes->empty()) return error{errc::bad_input, "the key is empty"};
    return any_hmac(hash, bytes->reveal());
  }

  secret key_;  // as written
  held<any_hmac> keyed_;
  bool busy_ = false;
};

}  // namespace countersign::inline v0::detail
