#pragma once
// An HMAC key that is made ready once, however many requests are signed with it.

#include <countersign/core/detail/remembered.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/hmac_midstates.hpp>

#include <cstddef>
#include <cstdint>

namespace countersign::inline v0::detail {

/// A longer key, as it is written, is made ready for each request anew.
inline constexpr std::size_t max_remembered_key = 256;

/// What an HMAC formatter remembers: the midstates of the key that was used last. `get` takes no lock, and writes nothing
/// that others read unless the key is another one.
class prepared_key {
public:
  [[nodiscard, gnu::always_inline]] inline result<void> get(key_form form, secret const& key,
                                                            hmac_midstates& ready) noexcept {
    auto const size = hmac_midstates::size_of(ready.hash());
    if (kept_.find(kind(form, ready), key.reveal(), ready.words(), size)) [[likely]]
      return {};
    return make(form, key, ready);
  }

private:
  static std::uint64_t kind(key_form form, hmac_midstates const& ready) noexcept {
    return static_cast<std::uint64_t>(ready.hash()) << 8 | static_cast<std::uint64_t>(form);
  }
  [[gnu::noinline]] result<void> make(key_form form, secret const& key, hmac_midstates& ready) noexcept {
    if (auto ok = read(form, key, ready); !ok) return ok;
    kept_.keep(kind(form, ready), key.reveal(), ready.words(), hmac_midstates::size_of(ready.hash()));
    return {};
  }
  static result<void> read(key_form form, secret const& key, hmac_midstates& ready) noexcept {
    if (form == key_form::raw) return ready = hmac_midstates(ready.hash(), key.reveal()), result<void>();
    auto const bytes = decode_key(key.reveal(), form);
    if (!bytes) return bytes.error().within("the key is not written as was said: ");
    if (bytes->empty()) return error{errc::bad_input, "the key is empty"};
    ready = hmac_midstates(ready.hash(), bytes->reveal());
    return {};
  }

  remembered<hmac_midstates::states, max_remembered_key> kept_;
};

}  // namespace countersign::inline v0::detail
