#pragma once
// One nonce of a server with all that goes with it, and for which targets it is used.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/format/detail/digest_challenge.hpp>
#include <countersign/format/detail/digest_hash.hpp>
#include <countersign/format/detail/shared_words.hpp>
#include <countersign/text/origin.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace countersign::inline v0 {

/// How many bytes of a challenge's `domain` are kept: of a longer one, nothing; then the challenge counts for the whole
/// server.
inline constexpr std::size_t max_digest_domain = 512;

namespace detail {

/// The path of a request target, without its query.
[[nodiscard]] constexpr std::string_view path_of_target(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

/// The texts of a session, one behind the other in one room, each from a word's edge on.
class digest_session_texts {
public:
  enum which : std::uint8_t { origin, realm, nonce, first_nonce, opaque, domain, challenged, count };
  static constexpr std::size_t most[count] = {
      320, max_digest_realm, max_digest_nonce, max_digest_nonce, max_digest_opaque, max_digest_domain, 256};
  static constexpr std::size_t room = most[0] + most[1] + most[2] + most[3] + most[4] + most[5] + most[6];
  static_assert([] {
    for (auto const size : most)
      if (size % sizeof(shared_word) != 0) return false;
    return true;
  }());

  digest_session_texts() noexcept {}

  [[nodiscard]] std::string_view operator[](which one) const noexcept {
    return detail::text_at(text_ + at(one), sizes_[one]);
  }
  /// In the order of `which`. @pre it is no longer than it may be
  void add(which one, std::string_view text) noexcept {
    sizes_[one] = static_cast<std::uint16_t>(text.size());
    if (!text.empty()) std::memcpy(text_ + at(one), text.data(), text.size());
  }

  // -- as words that are shared
  static constexpr std::size_t words = room / sizeof(shared_word), size_words = 2;
  void store(shared_word* sizes, shared_word* to) const noexcept {
    store_shared_text(sizes, {reinterpret_cast<char const*>(sizes_), sizeof sizes_});
    for (std::size_t one = 0; one < count; ++one)
      store_shared_text(to + at(one) / sizeof(shared_word), (*this)[static_cast<which>(one)]);
  }
  /// False where the sizes are none: they are being written.
  [[nodiscard]] bool load_sizes(shared_word const* sizes) noexcept {
    load_shared_text(reinterpret_cast<char*>(sizes_), sizes, sizeof sizes_);
    for (std::size_t one = 0; one < count; ++one)
      if (sizes_[one] > most[one]) return false;
    return true;
  }
  void load(which one, shared_word const* from) noexcept {
    load_shared_text(text_ + at(one), from + at(one) / sizeof(shared_word), sizes_[one]);
  }

private:
  // What is before it, rounded up.
  [[nodiscard]] std::size_t at(std::size_t one) const noexcept {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < one; ++i)
      sum += (std::size_t{sizes_[i]} + sizeof(shared_word) - 1) / sizeof(shared_word) * sizeof(shared_word);
    return sum;
  }

  std::uint16_t sizes_[size_words * sizeof(shared_word) / sizeof(std::uint16_t)] = {};
  char text_[room];
};

/// What is asked of an answer, in one word.
struct digest_facts {
  digest_algorithm algorithm;
  bool names_algorithm = false, auth = false, auth_int = false, userhash = false, utf8 = false,
       opaque = false, domain = false;

  [[nodiscard]] constexpr bool has_qop() const noexcept { return auth || auth_int; }
  [[nodiscard]] constexpr shared_word word() const noexcept {
    shared_word all = static_cast<shared_word>(algorithm.hash) << 8;
    unsigned bit = 0;
    for (bool const fact :
         {algorithm.session, names_algorithm, auth, auth_int, userhash, utf8, opaque, domain})
      all |= shared_word{fact} << bit++;
    return all;
  }
  [[nodiscard]] static constexpr digest_facts of(shared_word all) noexcept {
    digest_facts made;
    made.algorithm.hash = static_cast<digest_hash>(all >> 8 & 3);
    unsigned bit = 0;
    for (bool* const fact : {&made.algorithm.session, &made.names_algorithm, &made.auth, &made.auth_int,
                             &made.userhash, &made.utf8, &made.opaque, &made.domain})
      *fact = (all >> bit++ & 1) != 0;
    return made;
  }
};

/// Copied out of the memory that threads share.
struct digest_session {
  std::uint32_t number = 0;  ///< of the nonce; 0: there is none
  std::uint32_t uses = 0;    ///< of the nonce, this one included
  bool accepted = false;     ///< a request with this nonce was let in, or with the one whose successor it is
  shared_word cnonce[2] = {};
  digest_facts facts;
  digest_session_texts texts;

  using which = digest_session_texts::which;
  [[nodiscard]] std::string_view realm() const noexcept { return texts[which::realm]; }
  [[nodiscard]] std::string_view nonce() const noexcept { return texts[which::nonce]; }
  /// Of the challenge that began the session (RFC 7616 §3.4.2: nonce-prime).
  [[nodiscard]] std::string_view first_nonce() const noexcept {
    return texts[which::first_nonce].empty() ? nonce() : texts[which::first_nonce];
  }
  [[nodiscard]] std::string_view opaque() const noexcept { return texts[which::opaque]; }

  /// How well a path fits: the bytes that agree; 0: it is another protection space.
  [[nodiscard]] std::size_t fit(std::string_view path) const noexcept {
    auto const challenged = texts[which::challenged];
    if (facts.domain) {
      auto best = path == challenged ? challenged.size() : 0;
      for (auto list = texts[which::domain]; !list.empty();) {
        auto const one = list.substr(0, list.find(' '));
        list.remove_prefix(one.size() < list.size() ? one.size() + 1 : one.size());
        if (path.starts_with(one) && one.size() > best) best = one.size();
      }
      return best;
    }
    // RFC 7616 §3.3: the whole server. Where it has several realms, the nearest.
    std::size_t same = 1;
    for (std::size_t i = 0; i < path.size() && i < challenged.size() && path[i] == challenged[i]; ++i)
      if (path[i] == '/') same = i + 1;
    return same;
  }
};

/// Writes those URIs of a `domain` (RFC 7616 §3.3) that are at this origin, as paths with a blank between them. Others are
/// not heard: each origin is asked by itself.
[[nodiscard]] inline std::string_view paths_of_domain(std::string_view domain, origin const& here,
                                                      char (&room)[max_digest_domain]) noexcept {
  std::size_t size = 0;
  while (!domain.empty()) {
    auto one = domain.substr(0, domain.find(' '));
    domain.remove_prefix(one.size() < domain.size() ? one.size() + 1 : one.size());
    if (!one.starts_with('/')) {
      if (!here.owns(one)) continue;
      auto const path = one.find('/', one.find("://") + 3);
      one = path == std::string_view::npos ? "/" : one.substr(path);
    }
    if (one.starts_with("//")) continue;  // another host's
    if (size > 0) room[size++] = ' ';
    std::memcpy(room + size, one.data(), one.size());
    size += one.size();
  }
  return detail::text_at(room, size);
}

}  // namespace detail

}  // namespace countersign::inline v0
