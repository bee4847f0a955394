#include <countersign/countersign.hpp>

unsigned size_seen_elsewhere();

int main(int argc, char**) {
    // A consumer's own sloppiness: it compiles as long as our warning flags stay with us.
    char narrowed = argc * 1000;
    (void)narrowed;
    return size_seen_elsewhere() == sizeof(countersign::secret) ? 0 : 1;
}
