#pragma once
// The header fields that SigV4 signs, in its order.

#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/request_view.hpp>
#include <countersign/core/result.hpp>
#include <countersign/format/detail/host_of.hpp>
#include <countersign/format/detail/signed_text.hpp>
#include <countersign/format/detail/sigv4_digest.hpp>
#include <countersign/format/detail/sigv4_rules.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace countersign::inline v0 {

/// How many header fields one signature covers at most.
inline constexpr std::size_t max_sigv4_headers = 64;

namespace detail {

class sigv4_headers {
public:
  sigv4_headers() noexcept {}
  sigv4_headers(sigv4_headers const&) = delete;
  sigv4_headers& operator=(sigv4_headers const&) = delete;

  /// A field that the signer writes itself; a field of the request by that name will be replaced. Before `gather`.
  void write(std::string_view name, std::string_view value) noexcept {
    add(name, value, true);
    written_ = count_;
  }
  /// Takes what is to be signed of the request, and its host. The texts must outlive this.
  template <request_view V>
  [[nodiscard]] result<void> gather(V const& view, sigv4_rules const& rules) noexcept {
    result<void> ok;
    bool host = false;
    view.fields([&](std::string_view name, std::string_view value) {
      if (!ok) return;
      bool const is_host = equal_without_case(name, "Host");
      if (!is_host && (!rules.signs(name) || is_written(name))) return;
      if (ends_a_line(value))
        ok = error{errc::bad_field, "sigv4: header ", name,
                   " is to be signed, and its value goes over several lines; write it in one"};
      else if (is_host && host)
        ok = error{errc::bad_input, "sigv4: the request has the header Host more than once"};
      else if (!add(name, value, is_trimmed(value)))
        ok = error{errc::too_large, "sigv4: more than ", max_sigv4_headers, " headers are to be signed"};
      host = host || is_host;
    });
    if (!ok) return ok;
    if (!host) {
      std::string_view const origin = view.origin();
      auto const name = host_of(origin);
      if (name.empty())
        return error{errc::bad_input, "sigv4: the request says no host; give it an absolute URL"};
      if (!add("host", name, true))
        return error{errc::too_large, "sigv4: more than ", max_sigv4_headers, " headers are to be signed"};
    }
    rules.each_also([&](std::string_view wanted) {
      for (std::size_t i = 0; i < count_; ++i)
        if (equal_without_case(name(i), wanted)) return;
      ok = error{errc::bad_input, "sigv4: header ", wanted,
                 " is to be signed, and the request has none; set it before"};
    });
    if (ok) sort();
    if (ok && !names_.ok()) ok = error{errc::no_memory, "sigv4: out of memory"};
    return ok;
  }

  /// "host;x-amz-date"
  [[nodiscard]] std::string_view names() const noexcept { return names_.view(); }
  /// Adds the lines of all fields, an empty one, and that of their names.
  void add_to(sigv4_digest& out) const noexcept {
    auto rest = names();
    for (std::size_t i = 0; i < count_;) {
      auto const& first = each_[i];
      auto const name = rest.substr(0, first.name_size);
      rest.remove_prefix(rest.size() == first.name_size ? rest.size() : first.name_size + 1);
      if (first.trimmed && (i + 1 == count_ || !same_name(i + 1, i)) &&
          add_line(out, name, {first.value, first.value_size})) {
        ++i;
        continue;
      }
      out.add(name);
      auto const begin = i;
      do {
        out.add(i == begin ? ':' : ',');
        add_value(out, {each_[i].value, each_[i].value_size});
      } while (++i < count_ && same_name(i, begin));
      out.add('\n');
    }
    out.add('\n').add(names()).add('\n');
  }

private:
  struct field {
    char const* name;
    char const* value;
    std::size_t name_size, value_size;
    bool trimmed;  // it has no blanks to be taken out
  };

