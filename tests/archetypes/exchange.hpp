#pragma once
// An exchange written out, without `steps`: one GET, and its outcome is the status.

#include <countersign/core/exchange.hpp>

#include <cstdlib>
#include <string_view>
#include <utility>

namespace archetypes {

namespace cs = countersign;

class probe {
public:
  explicit probe(std::string_view url) : out_("GET", url) {}

  cs::want wants() const { return done_ ? cs::want::done : cs::want::send; }
  cs::request const& pending() const { return out_; }

  void supply(cs::response answer, cs::clocks) { end(answer.status()); }
  void fail(cs::lost how, cs::clocks) {
    end(how == cs::lost::not_sent ? cs::error{cs::errc::not_sent, "probe: it could not be sent"}
                                  : cs::error{cs::errc::unanswered, "probe: no answer"});
  }
  cs::result<int> outcome() && { return status_; }

  // What it never wants is never called.
  cs::question const& asks() const { std::abort(); }
  cs::boot_time until() const { return cs::no_deadline; }
  void perform() {}
  void resume(cs::clocks) {}
  void arrive(std::string_view, cs::clocks) {}
  void wake_with(cs::waker&) {}

private:
  void end(cs::result<int> how) {
    if (std::exchange(done_, true)) return;  // an event that nobody asked for
    status_ = std::move(how);
  }

  cs::request out_;
  bool done_ = false;
  cs::result<int> status_ = cs::error{cs::errc::abandoned, "probe: left before its end"};
};

}  // namespace archetypes
