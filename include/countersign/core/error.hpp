#pragma once
// What went wrong, as a value: an enum of ours and a short text. No category object: one would need a destructor at
// exit, and its address differs between shared libraries, so that equal errors would compare unequal.

#include <countersign/core/detail/text_at.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

/// What kind of failure, so that code can decide. The text of an `error` is for people.
enum class errc : std::uint8_t {
  none,             ///< no error
  not_mine,         ///< this source has no credential here; a chain asks its next link
  transient,        ///< may succeed later: keep what works, back off
  fatal,            ///< will not succeed by trying again: the configuration or the input must change
  needs_challenge,  ///< the source must see the server's 401 first: let the request go bare
  needs_person,     ///< somebody must sign in, and nobody was given to ask
  rejected,         ///< the server refused the credential, and nothing newer could be had
  wrong_origin,     ///< the request's origin is not one that the credential may be sent to
  insecure,         ///< a credential would travel in the clear
  bad_field,        ///< a header name or value holds bytes that RFC 9110 does not allow
  bad_input,        ///< malformed URL, JSON, base64, …
  too_large,        ///< a named limit was passed
  not_sent,         ///< the transport did not send the request
  unanswered,       ///< the request may have been received, but no answer came
  abandoned,        ///< another caller was renewing and left before it had asked the server
  no_memory,        ///< an allocation failed
  locked,           ///< another thread or process holds it: wait and try again
  unknown_client,   ///< the authorization server does not know the client, or not with that proof
};

/// The enumerator's name, for logs.
[[nodiscard]] constexpr std::string_view name(errc code) noexcept {
  constexpr std::string_view names[] = {
      "none",     "not_mine",     "transient", "fatal",     "needs_challenge", "needs_person",
      "rejected", "wrong_origin", "insecure",  "bad_field", "bad_input",       "too_large",
      "not_sent", "unanswered",   "abandoned", "no_memory", "locked",          "unknown_client"};
  auto const index = static_cast<std::size_t>(code);
  return index < sizeof names / sizeof *names ? names[index] : std::string_view("unknown");
}

/// What the text of an error is made of: an integer, or anything that converts to string_view. It refers to what
/// it was made from, so it lives no longer than the call it is given to.
class error_piece {
public:
  constexpr error_piece() = default;
  constexpr error_piece(std::string_view text) noexcept : text_(text) {}
  // Of its own, so that no template is asked for each length of a literal.
  constexpr error_piece(char const* text) noexcept : text_(text) {}
  template <class T>
  constexpr error_piece(T const& what) noexcept {
    constexpr bool number = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;
    static_assert(
        number || std::convertible_to<T const&, std::string_view>,
        "countersign: the text of an error is made of string_views and integers; a secret must not be in it");
    if constexpr (number) {
      is_number_ = true;
      is_negative_ = what < 0;
      number_ = is_negative_ ? std::uint64_t{0} - static_cast<std::uint64_t>(what)
                             : static_cast<std::uint64_t>(what);
    } else if constexpr (std::convertible_to<T const&, std::string_view>) {
      text_ = what;
    }
  }

private:
  friend class error;
  std::string_view text_;
  std::uint64_t number_ = 0;
  bool is_number_ = false, is_negative_ = false;
};

template <class T>
class result;
namespace detail {
struct no_failure {};
}

/// A failure: its kind and a text that says which policy, which variable, file or URL, and what to do next. The text
/// never holds a secret: `secret` does not convert to a piece of it. Trivially copyable, no allocation; a text
/// longer than `capacity` bytes ends in "…"; control bytes show as '?'.
class error {
public:
  static constexpr std::size_t capacity = 236;

  using piece = error_piece const&;

  constexpr error() noexcept : text_{} {}

