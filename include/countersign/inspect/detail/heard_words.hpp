#pragma once
// What a server says, for looking up words: nobody is shown it.

#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/mcp/templates.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

class heard_words {
public:
  /// What was sent is taken out: a server may repeat it, and then it decides nothing.
  void add(std::string_view text, fields const& sent) noexcept {
    auto const begin = text_.size();
    text_.append(text).push_back('\n');
    if (!text_.ok()) return;
    char* const words = text_.data() + begin;
    std::size_t const size = text_.size() - begin;
    sent.each([&](std::string_view, std::string_view value) {
      auto const blank = value.find(' ');
      blot(words, size, value);
      if (blank != std::string_view::npos) blot(words, size, value.substr(blank + 1));
    });
    for (std::size_t at = 0; at < size; ++at)
      words[at] = is_control(words[at]) ? '\n' : countersign::detail::ascii_lower(words[at]);
  }

  /// @param word in lower case; may be the beginning of one
  [[nodiscard]] bool say(std::string_view word) const noexcept {
    return text_.reveal().find(word) != std::string_view::npos;
  }
  /// Whether it only stands among alternatives ("invalid or expired"), so that it is not known which.
  [[nodiscard]] bool say_or(std::string_view word) const noexcept {
    constexpr std::size_t near = 16;
    auto const text = text_.reveal();
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
      auto const from = at < near ? 0 : at - near;
      auto const around = text.substr(from, at - from + word.size() + near);
      if (around.find(" or ") == std::string_view::npos &&
          around.find("not expired") == std::string_view::npos)
        return false;
    }
    return true;
  }

private:
  static void blot(char* words, std::size_t size, std::string_view piece) noexcept {
    if (piece.size() < 4) return;  // shorter ones stand in any text by chance
    for (std::size_t at = 0; at + piece.size() <= size; ++at)
      if (std::string_view(words + at, piece.size()) == piece)
        for (std::size_t i = 0; i < piece.size(); ++i) words[at + i] = ' ';
  }

  secret text_;
};

}  // namespace countersign::inline v0::mcp::detail
