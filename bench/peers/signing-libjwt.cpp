// link if there: crypto jwt
#include "hs256_check.hpp"

#if __has_include(<jwt.h>)
#include "hs256_libjwt.hpp"
namespace {
bool const added = peers::add_hs256("libjwt", peers::hs256_by_libjwt);
}
#else
namespace {
bool const left_out = table::left_out("libjwt", "libjwt-dev is not there");
}
#endif
