// link: -ljwt
#include "../peers/hs256_libjwt.hpp"

int main() { return std::puts(peers::hs256_by_libjwt(std::time(nullptr)).c_str()) < 0; }