  bool add(std::string_view name, std::string_view value, bool trimmed) noexcept {
    if (count_ == max_sigv4_headers) return false;
    each_[count_++] = {name.data(), value.data(), name.size(), value.size(), trimmed};
    return true;
  }
  [[nodiscard]] static bool is_trimmed(std::string_view value) noexcept {
    return all_plain(value) && value.find("  ") == std::string_view::npos && !value.starts_with(' ') &&
           !value.ends_with(' ');
  }
  // The usual line in one go; false: there is no room for it.
  static bool add_line(sigv4_digest& out, std::string_view name, std::string_view value) noexcept {
    auto const size = name.size() + value.size() + 2;
    auto* at = out.place(size);
    if (at == nullptr) return false;
    at = short_copy(at, name);
    *at++ = ':';
    at = short_copy(at, value);
    *at = '\n';
    out.added(size);
    return true;
  }
  [[nodiscard]] bool same_name(std::size_t i, std::size_t other) const noexcept {
    return equal_without_case(name(i), name(other));
  }
  [[nodiscard]] std::string_view name(std::size_t i) const noexcept {
    return {each_[i].name, each_[i].name_size};
  }
  [[nodiscard]] bool is_written(std::string_view wanted) const noexcept {
    for (std::size_t i = 0; i < written_; ++i)
      if (equal_without_case(name(i), wanted)) return true;
    return false;
  }
  [[nodiscard]] static bool less(field const& a, field const& b) noexcept {
    for (std::size_t i = 0; i < a.name_size && i < b.name_size; ++i)
      if (char const x = ascii_lower(a.name[i]), y = ascii_lower(b.name[i]); x != y) return x < y;
    return a.name_size < b.name_size;
  }
  // By name; fields of one name stay as they came.
  void sort() noexcept {
    for (std::size_t i = 1; i < count_; ++i) {
      auto const moved = each_[i];
      auto j = i;
      for (; j > 0 && less(moved, each_[j - 1]); --j) each_[j] = each_[j - 1];
      each_[j] = moved;
    }
    for (std::size_t i = 0; i < count_; ++i) {
      if (i > 0 && same_name(i, i - 1)) continue;
      if (i > 0) names_.append(";");
      append_lower(name(i));
    }
  }
  void append_lower(std::string_view name) noexcept {
    constexpr std::uint64_t each = 0x0101010101010101;
    char bytes[sizeof each];
    for (; name.size() >= sizeof bytes; name.remove_prefix(sizeof bytes)) {
      std::uint64_t word = 0;
      std::memcpy(&word, name.data(), sizeof word);
      // The top bit of a byte in either sum: it is 'A' or beyond, it is beyond 'Z'.
      auto const low = word & each * 0x7f;
      auto const capital = ((low + each * (0x80 - 'A')) ^ (low + each * (0x7f - 'Z'))) & ~word & each * 0x80;
      word |= capital >> 2;
      std::memcpy(bytes, &word, sizeof word);
      names_.append(detail::text_at(bytes, sizeof bytes));
    }
    for (std::size_t i = 0; i < name.size(); ++i) bytes[i] = ascii_lower(name[i]);
    names_.append(detail::text_at(bytes, name.size()));
  }
  [[nodiscard]] static bool ends_a_line(std::string_view value) noexcept {
    bool found = false;
    for (char const c : value) found |= c == '\r' || c == '\n' || c == '\0';
    return found;
  }
  // Without blanks at the ends, and with one in place of several.
  static void add_value(sigv4_digest& out, std::string_view value) noexcept {
    bool first = true;
    while (true) {
      auto const begin = value.find_first_not_of(" \t");
      if (begin == std::string_view::npos) return;
      value.remove_prefix(begin);
      // A single blank is part of what is copied.
      std::size_t end = 0;
      while (end < value.size() && value[end] != '\t' &&
             !(value[end] == ' ' && ends_or_blank(value, end + 1)))
        ++end;
      if (!first) out.add(' ');
      first = false;
      out.add(value.substr(0, end));
      value.remove_prefix(end);
    }
  }
  [[nodiscard]] static bool ends_or_blank(std::string_view text, std::size_t at) noexcept {
    return at == text.size() || text[at] == ' ' || text[at] == '\t';
  }

  field each_[max_sigv4_headers];  // the first `count_` of them
  std::size_t count_ = 0, written_ = 0;
  signed_text names_;
};

}  // namespace detail

}  // namespace countersign::inline v0
