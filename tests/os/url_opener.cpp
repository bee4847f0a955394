#include <countersign/os/url_opener.hpp>

#include <iterator>

// What is known of the system that the tests run on.
static_assert(std::size(countersign::os::url_opener) == 1);
static_assert(countersign::os::url_opener[0] == "xdg-open");
