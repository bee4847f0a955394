#pragma once
// Writes what an entry of a config says: its headers, and a signature where it wants one.

#include <countersign/core/credential.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/result.hpp>
#include <countersign/format/digest.hpp>
#include <countersign/format/hmac_signature.hpp>
#include <countersign/format/http_signature.hpp>
#include <countersign/format/sigv4.hpp>
#include <countersign/mcp/detail/http_signature_entry.hpp>
#include <countersign/mcp/place.hpp>
#include <countersign/mcp/expanded_url.hpp>
#include <countersign/mcp/http_signature_key.hpp>
#include <countersign/mcp/server.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace countersign::inline v0::mcp {

/// How many `auth` entries of one server may sign its requests.
inline constexpr std::size_t max_signatures = 4;

/// What a server's entry comes to.
struct server_credential {
  header_list fields = {};                          ///< the same in every request
  std::array<key_pair, max_signatures> keys = {};  ///< of the `auth` entries of type hmac, in the order of the file
  aws_credentials aws = {};                        ///< of the one of type sigv4
  /// Of those of type http_signature, in the order of the file.
  std::array<http_signature_key, max_signatures> http_signatures = {};
  basic_login login = {};                          ///< of the one of type digest
};

namespace detail {
[[nodiscard]] inline sha2 hash_of(std::string_view algorithm) noexcept {
  return algorithm == "sha512" ? sha2::bits_512 : algorithm == "sha384" ? sha2::bits_384 : sha2::bits_256;
}

// An entry whose shape was checked.
[[nodiscard]] inline hmac_scheme scheme_of(json_value entry) {
  hmac_scheme made;
  made.hash = hash_of(entry["algorithm"].string());
  if (auto const form = entry["encoding"].string(); form == "base64") made.encoding = digest_form::base64;
  else if (form == "base64url") made.encoding = digest_form::base64url;
  if (entry["timestamp"].string() == "unix") made.timestamp = time_form::unix_seconds;
  if (auto const message = entry["message"]) made.message = owned_text(message.string());
  if (auto const headers = entry["headers"]) {
    made.headers = {};
    for (auto const [name, text] : headers.members()) made.headers.append(name.string(), text.string());
  }
  return made;
}
// A request as its signature sees it: with the headers that the config adds.
template <request_view V>
struct view_with_fields {
  V const& view;
  header_list const& added;

  [[nodiscard]] std::string_view method() const { return view.method(); }
  [[nodiscard]] std::string_view origin() const { return view.origin(); }
  [[nodiscard]] std::string_view target() const { return view.target(); }
  [[nodiscard]] decltype(auto) body() const
    requires requires(V const& v) { v.body(); }
  {
    return view.body();
  }
  template <class Function>
  void fields(Function&& function) const {
    // A sink replaces: of two with one name the config's is sent.
    view.fields([&](std::string_view name, std::string_view value) {
      if (!added.get(name)) function(name, value);
    });
    added.each(function);
  }
};
}  // namespace detail

/// A formatter for `server_credential`. Requests have to show their body, which a signature may cover.
class as_configured {
public:
  static constexpr bool signs_body = true;
  static constexpr unsigned max_learned = digest::max_learned;
  struct memory {
    std::array<memory_of<hmac_body_signature>, max_signatures> keys;
    memory_of<sigv4> aws;
    memory_of<digest> login;
    std::array<memory_of<http_signature>, max_signatures> http_signatures;
  };

  /// A mistake in a template is told by `check`, and by `format`.
  explicit as_configured(server const& of) noexcept {
    std::size_t count = 0;
    of.each_auth([&](json_value one) {
      auto const type = one["type"].string();
      if (type == "sigv4") return sign_for_aws(of, one);
      if (type == "digest") return answer_challenges(of);
      if (type == "http_signature") return sign_messages(of, one);
      if (type != "hmac") return;
      if (count == max_signatures) {
        usable_ = about_server(error(errc::too_large, "more than ", max_signatures, " of type hmac"), of.name(), "auth");
        return;
      }
      auto const& made = signatures_[count++].emplace(detail::scheme_of(one));
      if (auto ok = made.check(); !ok && usable_) usable_ = about_server(ok.error(), of.name(), "auth");
    });
  }

