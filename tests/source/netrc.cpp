#include <countersign/source/netrc.hpp>

#include "fake/context.hpp"
#include "fake/heap.hpp"
#include "os/scratch.hpp"

#include <countersign/os/system.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <sys/stat.h>

namespace cs = countersign;
using namespace std::literals;

static_assert(cs::immediate_source<cs::netrc> && cs::versioned_source<cs::netrc> &&
              cs::is_renewable<cs::netrc> && !cs::knows_origin<cs::netrc>);

namespace {

std::string answer(cs::netrc const& source, cs::context const& outside) {
  auto const got = source.acquire({}, outside);
  if (got) return std::string(got->user.reveal()) + ':' + std::string(got->password.reveal());
  return "(" + std::string(cs::name(got.error().code())) + ") " + std::string(got.error().message());
}

struct home {
  fake::world w;
  home() {
    w.variables["HOME"] = "/home/u";
    w.files["/home/u/.netrc"] = "machine api.example.com login one password 1\n"
                                "machine api.example.com login two password 2\n";
  }
  std::string operator()(cs::netrc const& source) { return answer(source, w.context()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(source_netrc, home)

BOOST_AUTO_TEST_CASE(the_first_login_of_the_machine_is_yielded_or_the_one_asked_for) {
  cs::netrc const source{"api.example.com"};
  BOOST_TEST(source.machine() == "api.example.com");
  BOOST_TEST((*this)(source) == "one:1");
  BOOST_TEST((*this)(source.login("two")) == "two:2");
  BOOST_TEST((*this)(cs::netrc("API.example.com").login("two")) == "two:2");
  w.files["/home/u/.netrc"] += "default login any password 3\n";
  BOOST_TEST((*this)(cs::netrc("other.example.com")) == "any:3");
}

BOOST_AUTO_TEST_CASE(the_file_is_the_one_given_or_of_the_variable_or_at_home) {
  cs::netrc const source{"api.example.com"};
  w.files["/n"] = "machine api.example.com login n password 4";
  w.files["/f"] = "machine api.example.com login f password 5";
  w.variables["NETRC"] = "";
  BOOST_TEST((*this)(source) == "one:1");
  w.variables["NETRC"] = "/n";
  BOOST_TEST((*this)(source) == "n:4");
  BOOST_TEST((*this)(source.file("/f")) == "f:5");
  BOOST_TEST((*this)(cs::netrc("api.example.com").file("/f").shared()) == "f:5");
  w.variables["NETRC"] = "/none";
  BOOST_TEST((*this)(source) == "(not_mine) netrc: there is no file /none; create it with mode 600");
  w.variables = {};
  BOOST_TEST((*this)(source) ==
             "(not_mine) netrc: neither NETRC nor HOME is set, so there is no file; say .file(path)");
  w.variables["HOME"] = "";
  BOOST_TEST((*this)(source).starts_with("(not_mine) netrc: neither"));
  BOOST_TEST((*this)(source.file("/f")) == "f:5");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_mine) {
  BOOST_TEST((*this)(cs::netrc("other.example.com")) ==
             "(not_mine) netrc: /home/u/.netrc has no entry for other.example.com; add: machine "
             "other.example.com login … "
             "password …");
  BOOST_TEST(
      (*this)(cs::netrc("api.example.com").login("three")) ==
      "(not_mine) netrc: /home/u/.netrc has no entry for api.example.com with login three; add: machine "
      "api.example.com login … password …");
  w.files["/home/u/.netrc"] = "\nmachine api.example.com login one\n";
  BOOST_TEST((*this)(cs::netrc("api.example.com")) ==
             "(not_mine) netrc: /home/u/.netrc, line 2: the entry has no password; add it");
  w.files["/home/u/.netrc"] = "machine api.example.com password one\n";
  BOOST_TEST((*this)(cs::netrc("api.example.com")) ==
             "(not_mine) netrc: /home/u/.netrc, line 1: the entry has no login; add it");
}

BOOST_AUTO_TEST_CASE(a_file_that_can_not_be_used_is_told) {
  cs::netrc const source{"api.example.com"};
  w.others_read = {"/home/u/.netrc"};
  BOOST_TEST((*this)(source) ==
             "(insecure) netrc: /home/u/.netrc may be read by every user; chmod 600 it, or say "
             ".shared() where that is meant");
  BOOST_TEST((*this)(source.shared()) == "one:1");
  w.others_read = {};
  w.others_write = {"/home/u/.netrc"};
  BOOST_TEST((*this)(source).starts_with(
      "(insecure) netrc: /home/u/.netrc may be changed by other users; chmod 600"));
  w.others_write = {};
  w.files["/home/u/.netrc"] = "machine api.example.com\nlogin a\nlogin b";
  BOOST_TEST((*this)(source) == "(bad_input) netrc /home/u/.netrc, line 3: a second login in one entry");
  w.files["/home/u/.netrc"] = std::string(cs::netrc_limits::size, '#');
  BOOST_TEST((*this)(source).starts_with("(not_mine) netrc: /home/u/.netrc has no entry"));
  w.files["/home/u/.netrc"] += '#';
  BOOST_TEST((*this)(source) == "(too_large) netrc: file /home/u/.netrc: longer than 262144 bytes");
  w.unreadable = {"/home/u/.netrc"};
  BOOST_TEST((*this)(source) == "(fatal) netrc: file /home/u/.netrc: Permission denied");
}

BOOST_AUTO_TEST_CASE(a_lookup_that_fails_is_not_taken_for_an_unset_variable) {
  auto outside = w.context();
  outside.read_variable = [](void*, std::string_view name) noexcept -> cs::result<cs::secret> {
    return cs::error(name == "NETRC" ? cs::errc::not_mine : cs::errc::transient, "variable: ", name);
  };
  BOOST_TEST(answer(cs::netrc("a"), outside) == "(transient) variable: HOME");
  outside.read_variable = [](void*, std::string_view name) noexcept -> cs::result<cs::secret> {
    return cs::error(cs::errc::transient, "variable: ", name);
  };
  BOOST_TEST(answer(cs::netrc("a"), outside) == "(transient) variable: NETRC");
}

BOOST_AUTO_TEST_CASE(its_version_is_the_file_s) {
  cs::netrc const source{"api.example.com"};
  auto const first = source.version(w.context());
  BOOST_TEST(source.version(w.context()) == first);
  w.files["/home/u/.netrc"] += "\n";
  auto const second = source.version(w.context());
  BOOST_TEST(second != first);
  w.files["/n"] = "machine api.example.com login n password 4";
  w.variables["NETRC"] = "/n";
  BOOST_TEST(source.version(w.context()) != second);
  w.variables["NETRC"] = "/none";
  BOOST_TEST(source.version(w.context()) == static_cast<std::uint64_t>(cs::errc::not_mine));
}

BOOST_AUTO_TEST_CASE(a_real_file_that_others_may_read_is_refused) {
  scratch const here;
  auto const path = here.write("netrc", "machine api.example.com login r password 6\n");
  auto const source = cs::netrc("api.example.com").file(path);
  BOOST_REQUIRE(::chmod(path.c_str(), 0644) == 0);
  BOOST_TEST(answer(source, cs::system_context).starts_with("(insecure) "));
  BOOST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
  BOOST_TEST(answer(source, cs::system_context) == "r:6");
}

BOOST_AUTO_TEST_CASE(no_block_of_the_heap_keeps_the_secret) {
  constexpr std::string_view canary = "canary-in-a-coal-mine";
  scratch const here;
  auto const path = here.write("f", "machine a login b password \"canary-in-a-coal-mine\"\n");
  BOOST_REQUIRE(::chmod(path.c_str(), 0600) == 0);
  long found = -1;
  bool yielded = false;
  {
    fake::heap::watch const watch(canary);
    {
      auto const got = cs::netrc("a").file(path).acquire({}, cs::system_context);
      yielded = got && got->password.reveal() == canary;
    }
    found = watch.found();
  }
  BOOST_TEST(yielded);
  BOOST_TEST(found == 0);
}

BOOST_AUTO_TEST_SUITE_END()
