#include <countersign/store/file_store.hpp>

#include "store/file_battery.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace countersign;

static_assert(token_store<file_store> && std::is_copy_constructible_v<file_store>);

namespace {

auto const make = [](std::string_view folder, context const& outside) { return file_store(folder, outside); };

}  // namespace

BOOST_AUTO_TEST_SUITE(store_file_store)

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

BOOST_AUTO_TEST_CASE(another_object_and_another_run_find_what_was_kept) {
  kept const place(make);
  BOOST_TEST(place.open().compare_and_swap(here, 0, full_login()).value());
  BOOST_TEST(same(place.open().load(here).value(), full_login()));
}

BOOST_AUTO_TEST_CASE(a_file_is_json_for_its_owner_alone) {
  kept const place(make);
  BOOST_TEST(place.open().compare_and_swap(here, 0, full_login()).value());
  auto const text = place.read(place.file());
  BOOST_TEST(text.ends_with("}\n"));
  auto const json = json_document::parse(secret(text));
  BOOST_TEST_REQUIRE(bool(json));
  BOOST_TEST((*json)["version"].integer().value() == 1);
  BOOST_TEST((*json)["refresh_token"].string() == "refresh-token-canary");
  struct stat found;
  BOOST_TEST(::stat(place.path(place.file()).c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 07777) == 0600u);
  BOOST_TEST(::stat(place.inside.c_str(), &found) == 0);
  BOOST_TEST((found.st_mode & 07777) == 0700u);
}

BOOST_AUTO_TEST_CASE(what_was_removed_is_on_no_disk) {
  kept const place(make);
  auto const store = place.open();
  BOOST_TEST(store.compare_and_swap(here, 0, full_login()).value());
  BOOST_TEST(store.remove(here, 1).value());
  for (auto const& name : place.names())
    BOOST_TEST(place.read("logins/" + name).find("canary") == std::string::npos);
  BOOST_TEST(!store.compare_and_swap(here, 1, full_login()).value());
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_told_and_kept) {
  kept const place(make);
  auto const store = place.open();
  BOOST_TEST(store.compare_and_swap(here, 0, full_login()).value());
  place.put(R"({"version":2,"sealed":"otherwise"})");
  BOOST_TEST((code(store.load(here)) == errc::fatal));
  BOOST_TEST((code(store.compare_and_swap(here, 0, full_login())) == errc::fatal));
  BOOST_TEST((code(store.remove(here, 1)) == errc::fatal));
  BOOST_TEST(place.read(place.file()) == R"({"version":2,"sealed":"otherwise"})");
}

BOOST_AUTO_TEST_CASE(the_file_of_another_login_is_refused) {
  kept const place(make);
  auto const store = place.open();
  BOOST_TEST(store.compare_and_swap(here, 0, full_login()).value());
  auto const mine = place.path(place.file()), text = place.read(place.file());
  std::filesystem::remove(mine);
  BOOST_TEST(store.compare_and_swap({"work", here.server}, 0, full_login()).value());
  place.put(text);
  BOOST_TEST((code(store.load({"work", here.server})) == errc::bad_input));
}

BOOST_AUTO_TEST_CASE(others_may_not_touch_the_file) {
  kept const place(make);
  auto const store = place.open();
  BOOST_TEST(store.compare_and_swap(here, 0, full_login()).value());
  BOOST_TEST(::chmod(place.path(place.file()).c_str(), 0644) == 0);
  BOOST_TEST((code(store.load(here)) == errc::insecure));
  BOOST_TEST((code(store.compare_and_swap(here, 1, full_login())) == errc::insecure));
  BOOST_TEST(::chmod(place.path(place.file()).c_str(), 0600) == 0);
  BOOST_TEST(::chmod(place.inside.c_str(), 0750) == 0);
  BOOST_TEST((code(store.load(here)) == errc::insecure));
  BOOST_TEST((code(store.try_lock(here)) == errc::insecure));
  BOOST_TEST(::chmod(place.inside.c_str(), 0700) == 0);
  BOOST_TEST(bool(store.load(here)));
}

BOOST_AUTO_TEST_CASE(it_works_for_a_user_who_is_not_root) {
  if (::geteuid() != 0) return;
  kept const place(make);
  BOOST_REQUIRE(::chmod(place.folder.c_str(), 0777) == 0);
  BOOST_TEST(in_child([&] {
    if (!become_nobody()) return false;
    auto const store = place.open();
    if (!store.compare_and_swap(here, 0, full_login()) || !store.load(here)) return false;
    ::chmod(place.inside.c_str(), 0500);  // may be read, not written to
    bool const reads = bool(store.load(here));
    bool const told = code(store.compare_and_swap(here, 1, full_login())) != errc::none;
    ::chmod(place.inside.c_str(), 0700);
    return reads && told;
  }));
  BOOST_TEST((code(place.open().load(here)) == errc::insecure));  // root does not read another's folder
}

BOOST_AUTO_TEST_CASE(a_context_without_files_is_told) {
  auto outside = system_context;
  outside.files = nullptr;
  file_store const store("/nowhere", outside);
  BOOST_TEST((code(store.check()) == errc::fatal));
  BOOST_TEST((code(store.load(here)) == errc::fatal));
  BOOST_TEST((code(store.try_lock(here)) == errc::fatal));
  BOOST_TEST((code(file_store("").load(here)) == errc::bad_input));
}

BOOST_AUTO_TEST_CASE(each_flipped_bit_and_each_cut_is_noticed) { notices_each_change(make, 4); }
BOOST_AUTO_TEST_CASE(a_huge_file_takes_no_memory) { takes_no_memory_for_a_huge_file(make); }
BOOST_AUTO_TEST_CASE(what_is_damaged_is_kept_beside) { replaces_what_is_damaged(make); }
BOOST_AUTO_TEST_CASE(what_was_mended_meanwhile_is_not_set_aside) { looks_twice_before_it_sets_aside(make); }
BOOST_AUTO_TEST_CASE(a_child_does_not_free_its_parents_lock) { keeps_its_lock_across_a_fork(make); }
BOOST_AUTO_TEST_CASE(each_failure_of_the_system_is_told) { fails_well_at_each_call(make); }
BOOST_AUTO_TEST_CASE(a_crash_leaves_the_old_record_or_the_new_one) { survives_a_crash_at_each_call(make); }
BOOST_AUTO_TEST_CASE(no_write_of_eight_processes_is_lost) { counts_with_other_processes(make, 20); }
BOOST_AUTO_TEST_CASE(nothing_of_a_login_stays_in_freed_memory) { leaves_nothing_in_freed_memory(make); }
BOOST_AUTO_TEST_CASE(an_allocation_that_fails_is_told) { says_where_memory_ends(make); }
BOOST_AUTO_TEST_CASE(a_stopped_holder_hinders_no_reader) { is_read_while_the_holder_is_stopped(make); }
BOOST_AUTO_TEST_CASE(nothing_outside_is_written_to) { writes_nowhere_else(make); }

BOOST_AUTO_TEST_CASE(threads_refresh_once_an_epoch) {
  kept const place(make);
  auto store = place.open();
  refreshes_once<std::atomic<int>>(store, 8, 10);
}

BOOST_AUTO_TEST_SUITE_END()
