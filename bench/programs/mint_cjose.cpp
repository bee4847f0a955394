// link: -lcjose -lcrypto
#include "../peers/hs256_cjose.hpp"

int main() { return std::puts(peers::hs256_by_cjose(std::time(nullptr)).c_str()) < 0; }
