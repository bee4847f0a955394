#pragma once
// A program that is run, and what comes of its output.

#include <countersign/core/context.hpp>
#include <countersign/core/credential.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/core/steps.hpp>
#include <countersign/core/time.hpp>

#include <utility>

namespace countersign::inline v0::detail {

/// `Source` has `runs` (a program), `good_for`, and a static `read(output, now)` that makes an issued
/// credential of what was printed and takes nothing from the outside.
template <class Source>
class program_exchange : public steps<program_exchange<Source>, issued<typename Source::credential>> {
public:
  program_exchange(Source const& about, context const& outside) noexcept
      : about_(&about), outside_(&outside) {
    this->work(&program_exchange::run, &program_exchange::ran);
  }

private:
  void run() { said_ = about_->runs.output(*outside_); }
  void ran() {
    if (!said_) return this->give_up(said_.error());
    auto const when = this->now().wall;
    auto got = Source::read(std::move(*said_), when);
    if (!got) return this->give_up(about_->runs.wrong(got.error().code(), got.error().message()));
    if (got->expires <= when)
      return this->give_up(about_->runs.wrong(
          errc::transient, "what it printed has expired already; look at its cache, and at the clock"));
    if (got->expires == never_expires && about_->good_for > duration())
      got->expires = when + about_->good_for;
    this->finish(std::move(*got));
  }

  Source const* about_;
  context const* outside_;
  result<secret> said_{error{errc::abandoned, "program: not run"}};
};

}  // namespace countersign::inline v0::detail
