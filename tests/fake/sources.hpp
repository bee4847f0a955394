#pragma once
// Sources that say what a test wrote down for them, and keep what they were asked and told.
//
//     fake::script s{fake::says("token")};
//     fake::remote source(s);

#include <countersign/core/credential_source.hpp>
#include <countersign/core/detail/start.hpp>
#include <countersign/core/steps.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fake {

namespace cs = countersign;

using answer = cs::result<cs::issued<cs::secret>>;

inline answer says(std::string_view value, cs::wall_time expires = cs::never_expires) {
  return cs::issued<cs::secret>{cs::secret(value), expires};
}
inline answer fails(cs::errc code, std::string_view text = "scripted") { return cs::error(code, text); }

/// Outlives its sources.
struct script {
  script(std::initializer_list<answer> said = {}) : answers(said) {}
  script(script const&) = delete;
  script& operator=(script const&) = delete;

  /// One after the other; the last one from then on.
  std::vector<answer> answers;
  /// What a remote source's exchange wants before it is done.
  std::vector<cs::want> wants = {cs::want::send};
  bool commits = false;

  std::vector<cs::why> reasons;
  std::vector<std::string> challenges;
  /// "answer 200", "not sent", "unanswered", "worked", "time", "said …", in order.
  std::vector<std::string> heard;
  std::size_t wakers = 0;

  [[nodiscard]] std::size_t asked() const { return reasons.size(); }
  void note(cs::occasion const& why) {
    reasons.push_back(why.reason);
    challenges.emplace_back(why.challenge);
  }
  [[nodiscard]] answer give() {
    auto const at = given_++;
    return answers.at(at < answers.size() ? at : answers.size() - 1);
  }

private:
  std::size_t given_ = 0;
};

template <bool Renewable>
class immediate {
public:
  using credential = cs::secret;
  static constexpr bool renewable = Renewable;

  explicit immediate(script& said) : script_(&said) {}
  [[nodiscard]] answer acquire(cs::occasion const& why, cs::context const&) const {
    script_->note(why);
    return script_->give();
  }

private:
  script* script_;
};
/// Gives the same whenever it is asked.
using local = immediate<false>;
/// Gives something else whenever it is asked, at once.
using renewable = immediate<true>;

/// A local file, as it were: it has a version, and gives something else once that is another.
class watched {
public:
  using credential = cs::secret;

  watched(script& said, std::atomic<std::uint64_t>& version) : script_(&said), version_(&version) {}
  [[nodiscard]] answer acquire(cs::occasion const& why, cs::context const&) const {
    script_->note(why);
    return script_->give();
  }
  [[nodiscard]] std::uint64_t version(cs::context const&) const { return *version_; }

private:
  script* script_;
  std::atomic<std::uint64_t>* version_;
};

class remote {
public:
  using credential = cs::secret;

  class exchange : public cs::steps<exchange, cs::issued<cs::secret>> {
  public:
    exchange(script& said, cs::occasion const& why) : script_(&said), begun_(why.now) {
      said.note(why);
      next();
    }
    void wake_with(cs::waker& who) noexcept {
      ++script_->wakers;
      steps::wake_with(who);
    }
    [[nodiscard]] bool commits() const noexcept { return script_->commits; }

  private:
    void next() {
      if (at_ == script_->wants.size()) return end();
      auto const number = std::to_string(at_);
      switch (script_->wants[at_++]) {
      case cs::want::send:
        return this->send(cs::request("POST", "https://as.example/" + number), &exchange::answered);
      case cs::want::work:
        return this->work(&exchange::job, &exchange::worked);
      case cs::want::wait:
        return this->wait(begun_.boot + cs::seconds(1), &exchange::waited);
      case cs::want::person: {
        cs::question asked;
        asked.url = cs::secret("https://as.example/" + number);
        return this->ask(std::move(asked), &exchange::arrived);
      }
      case cs::want::call:
      case cs::want::done:
        return end();
      }
    }
    void end() {
      auto got = script_->give();
      if (got) this->finish(std::move(*got));
      else this->give_up(got.error());
    }
    void tell(std::string what) {
      script_->heard.push_back(std::move(what));
      next();
    }
    void answered() {
      if (answer() != nullptr) return tell("answer " + std::to_string(answer()->status()));
      tell(how_lost() == cs::lost::not_sent ? "not sent" : "unanswered");
    }
    void job() { worked_ = true; }
    void worked() { tell(std::exchange(worked_, false) ? "worked" : "not worked"); }
    void waited() { tell("time"); }
    void arrived() { tell("said " + std::string(said().reveal())); }

    script* script_;
    cs::clocks begun_;
    std::size_t at_ = 0;
    bool worked_ = false;
  };

  explicit remote(script& said) : script_(&said) {}
  [[nodiscard]] exchange acquire(cs::occasion const& why, cs::context const&) const {
    return exchange(*script_, why);
  }

private:
  script* script_;
};

/// A remote source whose script wants no more than work and waits.
struct worker : remote {
  using remote::remote;
  static constexpr bool offline = true;
};

/// Gives the exchange the one thing that it wants; false if it is done.
template <class Exchange>
bool step(Exchange& talk, cs::clocks now) {
  switch (talk.wants()) {
  case cs::want::send:
    return talk.supply(cs::response(200), now), true;
  case cs::want::work:
    return talk.perform(), talk.resume(now), true;
  case cs::want::wait:
    return talk.resume(now), true;
  case cs::want::person:
    return talk.arrive("https://here/", now), true;
  case cs::want::call:
  case cs::want::done:
    return false;
  }
  return false;
}

/// Any source's answer, with all it wants given at once.
template <class Source>
auto ask(Source const& source, cs::context const& outside, cs::memory_of<Source>& memory,
         cs::why reason = cs::why::first, std::string_view challenge = {}) {
  auto const now = outside.now();
  auto talk = cs::detail::start(source, cs::occasion{reason, challenge, now}, outside, memory);
  while (step(talk, now)) {
  }
  return std::move(talk).outcome();
}

}  // namespace fake
