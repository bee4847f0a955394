#include <countersign/countersign.hpp>

unsigned size_seen_elsewhere();
unsigned size_seen_elsewhere() { return sizeof(countersign::secret); }
