#pragma once
// An exchange around the user's own request: it writes the headers, and judges the answer by its head alone.

#include <countersign/core/exchange.hpp>

#include <cstdlib>
#include <string_view>

namespace archetypes {

namespace cs = countersign;

/// Sends the request until it is answered by something other than 503, three times at most.
class patient_call {
public:
  cs::want wants() const { return done_ ? cs::want::done : cs::want::call; }

  /// On a fresh copy of the user's request for every attempt.
  template <cs::header_sink Sink>
  cs::result<void> write(Sink&& sink) {
    char const digit = static_cast<char>('1' + attempts_);
    if (!sink("X-Attempt", std::string_view(&digit, 1)))
      return cs::error{cs::errc::no_memory, "patient_call: no room"};
    return {};
  }
  void heard(cs::response_head const& head, cs::clocks) {
    if (wants() != cs::want::call) return;
    ++attempts_;
    last_ = head.status();
    done_ = head.status() != 503 || attempts_ == 3;
  }
  void fail(cs::lost how, cs::clocks) {
    if (wants() != cs::want::call) return;
    done_ = true;
    last_ = how == cs::lost::not_sent ? cs::error{cs::errc::not_sent, "patient_call: not sent"}
                                      : cs::error{cs::errc::unanswered, "patient_call: no answer"};
  }
  cs::result<int> outcome() && { return last_; }

  // It sends nothing of its own, waits for nobody and asks nobody.
  cs::request const& pending() const { std::abort(); }
  cs::question const& asks() const { std::abort(); }
  cs::boot_time until() const { return cs::no_deadline; }
  void supply(cs::response, cs::clocks) {}
  void perform() {}
  void resume(cs::clocks) {}
  void arrive(std::string_view, cs::clocks) {}
  void wake_with(cs::waker&) {}

private:
  int attempts_ = 0;
  bool done_ = false;
  cs::result<int> last_ = cs::error{cs::errc::abandoned, "patient_call: left before its end"};
};

}  // namespace archetypes