  /// The pieces are concatenated.
  // One for each number of them: a template, made for each combination of types and lengths, is dear to compile.
  constexpr explicit error(errc code) noexcept : code_(code), text_{} {}
  constexpr error(errc code, piece a) noexcept : error(code) { add(a); }
  constexpr error(errc code, piece a, piece b) noexcept : error(code, a) { add(b); }
  constexpr error(errc code, piece a, piece b, piece c) noexcept : error(code, a, b) { add(c); }
  constexpr error(errc code, piece a, piece b, piece c, piece d) noexcept : error(code, a, b, c) { add(d); }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e) noexcept : error(code, a, b, c, d) {
    add(e);
  }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e, piece f) noexcept
      : error(code, a, b, c, d, e) {
    add(f);
  }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e, piece f, piece g) noexcept
      : error(code, a, b, c, d, e, f) {
    add(g);
  }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e, piece f, piece g, piece h) noexcept
      : error(code, a, b, c, d, e, f, g) {
    add(h);
  }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e, piece f, piece g, piece h,
                  piece i) noexcept
      : error(code, a, b, c, d, e, f, g, h) {
    add(i);
  }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e, piece f, piece g, piece h, piece i,
                  piece j) noexcept
      : error(code, a, b, c, d, e, f, g, h, i) {
    add(j);
  }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e, piece f, piece g, piece h, piece i,
                  piece j, piece k) noexcept
      : error(code, a, b, c, d, e, f, g, h, i, j) {
    add(k);
  }
  constexpr error(errc code, piece a, piece b, piece c, piece d, piece e, piece f, piece g, piece h, piece i,
                  piece j, piece k, piece l) noexcept
      : error(code, a, b, c, d, e, f, g, h, i, j, k) {
    add(l);
  }

  [[nodiscard]] constexpr errc code() const noexcept { return code_; }
  [[nodiscard]] constexpr std::string_view message() const noexcept { return detail::text_at(text_, size_); }
  /// The same, ended by NUL.
  [[nodiscard]] constexpr char const* c_str() const noexcept { return text_; }

  /// The same failure with more said in front: an outer part names itself ("server \"api\": ").
  [[nodiscard]] constexpr error within(piece a = {}, piece b = {}, piece c = {}, piece d = {}, piece e = {},
                                       piece f = {}, piece g = {}, piece h = {}) const noexcept {
    error outer(code_, a, b, c, d, e, f, g, h);
    outer.add_text(message());
    return outer;
  }

  friend constexpr bool operator==(error const& a, error const& b) noexcept {
    return a.code_ == b.code_ && a.message() == b.message();
  }

private:
  friend class result<void>;
  // What a success shows to who asks it why it failed: no code and no text. The bytes behind are not written.
  constexpr explicit error(detail::no_failure) noexcept { text_[0] = '\0'; }
  constexpr void forget() noexcept {
    code_ = errc::none;
    size_ = 0;
    shortened_ = false;
    text_[0] = '\0';
  }

  constexpr void add(piece one) noexcept {
    if (!one.is_number_) return add_text(one.text_);
    char digits[24] = {};
    std::size_t at = sizeof digits;
    auto rest = one.number_;
    do digits[--at] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (one.is_negative_) digits[--at] = '-';
    add_text(detail::text_at(digits + at, sizeof digits - at));
  }
  constexpr void add_text(std::string_view text) noexcept {
    for (char c : text) {
      auto const byte = static_cast<unsigned char>(c);
      if (shortened_) return;
      if (size_ == capacity) return shorten();
      text_[size_++] = byte < 0x20 || byte == 0x7f ? '?' : c;
    }
  }

  // Ends a full text in "…" without cutting a UTF-8 sequence in two.
  constexpr void shorten() noexcept {
    constexpr std::string_view ellipsis = "\xe2\x80\xa6";
    std::size_t end = capacity - ellipsis.size();
    while (end > 0 && (static_cast<unsigned char>(text_[end]) & 0xc0) == 0x80) --end;
    for (char c : ellipsis) text_[end++] = c;
    size_ = static_cast<std::uint8_t>(end);
    text_[end] = '\0';
    shortened_ = true;
  }

  errc code_ = errc::none;
  std::uint8_t size_ = 0;
  bool shortened_ = false;
  char text_[capacity + 1];
};

}  // namespace countersign::inline v0
