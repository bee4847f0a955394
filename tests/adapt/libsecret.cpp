#include <countersign/adapt/libsecret.hpp>

#include "adapt/session.hpp"

#include <countersign/store/encrypted_file_store.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <vector>

namespace cs = countersign;
using namespace std::literals;

namespace {

struct desktop : session {
  // Until the daemon has its name on the bus there is no keychain.
  void unlocked() {
    start_keyring("open sesame");
    wait_for_keyring();
  }
  void locked() {
    stop_keyring();
    start_keyring("");
    wait_for_keyring();
  }
  void wait_for_keyring() {
    for (int turn = 0; turn < 500; ++turn) {
      auto const got = cs::keychain_key(path("nothing")).find(context());
      if (got || !got.error().message().starts_with("keychain: no keychain runs")) return;
      ::poll(nullptr, 0, 20);
    }
    BOOST_FAIL("gnome-keyring-daemon does not start (package gnome-keyring)");
  }

  /// This program once more, at the case below; it writes the key that it got to a file.
  child another(std::string const& name) const {
    auto variables = environment();
    variables.push_back("KEY_FOLDER=" + store());
    variables.push_back("KEY_FILE=" + path(name));
    if (auto const* const options = std::getenv("ASAN_OPTIONS"))
      variables.push_back("ASAN_OPTIONS="s + options);
    return child({"/proc/self/exe", "--run_test=adapt_libsecret/another_process_asks"}, variables, true);
  }
  /// What libsecret's own way of writing leaves, under the attributes of `store()`.
  void put(std::string const& text) {
    auto const& schema = SecretSchema{"countersign.store_key",
                                      SECRET_SCHEMA_NONE,
                                      {{"application", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                       {"folder", SECRET_SCHEMA_ATTRIBUTE_STRING},
                                       {nullptr, SECRET_SCHEMA_ATTRIBUTE_STRING}},
                                      0,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr};
    cs::detail::secret_service keychain(cs::seconds(5), false);
    BOOST_REQUIRE(bool(keychain.open(context())));
    cs::detail::secret_attributes const which(
        secret_attributes_build(&schema, "application", "countersign", "folder", store().c_str(), nullptr));
    BOOST_REQUIRE(bool(keychain.keep(schema, which.get(), "of a test", cs::secret(text))));
  }
};

std::string_view text(cs::result<cs::secret> const& got) {
  return got ? got->reveal() : got.error().message();
}
cs::errc code(cs::result<cs::secret> const& got) { return got ? cs::errc::none : got.error().code(); }

}  // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(cs::errc)

BOOST_AUTO_TEST_SUITE(adapt_libsecret)

// Started by the cases below, in a process of its own.
BOOST_AUTO_TEST_CASE(another_process_asks, *boost::unit_test::disabled()) {
  auto const* const folder = std::getenv("KEY_FOLDER");
  auto const* const to = std::getenv("KEY_FILE");
  BOOST_REQUIRE(folder != nullptr && to != nullptr);
  auto const key = cs::keychain_key(cs::owned_text(folder)).find_or_make();
  std::ofstream(to, std::ios::binary) << text(key);
  BOOST_TEST(bool(key));
}

BOOST_AUTO_TEST_CASE(a_key_is_made_once_and_found_again_by_another_process) {
  desktop here;
  here.unlocked();
  cs::keychain_key const keychain(here.store());
  BOOST_TEST(code(keychain.find(here.context())) == cs::errc::not_mine);
  BOOST_TEST(!std::filesystem::exists(here.store()));  // who only looks leaves no trace
  auto const made = keychain.find_or_make(here.context());
  BOOST_TEST_REQUIRE(bool(made), text(made));
  BOOST_TEST(made->size() == 32u);
  BOOST_TEST(text(keychain.find(here.context())) == made->reveal());
  BOOST_TEST(text(keychain.find_or_make(here.context())) == made->reveal());
  BOOST_TEST(here.another("key").ended() == 0);
  BOOST_TEST(here.read("key") == made->reveal());

  // It serves: a store that is made with it keeps a login, and another session's start finds it.
  cs::login login;
  login.issuer = "https://id.example";
  cs::encrypted_file_store store(here.store(), *made);
  BOOST_REQUIRE(store.compare_and_swap({.server = "https://mcp.example"}, 0, login).has_value());
  here.stop_keyring();
  here.unlocked();
  auto const again = keychain.find(here.context());
  BOOST_TEST_REQUIRE(bool(again), text(again));
  BOOST_TEST(
      cs::encrypted_file_store(here.store(), *again).load({.server = "https://mcp.example"}).has_value());
}

BOOST_AUTO_TEST_CASE(processes_that_come_at_once_have_one_key) {
  desktop here;
  here.unlocked();
  std::vector<child> others;
  for (int n = 0; n < 6; ++n) others.push_back(here.another("key" + std::to_string(n)));
  for (auto& other : others) BOOST_TEST(other.ended() == 0);
  auto const key = cs::keychain_key(here.store()).find(here.context());
  BOOST_TEST_REQUIRE(bool(key), text(key));
  for (int n = 0; n < 6; ++n) BOOST_TEST(here.read("key" + std::to_string(n)) == key->reveal());
}

BOOST_AUTO_TEST_CASE(each_folder_and_application_has_its_own) {
  desktop here;
  here.unlocked();
  auto const context = here.context();
  auto const folder = here.path("Zust\xc3\xa4nde \xe2\x9c\x93 'x' \"y\"");
  auto const one = cs::keychain_key(here.store()).find_or_make(context);
  auto const two = cs::keychain_key(folder).find_or_make(context);
  auto const three = cs::keychain_key(here.store(), {.application = "an agent"}).find_or_make(context);
  BOOST_TEST_REQUIRE((one && two && three));
  BOOST_TEST(one->reveal() != two->reveal());
  BOOST_TEST(one->reveal() != three->reveal());
  BOOST_TEST(text(cs::keychain_key(folder).find(context)) == two->reveal());
}

BOOST_AUTO_TEST_CASE(a_locked_keychain_is_told_and_not_waited_for) {
  desktop here;
  here.unlocked();
  BOOST_REQUIRE(bool(cs::keychain_key(here.store()).find_or_make(here.context())));
  here.locked();
  auto const start = std::chrono::steady_clock::now();
  for (bool const ask : {false, true}) {  // headless, nobody is there to be asked
    cs::keychain_key const known(here.store(), {.patience = cs::seconds(2), .ask_to_unlock = ask});
    cs::keychain_key const unknown(here.path("other"), {.patience = cs::seconds(2), .ask_to_unlock = ask});
    for (auto const& got : {known.find(here.context()), known.find_or_make(here.context()),
                            unknown.find(here.context()), unknown.find_or_make(here.context())}) {
      BOOST_TEST(code(got) == cs::errc::locked, text(got));
      BOOST_TEST(text(got) == "keychain: it is locked; unlock it in your desktop's session");
    }
  }
  BOOST_TEST((std::chrono::steady_clock::now() - start < 20s));
}

BOOST_AUTO_TEST_CASE(a_keychain_that_nobody_has_set_up_is_told) {
  desktop here;
  here.locked();
  cs::keychain_key const keychain(here.store(), {.patience = cs::seconds(2), .ask_to_unlock = true});
  for (auto const& got : {keychain.find(here.context()), keychain.find_or_make(here.context())}) {
    BOOST_TEST(code(got) == cs::errc::fatal);
    BOOST_TEST(text(got) == "keychain: it has no default collection; make one in its settings");
  }
}

BOOST_AUTO_TEST_CASE(no_bus_and_no_keychain_are_told) {
  desktop here;
  cs::keychain_key const keychain(here.store());
  auto got = keychain.find_or_make(here.context());  // a bus, and no daemon
  BOOST_TEST(code(got) == cs::errc::fatal);
  BOOST_TEST(text(got).starts_with("keychain: no keychain runs in this session: "), text(got));

  struct {
    std::string address, runtime, sentence;
  } const rows[] = {
      {"", "", "keychain: there is no session bus (DBUS_SESSION_BUS_ADDRESS), so there is no keychain"},
      {"", "relative", "keychain: there is no session bus"},
      {"", here.path("home"), "keychain: there is no session bus"},
      {"unix:path=" + here.path("gone"), "", "keychain: the session's bus can't be reached: "},
      {"nonsense", "", "keychain: the session's bus can't be reached: "},
      {"unix:path=/x\n\xff", "", "keychain: the session's bus can't be reached: "},
  };
  for (auto const& row : rows) {
    here.around().variables = {{"DBUS_SESSION_BUS_ADDRESS", row.address}, {"XDG_RUNTIME_DIR", row.runtime}};
    got = keychain.find(here.context());
    BOOST_TEST(code(got) == cs::errc::fatal, row.address);
    BOOST_TEST(text(got).starts_with(row.sentence), text(got));
  }
}

BOOST_AUTO_TEST_CASE(one_that_does_not_answer_is_left_alone) {
  desktop here;
  here.unlocked();
  cs::keychain_key const keychain(here.store(), {.patience = cs::milliseconds(300)});
  here.keyring().signal(SIGSTOP);
  auto const start = std::chrono::steady_clock::now();
  auto const got = keychain.find(here.context());
  here.keyring().signal(SIGCONT);
  BOOST_TEST(code(got) == cs::errc::transient, text(got));
  BOOST_TEST(text(got).ends_with("no answer in time"));
  BOOST_TEST((std::chrono::steady_clock::now() - start < 5s));

  // A bus that takes the connection and says nothing.
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  here.path("mute").copy(where.sun_path, sizeof where.sun_path - 1);
  int const mute = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  BOOST_REQUIRE(::bind(mute, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0 &&
                ::listen(mute, 4) == 0);
  here.around().variables["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + here.path("mute");
  BOOST_TEST(code(keychain.find(here.context())) == cs::errc::transient);
  ::close(mute);
}

BOOST_AUTO_TEST_CASE(an_item_that_is_no_key_is_told_and_kept) {
  desktop here;
  here.unlocked();
  cs::keychain_key const keychain(here.store());
  for (auto const& content :
       {std::string(43, '!'), std::string(42, 'A'), std::string(44, 'A'), ""s, std::string(5000, 'A')}) {
    here.put(content);
    for (auto const& got : {keychain.find(here.context()), keychain.find_or_make(here.context())}) {
      BOOST_TEST(code(got) == cs::errc::bad_input, text(got));
      BOOST_TEST(text(got).starts_with("keychain: the item \"countersign.store_key\" holds no key"),
                 text(got));
    }
  }
  here.put(std::string(43, 'A'));
  BOOST_TEST(text(keychain.find_or_make(here.context())) == std::string(32, '\0'));
}

BOOST_AUTO_TEST_CASE(a_folder_that_it_can_not_name_is_told_before_anything_is_asked) {
  fake::world nowhere;
  struct {
    std::string folder, application, sentence;
  } const rows[] = {
      {"", "x", "keychain: the folder's path is not absolute: "},
      {"store", "x", "keychain: the folder's path is not absolute: store"},
      {"/a\xff", "x", "keychain: it names things in UTF-8"},
      {"/a"s + '\0', "x", "keychain: it names things in UTF-8"},
      {"/a", "\xc3", "keychain: it names things in UTF-8"},
  };
  for (auto const& row : rows) {
    cs::keychain_key const keychain(row.folder, {.application = row.application});
    for (auto const& got : {keychain.find(nowhere.context()), keychain.find_or_make(nowhere.context())}) {
      BOOST_TEST(code(got) == cs::errc::bad_input);
      BOOST_TEST(text(got).starts_with(row.sentence), text(got));
    }
  }
  auto const got = cs::keychain_key("/a").find_or_make(nowhere.context());
  BOOST_TEST(code(got) == cs::errc::fatal);
  BOOST_TEST(text(got) == "keychain: the folder can't be locked: this context has no private files");
}

BOOST_AUTO_TEST_CASE(without_entropy_no_key_is_made) {
  desktop here;
  here.unlocked();
  auto context = here.context();
  context.read_entropy = [](void*, void*, std::size_t) noexcept { return false; };
  BOOST_TEST(code(cs::keychain_key(here.store()).find_or_make(context)) == cs::errc::fatal);
  BOOST_TEST(code(cs::keychain_key(here.store()).find(context)) == cs::errc::not_mine);
}

BOOST_AUTO_TEST_CASE(no_connection_stays_open) {
  desktop here;
  here.unlocked();  // so GLib's own thread has what it needs
  auto const before = count_descriptors();
  for (int n = 0; n < 5; ++n)
    BOOST_TEST(code(cs::keychain_key(here.store()).find(here.context())) == cs::errc::not_mine);
  // GLib's thread may be a moment late.
  for (int n = 0; n < 500 && count_descriptors() != before; ++n) std::this_thread::sleep_for(10ms);
  BOOST_TEST(count_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()
