#pragma once
// The text that an HTTP message signature is made of (RFC 9421 §2.5).

#include <countersign/core/detail/held.hpp>
#include <countersign/core/detail/short_copy.hpp>
#include <countersign/core/detail/text_at.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/fields.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/crypto/any_hmac.hpp>
#include <countersign/crypto/hmac_midstates.hpp>
#include <countersign/format/detail/host_of.hpp>
#include <countersign/format/detail/query_parameter.hpp>
#include <countersign/format/detail/signed_components.hpp>
#include <countersign/format/signed_message.hpp>
#include <countersign/text/base64.hpp>
#include <countersign/text/structured_field.hpp>
#include <countersign/text/structured_writer.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::detail {

/// Takes the text in pieces. Under an HMAC it goes into that in long ones, and nothing is allocated; else it is kept whole.
/// Wiped.
class base_text {
public:
  /// @param keyed must outlive this
  explicit base_text(hmac_midstates const* keyed = nullptr) noexcept : keyed_(keyed) {}
  base_text(base_text const&) = delete;
  base_text& operator=(base_text const&) = delete;
  ~base_text() { wipe(room_, full_ ? sizeof room_ : used_); }

  [[gnu::always_inline]] inline base_text& add(std::string_view bytes) noexcept {
    if (bytes.size() > sizeof room_ - used_) [[unlikely]]
      bytes = add_all_but_rest(bytes);
    short_copy(room_ + used_, bytes);
    used_ += bytes.size();
    return *this;
  }
  base_text& add(char byte) noexcept { return add(text_at(&byte, 1)); }

  /// Under an HMAC: the code of all.
  [[nodiscard]] any_digest code() const noexcept {
    std::string_view const rest(room_, used_);
    return stream_ ? stream_->finish(rest) : keyed_->finish(rest);
  }
  /// Else: all of it. Not ok if there was no memory.
  [[nodiscard]] result<std::string_view> whole() noexcept {
    if (!full_) return text_at(room_, used_);
    kept_.append(text_at(room_, used_));
    used_ = 0;
    if (!kept_.ok()) return error{errc::no_memory, "out of memory"};
    return kept_.reveal();
  }

private:
  [[gnu::noinline]] std::string_view add_all_but_rest(std::string_view bytes) noexcept {
    full_ = true;
    if (keyed_ == nullptr) {
      kept_.append(text_at(room_, used_)).append(bytes);
      used_ = 0;
      return {};
    }
    if (!stream_) stream_.emplace(keyed_->stream());
    stream_->update(text_at(room_, used_)).update(bytes);
    used_ = 0;
    return {};
  }

  hmac_midstates const* keyed_;
  held<any_hmac> stream_;  // once the room was full
  std::size_t used_ = 0;
  bool full_ = false;  // it was
  secret kept_;
  char room_[1024];
};

// Which fields are structured, and how: those of the IANA registry that say so. Others the application names.
struct structured_name {
  std::string_view name;
  structured_shape shape;
};
inline constexpr structured_name structured_names[] = {
    {"accept-ch", structured_shape::list},
    {"accept-signature", structured_shape::dictionary},
    {"cache-status", structured_shape::list},
    {"cdn-cache-control", structured_shape::dictionary},
    {"client-cert", structured_shape::item},
    {"client-cert-chain", structured_shape::list},
    {"content-digest", structured_shape::dictionary},
    {"cross-origin-embedder-policy", structured_shape::item},
    {"cross-origin-opener-policy", structured_shape::item},
    {"deprecation", structured_shape::item},
    {"origin-agent-cluster", structured_shape::item},
    {"priority", structured_shape::dictionary},
    {"proxy-status", structured_shape::list},
    {"repr-digest", structured_shape::dictionary},
    {"signature", structured_shape::dictionary},
    {"signature-input", structured_shape::dictionary},
    {"want-content-digest", structured_shape::dictionary},
    {"want-repr-digest", structured_shape::dictionary},
};
template <std::size_t Count>
[[nodiscard]] structured_name const* find_shape(structured_name const (&from)[Count],
                                                std::string_view name) noexcept {
  for (auto const& known : from)
    if (known.name == name) return &known;
  return nullptr;
}
// How a config names them.
inline constexpr structured_name shape_names[] = {{"item", structured_shape::item},
                                                  {"list", structured_shape::list},
                                                  {"dictionary", structured_shape::dictionary}};

/// Null: it is not known, or (of `more`) said wrongly.
[[nodiscard]] inline structured_name const* shape_of_field(std::string_view name,
                                                           fields const& more) noexcept {
  if (auto const told = more.get(name)) return find_shape(shape_names, *told);
  return find_shape(structured_names, name);
}

[[nodiscard]] constexpr std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}
/// Whether it may stand in the text: visible ASCII and blanks.
[[nodiscard]] inline bool fits_in_base(std::string_view text) noexcept {
  if (all_plain(text)) return true;
  for (char const c : text)
    if (!is_printable(c) && c != '\t') return false;
  return true;
}

