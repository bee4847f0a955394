#pragma once
// What a formatter writes for one request, as it would reach the request's sink.

#include <countersign/core/header_formatter.hpp>
#include <countersign/core/message.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake {

namespace cs = countersign;

struct written {
  /// Name and value, in order; nothing where it failed.
  std::vector<std::pair<std::string, std::string>> fields;
  cs::error failure;
  cs::stamp sent = 0;

  /// "Name: value", several with "; " between; "errc: text" for a failure.
  [[nodiscard]] std::string text() const {
    if (failure.code() != cs::errc::none)
      return std::string(cs::name(failure.code())) + ": " + std::string(failure.message());
    std::string all;
    for (auto const& [name, value] : fields) all += (all.empty() ? "" : "; ") + name + ": " + value;
    return all;
  }
  [[nodiscard]] bool ok() const { return failure.code() == cs::errc::none; }
};

/// What a formatter that also writes straight to a sink, without a draft, hands to it: the same, or it is told.
template <class Formatter, class Credential, class View>
void compare_with_straight(written const& expected, Formatter const& formatter, Credential const& credential, View const& view,
                           cs::moment const& when, cs::memory_of<Formatter>& memory) {
  written got;
  auto sink = [&](std::string_view name, std::string_view value) {
    got.fields.emplace_back(name, value);
    return true;
  };
  if constexpr (cs::detail::writes_straight<Formatter, Credential, View, decltype(sink)>) {
    if (auto const made = formatter.write(credential, view, sink, when, memory); !made) got.failure = made.error();
    if (!got.ok() && !got.fields.empty()) throw std::logic_error("write: a field was written before it failed");
    if (got.text() != expected.text()) throw std::logic_error("write differs from format: " + got.text());
  }
}

template <class Formatter, class Credential>
written write(Formatter const& formatter, Credential const& credential, cs::request const& request,
              cs::memory_of<Formatter>& memory) {
  static_assert(cs::header_formatter<Formatter, Credential>);
  world outside;
  auto const context = outside.context();
  written got;
  cs::draft out;
  auto const straight = [&] {
    world same;  // the same bytes of entropy
    auto const outside_again = same.context();
    compare_with_straight(got, formatter, credential, cs::view_of(request), cs::moment(outside_again), memory);
  };
  auto const made =
      cs::detail::format(formatter, credential, cs::view_of(request), out, cs::moment(context), memory);
  if (!made) {
    got.failure = made.error();
    straight();
    return got;
  }
  got.sent = *made;
  auto const done = out.commit([&](std::string_view name, std::string_view value) {
    got.fields.emplace_back(name, value);
    return true;
  });
  if (!done) got.failure = done.error();
  straight();
  return got;
}
template <class Formatter, class Credential>
written write(Formatter const& formatter, Credential const& credential, cs::request const& request = {}) {
  cs::memory_of<Formatter> memory;
  return write(formatter, credential, request, memory);
}

/// A secret for whose bytes there was no memory.
inline cs::secret broken_secret() {
  heap::exhausted const none;
  return cs::secret("there was no memory for this");
}

/// What comes of a formatter that is refused one block, after as many as `block`: the value of its one
/// field, or its error's name.
template <class Formatter, class Credential>
std::string write_without_block(long block, Formatter const& formatter, Credential const& credential) {
  world outside;
  auto const context = outside.context();
  cs::memory_of<Formatter> memory;
  cs::draft out;
  auto const fields = [&] {
    heap::refused_once const refused(block);
    auto const made =
        cs::detail::format(formatter, credential, cs::blank_request(), out, cs::moment(context), memory);
    return made ? out.check() : cs::result<void>(made.error());
  }();
  std::string value(fields ? "" : cs::name(fields.error().code()));
  if (fields) out.each([&](std::string_view, std::string_view bytes) { value = bytes; });
  return value;
}

/// Whether a text holds any eight bytes in a row of a secret.
inline bool holds_piece(std::string_view text, std::string_view secret) {
  for (std::size_t at = 0; at + 8 <= secret.size(); ++at)
    if (text.find(secret.substr(at, 8)) != std::string_view::npos) return true;
  return false;
}

}  // namespace fake
