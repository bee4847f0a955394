// link: -lcrypto
#include "../peers/hs256_cpp_jwt.hpp"

int main() { return std::puts(peers::hs256_by_cpp_jwt(std::time(nullptr)).c_str()) < 0; }
