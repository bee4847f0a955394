#pragma once
// Asks whoever sits at a terminal: a page in the browser that comes back to this machine, or whose address is
// pasted where it can't (SSH, containers).

#include <countersign/core/context.hpp>
#include <countersign/core/detail/exchanged.hpp>
#include <countersign/core/detail/held.hpp>
#include <countersign/core/error.hpp>
#include <countersign/core/exchange.hpp>
#include <countersign/core/owned_text.hpp>
#include <countersign/core/result.hpp>
#include <countersign/core/secret.hpp>
#include <countersign/oauth/browser.hpp>
#include <countersign/oauth/loopback_listener.hpp>
#include <countersign/os/line_input.hpp>
#include <countersign/os/loopback_socket.hpp>
#include <countersign/os/system.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

namespace countersign::inline v0::oauth {

struct terminal_rules {
  owned_text host = "127.0.0.1";  ///< of the redirect address: also "localhost" or "[::1]"
  owned_text path = "/callback";  ///< empty: a random one; then the client must register its address itself
  std::uint16_t port = 0;         ///< where the question prefers none; 0: one that is free
  bool open_browser = true;       ///< the page's URL is said in any case
  int input = 0;                  ///< a descriptor that lines are pasted on; below 0: none
  duration patience = seconds(180);
  /// Looked at every `loopback_listener::longest_nap`: not 0 ends the waiting. A signal handler may set it.
  int const volatile* stop = nullptr;
  program_starter start = os::start_detached;
};

/// A person, as `send` and `run` ask one. The redirect address is a port of this machine, bound when it is
/// asked for and kept until the page has been answered, given up, or this object ends. The answer to a page
/// is the redirect's URL; `errc::needs_person` if nobody came back in time, or `stop` was set. A code is shown, and nobody
/// waited for.
///
/// It opens windows: give it to calls that somebody waits for, and to no others. One thread at a time.
/// @tparam Say a callable void(std::string_view): shows a line to the person. No secret is said but the
///         page's URL, whose state is of use to nobody else.
template <class Say>
class terminal_person {
public:
  /// @param outside its clocks, variables and entropy; what it refers to must outlive this
  explicit terminal_person(Say say, terminal_rules rules = {}, context const& outside = system_context)
      : say_(std::move(say)), rules_(std::move(rules)), outside_(outside), input_(rules_.input) {}

  result<secret> operator()(question const& asked) {
    switch (asked.what) {
    case question::kind::redirect_address:
      return give_address(asked);
    case question::kind::page: {
      auto answer = show_page(asked);
      listener_.reset();  // whatever happened, the port is free again
      return answer;
    }
    case question::kind::code:
      break;
    }
    return show_code(asked);
  }

private:
  // A question may name the address that the client was registered with. What the rules leave open is taken
  // from it; where its port is taken by now, the client must be registered with another one.
  result<secret> give_address(question const& asked) {
    listener_.reset();
    loopback_address at{rules_.host, asked.preferred_port != 0 ? asked.preferred_port : rules_.port,
                        rules_.path};
    bool const fixed = at.port != 0;
    if (auto kept = address_of_redirect(asked.url.reveal()); kept && kept->host == at.host) {
      if (!fixed) at.port = kept->port;
      if (at.path.empty()) at.path = std::move(kept->path);
    }
    if (!at.host.ok() || !at.path.ok()) return error{errc::no_memory, "sign-in: out of memory"};
    if (at.path.empty()) {
      auto path = make_callback_path(outside_);
      if (!path) return path.error();
      at.path = std::move(*path);
    }
    auto ok = listen(at);
    if (!ok && ok.error().code() == errc::fatal && !fixed && countersign::detail::exchanged(at.port, std::uint16_t{0}) != 0)
      ok = listen(at);
    if (!ok) return ok.error();
    secret address(listener_->redirect_uri());
    at.port = listener_->port();
    last_ = std::move(at);
    if (!address.ok() || !last_.host.ok() || !last_.path.ok())
      return error{errc::no_memory, "sign-in: out of memory"};
    return address;
  }
  result<void> listen(loopback_address const& at) {
    auto opened = loopback_listener::open(at);
    if (!opened) return opened.error();
    listener_.emplace(std::move(*opened));
    outside_.trace({"listen", listener_->redirect_uri(), ""});
    return {};
  }

