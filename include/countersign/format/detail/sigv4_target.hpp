#pragma once
// Path and query of a request as SigV4 signs them.

#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/format/detail/sigv4_digest.hpp>
#include <countersign/format/sigv4_options.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0 {

/// How long a path and its query may be together, in bytes.
inline constexpr std::size_t max_sigv4_target = 64 * 1024;
/// Of how many fields a query may be.
inline constexpr std::size_t max_sigv4_query = 256;

namespace detail {

// Without empty segments, "." and "..". What goes out still has them: only the server's idea of it is signed.
[[nodiscard]] inline secret normalized_path(std::string_view path) noexcept {
  secret kept;
  kept.reserve(path.size() + 1);
  for (auto rest = path; !rest.empty();) {
    auto const segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size() == rest.size() ? segment.size() : segment.size() + 1);
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") kept.append("/").append(segment);
    else if (auto const up = kept.reveal().rfind('/'); up != std::string_view::npos) kept.resize(up);
  }
  if (kept.empty() || path.ends_with('/')) kept.append("/");
  return kept;
}

// Whether it is signed as it is: nothing to encode, no "//", no segment that begins with a dot.
[[nodiscard]] inline bool is_plain_path(std::string_view path) noexcept {
  bool plain = true, slash = false;
  for (char const c : path) {
    bool const again = c == '/';
    plain = plain && (again || keeps_in_sigv4(c)) && !(slash && (again || c == '.'));
    slash = again;
  }
  return plain;
}

inline result<void> add_sigv4_path(sigv4_digest& out, std::string_view path, sigv4_path how) noexcept {
  if (path.empty()) return out.add('/'), result<void>();
  if (path.front() != '/')
    return error{errc::bad_input, "sigv4: the request's target does not begin with '/', so it has no path"};
  if (is_plain_path(path)) return out.add(path), result<void>();
  if (how == sigv4_path::once) {
    if (auto const at = bad_escape(path); at != std::string_view::npos)
      return error{errc::bad_input, "sigv4: the '%' at offset ", at,
                   " of the path is not followed by two hexadecimal digits; '%' itself is written %25"};
    return out.add_encoded(path, true, '/'), result<void>();
  }
  bool const normal = path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos;
  if (how == sigv4_path::as_written || normal) return out.add_encoded(path, false, '/'), result<void>();
  auto const kept = normalized_path(path);
  if (!kept.ok()) return error{errc::no_memory, "sigv4: out of memory"};
  out.add_encoded(kept.reveal(), false, '/');
  return {};
}

// Gives encoded text byte for byte, to be compared: in the order of what is signed, which is not that of what it says.
class sigv4_reader {
public:
  explicit sigv4_reader(std::string_view text) noexcept : text_(text) {}

  /// -1: the end
  int next() noexcept {
    if (waiting_ > 0) {
      --waiting_;
      return hex_digit(waiting_ == 1 ? byte_ >> 4u : byte_ & 15u, 'A');
    }
    if (at_ == text_.size()) return -1;
    char byte = text_[at_];
    if (byte == '%') byte = sigv4_digest::escaped_byte(text_, at_), at_ += 2;
    ++at_;
    if (keeps_in_sigv4(byte)) return byte;
    byte_ = static_cast<unsigned char>(byte);
    waiting_ = 2;
    return '%';
  }

private:
  std::string_view text_;
  std::size_t at_ = 0;
  unsigned byte_ = 0, waiting_ = 0;
};
[[nodiscard]] inline int compare_encoded(std::string_view a, std::string_view b) noexcept {
  for (sigv4_reader left(a), right(b);;)
    if (int const l = left.next(), r = right.next(); l != r || l < 0) return l - r;
}

// The fields of a query, in the order in which they are signed: by name, then by value.
class sigv4_query {
public:
  explicit sigv4_query(std::string_view query) noexcept : query_(query) {}

  result<void> add_to(sigv4_digest& out) noexcept {
    if (auto ok = take(); !ok) return ok;
    // Shell's sort: equal fields are equal in all their bytes, so that their order is of no matter.
    for (std::size_t const gap : {57u, 23u, 10u, 4u, 1u})
      for (auto i = gap; i < count_; ++i)
        for (auto j = i; j >= gap && less(each_[j], each_[j - gap]); j -= gap)
          detail::swapped(each_[j], each_[j - gap]);
    for (std::size_t i = 0; i < count_; ++i) {
      if (i > 0) out.add('&');
      add(out, name(each_[i]));
      out.add('=');
      add(out, value(each_[i]));
    }
    return {};
  }

private:
  struct field {  // offsets
    std::uint32_t begin, name_end, value, end;
  };
  static_assert(max_sigv4_target <= 0xffffffff);
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  void add(sigv4_digest& out, std::string_view text) const noexcept {
    if (plain_) out.add(text);
    else out.add_encoded(text, true);
  }
  result<void> take() noexcept {
    std::size_t begin = 0, sign = none, bad = none;
    for (std::size_t at = 0; at <= query_.size(); ++at) {
      char const c = at < query_.size() ? query_[at] : '&';
      if (keeps_in_sigv4(c)) continue;
      if (c == '&') {
        if (at > begin) {
          if (count_ == max_sigv4_query)
            return error{errc::too_large, "sigv4: the query has more than ", max_sigv4_query, " fields"};
          auto const name_end = sign == none ? at : sign;
          each_[count_++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(name_end),
                             static_cast<std::uint32_t>(sign == none ? at : sign + 1),
                             static_cast<std::uint32_t>(at)};
        }
        begin = at + 1;
        sign = none;
      } else if (c == '=' && sign == none) {
        sign = at;
      } else {
        plain_ = false;
        if (c == '+')
          return error{errc::bad_input,
                       "sigv4: the query holds a '+', which is a blank to some services and a plus to "
                       "others; write %20 or %2B"};
        if (c == '%' && bad == none && bad_escape(query_.substr(at, 3)) == 0) bad = at;
      }
    }
    if (bad == none) return {};
    return error{errc::bad_input, "sigv4: the '%' at offset ", bad,
                 " of the query is not followed by two hexadecimal digits; '%' itself is written %25"};
  }
  [[nodiscard]] std::string_view name(field const& f) const noexcept {
    return query_.substr(f.begin, f.name_end - f.begin);
  }
  [[nodiscard]] std::string_view value(field const& f) const noexcept {
    return query_.substr(f.value, f.end - f.value);
  }
  [[nodiscard]] bool less(field const& a, field const& b) const noexcept {
    auto const by_name = compare_encoded(name(a), name(b));
    return by_name != 0 ? by_name < 0 : compare_encoded(value(a), value(b)) < 0;
  }

  std::string_view query_;
  bool plain_ = true;  // nothing is to be encoded
  std::size_t count_ = 0;
  field each_[max_sigv4_query];  // the first `count_` of them
};

/// Adds the lines of path and query.
inline result<void> add_sigv4_target(sigv4_digest& out, std::string_view target, sigv4_path how) noexcept {
  if (target.size() > max_sigv4_target)
    return error{errc::too_large, "sigv4: path and query are longer than ", max_sigv4_target, " bytes"};
  auto const mark = target.find('?');
  if (auto ok = add_sigv4_path(out, target.substr(0, mark), how); !ok) return ok;
  out.add('\n');
  if (mark != std::string_view::npos && mark + 1 < target.size())
    if (auto ok = sigv4_query(target.substr(mark + 1)).add_to(out); !ok) return ok;
  out.add('\n');
  return {};
}

}  // namespace detail

}  // namespace countersign::inline v0
