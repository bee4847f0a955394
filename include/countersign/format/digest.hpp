#pragma once
// HTTP Digest (RFC 7616; RFC 2617 and servers without qop too).

#include <countersign/core/credential.hpp>
#include <countersign/core/draft.hpp>
#include <countersign/core/field.hpp>
#include <countersign/core/header_formatter.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/wipe.hpp>
#include <countersign/format/detail/digest_answer.hpp>
#include <countersign/format/detail/digest_challenge.hpp>
#include <countersign/format/detail/digest_info.hpp>
#include <countersign/format/detail/digest_sessions.hpp>
#include <countersign/text/origin.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

namespace countersign::inline v0 {

/// Answers Digest challenges. The first request goes without a credential; its 401 says what is wanted, and from then on each
/// request of that protection space carries an answer, with the nonce learned last and a count of its own. A nonce that
/// has run out (`stale`) is renewed and the request repeated: that is no refusal of the login. Takes `basic_login`, or two
/// secrets in the order user, password, in UTF-8.
///
/// Of several challenges the first that is not MD5 is answered; MD5, where the server offers nothing better. MD5, SHA-256,
/// SHA-512-256 and their -sess; qop auth and auth-int, and none (RFC 2069). Takes any request; where one can't show its body,
/// auth-int can't be answered. A response that claims to prove that the server knows the password (`rspauth`), and does
/// not, is withheld: errc::fatal.
struct digest {
  /// Answer a challenge that offers nothing better than MD5.
  bool md5 = true;
  /// Cover the body (auth-int) where the server lets choose and the request shows it.
  bool integrity = true;
  /// The realm that the login is for; any other is not answered. Empty: the one that the server names.
  owned_text realm = {};

  using memory = detail::digest_sessions;
  /// Bare, with a nonce, with the next one where that was used up meanwhile, and once more.
  static constexpr unsigned max_learned = 3;

  /// Whether a login can be used: a name with a colon or a control character can't.
  [[nodiscard]] static result<void> check(basic_login const& login) noexcept {
    return detail::check_digest_login(login.user.reveal(), login.password.reveal());
  }

