#include <countersign/os/shared_copy.hpp>

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string>
#include <string_view>

namespace cs = countersign;

BOOST_AUTO_TEST_SUITE(os_shared_copy)

BOOST_AUTO_TEST_CASE(every_size_arrives_whole_and_nothing_beyond_its_last_step_is_touched) {
  constexpr std::size_t step = cs::detail::shared_copy_step, most = 5 * step;
  alignas(16) char from[most], shared[most], out[most + 1];
  for (std::size_t i = 0; i < most; ++i) from[i] = static_cast<char>('!' + i % 90);
  for (std::size_t size = 0; size <= most; ++size) {
    auto const rounded = (size + step - 1) / step * step;
    std::memset(shared, 0, sizeof shared);
    std::memset(out, '#', sizeof out);
    cs::detail::write_shared(shared, from, size);
    cs::detail::copy_shared(out, shared, size);
    BOOST_TEST(std::string_view(out, size) == std::string_view(from, size), "size " << size);
    BOOST_TEST(std::string_view(out + rounded, sizeof out - rounded) == std::string(sizeof out - rounded, '#'), "size " << size);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_copied_to_or_from_nowhere) {
  cs::detail::copy_shared(nullptr, nullptr, 0);
  cs::detail::write_shared(nullptr, nullptr, 0);
  char bytes[] = "bytes";
  BOOST_TEST(cs::detail::as_unknown(bytes, 5) == "bytes");
}

BOOST_AUTO_TEST_SUITE_END()
