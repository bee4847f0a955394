#pragma once
// An authenticator chosen at run time, by a config file for example.

#include <countersign/auth/any_view.hpp>
#include <countersign/auth/authenticator.hpp>
#include <countersign/auth/detail/viewed.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/exchange.hpp>

#include <concepts>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace countersign::inline v0 {

namespace detail {

struct erased_conversation {
  virtual ~erased_conversation() = default;
  virtual want wants() const = 0;
  virtual request const& pending() const = 0;
  virtual question const& asks() const = 0;
  virtual boot_time until() const = 0;
  virtual void supply(response, clocks) = 0;
  virtual void fail(lost, clocks) = 0;
  virtual void perform() = 0;
  virtual void resume(clocks) = 0;
  virtual void arrive(std::string_view, clocks) = 0;
  virtual void wake_with(waker&) = 0;
  virtual void heard(response_head const&, clocks) = 0;
  virtual result<void> write(any_sink) = 0;
  virtual result<void> outcome() = 0;
};

struct erased_authenticator {
  virtual ~erased_authenticator() = default;
  virtual result<void> authorize(any_view const&, any_sink) = 0;
  virtual erased_conversation* begin(any_view const&) = 0;  // nullptr: out of memory
  virtual context const& outside() const = 0;
};

// Refers to the view, which its owner keeps in place.
template <class Authenticator>
class conversation_of final : public erased_conversation {
public:
  conversation_of(Authenticator& auth, any_view const& view) : talk_(auth.begin(view)) {}
  want wants() const override { return talk_.wants(); }
  request const& pending() const override { return talk_.pending(); }
  question const& asks() const override { return talk_.asks(); }
  boot_time until() const override { return talk_.until(); }
  void supply(response answer, clocks now) override { talk_.supply(std::move(answer), now); }
  void fail(lost how, clocks now) override { talk_.fail(how, now); }
  void perform() override { talk_.perform(); }
  void resume(clocks now) override { talk_.resume(now); }
  void arrive(std::string_view said, clocks now) override { talk_.arrive(said, now); }
  void wake_with(waker& who) override { talk_.wake_with(who); }
  void heard(response_head const& head, clocks now) override { talk_.heard(head, now); }
  result<void> write(any_sink sink) override { return talk_.write(sink); }
  result<void> outcome() override { return std::move(talk_).outcome(); }

private:
  decltype(std::declval<Authenticator&>().begin(std::declval<any_view const&>())) talk_;
};

template <class Authenticator>
class authenticator_of final : public erased_authenticator {
public:
  template <class... Arguments>
  explicit authenticator_of(Arguments&&... arguments) : auth_(std::forward<Arguments>(arguments)...) {}
  result<void> authorize(any_view const& view, any_sink sink) override {
    if constexpr (Authenticator::local) return auth_.authorize(view, sink);
    else return error{errc::fatal, "authorize: this credential has to be asked for at a server; use send() with a transport"};
  }
  erased_conversation* begin(any_view const& view) override { return new (std::nothrow) conversation_of<Authenticator>(auth_, view); }
  context const& outside() const override { return auth_.outside(); }

private:
  Authenticator auth_;
};

}  // namespace detail

/// What `any_authenticator::begin` gives: an exchange like any other, on the heap. Out of memory is an outcome.
class any_conversation {
public:
  any_conversation(any_conversation&& other) noexcept : held_(detail::exchanged(other.held_, nullptr)), failure_(other.failure_) {}
  /// Ends the conversation that it was.
  any_conversation& operator=(any_conversation&& other) noexcept {
    any_conversation taken(std::move(other));
    detail::swapped(held_, taken.held_);
    detail::swapped(failure_, taken.failure_);
    return *this;
  }
  ~any_conversation() { delete held_; }

