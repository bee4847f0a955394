#pragma once
// An authorization server with one login, whose refresh tokens are used once: a second use of one revokes
// them all. It counts what it was asked. Safe from several threads.
//
//     fake::token_family server;
//     auto said = server.answer(body_of_a_post);     // r-1 → r-2 and a-2

#include "fake/service.hpp"

#include <countersign/core/message.hpp>
#include <countersign/core/result.hpp>

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace fake {

class token_family {
public:
  int expires_in = 3600;
  /// Answers in the family's place where it gives something; called before the token is used up.
  std::function<std::optional<reply>(std::string_view body)> instead = {};
  /// Called after the token is used up: what it gives is answered in place of the new tokens.
  std::function<std::optional<reply>(std::string_view body)> after = {};

  [[nodiscard]] int posts() const { return counted(posts_); }
  [[nodiscard]] int rotated() const { return counted(newest_) - 1; }
  [[nodiscard]] int reused() const { return counted(reused_); }
  /// The last body that came.
  [[nodiscard]] std::string last() const {
    std::lock_guard const guard(lock_);
    return last_;
  }
  /// A person has signed in anew: the number of the tokens then.
  int sign_in() {
    std::lock_guard const guard(lock_);
    revoked_ = false;
    return ++newest_;
  }

  reply answer(std::string_view body) {
    {
      std::lock_guard const guard(lock_);
      ++posts_;
      last_ = body;
    }
    if (instead)
      if (auto said = instead(body)) return *said;
    {
      std::lock_guard const guard(lock_);
      auto const at = body.find("refresh_token=r-");
      int const number = at == body.npos ? 0 : std::atoi(std::string(body.substr(at + 16)).c_str());
      if (number != newest_ || revoked_) {
        if (number < newest_) ++reused_;
        revoked_ = true;
        return {.status = 400, .body = R"({"error":"invalid_grant"})"};
      }
      ++newest_;
    }
    if (after)
      if (auto said = after(body)) return *said;
    std::lock_guard const guard(lock_);
    auto const n = std::to_string(newest_);
    return {.status = 200,
            .body = R"({"access_token":"a-)" + n + R"(","token_type":"Bearer","refresh_token":"r-)" + n +
                    R"(","expires_in":)" + std::to_string(expires_in) + "}"};
  }

private:
  int counted(int const& what) const {
    std::lock_guard const guard(lock_);
    return what;
  }

  mutable std::mutex lock_;
  int posts_ = 0, reused_ = 0, newest_ = 1;
  bool revoked_ = false;
  std::string last_;
};

/// What a service says, as a transport gives it.
inline cs::result<cs::response> as_response(reply const& said) {
  if (said.lost)
    return cs::error{*said.lost == cs::lost::not_sent  ? cs::errc::not_sent
                     : *said.lost == cs::lost::refused ? cs::errc::insecure
                                                       : cs::errc::unanswered,
                     "lost"};
  cs::response made(said.status, cs::secret(said.body));
  for (auto const& [name, value] : said.fields) made.headers.append(name, value);
  return made;
}

}  // namespace fake
