// link if there: crypto
#include "hs256_check.hpp"

#if __has_include(<jwt/jwt.hpp>)
#include "hs256_cpp_jwt.hpp"
namespace {
bool const added = peers::add_hs256("cpp-jwt", peers::hs256_by_cpp_jwt);
}
#else
namespace {
bool const left_out = table::left_out("cpp-jwt", "libcpp-jwt-dev is not there");
}
#endif
