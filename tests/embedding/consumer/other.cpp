#if __has_include(<countersign/countersign.hpp>)
#include <countersign/countersign.hpp>
#else
#include <countersign/core/secret.hpp>
#endif

unsigned size_seen_elsewhere();
unsigned size_seen_elsewhere() { return sizeof(countersign::secret); }
