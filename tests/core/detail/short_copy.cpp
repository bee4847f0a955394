#include <countersign/core/detail/short_copy.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

namespace detail = countersign::detail;

BOOST_AUTO_TEST_SUITE(core_detail_short_copy)

BOOST_AUTO_TEST_CASE(every_size_is_copied_and_no_byte_beyond) {
  for (std::size_t size = 0; size < 200; ++size) {
    std::string from;
    for (std::size_t i = 0; i < size; ++i) from += static_cast<char>('0' + i % 64);
    std::string to(size + 2, '*');
    auto* const end = detail::short_copy(to.data() + 1, from);
    BOOST_TEST((end == to.data() + 1 + size));
    BOOST_TEST(to == "*" + from + "*");
  }
  char one = 'x';
  BOOST_TEST((detail::short_copy(&one, {}) == &one));  // no null pointer is read
}

BOOST_AUTO_TEST_SUITE_END()
