#include <countersign/core/detail/processor.hpp>

#include <boost/test/unit_test.hpp>

#if defined(__GNUC__) && defined(__x86_64__)

namespace {
using countersign::detail::instructions;
using countersign::detail::processor_has;
}  // namespace

BOOST_AUTO_TEST_SUITE(processor)

// The compiler's own knowledge is the other opinion; of SHA, g++ 12 has none.
BOOST_AUTO_TEST_CASE(what_it_has_is_what_the_compiler_finds) {
  for (int turn = 0; turn < 2; ++turn) {  // asked, and remembered
    BOOST_TEST(processor_has(instructions::ssse3) == (__builtin_cpu_supports("ssse3") != 0));
    BOOST_TEST(processor_has(instructions::avx2) == (__builtin_cpu_supports("avx2") != 0));
    BOOST_TEST(processor_has(instructions::avx512_vbmi) == (__builtin_cpu_supports("avx512vbmi") != 0));
    BOOST_TEST((!processor_has(instructions::sha) || __builtin_cpu_supports("sse4.1")));
    BOOST_TEST(processor_has(instructions::known));
  }
}

BOOST_AUTO_TEST_SUITE_END()

#endif
