#include <countersign/adapt/openssl.hpp>

int main() { return countersign::openssl_key::generate().has_value() ? 0 : 1; }