/// Writes what the components of one message are.
class signature_lines {
public:
  /// @param shapes of structured fields that are not in the registry: names with item, list or dictionary
  signature_lines(base_text& to, signed_message const& message, covered_components const& covered,
                  fields const& shapes) noexcept
      : to_(to), message_(message), covered_(covered), shapes_(shapes) {}

  /// A line for each, all but that of the parameters. errc::bad_input where one can't be had, with its name.
  [[nodiscard]] result<void> write() noexcept {
    for (std::size_t i = 0; i < covered_.size(); ++i) {
      auto const one = covered_[i];
      to_.add(covered_.line(one));
      if (auto ok = value(one); !ok) [[unlikely]]
        return ok.error().within("component ", covered_.identifier(one), ": ");
    }
    return {};
  }

private:
  // Off the hot path: its text is what costs.
  [[nodiscard, gnu::noinline, gnu::cold]] static result<void> wrong(std::string_view why) noexcept {
    return error{errc::bad_input, why};
  }
  [[nodiscard]] result<void> add(std::string_view text) noexcept {
    if (!fits_in_base(text)) [[unlikely]]
      return wrong("it holds a byte that is no visible ASCII; percent-encode it");
    to_.add(text);
    return {};
  }

  [[nodiscard, gnu::always_inline]] inline result<void> value(signed_component const& one) noexcept {
    auto const* from = &message_;
    if (one.req) {
      if (message_.status == 0)
        return wrong("it has ;req, which only a response's signature can have (RFC 9421 section 2.4)");
      from = message_.request;
      if (from == nullptr) return wrong("it is the request's, and no request was given");
    }
    if (from->status == 0 && one.kind < component_kind::status) [[likely]]
      return derived(one, *from);
    if (one.kind == component_kind::field) return field(one, *from);
    if (one.kind == component_kind::status) {
      if (from->status == 0) return wrong("a request has no status");
      if (from->status < 100 || from->status > 999) return wrong("the status has not three digits");
      char const digits[] = {digit(from->status / 100), digit(from->status / 10), digit(from->status)};
      to_.add({digits, sizeof digits});
      return {};
    }
    return wrong("it is a request's; of a response, write it with ;req");
  }
  [[nodiscard]] static char digit(int number) noexcept { return static_cast<char>('0' + number % 10); }

  [[nodiscard, gnu::always_inline]] inline result<void> derived(signed_component const& one,
                                                                signed_message const& from) noexcept {
    switch (one.kind) {
    case component_kind::method:
      if (!is_token(from.method)) [[unlikely]]
        return wrong("the method is none");
      to_.add(from.method);
      return {};
    case component_kind::authority:
      return authority(from);
    case component_kind::path:
      return path({from.target.data(), path_size(from.target)});
    case component_kind::request_target:
      if (from.target.empty() || from.target.front() == '?') to_.add('/');
      return add(from.target);
    case component_kind::query:
    case component_kind::query_param: {
      auto const mark = from.target.find('?');
      auto const query = mark == std::string_view::npos ? std::string_view("?") : from.target.substr(mark);
      return one.kind == component_kind::query ? add(query) : parameter(query.substr(1), covered_.key(one));
    }
    default:
      break;
    }
    auto const scheme_size = from.origin.find("://");
    if (scheme_size == std::string_view::npos || scheme_size == 0) return no_origin();
    add_lower(from.origin.substr(0, scheme_size));
    if (one.kind == component_kind::scheme) return {};
    to_.add("://");
    if (auto ok = authority(from); !ok) return ok;
    return path(from.target);
  }
  [[nodiscard]] static std::size_t path_size(std::string_view target) noexcept {
    auto const mark = target.find('?');
    return mark == std::string_view::npos ? target.size() : mark;
  }
  /// @param target with or without its query
  [[nodiscard]] result<void> path(std::string_view target) noexcept {
    if (target.empty() || target.front() == '?') to_.add('/');
    else if (target.front() != '/') [[unlikely]]
      return wrong("the request's target does not begin with '/', so it has no path");
    return add(target);
  }
  [[nodiscard]] static result<void> no_origin() noexcept {
    return wrong("the request's origin is not known");
  }
  // Most are in lower case already.
  void add_lower(std::string_view text) noexcept {
    bool lower = true;
    for (char const c : text) lower &= ascii_lower(c) == c;
    if (lower) [[likely]]
      to_.add(text);
    else
      for (char const c : text) to_.add(ascii_lower(c));
  }
  // As the Host header says it where there is one: that is what the other side sees (RFC 9421 §2.2.3).
  [[nodiscard]] result<void> authority(signed_message const& from) noexcept {
    auto host = host_of(from.origin);
    std::size_t count = 0;
    from.fields.each([&](std::string_view name, std::string_view value) {
      if (name.size() == 4 && equal_without_case(name, "Host")) host = without_blanks(value), ++count;
    });
    if (count > 0) {
      if (count > 1) return wrong("there are several Host headers");
      auto const scheme = from.origin.substr(0, from.origin.find("://"));
      bool const encrypted = equal_without_case(scheme, "https") || equal_without_case(scheme, "wss");
      std::string_view const usual = encrypted ? ":443" : ":80";
      if (host.ends_with(usual)) host.remove_suffix(usual.size());
    }
    if (host.empty() || from.origin.empty()) [[unlikely]]
      return from.origin.find("://") == std::string_view::npos ? no_origin()
                                                               : wrong("the request's host is empty");
    if (!fits_in_base(host)) [[unlikely]]
      return wrong("the host holds a byte that is no visible ASCII; write it in Punycode");
    add_lower(host);
    return {};
  }
  [[nodiscard]] result<void> parameter(std::string_view query, std::string_view name) noexcept {
    auto const found = query_parameter(query, name);
    if (!found) return found.error();
    if (is_encoded(*found)) return to_.add(*found), result<void>();
    auto const made = encoded_anew(*found);
    if (!made) return made.error();
    to_.add(made->reveal());
    return {};
  }

