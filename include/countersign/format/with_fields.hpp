#pragma once
// Constant headers beside a credential's: a tenant, a region, an API version.

#include <countersign/core/credential.hpp>
#include <countersign/core/header_formatter.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

namespace detail {
// `memory` is declared only where the formatter has one.
template <class F>
struct memory_of_one {};
template <class F>
  requires requires { typename F::memory; }
struct memory_of_one<F> {
  using memory = typename F::memory;
};
}  // namespace detail

/// Writes fields that are always the same, then what `F` writes: `with_fields{bearer{}, {{"X-Tenant-ID", "acme"}}}`. `F`
/// sees them, so that it can sign them. Constant where `F` is. A value that comes from elsewhere, as the credential does,
/// is a credential too: `all_of` and `each_of`.
template <class F>
class with_fields : public detail::memory_of_one<F> {
  static constexpr bool remembering = !std::same_as<memory_of<F>, detail::no_memory_wanted>;

public:
  static constexpr bool constant = is_constant<F>;
  static constexpr bool signs_body = countersign::signs_body<F>;
  static constexpr unsigned max_learned = max_learned_of<F>;

  explicit with_fields(F formatter, header_list listed) noexcept
      : formatter_(std::move(formatter)), fields_(std::move(listed)) {}

  template <class C, request_view V>
    requires header_formatter<F, C> && (!remembering)
  [[nodiscard]] result<stamp> format(C const& credential, V const& view, draft& out,
                                     moment const& when) const {
    memory_of<F> none;
    return write(credential, view, out, when, none);
  }
  template <class C, request_view V>
    requires header_formatter<F, C> && remembering
  [[nodiscard]] result<stamp> format(C const& credential, V const& view, draft& out, moment const& when,
                                     memory_of<F>& kept) const {
    return write(credential, view, out, when, kept);
  }

  template <class C, request_view V>
    requires requires(F const& f, C const& c, V const& v, response_head const& h, stamp s) {
      f.learn(c, v, h, s);
    }
  [[nodiscard]] heard learn(C const& credential, V const& view, response_head const& head, stamp sent) const {
    return formatter_.learn(credential, view, head, sent);
  }
  template <class C, request_view V>
    requires requires(F const& f, C const& c, V const& v, response_head const& h, stamp s, memory_of<F>& m) {
      f.learn(c, v, h, s, m);
    }
  [[nodiscard]] heard learn(C const& credential, V const& view, response_head const& head, stamp sent,
                            memory_of<F>& kept) const {
    return formatter_.learn(credential, view, head, sent, kept);
  }

  [[nodiscard]] error refusal(response_head const& head) const
    requires detail::explains_refusals<F>
  {
    return formatter_.refusal(head);
  }

private:
  template <class C, class V>
  result<stamp> write(C const& credential, V const& view, draft& out, moment const& when,
                      memory_of<F>& kept) const {
    if (!fields_.ok()) return error{errc::no_memory, "with_fields: out of memory"};
    fields_.each([&](std::string_view name, std::string_view value) { out.set(name, value); });
    return detail::format(formatter_, credential, overlay<V>(view, out), out, when, kept);
  }

  F formatter_;
  header_list fields_;
};

}  // namespace countersign::inline v0
