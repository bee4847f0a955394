#include <countersign/oauth/terminal_person.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "os/knock.hpp"
#include "os/scratch.hpp"

#include <countersign/drive/send.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <vector>

using namespace countersign;
using oauth::terminal_rules;

namespace {

constexpr duration loopback_nap = oauth::loopback_listener::longest_nap;
constexpr std::string_view state = "c3RhdGUtb2YtMjU2LWJpdHMtYXMtYmFzZTY0dXJsLi4";
std::string const page = "https://id.example/authorize?response_type=code&state=" + std::string(state);

// Everything that was shown to the person.
struct shown {
  std::vector<std::string>* lines;
  void operator()(std::string_view line) const { lines->emplace_back(line); }
};
static_assert(person<oauth::terminal_person<shown>>);

question address(std::uint16_t port = 0, std::string_view registered = "") {
  return {.what = question::kind::redirect_address, .url = secret(registered), .preferred_port = port};
}
question open_page(std::string_view url = page) { return {.what = question::kind::page, .url = secret(url)}; }

// Plays the browser that was started: it is redirected at once, and its request waits in the port's queue.
struct playing_browser {
  static inline std::string redirect_uri, query, opened;
  static inline std::vector<knock> requests;

  static std::uint16_t port() {
    auto const colon = redirect_uri.rfind(':');
    return static_cast<std::uint16_t>(std::stoi(redirect_uri.substr(colon + 1)));
  }
  static void go(std::string_view with) {
    auto const host = redirect_uri.substr(7, redirect_uri.find('/', 7) - 7);
    auto const path = redirect_uri.substr(redirect_uri.find('/', 7));
    requests.emplace_back(port());
    requests.back().say("GET " + path + "?" + std::string(with) + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }
  static result<void> start(command const& what) noexcept {
    opened = std::string(what.argv.back());
    if (!query.empty()) go(query);
    return {};
  }
  static result<void> not_there(command const&) noexcept {
    return error{errc::fatal, "program xdg-open: not found in PATH"};
  }
};

// A terminal, a browser and a clock that moves by a second at every look.
struct desk {
  fake::world w;
  std::vector<std::string> lines;
  int ends[2] = {-1, -1};
  terminal_rules rules;