  [[nodiscard]] want wants() const { return held_ != nullptr ? held_->talk->wants() : want::done; }
  [[nodiscard]] request const& pending() const { return held().pending(); }
  [[nodiscard]] question const& asks() const { return held().asks(); }
  [[nodiscard]] boot_time until() const { return held_ != nullptr ? held_->talk->until() : no_deadline; }
  void supply(response answer, clocks now) { if (held_ != nullptr) held_->talk->supply(std::move(answer), now); }
  void fail(lost how, clocks now) { if (held_ != nullptr) held_->talk->fail(how, now); }
  void perform() { if (held_ != nullptr) held_->talk->perform(); }
  void resume(clocks now) { if (held_ != nullptr) held_->talk->resume(now); }
  void arrive(std::string_view said, clocks now) { if (held_ != nullptr) held_->talk->arrive(said, now); }
  void wake_with(waker& who) { if (held_ != nullptr) held_->talk->wake_with(who); }
  void heard(response_head const& head, clocks now) { if (held_ != nullptr) held_->talk->heard(head, now); }
  template <header_sink Sink>
  [[nodiscard]] result<void> write(Sink&& sink) { return held_ != nullptr ? held_->talk->write(any_sink(sink)) : result<void>(failure_); }
  [[nodiscard]] result<void> outcome() && { return held_ != nullptr ? held_->talk->outcome() : result<void>(failure_); }

private:
  friend class any_authenticator;

  // The view that everything refers to, and the conversation about it.
  struct holder {
    virtual ~holder() { delete talk; }
    detail::erased_conversation* talk = nullptr;
  };
  template <class Request>
  struct holder_of final : holder {
    explicit holder_of(Request const& request) : kept(request), view(kept.view()) {}
    ~holder_of() override { delete detail::exchanged(this->talk, nullptr); }  // before the view that it refers to
    detail::viewed<Request> kept;
    any_view view;
  };

  explicit any_conversation(holder* held) noexcept : held_(held) {}
  [[nodiscard]] detail::erased_conversation& held() const {
    if (held_ == nullptr) detail::not_wanted();
    return *held_->talk;
  }

  holder* held_;
  error failure_{errc::no_memory, "authenticator: out of memory"};
};

/// Owns any authenticator. It erases the view, the sink and the exchange, nothing else: costs a few nanoseconds on
/// `authorize`, and an allocation on `begin`. Where a person is needed and none was given, that is a run-time error
/// (errc::needs_person). An empty one (moved from, or out of memory when it was made) says so at each use.
class any_authenticator {
public:
  /// It may hold one that asks a server, so `send` wants a transport for the toolkit's own requests too.
  static constexpr bool local = false;

  template <class Authenticator>
    requires(!std::same_as<Authenticator, any_authenticator> && requires(Authenticator& one, any_view const& view) { one.begin(view), one.outside(), Authenticator::local; })
  any_authenticator(Authenticator auth) : any_authenticator(std::in_place_type<Authenticator>, std::move(auth)) {}
  /// Makes it in place, for one that can't be moved.
  template <class Authenticator, class... Arguments>
  explicit any_authenticator(std::in_place_type_t<Authenticator>, Arguments&&... arguments)
      : held_(new (std::nothrow) detail::authenticator_of<Authenticator>(std::forward<Arguments>(arguments)...)) {}

  any_authenticator(any_authenticator&& other) noexcept : held_(detail::exchanged(other.held_, nullptr)) {}
  any_authenticator& operator=(any_authenticator&& other) noexcept {
    any_authenticator taken(std::move(other));
    detail::swapped(held_, taken.held_);
    return *this;
  }
  ~any_authenticator() { delete held_; }

  template <any_request Request>
  [[nodiscard]] result<void> authorize(Request& request) {
    decltype(auto) sink = sink_of(request);
    return authorize(view_of(std::as_const(request)), sink);
  }
  template <request_view V, header_sink Sink>
  [[nodiscard]] result<void> authorize(V const& view, Sink&& sink) {
    return held_ != nullptr ? held_->authorize(any_view(view), any_sink(sink)) : result<void>(empty());
  }

  template <class Request>
    requires any_request<Request> || request_view<Request>
  [[nodiscard]] any_conversation begin(Request const& request) {
    auto* const holder = held_ != nullptr ? new (std::nothrow) any_conversation::holder_of<Request>(request) : nullptr;
    any_conversation made(holder);
    if (holder == nullptr) {
      made.failure_ = empty();
      return made;
    }
    holder->talk = held_->begin(holder->view);
    if (holder->talk == nullptr) delete detail::exchanged(made.held_, nullptr);
    return made;
  }

  [[nodiscard]] context const& outside() const noexcept { return held_ != nullptr ? held_->outside() : system_context; }

private:
  [[nodiscard]] error empty() const noexcept { return {errc::no_memory, "authenticator: there is none here: it was moved from, or there was no memory"}; }

  detail::erased_authenticator* held_;
};

}  // namespace countersign::inline v0
