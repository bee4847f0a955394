#include <countersign/store/encrypted_file_store.hpp>

#include "store/file_battery.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace countersign;

static_assert(token_store<encrypted_file_store>);

namespace {

secret const key(std::string(32, 'k'));
auto const make = [](std::string_view folder, context const& outside) {
  return encrypted_file_store(folder, key, outside);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_encrypted_file_store)

BOOST_AUTO_TEST_CASE(it_keeps_logins) {
  kept const place(make);
  auto store = place.open();
  keeps_logins(store);
}

BOOST_AUTO_TEST_CASE(it_locks_logins) {
  kept const place(make);
  auto store = place.open();
  locks_logins(store);
}

BOOST_AUTO_TEST_CASE(nothing_of_a_login_is_on_the_disk) {
  kept const place(make);
  BOOST_TEST(place.open().compare_and_swap({"a-profile", here.server}, 0, full_login()).value());
  for (auto const& name : place.names()) {
    auto const all = name + place.read("logins/" + name);
    for (auto const piece : {"canary"sv, "example"sv, "a-profile"sv, "client"sv, "version"sv, "kkkk"sv})
      BOOST_TEST(all.find(piece) == std::string::npos);
  }
  BOOST_TEST(same(place.open().load({"a-profile", here.server}).value(), full_login()));
}

BOOST_AUTO_TEST_CASE(no_nonce_comes_twice) {
  kept const place(make);
  auto const store = place.open();
  std::set<std::string> seen;
  for (unsigned i = 0; i < 50; ++i) {
    BOOST_TEST(store.compare_and_swap(here, i, full_login()).value());
    BOOST_TEST(seen.insert(place.read(place.file()).substr(28, 12)).second);
  }
}

BOOST_AUTO_TEST_CASE(another_key_is_told_and_the_file_is_kept) {
  kept const place(make);
  BOOST_TEST(place.open().compare_and_swap(here, 0, full_login()).value());
  auto const before = place.read(place.file());
  encrypted_file_store const other(place.inside, secret(std::string(32, 'l')));
  auto const got = other.load(here);
  BOOST_TEST((code(got) == errc::fatal));
  BOOST_TEST(got.error().message().find("another key") != std::string_view::npos);
  BOOST_TEST((code(other.compare_and_swap(here, 0, full_login())) == errc::fatal));
  BOOST_TEST((code(other.remove(here, 1)) == errc::fatal));
  BOOST_TEST(place.read(place.file()) == before);
  BOOST_TEST(place.count(".corrupt") == 0u);
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_told_and_kept) {
  kept const place(make);
  auto const store = place.open();
  BOOST_TEST(store.compare_and_swap(here, 0, full_login()).value());
  auto newer = place.read(place.file());
  newer[8] = 2;
  auto const sum = sha256::of(std::string_view(newer).substr(0, 20));
  newer.replace(20, 8, as_chars(sum).substr(0, 8));
  place.put(newer);
  auto const got = store.load(here);
  BOOST_TEST((code(got) == errc::fatal));
  BOOST_TEST(got.error().message().find("version") != std::string_view::npos);
  BOOST_TEST(place.read(place.file()) == newer);
}

BOOST_AUTO_TEST_CASE(the_file_of_another_login_is_refused) {
  kept const place(make);
  auto const store = place.open();
  BOOST_TEST(store.compare_and_swap(here, 0, full_login()).value());
  auto const mine = place.path(place.file()), sealed = place.read(place.file());
  std::filesystem::remove(mine);
  BOOST_TEST(store.compare_and_swap({"work", here.server}, 0, full_login()).value());
  place.put(sealed);
  auto const got = store.load({"work", here.server});
  BOOST_TEST((code(got) == errc::bad_input));
  BOOST_TEST(got.error().message().find("damaged, or that of another login") !=
             std::string_view::npos);  // the cipher's word
}

BOOST_AUTO_TEST_CASE(a_key_of_another_size_is_told) {
  for (auto const size : {0u, 16u, 31u, 33u}) {
    encrypted_file_store const store("/nowhere", secret(std::string(size, 'k')));
    BOOST_TEST((code(store.check()) == errc::bad_input));
    BOOST_TEST((code(store.load(here)) == errc::bad_input));
    BOOST_TEST(store.check().error().message().find("kkk") == std::string_view::npos);
  }
}

BOOST_AUTO_TEST_CASE(without_entropy_nothing_is_written) {
  kept const place(make);
  BOOST_TEST(place.open().compare_and_swap(here, 0, login_of("old")).value());
  auto outside = system_context;
  outside.read_entropy = [](void*, void*, std::size_t) noexcept { return false; };
  BOOST_TEST((code(place.open(outside).compare_and_swap(here, 1, login_of("new"))) == errc::fatal));
  BOOST_TEST(place.open(outside).load(here).value().access_token.reveal() == "old");
}

BOOST_AUTO_TEST_CASE(each_flipped_bit_and_each_cut_is_noticed) { notices_each_change(make, 0); }
BOOST_AUTO_TEST_CASE(a_huge_file_takes_no_memory) { takes_no_memory_for_a_huge_file(make); }
BOOST_AUTO_TEST_CASE(what_is_damaged_is_kept_beside) { replaces_what_is_damaged(make); }
BOOST_AUTO_TEST_CASE(what_was_mended_meanwhile_is_not_set_aside) { looks_twice_before_it_sets_aside(make); }
BOOST_AUTO_TEST_CASE(a_child_does_not_free_its_parents_lock) { keeps_its_lock_across_a_fork(make); }
BOOST_AUTO_TEST_CASE(each_failure_of_the_system_is_told) { fails_well_at_each_call(make); }
BOOST_AUTO_TEST_CASE(a_crash_leaves_the_old_record_or_the_new_one) { survives_a_crash_at_each_call(make); }
BOOST_AUTO_TEST_CASE(a_kill_in_the_middle_of_a_save_leaves_a_record) { survives_kills(make); }
BOOST_AUTO_TEST_CASE(no_write_of_eight_processes_is_lost) { counts_with_other_processes(make, 20); }
BOOST_AUTO_TEST_CASE(nothing_of_a_login_stays_in_freed_memory) { leaves_nothing_in_freed_memory(make); }
BOOST_AUTO_TEST_CASE(an_allocation_that_fails_is_told) { says_where_memory_ends(make); }

BOOST_AUTO_TEST_CASE(nothing_of_the_key_stays_in_freed_memory) {
  if (!fake::heap::is_watching) return;
  constexpr auto canary = "c4nary-k3y-0f-the-st0re-32-bytes"sv;
  static_assert(canary.size() == 32);
  kept const place(make);
  long found = -1;
  bool good = false;
  {
    fake::heap::watch const watch(canary);
    {
      encrypted_file_store const store(place.inside, secret(canary));
      good = *store.compare_and_swap(here, 0, login_of("a")) && store.load(here);
    }
    found = watch.found();
  }
  BOOST_TEST((good && found == 0));
}

BOOST_AUTO_TEST_CASE(a_stopped_holder_hinders_no_reader) { is_read_while_the_holder_is_stopped(make); }

BOOST_AUTO_TEST_SUITE_END()
