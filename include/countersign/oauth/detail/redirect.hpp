#pragma once
// The parameters of an authorization response (RFC 6749 §4.1.2, §4.1.2.1, RFC 9207), as anybody may have
// written them.

#include <countersign/core/error.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/oauth/detail/shown.hpp>
#include <countersign/text/percent.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth::detail {

struct redirect_parameter {
  secret value = {};
  bool there = false, twice = false;

  [[nodiscard]] bool once() const noexcept { return there && !twice && value.ok(); }
  [[nodiscard]] std::string_view view() const noexcept { return value.reveal(); }
};

// Calls `function(name, value)` with the bytes of each pair as they are written.
template <class Function>
void each_pair(std::string_view query, Function&& function) {
  while (!query.empty()) {
    auto const pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size() == query.size() ? pair.size() : pair.size() + 1);
    auto const sign = pair.find('=');
    if (!pair.empty())
      function(pair.substr(0, sign),
               sign == std::string_view::npos ? std::string_view() : pair.substr(sign + 1));
  }
}

// Also where it is written with escapes; names that are no form count as any.
[[nodiscard]] inline bool has_parameter(std::string_view query, std::string_view wanted) {
  bool found = false;
  each_pair(query, [&](std::string_view name, std::string_view) {
    auto const plain = decode_form(name);
    found = found || !plain || plain->reveal() == wanted;
  });
  return found;
}

struct redirect_parameters {
  redirect_parameter state, code, iss, refusal, description;
  bool malformed = false;

  /// @param said a URL, or its query with or without '?'
  [[nodiscard]] static result<redirect_parameters> read(std::string_view said) {
    said = said.substr(0, said.find('#'));
    if (auto const mark = said.find('?'); mark != std::string_view::npos) {
      // Not where the mark is part of a query's value.
      auto const before = said.substr(0, mark);
      if (before.empty() || before[0] == '/' || before.find("://") < before.find('='))
        said.remove_prefix(mark + 1);
    }
    redirect_parameters got;
    bool memory = true;
    each_pair(said, [&](std::string_view written, std::string_view value) {
      auto const name = decode_form(written);
      if (!name) return note(name.error(), got.malformed, memory);
      auto* const one = got.find(name->reveal());
      if (one == nullptr) return;  // RFC 6749 §4.1.2: unrecognized parameters are ignored
      one->twice = one->there;
      one->there = true;
      auto plain = decode_form(value);
      if (!plain) return note(plain.error(), got.malformed, memory);
      one->value = std::move(*plain);
    });
    if (!memory) return error{errc::no_memory, "oauth: out of memory"};
    return got;
  }

private:
  static void note(error const& why, bool& malformed, bool& memory) noexcept {
    if (why.code() == errc::no_memory) memory = false;
    else malformed = true;
  }
  redirect_parameter* find(std::string_view name) noexcept {
    if (name == "state") return &state;
    if (name == "code") return &code;
    if (name == "iss") return &iss;
    if (name == "error") return &refusal;
    return name == "error_description" ? &description : nullptr;
  }
};

// RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6.
[[nodiscard]] inline error redirect_error(std::string_view code, std::string_view description) noexcept {
  bool const later = code == "server_error" || code == "temporarily_unavailable";
  bool const person = code == "login_required" || code == "interaction_required" ||
                      code == "consent_required" || code == "account_selection_required";
  auto const kind = code == "access_denied" ? errc::rejected
                    : later                 ? errc::transient
                    : person                ? errc::needs_person
                                            : errc::fatal;
  auto const words = shown_words(description);
  std::string_view const open = words.empty() ? "" : ": \"", close = words.empty() ? "" : "\"";
  return {kind, "oauth: the authorization server answered ", shown_error_code(code), open, words.reveal(),
          close};
}

}  // namespace countersign::inline v0::oauth::detail
