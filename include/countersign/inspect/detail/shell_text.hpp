#pragma once
// Texts of a config as words of a POSIX shell: what is literal stays literal, what is a variable stays one.

#include <countersign/core/secret.hpp>
#include <countersign/text/expand.hpp>

#include <cstddef>
#include <string_view>

namespace countersign::inline v0::mcp::detail {

/// One word of a shell's line, made of pieces.
class shell_text {
public:
  /// Quoted as a whole in double quotes where that is safe, else piece by piece.
  shell_text& literal(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size(); ++at) {
      char const c = text[at];
      // '!' means history to an interactive shell, even in double quotes.
      if (c == '$' || c == '`' || c == '"' || c == '\\' || c == '!') {
        open('\'');
        word_.push_back(c);
      } else if (c == '\'') {
        open('"');
        word_.push_back(c);
      } else {
        if (quote_ == 0) open('"');
        word_.push_back(c);
      }
    }
    return *this;
  }
  /// @param next the byte that follows, or zero: `$NAME` is easier to read than `${NAME}` where it ends by
  /// itself
  ///             in every shell
  /// @param hide_default its default is shown as `***`
  shell_text& variable(variable_reference const& one, char next, bool hide_default) noexcept {
    constexpr std::string_view ends = " /.-?&=$";
    open('"');
    if (!one.otherwise && (next == 0 || ends.find(next) != std::string_view::npos)) {
      word_.append("$").append(one.name);
      return *this;
    }
    word_.append("${").append(one.name);
    if (one.otherwise) {
      word_.append(":-");
      if (hide_default && !one.otherwise->empty()) {
        word_.append("***");
        hidden_ = true;
      } else {
        for (char const c : *one.otherwise) {
          if (c == '$' || c == '`' || c == '"' || c == '\\') word_.push_back('\\');
          word_.push_back(c);
        }
      }
    }
    word_.push_back('}');
    return *this;
  }
  shell_text& hidden() noexcept {
    hidden_ = true;
    return literal("***");
  }
  /// Whether something stands as `***`.
  [[nodiscard]] bool hides() const noexcept { return hidden_; }
  /// The word, quoted.
  [[nodiscard]] secret finish() noexcept {
    if (quote_ != 0) word_.push_back(quote_);
    else if (word_.empty()) word_.append("''");
    quote_ = 0;
    return word_;
  }

private:
  void open(char quote) noexcept {
    if (quote_ == quote) return;
    if (quote_ != 0) word_.push_back(quote_);
    word_.push_back(quote_ = quote);
  }

  secret word_;
  char quote_ = 0;
  bool hidden_ = false;
};

}  // namespace countersign::inline v0::mcp::detail
