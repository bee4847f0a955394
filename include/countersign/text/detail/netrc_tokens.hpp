#pragma once
// The words of a netrc file.

#include <countersign/core/detail/end_of_path.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/result.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::detail {

/// The longest name or password in a netrc file, in bytes.
inline constexpr std::size_t max_netrc_token = 4096;

/// Splits a netrc file into words, undoing quotes where they lie. No message shows any text of the file.
class netrc_tokens {
public:
  struct word {
    std::string_view text = {};
    bool quoted = false;
    std::size_t line = 0;
  };

  /// @param text changed while it is read; outlives the words
  netrc_tokens(char* text, std::size_t size, std::string_view path) noexcept
      : at_(text), end_(text + size), path_(path) {}

  [[nodiscard]] std::size_t line() const noexcept { return line_; }

  /// Passes over blanks, line breaks and comments; false at the end.
  bool another() noexcept {
    for (; at_ != end_; advance())
      if (*at_ == '#') {
        while (at_ != end_ && *at_ != '\n') ++at_;
        if (at_ == end_) return false;
      } else if (!ends_word(*at_)) {
        return true;
      }
    return false;
  }
  /// As `another`, but a '#' is no comment.
  bool another_value() noexcept {
    while (at_ != end_ && ends_word(*at_)) advance();
    return at_ != end_;
  }
  [[nodiscard]] bool at_hash() const noexcept { return at_ != end_ && *at_ == '#'; }

  /// The word that stands here.
  result<word> next() noexcept {
    word got{{}, *at_ == '"', line_};
    if (got.quoted) return quoted(got);
    auto* const begin = at_;
    while (at_ != end_ && !ends_word(*at_)) ++at_;
    got.text = text_at(begin, static_cast<std::size_t>(at_ - begin));
    return checked(got);
  }

  /// Passes over a macro's body: up to an empty line, or to the end.
  void skip_macro() noexcept {
    skip_line();
    while (at_ != end_ && *at_ != '\n') skip_line();
  }

  [[nodiscard]] error mistake(std::size_t where, error_piece const& a, error_piece const& b = {},
                              error_piece const& c = {}) const noexcept {
    return error(errc::bad_input, "netrc ", end_of_path(path_), ", line ", where, ": ", a, b, c);
  }

private:
  // CRLF was made LF before.
  static constexpr bool ends_word(char c) noexcept { return c == ' ' || c == '\t' || c == '\n'; }
  void advance() noexcept {
    if (*at_ == '\n') ++line_;
    ++at_;
  }
  void skip_line() noexcept {
    while (at_ != end_ && *at_ != '\n') ++at_;
    if (at_ != end_) advance();
  }

  result<word> checked(word const& got) const noexcept {
    if (got.text.size() > max_netrc_token)
      return error(errc::too_large, "netrc ", end_of_path(path_), ", line ", got.line,
                   ": a word longer than ", max_netrc_token, " bytes");
    return got;
  }

  result<word> quoted(word& got) noexcept {
    auto *const begin = ++at_, *to = begin;
    while (at_ != end_ && *at_ != '"' && *at_ != '\n') {
      char c = *at_++;
      if (c == '\\' && at_ != end_ && *at_ != '\n') {
        c = *at_++;
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
      }
      *to++ = c;
    }
    if (at_ == end_ || *at_ == '\n')
      return mistake(got.line, "the \" that opens here is not closed in its line");
    if (++at_ != end_ && !ends_word(*at_))
      return mistake(
          got.line,
          "text right behind a closing \"; put all of the word into the quotes, a \" in it as \\\"");
    got.text = text_at(begin, static_cast<std::size_t>(to - begin));
    return checked(got);
  }

  char *at_, *end_;
  std::string_view path_;
  std::size_t line_ = 1;
};

}  // namespace countersign::inline v0::detail