  // Calls `each(value)` for every line of the field; the number of them.
  template <class Each>
  std::size_t lines(signed_message const& from, signed_component const& one, Each&& each) const {
    auto const name = covered_.name(one);
    if (!one.tr && !from.content_digest.empty() && name == "content-digest")
      return each(from.content_digest), std::size_t{1};
    std::size_t count = 0;
    (one.tr ? from.trailers : from.fields).each([&](std::string_view said, std::string_view value) {
      if (said.size() == name.size() && equal_without_case(said, name)) each(without_blanks(value)), ++count;
    });
    return count;
  }

  [[nodiscard]] result<void> field(signed_component const& one, signed_message const& from) noexcept {
    if (one.sf || one.keyed) return structured(one, from);
    result<void> ok;
    std::size_t written = 0;
    auto const count = lines(from, one, [&](std::string_view value) {
      if (!ok) return;
      if (written++ > 0) to_.add(", ");
      if (one.bs) return add_wrapped(value, ok);
      if (!fits_in_base(value)) ok = unfit(value);
      else to_.add(value);
    });
    if (!ok) return ok;
    if (count == 0) return missing(one);
    // Their values may hold commas, so that two messages would be signed alike (RFC 9421 §2.1).
    if (count > 1 && !one.bs && covered_.name(one) == "set-cookie")
      return wrong("it is there several times, which can't be told from once; cover it with ;bs");
    return {};
  }
  [[nodiscard]] result<void> missing(signed_component const& one) const noexcept {
    if (one.tr) return wrong("the message has no such trailer field");
    if (message_.status == 0 && covered_.name(one) == "content-digest")
      return wrong("the request has no such header, and its body can't be shown to make one; set it before");
    return wrong("the message has no such header; set it before it is signed, or leave it out here");
  }
  [[nodiscard]] static result<void> unfit(std::string_view value) noexcept {
    if (value.find_first_of("\r\n") != std::string_view::npos)
      return wrong("its value goes over several lines");
    for (char const c : value)
      if (static_cast<unsigned char>(c) >= 0x80)
        return wrong("its value holds a byte beyond ASCII; cover it with ;bs (RFC 9421 section 2.1.3)");
    return wrong("its value holds a control byte");
  }
  void add_wrapped(std::string_view value, result<void>& ok) noexcept {
    if (value.find_first_of("\r\n") != std::string_view::npos) return void(ok = unfit(value));
    secret text;
    append_base64(text, value);
    if (!text.ok()) return void(ok = error{errc::no_memory, "out of memory"});
    to_.add(':').add(text.reveal()).add(':');
  }

  [[nodiscard]] result<void> structured(signed_component const& one, signed_message const& from) noexcept {
    auto shape = structured_shape::dictionary;
    if (!one.keyed) {
      auto const* const known = shape_of_field(covered_.name(one), shapes_);
      if (known == nullptr)
        return wrong(
            "it is not known which structured field it is; say so in .structured: item, list or dictionary");
      shape = known->shape;
    }
    secret joined;
    if (lines(from, one,
              [&](std::string_view value) { joined.append(joined.empty() ? "" : ", ").append(value); }) == 0)
      return missing(one);
    auto const read = shape == structured_shape::item ? structured_field::parse_item(std::move(joined))
                      : shape == structured_shape::list
                          ? structured_field::parse_list(std::move(joined))
                          : structured_field::parse_dictionary(std::move(joined));
    if (!read) return read.error();
    secret made;
    if (one.keyed) {
      auto const member = (*read)[covered_.key(one)];
      if (!member) return wrong("the header has no member of that key");
      // A list of one, for an item may not be an inner list.
      if (auto ok = structured_writer(made, structured_shape::list).value(member).finish(); !ok) return ok;
    } else {
      structured_writer out(made, shape);
      if (shape == structured_shape::item) out.value(read->item());
      for (auto const element : read->elements()) out.value(element);
      for (auto const [key, value] : read->members()) out.member(key).value(value);
      if (auto ok = out.finish(); !ok) return ok;
    }
    to_.add(made.reveal());
    return {};
  }

  base_text& to_;
  signed_message const& message_;
  covered_components const& covered_;
  fields const& shapes_;
};

}  // namespace countersign::inline v0::detail
