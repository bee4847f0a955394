#include <countersign/countersign.hpp>
#include <countersign/countersign.hpp>

#include "seen.hpp"

seen seen_by_other_unit();
seen seen_by_other_unit() { return what_is_seen(); }
