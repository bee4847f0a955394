#include <countersign/os/line_input.hpp>

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

using countersign::os::line_input;
using got = line_input::got;

namespace {

struct typing {
  int ends[2] = {-1, -1};
  typing() {
    BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    ::fcntl(ends[1], F_SETPIPE_SZ, 65536);
  }
  ~typing() {
    ::close(ends[0]);
    stop();
  }
  void type(std::string_view text) const {
    BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void stop() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
};

got until_something(line_input& in) {
  for (int tries = 0; tries < 10; ++tries)
    if (auto const what = in.take(); what != got::nothing_yet) return what;
  return got::nothing_yet;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(os_line_input)

BOOST_AUTO_TEST_CASE(a_line_is_given_when_it_is_whole) {
  typing keys;
  line_input in(keys.ends[0]);
  BOOST_TEST((in.take() == got::nothing_yet));
  keys.type("abc");
  BOOST_TEST((in.take() == got::nothing_yet));
  keys.type("def\r\n\n");
  BOOST_TEST((in.take() == got::line));
  BOOST_TEST(in.line() == "abcdef\r");
  BOOST_TEST((in.take() == got::line));
  BOOST_TEST(in.line() == "");
  BOOST_TEST((in.take() == got::nothing_yet));
}

BOOST_AUTO_TEST_CASE(what_stands_behind_the_line_is_left_for_others) {
  typing keys;
  line_input in(keys.ends[0]);
  keys.type("one\ntwo");
  BOOST_TEST((in.take() == got::line));
  char rest[8];
  BOOST_TEST(::read(keys.ends[0], rest, sizeof rest) == 3);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_input_ends_the_last_line) {
  typing keys;
  line_input in(keys.ends[0]);
  keys.type("last");
  keys.stop();
  BOOST_TEST((in.take() == got::line));
  BOOST_TEST(in.line() == "last");
  BOOST_TEST(!in.open());
  BOOST_TEST((in.take() == got::end));
}

BOOST_AUTO_TEST_CASE(no_input_is_no_line) {
  typing keys;
  keys.stop();
  for (int const descriptor : {-1, 12345, keys.ends[0]}) {
    line_input in(descriptor);
    BOOST_TEST((in.take() == got::end));
    BOOST_TEST(!in.open());
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_dropped_whole) {
  typing keys;
  line_input in(keys.ends[0]);
  std::string typed(line_input::max_line, 'a');
  typed += '\n';
  typed.append(line_input::max_line + 1, 'b');
  typed += "\nc\n";
  keys.type(typed);
  BOOST_TEST((until_something(in) == got::line));
  BOOST_TEST(in.line().size() == line_input::max_line);
  BOOST_TEST((until_something(in) == got::too_long));
  BOOST_TEST((until_something(in) == got::line));
  BOOST_TEST(in.line() == "c");
}

BOOST_AUTO_TEST_CASE(an_endless_line_keeps_nobody_waiting) {
  int const zero = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  line_input in(zero);
  for (int i = 0; i < 3; ++i) BOOST_TEST((in.take() == got::nothing_yet));
  BOOST_TEST(in.line().size() <= line_input::max_line);
  ::close(zero);
}

BOOST_AUTO_TEST_SUITE_END()
