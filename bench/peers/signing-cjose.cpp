// link if there: crypto cjose
#include "hs256_check.hpp"

#if __has_include(<cjose/cjose.h>)
#include "hs256_cjose.hpp"
namespace {
bool const added = peers::add_hs256("cjose", peers::hs256_by_cjose);
}
#else
namespace {
bool const left_out = table::left_out("cjose", "libcjose-dev is not there");
}
#endif