  result<secret> show_page(question const& asked) {
    auto const url = asked.url.reveal();
    if (auto ok = check_page(url); !ok) return ok.error();
    auto const state = asked.state.empty() ? state_of_page(url) : result<secret>(asked.state);
    if (!state) return state.error();
    // A second page of the same sign-in comes back to the same address.
    if (!listener_ && last_.port != 0)
      if (auto ok = listen(last_); !ok) return ok.error();
    if (!listener_ && !input_.open())
      return error{errc::needs_person,
                   "sign-in: there is no way back from the page: neither a port nor a terminal"};
    say_(std::string_view("Open this page to sign in:"));
    say_(url);
    open(url);
    if (input_.open())
      say_(std::string_view(
          "If the browser can't reach this machine afterwards, paste the address that it shows then."));
    auto const until = outside_.now().boot + rules_.patience;
    for (;;) {
      auto typed = input_.reading();
      auto* const also = input_.open() ? &typed : nullptr;
      typed.revents = 0;
      if (listener_) {
        auto came = listener_->serve(state->reveal(), outside_, also);
        if (!came || !came->empty()) return came;
      } else {
        os::wait_ready(also, also == nullptr ? 0 : 1, static_cast<int>(loopback_listener::longest_nap.ms));
      }
      if (typed.revents != 0) {
        auto pasted = take_line(state->reveal());
        if (!pasted || !pasted->empty()) return pasted;
      }
      if (rules_.stop != nullptr && *rules_.stop != 0)
        return error{errc::needs_person, "sign-in: interrupted"};
      if (outside_.now().boot >= until)
        return error{errc::needs_person, "sign-in: nobody came back within ", rules_.patience.ms / 1000,
                     " s; sign in again, and finish in the browser"};
    }
  }

  result<secret> show_code(question const& asked) {
    auto const url = asked.url.reveal();
    if (auto ok = check_page(url); !ok) return ok.error();
    auto const whole = asked.url_of_code.empty() ? url : asked.url_of_code.reveal();
    if (auto ok = check_page(whole); !ok) return ok.error();
    for (char const c : asked.user_code.reveal())
      if (c < 0x20 || c > 0x7e)
        return error{errc::bad_input, "sign-in: the code to show holds bytes beyond printable ASCII"};
    say_(std::string_view("Open this page to sign in:"));
    say_(url);
    say_(std::string_view("and enter this code:"));
    say_(asked.user_code.reveal());
    open(whole);
    return secret("shown");
  }

  void open(std::string_view url) {
    if (!rules_.open_browser) return;
    auto const opened = oauth::open_browser(url, outside_, rules_.start);
    if (opened) return;
    say_(opened.error().message());
    say_(std::string_view("No browser was started; open the page yourself."));
  }

  // The redirect, if the line is one that carries our state.
  result<secret> take_line(std::string_view state) {
    switch (input_.take()) {
    case os::line_input::got::line:
      break;
    case os::line_input::got::too_long:
      return too_long();
    case os::line_input::got::nothing_yet:
    case os::line_input::got::end:
      return secret();
    }
    auto line = input_.line();
    auto const blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '"' || c == '\''; };
    while (!line.empty() && blank(line.front())) line.remove_prefix(1);
    while (!line.empty() && blank(line.back())) line.remove_suffix(1);
    if (line.empty()) return secret();
    if (line.size() > max_url_size) return too_long();
    if (!detail::carries_state(line, state)) {
      say_(std::string_view("That is not the address that this sign-in ends at; paste all of it."));
      return secret();
    }
    secret redirect(line);
    if (!redirect.ok()) return error{errc::no_memory, "sign-in: out of memory"};
    return redirect;
  }

  result<secret> too_long() {
    say_(std::string_view("That line is too long for an address."));
    return secret();
  }

  Say say_;
  terminal_rules rules_;
  context outside_;
  countersign::detail::held<loopback_listener> listener_;
  loopback_address last_;  // port 0: none was asked for
  os::line_input input_;
};

}  // namespace countersign::inline v0::oauth