  template <request_view V>
  [[nodiscard]] result<stamp> format(basic_login const& login, V const& view, draft& out, moment const& when,
                                     memory& kept) const {
    return set({login.user, login.password}, view, out, when, kept);
  }
  template <request_view V>
  [[nodiscard]] result<stamp> format(std::tuple<secret, secret> const& login, V const& view, draft& out,
                                     moment const& when, memory& kept) const {
    return set({std::get<0>(login), std::get<1>(login)}, view, out, when, kept);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(basic_login const& login, V const& view, Sink& sink, moment const& when,
                                    memory& kept) const {
    return pour({login.user, login.password}, view, sink, when, kept);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<stamp> write(std::tuple<secret, secret> const& login, V const& view, Sink& sink,
                                    moment const& when, memory& kept) const {
    return pour({std::get<0>(login), std::get<1>(login)}, view, sink, when, kept);
  }
  template <request_view V>
  [[nodiscard]] heard learn(basic_login const& login, V const& view, response_head const& head, stamp sent,
                            memory& kept) const {
    return hear({login.user, login.password}, request_of(view), view.origin(), head, sent, kept);
  }
  template <request_view V>
  [[nodiscard]] heard learn(std::tuple<secret, secret> const& login, V const& view, response_head const& head,
                            stamp sent, memory& kept) const {
    return hear({std::get<0>(login), std::get<1>(login)}, request_of(view), view.origin(), head, sent, kept);
  }
  /// Why a response is not answered, or not believed; errc::none where its challenge could be answered.
  [[nodiscard]] error refusal(response_head const& head) const {
    if (head.status() != 401)
      return {errc::fatal, "digest: the server did not prove that it knows the password (rspauth, RFC 7616 "
                           "§3.5): the answer may be somebody else's and is withheld"};
    detail::digest_offer const offer(head, rules());
    return offer.chosen() ? error() : offer.chosen().error();
  }

private:
  struct identity {
    secret const& user;
    secret const& password;
  };

  [[nodiscard]] detail::digest_rules rules() const noexcept { return {md5, realm.view()}; }

  template <class V>
  static detail::digest_request request_of(V const& view) {
    if constexpr (body_view<V>) return {view.method(), view.target(), view.body()};
    else return {view.method(), view.target(), std::nullopt};
  }

  // Which nonce, and which use of it.
  static stamp stamp_of(detail::digest_session const& of) noexcept {
    return stamp{of.number} << 32 | of.uses;
  }

  template <class V>
  result<stamp> set(identity as, V const& view, draft& out, moment const& when, memory& kept) const {
    detail::digest_value value;
    auto const made = answer(as, request_of(view), view.origin(), value, when, kept);
    if (made && *made != 0) out.set("Authorization", value.view());
    return made;
  }
  template <class V, class Sink>
  result<stamp> pour(identity as, V const& view, Sink& sink, moment const& when, memory& kept) const {
    detail::digest_value value;
    auto const made = answer(as, request_of(view), view.origin(), value, when, kept);
    if (!made || *made == 0) return made;
    if (value.view().size() > max_field_value || !is_field_value(value.view())) [[unlikely]] {
      draft out;  // has the words for it
      out.set("Authorization", value.view());
      return out.check().error();
    }
    if (!sink("Authorization", value.view())) return detail::no_room_for("Authorization");
    return made;
  }

  // Makes the value. 0: there is nothing to answer yet.
  result<stamp> answer(identity as, detail::digest_request const& what, std::string_view origin,
                       detail::digest_value& out, moment const& when, memory& kept) const {
    if (!as.user.ok() || !as.password.ok() || !realm.ok() || !what.ok())
      return error{errc::no_memory, "digest: out of memory"};
    if (auto ok = detail::check_digest_login(as.user.reveal(), as.password.reveal()); !ok) return ok.error();
    detail::digest_session session;
    auto const path = detail::path_of_target(what.target());
    if (auto ok = kept.use(origin, path, realm.view(), when, session); !ok) return ok.error();
    if (session.number == 0) {
      // Most requests spell their origin as it is remembered.
      auto const where = origin_of(origin);
      if (!where) return where.error().within("digest: ");
      if (where->view() != origin)
        if (auto ok = kept.use(where->view(), path, realm.view(), when, session); !ok) return ok.error();
      if (session.number == 0) return stamp{};
    }
    auto const qop = detail::choose_qop(session.facts, integrity, what.body.has_value());
    if (!qop) return qop.error();
    if (auto ok = detail::write_digest(session, as.user.reveal(), as.password.reveal(), *qop, what, out); !ok)
      return ok.error();
    return stamp_of(session);
  }

  heard hear(identity as, detail::digest_request const& what, std::string_view origin,
             response_head const& head, stamp sent, memory& kept) const {
    if (head.status() == 401) return hear_challenge(what, origin, head, sent, kept);
    if (sent == 0) return heard::nothing;
    auto const number = static_cast<std::uint32_t>(sent >> 32);
    auto const said = detail::info_field(head);
    if (head.status() < 400) kept.accept(number);
    if (!said) return heard::nothing;
    detail::digest_session session;
    if (!kept.get(number, session)) return heard::nothing;
    session.uses = static_cast<std::uint32_t>(sent);
    return hear_info(as, what, *said, session, kept);
  }
  heard hear_challenge(detail::digest_request const& what, std::string_view origin, response_head const& head,
                       stamp sent, memory& kept) const {
    auto const where = origin_of(origin);
    detail::digest_offer const offer(head, rules());
    if (!where || (sent != 0 && !offer.asks())) return heard::nothing;
    if (!offer.chosen()) return heard::give_up;
    auto const& asked = *offer.chosen();
    auto const number = static_cast<std::uint32_t>(sent >> 32);
    detail::digest_session session;
    bool const answered = kept.get(number, session) && session.realm() == asked.realm &&
                          session.facts.algorithm == asked.algorithm;
    if (answered && !asked.stale) {
      if (kept.has_newer(number, where->view(), asked.realm)) return heard::try_again;
      // Some servers never say `stale`. A nonce that was good before may have run out; one that never was leaves the login.
      if (!session.accepted || session.nonce() == asked.nonce) {
        kept.retire(number);
        return heard::nothing;
      }
    }
    kept.learn(*where, detail::path_of_target(what.target()), asked);
    return heard::try_again;
  }
  heard hear_info(identity as, detail::digest_request const& what, std::string_view said,
                  detail::digest_session const& session, memory& kept) const {
    detail::digest_info const info(said);
    auto const qop = detail::choose_qop(session.facts, integrity, what.body.has_value());
    if (!qop) return heard::nothing;
    if (!info.proves(session, as.user.reveal(), as.password.reveal(), *qop, what.target())) {
      kept.retire(session.number);
      return heard::give_up;
    }
    auto const next = info.next_nonce();
    if (!next.empty() && next != session.nonce() &&
        !kept.has_newer(session.number, session.texts[detail::digest_session_texts::origin], session.realm()))
      kept.succeed(session, next);
    return heard::nothing;
  }
};

}  // namespace countersign::inline v0
