#include <countersign/oauth/browser.hpp>

#include "fake/context.hpp"
#include "os/scratch.hpp"

#include <countersign/oauth/authorization.hpp>
#include <countersign/os/clock.hpp>
#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace countersign;
using namespace std::literals;

namespace {

// What was started, by a starter that starts nothing.
struct started {
  std::vector<std::string> argv, environment;
};
std::vector<started> all;
result<void> record(command const& what) noexcept {
  all.push_back({{what.argv.begin(), what.argv.end()}, {what.environment.begin(), what.environment.end()}});
  return {};
}
result<void> fail(command const&) noexcept { return error{errc::fatal, "program x: not found"}; }

// 500 and more endpoints that a hostile server may name.
std::vector<std::string> hostile_endpoints() {
  std::vector<std::string> const payloads = {"$(touch pwned)",
                                             "$(id)",
                                             "`id`",
                                             "${IFS}id",
                                             "$IFS$9id",
                                             "\"&calc",
                                             "\"&calc&\"",
                                             "'&calc&'",
                                             "&calc",
                                             "|calc",
                                             ";id",
                                             ";id;",
                                             "&&id",
                                             "||id",
                                             "%VAR%",
                                             "%COMSPEC%",
                                             "%0a%0did",
                                             "^&calc",
                                             "--flag",
                                             "--help",
                                             "-e",
                                             "@calc",
                                             "!id!",
                                             "<x",
                                             ">x",
                                             "*",
                                             "~root",
                                             "{a,b}",
                                             "(id)",
                                             "\r\nX: y",
                                             "\n",
                                             "\r",
                                             "\t",
                                             " ",
                                             "\0"s,
                                             "\x1b[2J",
                                             "\x7f",
                                             "\\",
                                             "\\\\evil\\x",
                                             "\"",
                                             "'",
                                             "\xe2\x80\xae",
                                             "\xe2\x80\x8f",
                                             "\xc2\x85",
                                             "\xff",
                                             "\xd0\xb0",
                                             "#x",
                                             "\"%20--new-window%20\"",
                                             "$%7Bx%7D",
                                             "%",
                                             "%zz",
                                             "\xc0\xaf"};
  std::vector<std::string> endpoints = {"javascript:alert(1)",
                                        "JavaScript:alert(1)",
                                        "file:///etc/passwd",
                                        "FILE:///x",
                                        "data:text/html,x",
                                        "vbscript:x",
                                        "ms-msdt:/id",
                                        "search-ms:x",
                                        "mailto:a@b",
                                        "ssh://-oProxyCommand=id/x",
                                        "ftp://h.example/",
                                        "ws://h.example/",
                                        "wss://h.example/",
                                        "--flag",
                                        "-x",
                                        "/etc/passwd",
                                        "C:\\calc.exe",
                                        "\\\\evil\\share",
                                        "",
                                        " ",
                                        "http:",
                                        "https:",
                                        "http://",
                                        "https://",
                                        "https:///x",
                                        "//h.example/",
                                        "h.example",
                                        "https://user:pass@h.example/",
                                        "https://h.example@evil.example/",
                                        "about:blank",
                                        "chrome://settings",
                                        "view-source:https://h.example",
                                        "https://h.example:99999/",
                                        "http://[::1"};
  for (auto const& one : payloads)
    for (auto const& before : {"", "https://h.example/", "https://h.example/?a=", "https://h.example",
                               "https://", "http://127.0.0.1:1/", "https://h.example/a#"}) {
      endpoints.push_back(before + one);
      endpoints.push_back(before + one + "/authorize");
    }
  return endpoints;
}

bool is_harmless(std::string_view url) {
  return (url.starts_with("https://") || url.starts_with("http://")) &&
         url.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@+,=&%") ==
             std::string_view::npos;
}

struct own_path {
  std::string before = ::getenv("PATH");
  explicit own_path(std::string const& first) { ::setenv("PATH", (first + ":" + before).c_str(), 1); }
  ~own_path() { ::setenv("PATH", before.c_str(), 1); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(oauth_browser)

BOOST_AUTO_TEST_CASE(the_systems_opener_gets_the_url_as_one_argument) {
  fake::world w;
  w.variables = {
      {"PATH", "/bin"}, {"DISPLAY", ":0"}, {"BROWSER", ""}, {"COUNTERSIGN_KEY", "k"}, {"GITHUB_TOKEN", "t"}};
  all.clear();
  auto const url = "https://id.example/authorize?a=%20b&state=x"s;
  BOOST_TEST(oauth::open_browser(url, w.context(), record).has_value());
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST((all[0].argv == std::vector<std::string>{"xdg-open", url}));
  BOOST_TEST((all[0].environment == std::vector<std::string>{"PATH=/bin", "BROWSER=", "DISPLAY=:0"}));
  BOOST_TEST(w.trace_text() == "browser xdg-open \n");
}

BOOST_AUTO_TEST_CASE(the_users_browser_is_one_program_and_no_line) {
  fake::world w;
  for (auto const browser : {"firefox", "/opt/my browser", "firefox --new-tab", "a;b", "$(id)"}) {
    w.variables["BROWSER"] = browser;
    all.clear();
    BOOST_TEST(oauth::open_browser("http://127.0.0.1:1/x", w.context(), record).has_value());
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST((all[0].argv == std::vector<std::string>{browser, "http://127.0.0.1:1/x"}));
  }
}

BOOST_AUTO_TEST_CASE(no_key_of_ours_is_given_away) {
  for (auto const& list : {std::span<std::string_view const>(passed_variables),
                           std::span<std::string_view const>(oauth::browser_variables)})
    for (auto const name : list) BOOST_TEST(!is_withheld(name));
}

BOOST_AUTO_TEST_CASE(what_the_starter_says_is_told) {
  fake::world w;
  BOOST_TEST(oauth::open_browser("https://id.example/", w.context(), fail).error().message() ==
             "program x: not found");
}

BOOST_AUTO_TEST_CASE(a_page_is_an_http_url_of_printable_ascii) {
  for (auto const good : {"https://id.example/a?b=c", "HTTPS://id.example", "http://127.0.0.1:8080/",
                          "https://id.example/$(x);'*!"})
    BOOST_TEST(oauth::check_page(good).has_value(), good);
  for (auto const bad :
       {"wss://id.example/", "javascript:alert(1)", "https://u@id.example/", "https://id.example/\xc3\xa4",
        "https://id.example/a b", "https://\xd0\xb0.example/", "", "--flag"}) {
    auto const got = oauth::check_page(bad);
    BOOST_REQUIRE_MESSAGE(!got, bad);
    BOOST_TEST((got.error().code() == errc::bad_input));
  }
}

BOOST_AUTO_TEST_CASE(hostile_endpoints_start_one_program_with_one_argument_or_none) {
  auto const endpoints = hostile_endpoints();
  BOOST_TEST(endpoints.size() >= 500u);
  fake::world w;
  auto const proof = oauth::make_code_proof(w.context()).value();
  auto const state = oauth::make_state(w.context()).value();
  std::size_t opened = 0, pages = 0;
  for (auto const& endpoint : endpoints) {
    all.clear();
    bool const started = oauth::open_browser(endpoint, w.context(), record).has_value();
    BOOST_TEST(all.size() == (started ? 1u : 0u), endpoint);
    if (started) {
      ++opened;
      BOOST_TEST((all[0].argv == std::vector<std::string>{"xdg-open", endpoint}));
      BOOST_TEST(is_harmless(endpoint), endpoint);
    }
    // as a sign-in does it
    all.clear();
    auto const page = oauth::authorization_url(
        endpoint, {.client_id = "c", .state = state.reveal(), .code_challenge = proof.code_challenge});
    if (!page || !oauth::open_browser(page->reveal(), w.context(), record)) continue;
    ++pages;
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].argv.size() == 2u);
    BOOST_TEST(is_harmless(all[0].argv[1]), endpoint);
  }
  // The same words where they do no harm: the test would show nothing if all were refused.
  BOOST_TEST(opened > 50u);
  BOOST_TEST(opened < 200u);
  BOOST_TEST(pages > 20u);
}

// A real program in PATH that tells what it was started with.
BOOST_AUTO_TEST_CASE(a_real_opener_sees_the_url_verbatim_and_no_shell_before_it) {
  scratch const here;
  auto const file =
      here.write("xdg-open", "#!/bin/sh\ntr '\\0' '\\n' </proc/$$/cmdline >\"${0%/*}/part.$$\"\n"
                             "mv \"${0%/*}/part.$$\" \"${0%/*}/said.$$\"\n");
  ::chmod(file.c_str(), 0755);
  // whoever asked a shell by its name would leave a trace
  for (auto const shell : {"sh", "bash", "cmd", "cmd.exe", "powershell"}) {
    here.write(shell, "#!/bin/sh\ntouch \"${0%/*}/shell\"\n");
    ::chmod(here.path(shell).c_str(), 0755);
  }
  own_path const path(here.folder.string());
  ::unsetenv("BROWSER");
  std::vector<std::string> wanted;
  for (auto const& endpoint : hostile_endpoints())
    if (oauth::open_browser(endpoint, system_context))
      wanted.push_back("/bin/sh\n" + file + "\n" + endpoint + "\n");
  std::vector<std::string> seen;
  for (auto const until = os::read_clocks().boot + seconds(10); os::read_clocks().boot < until;) {
    seen.clear();
    for (auto const& each : std::filesystem::directory_iterator(here.folder))
      if (auto const name = each.path().filename().string(); name.starts_with("said."))
        seen.push_back(here.read(name));
    if (seen.size() >= wanted.size()) break;
    std::this_thread::yield();
  }
  std::sort(wanted.begin(), wanted.end());
  std::sort(seen.begin(), seen.end());
  BOOST_TEST(seen == wanted, boost::test_tools::per_element());
  BOOST_TEST(!std::filesystem::exists(here.path("shell")));
}

BOOST_AUTO_TEST_SUITE_END()