  desk() {
    BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    rules.input = ends[0];
    rules.start = playing_browser::start;
    playing_browser::query = "code=good&state=" + std::string(state);
    playing_browser::opened.clear();
    playing_browser::requests.clear();
  }
  ~desk() {
    ::close(ends[0]);
    hang_up();
    playing_browser::requests.clear();
  }
  oauth::terminal_person<shown> person() { return oauth::terminal_person(shown{&lines}, rules, w.context()); }
  void type(std::string_view text) const {
    BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void hang_up() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  bool said(std::string_view piece) const {
    for (auto const& line : lines)
      if (line.find(piece) != std::string::npos) return true;
    return false;
  }
};

std::string address_of(oauth::terminal_person<shown>& asked, question const& what = address()) {
  auto got = asked(what);
  BOOST_REQUIRE_MESSAGE(got, got.error().message());
  return playing_browser::redirect_uri = std::string(got->reveal());
}
// The same with one block of memory refused. `ended`: it needs no more blocks than it got.
template <class Person>
void address_of_quietly(Person& asked, question const& what, long blocks, errc& code, bool& ended) {
  auto got = [&] {
    fake::heap::counter const heap;
    fake::heap::refused_once const refused(blocks);
    auto said = asked(what);
    ended = heap.count() <= blocks;
    return said;
  }();
  if (got) playing_browser::redirect_uri = std::string(got->reveal());
  else code = got.error().code();
}
bool is_free(std::uint16_t port) { return os::loopback_socket::open(os::loopback::both, port).has_value(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_terminal_person)

BOOST_AUTO_TEST_CASE(the_browser_is_sent_to_the_page_and_comes_back) {
  desk d;
  auto asked = d.person();
  auto const redirect = address_of(asked);
  BOOST_TEST(redirect.starts_with("http://127.0.0.1:"));
  BOOST_TEST(redirect.ends_with("/callback"));
  BOOST_TEST(!is_free(playing_browser::port()));
  auto const came = asked(open_page());
  BOOST_REQUIRE_MESSAGE(came, came.error().message());
  BOOST_TEST(came->reveal() == redirect + "?code=good&state=" + std::string(state));
  BOOST_TEST(playing_browser::opened == page);
  BOOST_TEST(d.said(page));
  BOOST_TEST(is_free(playing_browser::port()));
  BOOST_TEST(playing_browser::requests[0].hears().starts_with("HTTP/1.1 200 OK\r\n"));
}

BOOST_AUTO_TEST_CASE(a_refusal_comes_back_too) {
  desk d;
  auto asked = d.person();
  playing_browser::query = "error=access_denied&state=" + std::string(state);
  auto const redirect = address_of(asked);
  BOOST_TEST(asked(open_page()).value().reveal() == redirect + "?" + playing_browser::query);
}

BOOST_AUTO_TEST_CASE(forged_redirects_are_answered_and_waiting_goes_on) {
  desk d;
  auto asked = d.person();
  auto const redirect = address_of(asked);
  for (int n = 0; n < 20; ++n) playing_browser::go("error=access_denied&state=forged");
  BOOST_TEST(asked(open_page()).value().reveal() == redirect + "?code=good&state=" + std::string(state));
  BOOST_TEST(playing_browser::requests[0].hears().starts_with("HTTP/1.1 400"));
}

BOOST_AUTO_TEST_CASE(the_address_may_be_pasted) {
  auto const pasted = "http://127.0.0.1:1/callback?code=pasted&state=" + std::string(state);
  for (auto const& line : {pasted + "\n", "  \"" + pasted + "\" \r\n", "\n\nnonsense\n" + pasted + "\n",
                           pasted, "http://127.0.0.1:1/callback?code=x&state=forged\n" + pasted + "\nmore"}) {
    desk d;
    playing_browser::query.clear();
    auto asked = d.person();
    address_of(asked);
    d.type(line);
    d.hang_up();
    auto const came = asked(open_page());
    BOOST_REQUIRE_MESSAGE(came, came.error().message());
    BOOST_TEST(came->reveal() == pasted);
    BOOST_TEST(is_free(playing_browser::port()));
    bool const other = line.find("nonsense") != std::string::npos || line.find("forged") != std::string::npos;
    BOOST_TEST(d.said("That is not the address") == other);
  }
}

BOOST_AUTO_TEST_CASE(a_pasted_line_is_too_long_or_is_taken) {
  desk d;
  playing_browser::query.clear();
  auto asked = d.person();
  address_of(asked);
  ::fcntl(d.ends[1], F_SETPIPE_SZ, 65536);
  auto const filled = [](std::size_t size) {
    auto const tail = "&state=" + std::string(state);
    return "?code=" + std::string(size - 6 - tail.size(), 'a') + tail;
  };
  d.type(std::string(os::line_input::max_line + 1, 'x') + "\n" + filled(max_url_size + 1) + "\n" +
         filled(max_url_size) + "\n");
  BOOST_TEST(asked(open_page()).value().size() == max_url_size);
  BOOST_TEST(std::count(d.lines.begin(), d.lines.end(), "That line is too long for an address.") == 2);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_input_ends_nothing) {
  desk d;
  d.hang_up();
  auto asked = d.person();
  playing_browser::query.clear();
  address_of(asked);
  playing_browser::go("code=late&state=" + std::string(state));
  BOOST_TEST(asked(open_page()).value().reveal().ends_with("code=late&state=" + std::string(state)));
  // Nor is anybody kept busy by it: three rounds, two looks at the clock in each, are naps.
  d.w.tick = seconds(30);
  address_of(asked);
  auto const begun = os::read_clocks().boot;
  BOOST_TEST((asked(open_page()).error().code() == errc::needs_person));
  BOOST_TEST(os::read_clocks().boot.ms - begun.ms >= loopback_nap.ms);
}

BOOST_AUTO_TEST_CASE(nobody_who_comes_back_is_told_and_the_port_is_free) {
  desk d;
  d.w.tick = seconds(60);
  playing_browser::query.clear();
  auto asked = d.person();
  address_of(asked);
  auto const came = asked(open_page());
  BOOST_REQUIRE(!came);
  BOOST_TEST((came.error().code() == errc::needs_person));
  BOOST_TEST(came.error().message() ==
             "sign-in: nobody came back within 180 s; sign in again, and finish in the browser");
  BOOST_TEST(is_free(playing_browser::port()));
}

BOOST_AUTO_TEST_CASE(the_patience_is_what_was_said) {
  desk d;
  playing_browser::query.clear();
  d.rules.patience = seconds(3);
  auto asked = d.person();
  address_of(asked);
  d.w.tick = seconds(1);
  auto const begun = d.w.now().boot;
  BOOST_TEST(asked(open_page()).error().message().starts_with("sign-in: nobody came back within 3 s"));
  BOOST_TEST(d.w.now().boot.ms - begun.ms >= 3000);
  BOOST_TEST(d.w.now().boot.ms - begun.ms < 7000);
}

volatile std::sig_atomic_t stopped = 0;

BOOST_AUTO_TEST_CASE(a_signal_ends_the_waiting) {
  desk d;
  playing_browser::query.clear();
  stopped = 0;
  auto* const before = std::signal(SIGUSR1, [](int) { stopped = 1; });
  d.rules.stop = &stopped;
  d.rules.start = [](command const&) noexcept {
    ::raise(SIGUSR1);
    return result<void>();
  };
  auto asked = d.person();
  address_of(asked);
  auto const came = asked(open_page());
  std::signal(SIGUSR1, before);
  BOOST_REQUIRE(!came);
  BOOST_TEST((came.error().code() == errc::needs_person));
  BOOST_TEST(came.error().message() == "sign-in: interrupted");
  BOOST_TEST(is_free(playing_browser::port()));
}

// -- the address

BOOST_AUTO_TEST_CASE(a_preferred_port_is_taken_or_it_is_an_error) {
  desk d;
  auto asked = d.person();
  address_of(asked);
  auto const port = playing_browser::port();
  auto other = d.person();
  auto const got = other(address(port));
  BOOST_REQUIRE(!got);
  BOOST_TEST((got.error().code() == errc::fatal));
  BOOST_TEST(got.error().message().find("port " + std::to_string(port) + " is taken") != std::string::npos);
  // whoever has it may ask for it again
  BOOST_TEST(address_of(asked, address(port)) == "http://127.0.0.1:" + std::to_string(port) + "/callback");
}

BOOST_AUTO_TEST_CASE(the_rules_say_host_port_and_path) {
  desk d;
  std::uint16_t port = 0;
  {
    auto asked = d.person();
    address_of(asked);
    port = playing_browser::port();
  }
  d.rules.host = "localhost";
  d.rules.port = port;
  d.rules.path = "";
  auto asked = d.person();
  auto const redirect = address_of(asked);
  BOOST_TEST(redirect.starts_with("http://localhost:" + std::to_string(port) + "/"));
  BOOST_TEST(redirect.size() == std::string("http://localhost:/").size() + std::to_string(port).size() + 43);
  BOOST_TEST(asked(open_page()).value().reveal().starts_with(redirect));
}

BOOST_AUTO_TEST_CASE(an_address_that_was_registered_is_taken_again_where_it_can_be) {
  desk d;
  d.rules.path = "";
  auto asked = d.person();
  auto const redirect = address_of(asked);
  auto const port = playing_browser::port();
  auto const path = redirect.substr(redirect.find('/', 7));
  BOOST_TEST(address_of(asked, address(0, redirect)) == redirect);
  // The rules win where they say something.
  auto const host = "http://127.0.0.1:" + std::to_string(port);
  {
    desk other;
    auto person = other.person();
    BOOST_TEST(asked(open_page()).has_value());
    BOOST_TEST(address_of(person, address(0, redirect)) == host + "/callback");
  }
  {
    desk other;
    other.rules.host = "localhost";
    auto person = other.person();
    BOOST_TEST(address_of(person, address(0, redirect)) !=
               "http://localhost:" + std::to_string(port) + "/callback");
  }
  // Taken by now: another port, but not where the port is a must.
  auto const squatter = os::loopback_socket::open(os::loopback::ipv4, port);
  BOOST_REQUIRE(squatter);
  auto const another = address_of(asked, address(0, redirect));
  BOOST_TEST(another != redirect);
  BOOST_TEST(another.ends_with(path));
  BOOST_TEST((asked(address(port, redirect)).error().code() == errc::fatal));
  for (auto const odd : {"https://id.example/callback", "nonsense", "http://127.0.0.1/x"})
    BOOST_TEST(asked(address(0, odd)).has_value());
}

BOOST_AUTO_TEST_CASE(a_second_page_comes_back_to_the_same_address) {
  desk d;
  auto asked = d.person();
  auto const redirect = address_of(asked);
  BOOST_TEST(asked(open_page()).value().reveal().starts_with(redirect));
  BOOST_TEST(asked(open_page()).value().reveal().starts_with(redirect));
  auto const other = os::loopback_socket::open(os::loopback::ipv4, playing_browser::port());
  BOOST_TEST((asked(open_page()).error().code() == errc::fatal));
}

// -- what is shown

BOOST_AUTO_TEST_CASE(a_browser_that_does_not_start_leaves_the_url_to_the_person) {
  desk d;
  d.rules.start = playing_browser::not_there;
  auto asked = d.person();
  address_of(asked);
  playing_browser::go(playing_browser::query);
  BOOST_TEST(asked(open_page()).has_value());
  BOOST_TEST(d.said(page));
  BOOST_TEST(d.said("open the page yourself"));
}

BOOST_AUTO_TEST_CASE(no_browser_is_started_where_none_is_wanted) {
  desk d;
  d.rules.open_browser = false;
  auto asked = d.person();
  address_of(asked);
  playing_browser::go(playing_browser::query);
  BOOST_TEST(asked(open_page()).has_value());
  BOOST_TEST(playing_browser::opened == "");
  BOOST_TEST(d.said(page));
}

BOOST_AUTO_TEST_CASE(hostile_pages_are_neither_shown_nor_opened) {
  desk d;
  auto asked = d.person();
  for (auto const before :
       {"javascript:x?", "https://id.example/\x1b[2J?", "https://id.example/\xe2\x80\xae?",
        "file:///etc/passwd?", "https://u:p@id.example/?", "https://id.example/a b?"}) {
    BOOST_TEST((asked(open_page(before + ("state=" + std::string(state)))).error().code() == errc::bad_input),
               before);
    question code{.what = question::kind::code, .url = secret(before), .user_code = secret("A")};
    BOOST_TEST((asked(code).error().code() == errc::bad_input), before);
  }
  BOOST_TEST((asked(open_page("https://id.example/?state=short")).error().code() == errc::bad_input));
  BOOST_TEST(d.lines.empty());
  BOOST_TEST(playing_browser::opened == "");
  // What a shell would heed is shown, but no program is started with it.
  address_of(asked);
  auto const odd = "https://id.example/$(id)?state=" + std::string(state);
  playing_browser::go(playing_browser::query);
  BOOST_TEST(asked(open_page(odd)).has_value());
  BOOST_TEST(d.said(odd));
  BOOST_TEST(playing_browser::opened == "");
}

BOOST_AUTO_TEST_CASE(without_port_and_terminal_there_is_no_way_back) {
  desk d;
  d.rules.input = -1;
  auto asked = d.person();
  BOOST_TEST((asked(open_page()).error().code() == errc::needs_person));
  BOOST_TEST(playing_browser::opened == "");
  // With a terminal alone the address is pasted.
  desk with;
  with.type("http://x/?code=a&state=" + std::string(state) + "\n");
  auto pasting = with.person();
  BOOST_TEST(pasting(open_page()).has_value());
}

BOOST_AUTO_TEST_CASE(a_code_is_shown_with_its_page) {
  desk d;
  auto asked = d.person();
  question const code{.what = question::kind::code,
                      .url = secret("https://id.example/device"),
                      .user_code = secret("WDJB-MJHT")};
  auto const got = asked(code);
  BOOST_REQUIRE(got);
  BOOST_TEST(got->reveal() == "shown");
  BOOST_TEST(d.said("https://id.example/device"));
  BOOST_TEST(d.said("WDJB-MJHT"));
  BOOST_TEST(playing_browser::opened == "https://id.example/device");
  auto with_code = code;
  with_code.url_of_code = secret("https://id.example/device?c=1");
  BOOST_REQUIRE(asked(with_code));
  BOOST_TEST(!d.said("https://id.example/device?c=1"));
  BOOST_TEST(playing_browser::opened == "https://id.example/device?c=1");
  with_code.url_of_code = secret("javascript:x");
  BOOST_TEST((asked(with_code).error().code() == errc::bad_input));
  BOOST_TEST(!asked({.what = question::kind::code,
                     .url = secret("https://id.example/device"),
                     .user_code = secret("A\x1b[2J")}));
}

BOOST_AUTO_TEST_CASE(a_page_that_does_not_show_its_state_is_answered_by_it) {
  desk d;
  auto asked = d.person();
  playing_browser::redirect_uri = std::string(asked(address()).value().reveal());
  playing_browser::go("code=c&state=" + std::string(state));
  question what{.url = secret("https://id.example/authorize?client_id=app&request_uri=urn%3Ax"),
                .state = secret(state)};
  auto const got = asked(what);
  BOOST_REQUIRE(got);
  BOOST_TEST(got->reveal().ends_with("?code=c&state=" + std::string(state)));
}

BOOST_AUTO_TEST_CASE(no_code_stays_in_freed_memory) {
  if (!fake::heap::is_watching) return;
  desk d;
  d.rules.open_browser = false;
  constexpr std::string_view canary = "c4nary-c0de-c4nary";
  auto const query = "code=" + std::string(canary) + "&state=" + std::string(state);
  for (bool const pasted : {false, true}) {
    auto asked = oauth::terminal_person([](std::string_view) {}, d.rules, d.w.context());
    playing_browser::redirect_uri = std::string(asked(address()).value().reveal());
    auto const what = open_page();
    if (pasted) d.type("?" + query + "\n");
    else playing_browser::go(query);
    fake::heap::watch const watch(canary);
    BOOST_TEST(asked(what).has_value());
    BOOST_TEST(watch.found() == 0);
  }
}

BOOST_AUTO_TEST_CASE(without_memory_a_sign_in_fails_and_nothing_else) {
  if (!fake::heap::is_ours) return;
  desk d;
  d.rules.open_browser = false;
  d.rules.input = -1;
  d.rules.patience = milliseconds(1);
  d.w.tick = milliseconds(1);
  auto const where = address(), what = open_page();
  auto outside = d.w.context();
  outside.write_trace = nullptr;  // the fake one takes memory
  auto const before = count_descriptors();
  long failures = 0;
  for (long block = 0; block < 1000; ++block) {
    errc code = errc::none;
    bool ended = false;
    {
      auto asked = oauth::terminal_person([](std::string_view) {}, d.rules, outside);
      address_of_quietly(asked, where, block, code, ended);
      if (code == errc::none) {
        playing_browser::go("code=good&state=" + std::string(state));
        fake::heap::counter const heap;
        fake::heap::refused_once const refused(block);
        auto const came = asked(what);
        if (!came) code = came.error().code();
        ended = ended && heap.count() <= block;
      }
    }
    playing_browser::requests.clear();
    BOOST_TEST((code == errc::none || code == errc::no_memory || code == errc::needs_person));
    failures += code != errc::none;
    if (ended) break;
    BOOST_REQUIRE(block < 999);
  }
  BOOST_TEST(failures > 5);
  BOOST_TEST(count_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left) {
  desk d;
  auto const before = count_descriptors();
  {
    auto asked = d.person();
    address_of(asked);
    BOOST_TEST(asked(open_page()).has_value());
    address_of(asked);
  }
  playing_browser::requests.clear();
  BOOST_TEST(count_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()