  [[nodiscard]] result<void> check() const noexcept { return usable_; }

  template <request_view V>
  [[nodiscard]] result<stamp> format(server_credential const& credential, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    if (!usable_) return usable_.error();
    if (!credential.fields.ok()) return error{errc::no_memory, "configured: out of memory"};
    credential.fields.each([&](std::string_view name, std::string_view value) { out.set(name, value); });
    detail::view_with_fields<V> const whole{view, credential.fields};
    for (std::size_t i = 0; i < max_signatures && signatures_[i]; ++i)
      if (auto ok = signatures_[i]->format(credential.keys[i], whole, out, when, kept.keys[i]); !ok) return ok;
    if (aws_)
      if (auto ok = aws_->format(credential.aws, whole, out, when, kept.aws); !ok) return ok;
    stamp learned{};
    if (digest_) {
      auto const made = digest_->format(credential.login, whole, out, when, kept.login);
      if (!made) return made;
      learned = *made;
    }
    // Behind all others, whose headers they may cover.
    for (std::size_t i = 0; i < max_signatures && http_signatures_[i]; ++i)
      if (auto ok = write_signature(*http_signatures_[i], credential.http_signatures[i],
                                    overlay<detail::view_with_fields<V>>(whole, out), out, when, kept.http_signatures[i]);
          !ok)
        return ok.error();
    return learned;
  }
  template <request_view V>
  [[nodiscard]] heard learn(server_credential const& credential, V const& view, response_head const& head, stamp sent,
                            memory& kept) const {
    return digest_ ? digest_->learn(credential.login, view, head, sent, kept.login) : heard::nothing;
  }
  [[nodiscard]] error refusal(response_head const& head) const { return digest_ ? digest_->refusal(head) : error(); }

private:
  // One: they would all write the same headers.
  void sign_for_aws(server const& of, json_value entry) noexcept {
    if (aws_) {
      usable_ = about_server(error(errc::too_large, "more than 1 of type sigv4"), of.name(), "auth");
      return;
    }
    auto const& made = aws_.emplace(sigv4_options{.region = entry["region"].string(), .service = entry["service"].string()});
    if (auto ok = made.check(); !ok && usable_) usable_ = about_server(ok.error(), of.name(), "auth");
  }

  void sign_messages(server const& of, json_value entry) noexcept {
    std::size_t free = 0;
    while (free < max_signatures && http_signatures_[free]) ++free;
    if (free == max_signatures) {
      usable_ = about_server(error(errc::too_large, "more than ", max_signatures, " of type http_signature"), of.name(), "auth");
      return;
    }
    auto const& made = http_signatures_[free].emplace(detail::signature_options_of(entry));
    if (auto ok = made.check(); !ok && usable_) usable_ = about_server(ok.error(), of.name(), "auth");
  }
  template <class V>
  static result<void> write_signature(http_signature const& how, http_signature_key const& key, V const& view, draft& out,
                                      moment const& when, memory_of<http_signature>& kept) {
    auto const message = signed_request(view);
    if (key.own) return how.sign_as(key.id, key.own, message, out, when, kept);
    return how.sign_as(key.id, key.shared, message, out, when, kept);
  }

  void answer_challenges(server const& of) noexcept {
    if (digest_) usable_ = about_server(error(errc::too_large, "more than 1 of type digest"), of.name(), "auth");
    else digest_.emplace();
  }

  countersign::detail::held<hmac_body_signature> signatures_[max_signatures];
  countersign::detail::held<sigv4> aws_;
  countersign::detail::held<digest> digest_;
  countersign::detail::held<http_signature> http_signatures_[max_signatures];
  result<void> usable_;
};

}  // namespace countersign::inline v0::mcp
