#include <boost/test/unit_test.hpp>

// Written out because the precompiled header has already read unit_test.hpp without a module name.
int main(int argc, char** argv) {
    auto const init = [] {
        boost::unit_test::framework::master_test_suite().p_name.value = "countersign";
        return true;
    };
    return boost::unit_test::unit_test_main(init, argc, argv);
}
