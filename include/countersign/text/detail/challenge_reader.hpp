#pragma once
// The grammar of a list of challenges (RFC 9110 §11.2, §11.3, §5.6). A comma ends a parameter and a challenge
// alike: what follows it is a parameter if it is a token and '=', else the scheme of the next challenge.

#include <countersign/core/detail/text_at.hpp>
#include <countersign/text/challenge.hpp>
#include <countersign/text/detail/url_authority.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace countersign::inline v0 {

class challenges::reader {
public:
  // Reads what `all.text_` holds from `begin` on.
  reader(challenges& all, std::size_t begin) noexcept
      : all_(all), text_(all.text_.data()), begin_(begin), at_(begin), end_(all.text_.size()) {}

  [[nodiscard]] result<void> read() noexcept {
    for (;;) {
      while (blank() || next_is(',')) ++at_;  // §5.6.1.2: empty elements are to be ignored
      if (at_ == end_) return {};
      if (!element()) return error(code_, "challenge, byte ", at_ - begin_ + 1, ": ", what_);
      while (blank()) ++at_;
      if (at_ != end_ && !next_is(','))
        return error(errc::bad_input, "challenge, byte ", at_ - begin_ + 1, ": expected ','");
    }
  }

private:
  // A parameter of the challenge that is being read, or a scheme and what follows it up to the next comma.
  [[nodiscard]] bool element() noexcept {
    auto const word = token();
    if (word.size == 0) return fail("expected a scheme or a parameter");
    auto const after = at_;
    while (blank()) ++at_;
    if (current_ != nullptr && next_is('=')) return parameter(word);
    at_ = after;
    if (at_ != end_ && !blank() && !next_is(','))
      return fail(next_is('=') ? "a parameter before any scheme" : "expected ' ' or ',' after a scheme");

    if (all_.count_ == max_challenges) return fail("more challenges than the limit", errc::too_large);
    current_ = &all_.entries_[all_.count_++];
    *current_ = {word, {}, static_cast<std::uint16_t>(all_.parameter_count_), 0};
    while (blank()) ++at_;
    if (at_ == end_ || next_is(',') || token68()) return true;
    auto const first = token();
    while (blank()) ++at_;
    if (first.size == 0 || !next_is('=')) return fail("expected a parameter: name=value");
    return parameter(first);
  }

  // @pre at_ is at the '='
  [[nodiscard]] bool parameter(detail::challenge_slice name) noexcept {
    if (current_->token68.size > 0) return fail("a parameter where the scheme has a token68");
    for (std::size_t i = 0; i < current_->count; ++i)
      if (equal_without_case(view(all_.parameters_[current_->first + i].name), view(name)))
        return fail("a parameter twice in one challenge");
    if (all_.parameter_count_ == max_challenge_parameters)
      return fail("more parameters than the limit", errc::too_large);
    ++at_;
    while (blank()) ++at_;
    detail::challenge_slice value;
    if (next_is('"')) {
      if (!quoted_string(value)) return false;
    } else {
      value = token();
      if (value.size == 0) return fail("expected a value: a token, or a string in double quotes");
      if (next_is(':')) value = bare_url(value);
    }
    all_.parameters_[all_.parameter_count_++] = {name, value};
    ++current_->count;
    return true;
  }

  // Beyond the grammar: https://… and http://… without quotes, as some servers write `resource_metadata`. It ends
  // where any value without quotes does, at a blank or a comma, and holds only what a URL may hold.
  [[nodiscard]] detail::challenge_slice bare_url(detail::challenge_slice scheme) noexcept {
    bool const web = equal_without_case(view(scheme), "https") || equal_without_case(view(scheme), "http");
    if (!web || !detail::text_at(text_ + at_, end_ - at_).starts_with("://")) return scheme;
    while (at_ != end_ && !next_is(',') && (detail::is_url_byte(text_[at_], detail::url_query) || next_is('%') || next_is('[') || next_is(']')) &&
           static_cast<unsigned char>(text_[at_]) < 0x80)
      ++at_;
    return slice(scheme.at, at_);
  }

  // §5.6.4. Escapes are undone where they lie.
  [[nodiscard]] bool quoted_string(detail::challenge_slice& value) noexcept {
    auto const first = ++at_;
    auto to = first;
    for (; at_ != end_ && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && ++at_ == end_) break;
      auto const byte = static_cast<unsigned char>(text_[at_]);
      if ((byte < 0x20 && byte != '\t') || byte == 0x7f) return fail("a control byte in a string");
      text_[to++] = text_[at_];
    }
    if (at_ == end_) return fail("a string that does not end");
    ++at_;
    value = slice(first, to);
    return true;
  }

  // §11.2. Nothing is consumed unless it is one, up to the end or a comma.
  [[nodiscard]] bool token68() noexcept {
    auto past = at_;
    while (past != end_ && text_[past] != ',' && text_[past] != ' ' && text_[past] != '\t') ++past;
    auto next = past;
    while (next != end_ && (text_[next] == ' ' || text_[next] == '\t')) ++next;
    if ((next != end_ && text_[next] != ',') || !is_b64token(detail::text_at(text_ + at_, past - at_))) return false;
    current_->token68 = slice(at_, past);
    at_ = past;
    return true;
  }

  [[nodiscard]] detail::challenge_slice token() noexcept {
    auto const first = at_;
    while (at_ != end_ && detail::is_token_byte(text_[at_])) ++at_;
    return slice(first, at_);
  }

  [[nodiscard]] bool blank() const noexcept {
    return at_ != end_ && (text_[at_] == ' ' || text_[at_] == '\t');
  }
  [[nodiscard]] bool next_is(char c) const noexcept { return at_ != end_ && text_[at_] == c; }
  [[nodiscard]] std::string_view view(detail::challenge_slice slice) const noexcept {
    return detail::text_at(text_ + slice.at, slice.size);
  }
  [[nodiscard]] static detail::challenge_slice slice(std::size_t from, std::size_t to) noexcept {
    return {static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(to - from)};
  }
  bool fail(char const* what, errc code = errc::bad_input) noexcept {
    what_ = what;
    code_ = code;
    return false;
  }

  challenges& all_;
  char* text_;
  std::size_t begin_, at_, end_;
  detail::challenge_entry* current_ = nullptr;
  char const* what_ = "";
  errc code_ = errc::none;
};

inline result<void> challenges::add(std::string_view field) noexcept {
  auto const begin = text_.size();
  if (field.size() > max_challenge_size - begin)
    return error(errc::too_large, "challenge: more than ", max_challenge_size, " bytes");
  auto const count = count_;
  auto const parameter_count = parameter_count_;
  text_.append(field);
  if (!text_.ok()) return error(errc::no_memory, "challenge: no memory");
  auto const done = reader(*this, begin).read();
  if (!done) {
    text_.resize(begin);
    count_ = count;
    parameter_count_ = parameter_count;
  }
  return done;
}

}  // namespace countersign::inline v0
